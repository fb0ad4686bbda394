"""Charts: what the provider is told, and what is fetched before it is."""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from appofapps.catalog.models.helm import FetchedChart
from appofapps.catalog.problems import CatalogError
from appofapps.plan.plan import Plan
from components.charts import ChartError, fetch
from tests.components.catalogs import child, plan
from tests.components.conftest import Deploy


def packed() -> bytes:
    """Return the chart beside this file as an archive."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        archive.add(Path(__file__).parent / "chart", "shop")
    return content.getvalue()


ARCHIVE = packed()
DIGEST = f"sha256:{hashlib.sha256(ARCHIVE).hexdigest()}"


def planned(**spec: Any) -> Plan:
    """Return a plan with a chart of a repository."""
    chart = {"repository": "https://charts.example", "name": "shop", "version": "0.1.0", "digest": DIGEST}
    return plan(child("shop", "helm", spec={"chart": chart, **spec}))


def pull(chart: FetchedChart, folder: Path) -> None:
    """Fetch the archive beside this file."""
    (folder / "shop-0.1.0.tgz").write_bytes(ARCHIVE)


def test_values_of_the_tier_go_over_those_of_the_child(deploy: Deploy) -> None:
    """A release is named like its namespace; null reaches the chart, where it removes a default."""
    profiles = {"dev": {"values": {"image": {"tag": "2", "pull": None}}}}
    engine = deploy(
        child("shop", "helm", spec={"values": {"image": {"tag": "1", "pull": "Always"}}}, profiles=profiles)
    )
    [(function, arguments)] = engine.asked
    options = json.loads(arguments["jsonOpts"])

    assert function == "helm:template"
    assert options["values"] == {"image": {"tag": "2", "pull": None}}
    assert (options["release_name"], options["namespace"], options["chart"]) == ("dev-shop", "dev-shop", "chart")


def test_a_release_has_the_childs_deadline_and_goes_back_when_it_fails(deploy: Deploy) -> None:
    """Helm waits and rolls back itself; patches address the release as a whole."""
    patch = {"resource": "release", "merge": {"maxHistory": 2}}
    engine = deploy(child("shop", "helm", spec={"engine": "release"}, deadline=90, patches=[patch]))
    release = engine.named("shop@eu-1/release")

    assert (release.inputs["timeout"], release.inputs["atomic"], release.inputs["maxHistory"]) == (90, True, 2)
    assert release.timeouts == {"create": "90s", "update": "90s"}
    assert "shop@eu-1/release" in engine.named("shop@eu-1/record").depends_on


def test_a_release_removes_defaults_when_it_is_told_to(deploy: Deploy) -> None:
    """The provider leaves null out unless it is allowed."""
    spec = {"engine": "release", "values": {"image": {"pull": None}}}
    assert deploy(child("shop", "helm", spec=spec)).named("shop@eu-1/release").inputs["allowNullValues"]
    assert "allowNullValues" not in deploy(child("shop", "helm", spec={"engine": "release"})).named(
        "shop@eu-1/release").inputs  # fmt: skip


def test_a_chart_is_fetched_once(tmp_path: Path) -> None:
    """The archive is kept under its digest: the second run asks nobody."""
    fetch(planned(), tmp_path, pull)

    def refuse(chart: FetchedChart, folder: Path) -> None:
        pytest.fail("asked again")

    fetch(planned(), tmp_path, refuse)
    assert [file.name for file in tmp_path.iterdir()] == [f"{DIGEST.removeprefix('sha256:')}.tgz"]


def test_another_archive_than_the_pinned_one_is_refused(tmp_path: Path) -> None:
    """Nothing of it is kept; the message says what it is."""

    def forged(chart: FetchedChart, folder: Path) -> None:
        (folder / "shop-0.1.0.tgz").write_bytes(b"else")

    with pytest.raises(
        ChartError, match=r"shop: .* is not the digest of https://charts.example/shop 0.1.0; it is sha256:"
    ):
        fetch(planned(), tmp_path, forged)
    assert not list(tmp_path.iterdir())


def test_a_fetched_chart_is_looked_at_like_a_local_one(tmp_path: Path) -> None:
    """Values that its schema refuses end the run before the first resource."""
    with pytest.raises(ChartError, match=r"shop: values.replicas: 'two' is not of type 'integer'"):
        fetch(planned(values={"replicas": "two"}), tmp_path, pull)


def test_what_no_pod_of_ours_takes_is_refused() -> None:
    """An identity and secrets go to pods that the catalog describes; a chart has its own."""
    permission = {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::x/*"]}
    secret = {"variable": "KEY", "secret_key": {"name": "keys", "key": "api"}}
    with pytest.raises(CatalogError) as refused:
        plan(child("shop", "helm", cloud_identity=[permission], secrets=[secret]))
    said = [problem.message for problem in refused.value.problems]
    assert {"cloud_identity: a helm takes none", "secrets: a helm takes none"} <= set(said)


def test_without_helm_the_message_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only charts from elsewhere need it."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ChartError, match="no `helm` on PATH to fetch its chart with; install helm 3"):
        fetch(planned(), tmp_path)
