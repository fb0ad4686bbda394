"""Nested parents: catalogs within catalogs, from folders and from Git."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from appofapps.catalog.catalog import Catalog
from appofapps.catalog.load import load
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.problems import CatalogError
from appofapps.plan.budget import overruns
from appofapps.plan.plan import Address, Plan
from appofapps.plan.resolve import resolve
from tests.catalog.minimal import DIGEST, FILES, write

API = {"apiVersion": "appofapps.dev/v1"}
OWNER = {"team": "platform", "oncall": "platform", "runbook": "https://runbooks.example/x"}
HOSTS = {"dev": {"hosts": ["help.dev.example"]}, "prod": {"hosts": ["help.example"]}}
APP = {
    "kind": "workload",
    "profiles": {"dev": {}, "prod": {}},
    "spec": {"image": f"registry.example/x:1@{DIGEST}", "ports": [{"port": 8080}]},
}


def lay(folder: Path, version: str = "3.0.0", **children: Mapping[str, Any]) -> Path:
    """Write a catalog to nest: its manifest, and children of which only what matters is said."""
    parent = {"kind": "parent", "name": folder.name, "version": version, "deletion_budget": {"children": 0}}
    files = {"parent.yaml": parent, **{f"apps/{name}.yaml": {"name": name, **more} for name, more in children.items()}}
    for name, document in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        least = {} if name == "parent.yaml" or "kind" in document else APP
        text = yaml.safe_dump({**API, "version": "1.0.0", "owner": OWNER, **least, **document})
        (folder / name).write_text(text)
    return folder


def nest(catalog: Path, version: str = "3.0.0", **fields: Any) -> dict[str, Any]:
    """Return the child that nests a catalog."""
    return {"kind": "parent", "version": version, "spec": {"catalog": f"../{catalog.name}"}, **fields}


def around(tmp_path: Path, **children: Mapping[str, Any]) -> Path:
    """Write the minimal catalog with more children, and return its folder."""
    write(tmp_path / "outer")
    for name, document in children.items():
        least = {} if document.get("kind") == "parent" else APP
        text = yaml.safe_dump({**API, "name": name, "version": "1.0.0", "owner": OWNER, **least, **document})
        (tmp_path / "outer/apps" / f"{name}.yaml").write_text(text)
    return tmp_path / "outer"


def test_names_in_a_spec_go_along(tmp_path: Path) -> None:
    """A nested route leads to its own catalog's backend, also where the catalog around has one of that name."""
    rules = [{"backends": [{"child": "page", "weight": 3}, {"child": "draft"}]}]
    way = {"kind": "route", "spec": {"gateway_class": "public", "rules": rules}, "profiles": HOSTS}
    mesh = {"kind": "mesh", "spec": {"children": ["page"]}}
    inner = lay(tmp_path / "help", page={}, draft={}, way={**way, "needs": ["page", "draft"]},
                net={**mesh, "needs": ["page"]})  # fmt: skip
    catalog = load(around(tmp_path, page={}, help=nest(inner)))

    route = catalog.children["help-way"]
    assert [named.name for named in route.reaches] == ["help-page", "help-draft"] == [*route.needs]
    assert [named.name for named in catalog.children["help-net"].reaches] == ["help-page"]
    egress = {each.child for each in planned(catalog).by_address[Address("help-way", "eu-1")].egress}
    assert egress >= {"help-page", "help-draft"}


def planned(catalog: Catalog) -> Plan:
    """Plan the environment `prod`."""
    return resolve(catalog, StackTarget(environment="prod"))


def test_its_children_are_children_of_the_catalog_around_it(tmp_path: Path) -> None:
    """They have its name before theirs, wait for what it needs, and are waited for by what needs it."""
    edge = lay(tmp_path / "edge", cache={}, proxy={"needs": ["cache"]})
    outer = around(tmp_path, edge=nest(edge, needs=["orders"]), shop={"needs": ["edge"]})

    plan = planned(load(outer))

    needs = {address.child: {need.child for need in child.needs} for address, child in plan.by_address.items()}
    assert needs["edge-cache"] == {"orders"}
    assert needs["edge-proxy"] == {"edge-cache", "orders"}
    assert needs["shop"] == {"edge-cache", "edge-proxy"}
    assert "edge" not in needs
    proxy = plan.by_address[Address("edge-proxy", "eu-1")]
    assert (proxy.name, proxy.parent) == ("prod-edge-proxy", "edge")
    assert proxy.labels["app.kubernetes.io/part-of"] == "edge"


def test_parameters_are_those_of_its_own_children(tmp_path: Path) -> None:
    """Whom the nested catalog names has a longer name around it."""
    identity = [{"actions": ["ssm:GetParameter"], "resources": ["parameter:cache/latest"]}]
    proxy = {"cloud_identity": identity, "target": {"environments": ["prod"]}}
    edge = lay(tmp_path / "edge", cache={}, proxy=proxy)

    plan = planned(load(around(tmp_path, edge=nest(edge))))

    names = plan.by_address[Address("edge-proxy", "eu-1")].physical_names
    assert names == {"edge-cache": "prod-edge-cache"}


def test_parents_in_parents(tmp_path: Path) -> None:
    """Nesting goes to any depth; every child knows the innermost parent it is in."""
    deep = lay(tmp_path / "deep", app={})
    lay(tmp_path / "middle", inner=nest(deep), app={"needs": ["inner"]})
    outer = around(tmp_path, middle=nest(tmp_path / "middle"))

    catalog = load(outer)

    assert {"middle-app", "middle-inner-app"} <= catalog.children.keys()
    assert catalog.children["middle-app"].needs == ("middle-inner-app",)
    assert catalog.nested_in["middle-inner-app"] == "middle-inner"
    assert {key: parent.name for key, parent in catalog.parents.items()} == {"middle": "middle", "middle-inner": "deep"}


def test_what_its_file_says_of_all_of_them(tmp_path: Path) -> None:
    """Labels, pause and placement of the nesting file hold for each of its children, beside their own."""
    edge = lay(tmp_path / "edge", cache={"labels": {"slice": "one"}, "target": {"environments": ["dev", "prod"]}})
    paused = {"reason": "audit", "owner": "someone", "until": "2099-01-01"}
    outer = around(tmp_path, edge=nest(edge, labels={"ring": "a"}, target={"environments": ["prod"]}, paused=paused))

    cache = load(outer).children["edge-cache"]

    assert cache.labels == {"ring": "a", "slice": "one"}
    assert cache.target.environments == ("prod",)
    assert cache.paused
    assert cache.paused.reason == "audit"


def test_a_circle_is_refused_with_its_path(tmp_path: Path) -> None:
    """Parents that contain each other are named in order, not followed for ever."""
    lay(tmp_path / "one", two=nest(tmp_path / "two"))
    lay(tmp_path / "two", one=nest(tmp_path / "one"))
    outer = around(tmp_path, first=nest(tmp_path / "one"))

    with pytest.raises(CatalogError, match=r"one\.yaml:.*nested parents contain each other: one -> two -> one"):
        load(outer)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"version": "2.9.0"}, r"edge\.yaml:\d+: version: 2\.9\.0, but the nested parent is at 3\.0\.0"),
        ({"spec": {"catalog": "../egde"}}, r"there is no parent\.yaml in 'egde'"),
        ({"deadline": "5m"}, r"a nested parent has no deadline"),
        ({"spec": {}}, r"give exactly one of catalog, git"),
    ],
)
def test_what_does_not_fit(tmp_path: Path, fields: dict[str, Any], message: str) -> None:
    """A version, a folder or a field that cannot be meant is refused where it is written."""
    edge = lay(tmp_path / "edge", cache={})
    outer = around(tmp_path, edge={**nest(edge), **fields})

    with pytest.raises(CatalogError, match=message):
        load(outer)


def test_problems_within_are_told_with_their_own_file(tmp_path: Path) -> None:
    """What is wrong in a nested catalog is reported there, together with everything else, and starts no follow-ups."""
    edge = lay(tmp_path / "edge", cache={"labels": "none"}, proxy={"needs": ["cache"]})
    outer = around(tmp_path, edge=nest(edge), shop={"needs": ["edge"], "labels": "none"})

    with pytest.raises(CatalogError) as raised:
        load(outer)

    assert sorted(problem.file.relative_to(tmp_path).as_posix() for problem in raised.value.problems) == [
        "edge/apps/cache.yaml",
        "outer/apps/shop.yaml",
    ]


def test_a_name_that_reads_like_one_of_its_children(tmp_path: Path) -> None:
    """`edge-tools` beside a nested parent `edge` is refused: nobody could tell whose it is."""
    outer = around(tmp_path, edge=nest(lay(tmp_path / "edge", cache={})), **{"edge-tools": {}})

    with pytest.raises(CatalogError, match="'edge-tools' reads like a child of the nested parent 'edge'"):
        load(outer)


@pytest.fixture
def repository(tmp_path: Path) -> tuple[Path, str]:
    """Return a Git repository with a catalog to nest, and its commit."""
    lay(tmp_path / "repository/catalogs/edge", cache={})
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org", "-C", str(tmp_path / "repository")]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "edge"]):
        subprocess.run([*git, *arguments], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return tmp_path / "repository", head.stdout.strip()


def test_from_git(tmp_path: Path, repository: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit is fetched once; afterwards the repository may be gone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    url, commit = f"file://{repository[0]}", repository[1]
    source = {"git": {"url": url, "commit": commit, "path": "catalogs/edge"}}
    outer = around(tmp_path, edge={"kind": "parent", "version": "3.0.0", "spec": source})

    assert "edge-cache" in load(outer).children
    repository[0].rename(tmp_path / "gone")
    assert "edge-cache" in load(outer).children


def test_a_commit_that_cannot_be_had(
    tmp_path: Path, repository: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown commit is a problem of the catalog, with what Git says, and leaves nothing in the cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    source = {"git": {"url": f"file://{repository[0]}", "commit": "0" * 40, "path": "catalogs/edge"}}
    outer = around(tmp_path, edge={"kind": "parent", "version": "3.0.0", "spec": source})

    with pytest.raises(CatalogError, match=r"edge\.yaml:\d+: spec\.git: .* at 000000000000: "):
        load(outer)

    assert not list((tmp_path / "cache/appofapps/catalogs").iterdir())


def test_each_parent_has_its_own_deletion_budget(tmp_path: Path) -> None:
    """A nested parent whose budget is zero loses no child, however generous the one around it is."""
    text = FILES["parent.yaml"] + "deletion_budget: {children: 10, percent: 100}\n"
    outer = around(tmp_path, edge=nest(lay(tmp_path / "edge", cache={})), shop={})
    (outer / "parent.yaml").write_text(text)
    plan = planned(load(outer))

    last = frozenset({*plan.by_address, Address("edge-proxy", "eu-1"), Address("old", "eu-1")})

    assert [(found.parent, found.gone) for found in overruns(last, plan)] == [("edge", ("edge-proxy",))]
    assert not list(overruns(last, plan, confirmed=1))


def test_where_data_may_be_goes_along(tmp_path: Path) -> None:
    """A nested parent's default region holds for its children that name none."""
    inner = lay(tmp_path / "data", store={}, cache={"allowed_regions": []})
    manifest = inner / "parent.yaml"
    manifest.write_text(manifest.read_text() + "defaults: {allowed_regions: [us-east-1]}\n")

    with pytest.raises(CatalogError) as refused:
        planned(load(around(tmp_path, data=nest(inner))))

    assert {problem.file.name for problem in refused.value.problems} == {"store.yaml"}
    assert "allowed_regions: us-east-1, but dev places it in test-1 (eu-west-1)" in str(refused.value)
