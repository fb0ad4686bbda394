"""`Stack`: a Pulumi stack that the Pulumi Kubernetes Operator runs."""

from appofapps.catalog.models.stack import Stack as StackModel
from components.child import ChildComponent, Resources
from components.kubernetes.stack import stack


class Stack(ChildComponent[StackModel]):
    """A stack; ready when the operator has run this commit with success."""

    def build(self) -> Resources:
        """Make the stack."""
        return [self.create_object("stack", stack(self.planned), awaited=True)]
