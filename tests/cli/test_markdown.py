"""The comment on a pull request."""

from decimal import Decimal

from appofapps.catalog.models.parent import Prices
from appofapps.cli.render_markdown import markdown
from appofapps.engine.results import Operation
from appofapps.operations.preview import PreviewReport, preview
from appofapps.plan import conventions as c
from tests.operations.fakes import FakeEngine, catalog, change, child, result, session, state

LABEL = f'labels["{c.VERSION}"]'
PROPERTIES = ("spec.replicas", f"spec.template.metadata.{LABEL}", "spec.template.spec.containers[0].image")


def controller(cpu: str, memory: str, replicas: int, version: str = "1.0.0") -> dict:
    """Return the inputs of a Deployment."""
    box = {"image": f"server:{version}@sha256:{'a' * 64}", "resources": {"requests": {"cpu": cpu, "memory": memory}}}
    labels = {"app.kubernetes.io/version": version}
    return {
        "metadata": {"labels": labels},
        "spec": {"replicas": replicas, "template": {"spec": {"containers": [box]}}},
    }


def test_the_comment_groups_by_what_becomes_of_a_child() -> None:
    """Added, changed, replaced and removed apart; requests against the quota; what the change costs a month."""
    small, large = controller("100m", "256Mi", 1), controller("100m", "512Mi", 3, "2.0.0")
    engine = FakeEngine(
        now=state("cart@eu-1", "old@eu-1", "db@eu-1"),
        would=result(
            change("cart@eu-1", Operation.UPDATE, "service", properties=(f"metadata.{LABEL}",)),
            change("cart@eu-1", Operation.UPDATE, old=small, new=large, properties=PROPERTIES),
            change("cart@eu-1", Operation.DELETE, "budget"),
            change("web@eu-1", Operation.CREATE, new=small),
            change("db@eu-1", Operation.SAME, old=small, new=small),
            change("db@eu-1", Operation.REPLACE, "config"),
            change("old@eu-1", Operation.DELETE, old=small),
        ),
    )  # fmt: skip
    report = preview(session(catalog(child("cart"), child("web"), child("db")), engine))

    assert markdown(report, Prices(cpu_hour=0.04, memory_gib_hour=0.005)).splitlines() == [
        "### Preview of stack `dev`",
        "",
        "1 added, 1 changed, 1 replaced, 1 removed",
        "",
        "**Added**",
        "",
        "| child | version | what changes | cpu | memory | cost a month |",
        "|---|---|---|---|---|---|",
        "| `web@eu-1` | 1.0.0 | 1 resource | 0m → 100m of 8 | 0Mi → 256Mi of 16Gi | +3.83 USD |",
        "",
        "**Changed**",
        "",
        "| child | version | what changes | cpu | memory | cost a month |",
        "|---|---|---|---|---|---|",
        "| `cart@eu-1` | 1.0.0 → 2.0.0 | image `server:1.0.0@aaaaaaa` → `server:2.0.0@aaaaaaa`<br>**deletes** budget"
        "<br>updates deployment `spec.replicas, containers[0].image`"
        "<br>labels only: service | 100m → 300m of 8 | 256Mi → 1536Mi of 16Gi | +10.40 USD |",
        "",
        "**Replaced**",
        "",
        "| child | version | what changes | cpu | memory | cost a month |",
        "|---|---|---|---|---|---|",
        "| `db@eu-1` | 1.0.0 | **replaces** config | 100m of 8 | 256Mi of 16Gi | - |",
        "",
        "**Removed**",
        "",
        "| child | version | what changes | cpu | memory | cost a month |",
        "|---|---|---|---|---|---|",
        "| `old@eu-1` | 1.0.0 | **deletes** 1 resource | 100m → 0m | 256Mi → 0Mi | -3.83 USD |",
        "",
        "In all: cpu +200m, memory +1280Mi, +10.40 USD a month, by what pods request and the prices in parent.yaml.",
    ]
    assert "no cost without `prices`" in markdown(report, None)
    assert {str(each.address): each.after.cpu for each in report.children}["cart@eu-1"] == Decimal("0.3")


def test_the_comment_begins_with_what_went_wrong() -> None:
    """What could not be looked at is said before what was found; without a change there is no table."""
    report = PreviewReport("dev", unreachable={"us-1": "does not answer"}, failures=("cart@eu-1: timed out",))
    assert markdown(report, None).splitlines() == [
        "### Preview of stack `dev`",
        "",
        "**Error:** cart@eu-1: timed out",
        "",
        "**Cluster us-1 is out of reach**, so this may not be all: does not answer",
        "",
        "No child changes.",
    ]
