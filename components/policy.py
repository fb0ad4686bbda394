"""`Policy`: rules over namespaces; what it adds to those of children, their tenancies make."""

from appofapps.catalog.models.policy import Policy as PolicyModel
from components.child import ChildComponent, Resources
from components.kubernetes.policy import binding, parameters, policy


class Policy(ChildComponent[PolicyModel]):
    """A set of rules; ready when the API server has looked at them and they are bound."""

    def build(self) -> Resources:
        """Make the rules and their parameters, then bind them; without rules the parameters, which are empty."""
        planned = self.planned
        if not planned.child.spec.rules:
            return [self.create_object("parameters", parameters(planned))]
        made: Resources = [self.create_object("policy", policy(planned), awaited=True)]
        if planned.child.spec.parameters:
            made = [*made, self.create_object("parameters", parameters(planned))]
        return [self.create_object("binding", binding(planned), made)]
