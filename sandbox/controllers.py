"""How kwok plays the controllers of others: Argo CD, Flux and one of the Gateway API (see the package's docstring)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sandbox.stages import absent, fate, stage

UNWELL, UNSEEN = "never-ready", "unseen"

_ARGO_STATUS = """
reconciledAt: {{ Now | Quote }}
sync:
  status: Synced
  revision: {{ .spec.source.targetRevision | Quote }}
  comparedTo:
    destination: {{ .spec.destination | toJson }}
    source: {{ .spec.source | toJson }}
health: {status: HEALTH}
"""
_CONDITION = """{type: %s, status: "READY", reason: Sandbox, message: kwok plays the controller,
  observedGeneration: {{ .metadata.generation }}, lastTransitionTime: {{ Now | Quote }}}"""
_FLUX_STATUS = f"""
observedGeneration: {{{{ .metadata.generation }}}}
conditions:
- {_CONDITION % "Ready"}
"""
_SOURCE_STATUS = (
    _FLUX_STATUS
    + """
artifact:
  revision: sha1:{{ .spec.ref.commit }}
  digest: sha256:{{ .spec.ref.commit }}
  path: nowhere
  url: http://sandbox.invalid/
  lastUpdateTime: {{ Now | Quote }}
"""
)
_KUSTOMIZATION_STATUS = (
    _FLUX_STATUS
    + """
lastAppliedRevision: sha1:{{ index .metadata.annotations "appofapps.dev/revision" }}
"""
)
_GATEWAY_STATUS = f"""
conditions:
- {_CONDITION % "Accepted"}
- {_CONDITION % "Programmed"}
"""
_ROUTE_STATUS = f"""
parents:
- parentRef: {{name: {{{{ (index .spec.parentRefs 0).name | Quote }}}}}}
  controllerName: sandbox.appofapps.dev/kwok
  conditions:
  - {_CONDITION % "Accepted"}
  - {_CONDITION % "ResolvedRefs"}
"""


@dataclass(frozen=True, slots=True)
class Controller:
    """A controller of one type: what it writes, and the expression of jq that tells whether it has."""

    of: Mapping[str, str]
    status: str
    done: str
    subresource: str = "status"


CONTROLLERS = (
    Controller(
        {"apiGroup": "argoproj.io/v1alpha1", "kind": "Application"},
        _ARGO_STATUS,
        ".status.sync.comparedTo.source == .spec.source",
        subresource="",  # an Application has none
    ),
    Controller(
        {"apiGroup": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository"},
        _SOURCE_STATUS,
        ".status.observedGeneration == .metadata.generation",
    ),
    Controller(
        {"apiGroup": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization"},
        _KUSTOMIZATION_STATUS,
        '.status.observedGeneration == .metadata.generation and .status.lastAppliedRevision == "sha1:" + '
        '.metadata.annotations["appofapps.dev/revision"]',
    ),
    Controller(
        {"apiGroup": "gateway.networking.k8s.io/v1", "kind": "Gateway"},
        _GATEWAY_STATUS,
        ".status.conditions[0].observedGeneration == .metadata.generation",
    ),
    Controller(
        {"apiGroup": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute"},
        _ROUTE_STATUS,
        ".status.parents[0].conditions[0].observedGeneration == .metadata.generation",
    ),
)


def stages() -> Iterator[dict[str, object]]:
    """Give the kwok stages of all controllers."""
    alive = absent(".metadata.deletionTimestamp")
    gone: dict[str, object] = {"key": ".metadata.deletionTimestamp", "operator": "Exists"}
    for each in CONTROLLERS:
        name = each.of["kind"].lower()
        behind: dict[str, object] = {"key": each.done, "operator": "NotIn", "values": ["true"]}
        well, unwell = fate("NotIn", UNWELL, UNSEEN), fate("In", UNWELL)
        yield stage(f"{name}-well", [alive, behind, well], _reports(each, "True", "Healthy"), of=each.of)
        yield stage(f"{name}-unwell", [alive, behind, unwell], _reports(each, "False", "Degraded"), of=each.of)
        yield stage(f"{name}-gone", [gone], {"finalizers": {"empty": True}}, of=each.of)


def _reports(controller: Controller, ready: str, health: str) -> dict[str, object]:
    template = controller.status.replace("READY", ready).replace("HEALTH", health)
    return {"patches": [{"subresource": controller.subresource, "root": "status", "template": template}]}
