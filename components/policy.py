"""`Policy`: rules of admission over namespaces."""

from pulumi_kubernetes.admissionregistration.v1 import ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding
from pulumi_kubernetes.core.v1 import ConfigMap

from appofapps.catalog.models.policy import Policy as PolicyModel
from components.child import ChildComponent, Resources
from components.kubernetes.policy import binding, parameters, policy


class Policy(ChildComponent[PolicyModel]):
    """A set of rules; ready when the API server has looked at them and they are bound."""

    def build(self) -> Resources:
        """Make the rules and their parameters, then bind them."""
        planned = self.planned
        made: Resources = [self.create(ValidatingAdmissionPolicy, "policy", policy(planned), awaited=True)]
        if planned.child.spec.parameters:
            made = [*made, self.create(ConfigMap, "parameters", parameters(planned))]
        return [self.create(ValidatingAdmissionPolicyBinding, "binding", binding(planned), made)]
