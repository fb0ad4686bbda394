"""Stacks of the Pulumi Kubernetes Operator, from its documented fields: its definition is not obtainable as a module.

https://github.com/pulumi/pulumi-kubernetes-operator/blob/master/docs/stacks.md
"""

from typing import Any, Final

from appofapps.catalog.models.stack import PULUMI, Stack
from appofapps.plan.naming import physical_name
from appofapps.plan.plan import PlannedChild
from components.kubernetes.fields import given
from components.kubernetes.gate import equals, gate, seen
from components.kubernetes.metadata import release_metadata

NAME_LIMIT: Final = 42
"""The operator makes names of its own by adding to the stack's."""


def stack(planned: PlannedChild[Stack]) -> dict[str, Any]:
    """Return the order to run a program at one commit; done when the operator has run this very one with success.

    No `prerequisites`, which the operator looks for in the stack's own namespace only; the order, both ways, is that of
    `needs` (docs/architecture.md says why). Ready, in the generation seen, is the operator's own word for having
    run this specification with success; `lastUpdate` may be about an earlier one.
    """
    spec = planned.child.spec
    done = gate(
        seen(),
        equals('.status.conditions[?(@.type=="Ready")].status', "True"),
        equals(".status.lastUpdate.lastSuccessfulCommit", spec.revision),
    )
    return {
        "apiVersion": PULUMI,
        "kind": "Stack",
        "metadata": release_metadata(planned, physical_name(planned.name, limit=NAME_LIMIT), done),
        "spec": given(
            stack=spec.stack,
            backend=spec.backend,
            projectRepo=spec.repository,
            repoDir=spec.path,
            commit=spec.revision,
            serviceAccountName=spec.service_account,
            refresh=True,
            destroyOnFinalize=spec.destroy,
        ),
    }
