"""What GitOps controllers are asked for, and by what we know that it is done: this revision, healthy, seen now."""

from typing import Any, Final

from appofapps.catalog.models.delegated import ARGO, FLUX, FLUX_SOURCE, ArgoCdApplication, FluxKustomization
from appofapps.plan import conventions as c
from appofapps.plan.plan import PlannedChild
from components.kubernetes.fields import given
from components.kubernetes.gate import condition, equals, gate, seen
from components.kubernetes.metadata import metadata, release_metadata

_IN_CLUSTER: Final = "https://kubernetes.default.svc"


def application(planned: PlannedChild[ArgoCdApplication]) -> dict[str, Any]:
    """Return an Application in the child's namespace, for the same.

    Argo CD looks outside its own namespace where `--application-namespaces` and the project's `sourceNamespaces` allow:
    https://argo-cd.readthedocs.io/en/stable/operator-manual/app-any-namespace/
    """
    spec = planned.child.spec
    source = {"repoURL": spec.repository, "path": spec.path, "targetRevision": spec.revision}
    return {
        "apiVersion": ARGO,
        "kind": "Application",
        "metadata": {
            **release_metadata(planned, annotations=_healthy(source)),
            # Its deletion ends when what it deployed is gone.
            "finalizers": ["resources-finalizer.argocd.argoproj.io"],
        },
        "spec": {
            "project": spec.project,
            "source": source,
            "destination": {"server": _IN_CLUSTER, "namespace": planned.name},
            "syncPolicy": {"automated": {"prune": spec.prune, "selfHeal": spec.self_heal}},
        },
    }


def _healthy(source: dict[str, str]) -> dict[str, str]:
    """Return the gate of an Application: there is no `observedGeneration`, but it says what it has compared with."""
    compared = (equals(f".status.sync.comparedTo.source.{field}", value) for field, value in source.items())
    return gate(
        *compared,
        equals(".status.sync.revision", source["targetRevision"]),
        equals(".status.sync.status", "Synced"),
        equals(".status.health.status", "Healthy"),
    )


def repository(planned: PlannedChild[FluxKustomization]) -> dict[str, Any]:
    """Return the repository Flux reads, at the child's commit."""
    spec = planned.child.spec
    return {
        "apiVersion": FLUX_SOURCE,
        "kind": "GitRepository",
        "metadata": metadata(planned),
        "spec": given(
            url=spec.repository,
            interval=f"{spec.interval}s",
            ref={"commit": spec.revision},
            secretRef={"name": spec.secret} if spec.secret else None,
        ),
    }


def kustomization(planned: PlannedChild[FluxKustomization]) -> dict[str, Any]:
    """Return the order to apply it into the child's namespace and to wait until all of it is healthy."""
    spec = planned.child.spec
    ready = gate(seen(), condition("Ready"), equals(".status.lastAppliedRevision", f"sha1:{spec.revision}"))
    return {
        "apiVersion": FLUX,
        "kind": "Kustomization",
        "metadata": release_metadata(planned, annotations={**ready, c.REVISION: spec.revision}),
        "spec": given(
            interval=f"{spec.interval}s",
            path=f"./{spec.path}",
            prune=spec.prune,
            wait=True,
            timeout=f"{planned.deadline}s",
            targetNamespace=planned.name,
            sourceRef={"kind": "GitRepository", "name": planned.name},
            postBuild={"substitute": spec.substitute} if spec.substitute else None,
        ),
    }
