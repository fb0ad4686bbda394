"""`Mesh`: what a service mesh asks of the traffic between children."""

from appofapps.catalog.models.mesh import Mesh as MeshModel
from components.child import ChildComponent, Resources
from components.kubernetes.gate import custom
from components.kubernetes.mesh import DESTINATION_RULE, circuit_breaker, members, mtls, own_mtls


class Mesh(ChildComponent[MeshModel]):
    """Mutual TLS and circuit breakers; ready when the API server has taken them: nobody reports on them."""

    def build(self) -> Resources:
        """Make the rules of every member, then the one that stands for the set."""
        planned = self.planned
        authentication = custom(planned.child.main_object)
        made = [
            self.create(make, f"{what}-{member.child}", document(planned, member))
            for member in members(planned)
            for make, what, document in (
                (authentication, "mtls", mtls),
                (custom(DESTINATION_RULE), "breaker", circuit_breaker),
            )
        ]
        return [self.create(authentication, "mtls", own_mtls(planned), [*self.scene.after, *made])]
