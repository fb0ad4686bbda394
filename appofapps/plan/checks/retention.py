"""Retention: what is to be kept of a child is there to be kept."""

from collections.abc import Iterator

from appofapps.catalog.problems import Problem
from appofapps.plan.checks.survey import Survey


def volumes_to_snapshot(survey: Survey) -> Iterator[Problem]:
    """Refuse the policy `snapshot` of a child that can have no volumes."""
    for child in survey.children:
        if child.deletion_policy == "snapshot" and not child.may_have_volumes:
            message = f"deletion_policy: snapshot, but {child.name!r} has no volumes to take snapshots of"
            hint = "write `retain` to keep its objects, or `delete`; volumes are the `claims` of a StatefulSet"
            yield survey.problem(child, ("deletion_policy",), message, hint)
