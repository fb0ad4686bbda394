"""`Mesh`: what a service mesh asks of the traffic between children."""

from appofapps.catalog.models.mesh import Mesh as MeshModel
from components.child import ChildComponent, Resources
from components.kubernetes.mesh import circuit_breaker, members, mtls, own_mtls


class Mesh(ChildComponent[MeshModel]):
    """Mutual TLS and circuit breakers; ready when the API server has taken them: nobody reports on them."""

    def build(self) -> Resources:
        """Make the rules of every member, then the one that stands for the set."""
        planned = self.planned
        made = [
            self.create_object(f"{what}-{member.child}", document(planned, member))
            for member in members(planned)
            for what, document in (("mtls", mtls), ("breaker", circuit_breaker))
        ]
        return [self.create_object("mtls", own_mtls(planned), [*self.scene.after, *made])]
