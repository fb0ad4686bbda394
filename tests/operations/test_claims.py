"""What a first deployment takes for itself, before the engine can say."""

from appofapps.operations.claims import of_plan
from tests.components.catalogs import child, plan

SCOPED = {"cluster_scoped": ["ClusterRole", "CustomResourceDefinition"]}


def test_objects_that_people_wrote_are_claimed_by_the_names_they_have() -> None:
    """Those of the whole cluster first of all: nothing in their names makes them the child's own."""
    said = {claim.what for claim in of_plan(plan(child("page", "manifests", spec=SCOPED)))}

    assert {
        "Namespace dev-page", "Deployment dev-page/web", "ClusterRole web",
        "CustomResourceDefinition sites.example.org",
    } <= said  # fmt: skip
