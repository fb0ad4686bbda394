"""`Route`: a way in from outside."""

from appofapps.catalog.models.route import Route as RouteModel
from components.child import ChildComponent, Resources
from components.kubernetes.route import backends, gateway, grant, hosts, route


class Route(ChildComponent[RouteModel]):
    """A gateway and the routes from it; ready when a controller has programmed the one and accepted the other."""

    def build(self) -> Resources:
        """Make the gateway and the leave to reach the backends, then the route."""
        planned = self.planned
        scheme = "https" if planned.child.spec.tls_secret else "http"
        self.endpoints["url"] = f"{scheme}://{hosts(planned)[0]}{planned.child.spec.rules[0].path}"
        before = [self.create_object("gateway", gateway(planned), awaited=True)]
        before += [
            self.create_object(f"grant-{name}", grant(planned, peer))
            for name, peer in sorted(backends(planned).items())
        ]
        return [self.create_object("route", route(planned), before, awaited=True)]
