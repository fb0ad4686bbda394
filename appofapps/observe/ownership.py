"""What exists already under a name that we are about to create, without our labels or tags."""

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from appofapps.observe import served
from appofapps.observe.api import METADATA, OBJECT, Get, NotServedError
from appofapps.plan import conventions as c
from appofapps.plan.plan import Address

NAMESPACES: Final = "/api/v1/namespaces"
WORKERS: Final = 8

# The collection of each kind that components create, over all namespaces.
COLLECTIONS: Final = {
    "v1:ResourceQuota": "/api/v1/resourcequotas",
    "v1:LimitRange": "/api/v1/limitranges",
    "v1:Service": "/api/v1/services",
    "v1:ServiceAccount": "/api/v1/serviceaccounts",
    "v1:ConfigMap": "/api/v1/configmaps",
    "apps/v1:Deployment": "/apis/apps/v1/deployments",
    "apps/v1:StatefulSet": "/apis/apps/v1/statefulsets",
    "apps/v1:DaemonSet": "/apis/apps/v1/daemonsets",
    "batch/v1:Job": "/apis/batch/v1/jobs",
    "batch/v1:CronJob": "/apis/batch/v1/cronjobs",
    "autoscaling/v2:HorizontalPodAutoscaler": "/apis/autoscaling/v2/horizontalpodautoscalers",
    "policy/v1:PodDisruptionBudget": "/apis/policy/v1/poddisruptionbudgets",
    "networking.k8s.io/v1:Ingress": "/apis/networking.k8s.io/v1/ingresses",
    "networking.k8s.io/v1:NetworkPolicy": "/apis/networking.k8s.io/v1/networkpolicies",
    "rbac.authorization.k8s.io/v1:Role": "/apis/rbac.authorization.k8s.io/v1/roles",
    "rbac.authorization.k8s.io/v1:RoleBinding": "/apis/rbac.authorization.k8s.io/v1/rolebindings",
    "gateway.networking.k8s.io/v1:Gateway": "/apis/gateway.networking.k8s.io/v1/gateways",
    "gateway.networking.k8s.io/v1:HTTPRoute": "/apis/gateway.networking.k8s.io/v1/httproutes",
    "gateway.networking.k8s.io/v1beta1:ReferenceGrant": "/apis/gateway.networking.k8s.io/v1beta1/referencegrants",
    "security.istio.io/v1:PeerAuthentication": "/apis/security.istio.io/v1/peerauthentications",
    "networking.istio.io/v1:DestinationRule": "/apis/networking.istio.io/v1/destinationrules",
    "argoproj.io/v1alpha1:Application": "/apis/argoproj.io/v1alpha1/applications",
    "source.toolkit.fluxcd.io/v1:GitRepository": "/apis/source.toolkit.fluxcd.io/v1/gitrepositories",
    "kustomize.toolkit.fluxcd.io/v1:Kustomization": "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations",
    "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy": (
        "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"
    ),
    "admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding": (
        "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings"
    ),
}
"""What is in no namespace has an empty one."""
NAMESPACE: Final = "v1:Namespace"

# `apps/v1:Deployment`, and not `lambda/function:Function`.
_OBJECT_TYPE = re.compile(r"^(?:[\w.-]+/)?v\d\w*:")


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """A physical name that a child is about to create something under."""

    owner: Address
    place: str
    """A cluster, or a region."""
    type: str
    """`apps/v1:Deployment`, or of AWS `lambda/function:Function`."""
    name: str
    namespace: str = ""

    def __str__(self) -> str:
        return f"{self.what} in {self.place}"

    @property
    def what(self) -> str:
        """Kind and name."""
        where = f"{self.namespace}/" if self.namespace else ""
        return f"{self.type.rsplit(':', 1)[-1]} {where}{self.name}"


def existing_namespaces(get: Get) -> dict[str, bool]:
    """Return the namespaces of a cluster, and whether each is ours."""
    return {name: ours for (_, name), ours in _listed(get, NAMESPACES).items()}


def is_object(kind: str) -> bool:
    """Tell the type of a Kubernetes object from one of AWS."""
    return bool(_OBJECT_TYPE.match(kind))


def present(get: Get, claims: Iterable[Claim]) -> Mapping[Claim, bool]:
    """Return the claims whose object exists in the cluster, and whether it is ours.

    Raises UnreachableError. Kinds of our components are listed, where their namespace exists: one call each. Objects of
    others are looked for one by one: whoever may write them may read them, while a list of theirs may be forbidden.
    """
    wanted = tuple(claims)
    namespaces = existing_namespaces(get) if wanted else {}
    found = {claim: namespaces[claim.name] for claim in wanted if claim.type == NAMESPACE and claim.name in namespaces}
    # What is of the whole cluster has no namespace; the objects in one that is missing cannot exist.
    inside = [claim for claim in wanted if not claim.namespace or claim.namespace in namespaces]
    for kind in sorted({claim.type for claim in inside} & set(COLLECTIONS)):
        objects = _listed(get, COLLECTIONS[kind])
        of_kind = ((claim, objects.get((claim.namespace, claim.name))) for claim in inside if claim.type == kind)
        found |= {claim: ours for claim, ours in of_kind if ours is not None}
    return {**found, **_looked_up(get, [claim for claim in inside if claim.type not in {NAMESPACE, *COLLECTIONS}])}


def _looked_up(get: Get, claims: Iterable[Claim]) -> Mapping[Claim, bool]:
    wanted = tuple(claims)
    plurals = {api: served.plurals(get, api) for api in {claim.type.rpartition(":")[0] for claim in wanted}}
    paths = {claim: path for claim in wanted for path in _path(claim, plurals)}
    with ThreadPoolExecutor(WORKERS) as pool:
        found = pool.map(lambda path: _named(get, path), paths.values())
        return {claim: ours for claim, ours in zip(paths, found, strict=True) if ours is not None}


def _path(claim: Claim, plurals: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    api, _, kind = claim.type.rpartition(":")
    if kind in plurals[api]:
        home = f"/namespaces/{claim.namespace}" if claim.namespace else ""
        yield f"{served.root(api)}{home}/{plurals[api][kind]}/{claim.name}"


def _named(get: Get, path: str) -> bool | None:
    """Return whether one object is ours; None where there is none."""
    try:
        return _is_ours(get(path, accept=OBJECT)["metadata"])
    except NotServedError:
        return None


def _listed(get: Get, path: str) -> dict[tuple[str, str], bool]:
    try:
        items = get(path, accept=METADATA)["items"] or ()  # of metadata alone, an empty list is null
    except NotServedError:
        return {}
    metadata = (item["metadata"] for item in items)
    return {(item.get("namespace", ""), item["name"]): _is_ours(item) for item in metadata}


def _is_ours(metadata: Mapping[str, Any]) -> bool:
    return bool(metadata.get("labels", {}).get(c.MANAGED_BY) == c.MANAGER)
