"""The configuration of a child, and the account its pods run under."""

import hashlib
import json
from typing import Any

from appofapps.catalog.models.job import CronJob, Job
from appofapps.catalog.models.workload import Workload
from appofapps.plan.naming import physical_name
from appofapps.plan.plan import PlannedChild, touches_aws
from components.aws.arns import role_arn
from components.kubernetes.metadata import metadata

_DIGEST = 10


def config_name(planned: PlannedChild[Workload | Job | CronJob]) -> str:
    """Return the name of the child's ConfigMap; it follows the content, so pods restart when that changes."""
    content = json.dumps(planned.child.spec.config, sort_keys=True)
    return physical_name(planned.name, hashlib.sha256(content.encode()).hexdigest()[:_DIGEST])


def config_map(planned: PlannedChild[Workload | Job | CronJob]) -> dict[str, Any]:
    """Return the child's ConfigMap; a change is a new one, and pods that still run keep the old."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(planned, config_name(planned)),
        "immutable": True,
        "data": dict(planned.child.spec.config),
    }


def has_account(planned: PlannedChild[Workload | Job | CronJob]) -> bool:
    """Tell whether the child's pods run under an account of their own, not the one every namespace has."""
    return planned.is_guarded or touches_aws(planned)


def service_account(planned: PlannedChild[Workload | Job | CronJob]) -> dict[str, Any]:
    """Return the account of the child's pods: no token, and its role in AWS where it has one."""
    role = {"eks.amazonaws.com/role-arn": role_arn(planned)} if touches_aws(planned) else {}
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": metadata(planned, annotations=role),
        "automountServiceAccountToken": False,
    }
