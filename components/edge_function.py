"""`EdgeFunction`: a published function of CloudFront, or of Lambda@Edge with its role."""

from pulumi_aws import cloudfront, iam, lambda_

from appofapps.catalog.models.edge_function import CloudFrontSpec, LambdaEdgeSpec
from appofapps.catalog.models.edge_function import EdgeFunction as EdgeFunctionModel
from components.aws import arns, identity
from components.aws import edge_function as documents
from components.child import ChildComponent, Resources
from components.function import archive


class EdgeFunction(ChildComponent[EdgeFunctionModel]):
    """A function at the edge; it is ready when it is published. Distributions associate the endpoint `function`."""

    def build(self) -> Resources:
        """Make what the runtime asks for."""
        spec = self.planned.child.spec
        return self._cloudfront(spec) if spec.runtime == "cloudfront" else self._lambda(spec)

    def _cloudfront(self, spec: CloudFrontSpec) -> Resources:
        self.endpoints["function"] = arns.edge_function_arn(self.planned)
        document = documents.cloudfront_function(self.planned, spec)
        return [self.create(cloudfront.Function, "function", document, awaited=True)]

    def _lambda(self, spec: LambdaEdgeSpec) -> Resources:
        planned = self.planned
        assert planned.code
        role = self.create(iam.Role, "role", identity.role(planned, documents.PRINCIPALS))
        allowed = identity.role_policy(planned, documents.permissions(planned))
        policy = self.create(iam.RolePolicy, "role-policy", allowed, [role])
        document = {**documents.lambda_function(planned, spec, arns.role_arn(planned)), "code": archive(planned.code)}
        function = self.create(lambda_.Function, "function", document, [role, policy], awaited=True)
        # Distributions take a version, never an alias: each release gives them another ARN.
        self.endpoints["function"] = function.qualified_arn
        return [function]
