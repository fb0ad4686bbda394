"""What was good is recorded, and a child goes back to it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from appofapps.catalog.load import load
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.problems import CatalogError
from appofapps.catalog.releases import KEPT, read_releases
from appofapps.engine.results import Change, Operation
from appofapps.observe.health import Condition, Health
from appofapps.operations.record import RecordReport, record, record_sessions
from appofapps.operations.refusal import RefusedError
from appofapps.operations.rollback import rollback
from appofapps.operations.session import Session
from appofapps.operations.tenants import add
from appofapps.plan.resolve import resolve
from tests.catalog.minimal import DIGEST, FILES, write
from tests.e2e.small_catalog import API, workload
from tests.operations.fakes import FakeEngine, FakeWorld, change, result

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CART = "apps/cart.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write a catalog."""
    return write(tmp_path)


def recorded(
    root: Path, *changes: Change, world: FakeWorld | None = None, target: dict[str, Any] | None = None,
    interrupted: bool = False,
) -> RecordReport:  # fmt: skip
    """Record environment dev; nothing differs but what is named, and all is ready but what the world says."""
    catalog, stack = load(root), StackTarget(environment="dev", **(target or {}))
    engine: Any = FakeEngine(would=result(*changes, interrupted=interrupted))
    seen: Any = world or FakeWorld()
    session = Session("dev", resolve(catalog, stack), engine, seen, catalog, {"dev": stack})
    return record_sessions(root, [session], NOON)


def edit(root: Path, file: str, *pairs: tuple[str, str]) -> None:
    """Change a file as a person does."""
    text = (root / file).read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    (root / file).write_text(text)


def bump(root: Path, version: str, old: str = "1.4.2") -> None:
    """Release another cart."""
    edit(root, CART, (f"\nversion: {old}", f"\nversion: {version}"), (f"cart:{old}", f"cart:{version}"))


def versions(children: Iterable[Any]) -> list[tuple[str, str, bool]]:
    """Return what a report says of recorded children."""
    return [(each.child, each.version, each.new) for each in children]


def test_what_is_good_is_recorded_once(root: Path) -> None:
    """The second time nothing is new, and no file changes."""
    first = recorded(root)
    assert versions(first.recorded) == [("cart", "1.4.2", True), ("fraud", "3.0.0", True), ("orders", "2.1.0", True)]
    assert (first.exit_code, first.left_out) == (0, {})
    files = {file: file.read_text() for file in (root / "releases").rglob("*") if file.is_file()}

    assert not any(new for _, _, new in versions(recorded(root).recorded))
    assert {file: file.read_text() for file in (root / "releases").rglob("*") if file.is_file()} == files
    load(root)  # the catalog goes on being one


def test_what_is_not_good_is_left_out_with_the_reason(root: Path) -> None:
    """Not deployed as its file says, not ready, paused: exit 1."""
    held = "paused: {reason: incident 12, owner: ada, until: 2026-12-01}\nversion: 2.1.0\nowner"
    edit(root, "apps/orders.yaml", ("version: 2.1.0\nowner", held))
    world = FakeWorld({"cart@test-1": Health(Condition.NOT_READY, cause="no image")})
    report = recorded(root, change("fraud@eu-west-1", Operation.UPDATE, "function"), world=world)

    assert report.left_out == {
        "cart": "cart@test-1: not ready no image",
        "fraud": "fraud@eu-west-1: its file is not what is deployed; `aoa preview` shows the difference",
        "orders": "orders@test-1: paused, so its file does not say what runs",
    }
    assert (report.recorded, report.exit_code) == ((), 1)
    assert not (root / "releases").exists()


def test_a_nested_parents_children_are_its_own_to_keep(root: Path) -> None:
    """They go back with its version, so that nothing is recorded of them here."""
    nested = {"apiVersion": "appofapps.dev/v1", "kind": "parent", "name": "inner", "version": "1.0.0",
              "owner": {"team": "x", "oncall": "x", "runbook": "https://runbooks.example/x"},
              "spec": {"catalog": "nested"}}  # fmt: skip
    inner = {name: FILES[name] for name in ("parent.yaml", "apps/orders.yaml")}
    write(root / "nested", inner)
    write(root, {"apps/inner.yaml": yaml.safe_dump(nested)})
    assert "inner-orders" in load(root).children
    assert {each.child for each in recorded(root).recorded} == {"cart", "fraud", "orders"}


def test_a_child_in_two_stacks_is_good_when_it_is_in_both(root: Path) -> None:
    """One stack alone does not know."""
    write(root, {"clusters/test-2.yaml": FILES["clusters/test-1.yaml"].replace("test-1", "test-2")})
    report = recorded(root, target={"clusters": {"name": "test-1"}})
    assert "cart@test-2: not in this stack" in report.left_out["cart"]


def test_of_an_environment_its_shared_stacks_are_recorded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenant's children have releases by their rings: its stack is left out, and refused where it is named."""
    plan = {**API, "kind": "tenant-plan", "name": "small", "children": ["kiosk"]}
    write(root, {"apps/kiosk.yaml": yaml.safe_dump(workload("kiosk", per_tenant=True)),
                 "tenant-plans/small.yaml": yaml.safe_dump(plan),
                 "project/Pulumi.dev.yaml": "config: {app-of-apps:environment: dev}\n"})  # fmt: skip
    project = root / "project"
    add(project, root, {"name": "acme", "plan": "small", "admin_group": "acme-admins", "environments": ["dev"]})
    monkeypatch.setattr("appofapps.operations.session.Engine", lambda *_: FakeEngine(would=result()))
    monkeypatch.setattr("appofapps.operations.session.World", FakeWorld)

    assert {each.child for each in record(project, root, "", "dev", NOON).recorded} == {"cart", "fraud", "orders"}
    with pytest.raises(RefusedError) as refused:
        record(project, root, "dev-acme", "", NOON)
    assert refused.value.refusals[0].hint == "aoa release record --env dev"
    (project / "Pulumi.dev.yaml").unlink()
    with pytest.raises(RefusedError, match="no stack runs this environment"):
        record(project, root, "", "dev", NOON)


def test_an_interrupted_look_records_nothing(root: Path) -> None:
    """What the engine did not come to would pass for unchanged."""
    with pytest.raises(KeyboardInterrupt):
        recorded(root, interrupted=True)
    assert not (root / "releases").exists()


def test_back_to_the_last_good_one(root: Path) -> None:
    """Version, image, settings and contracts go back; sizes, owners and comments stay."""
    recorded(root)
    bump(root, "1.5.0")
    edit(
        root, CART, ("LOG_LEVEL: info", "LOG_LEVEL: debug # noisy\n    FRESH: 'yes'"), ("replicas: 2", "replicas: 9"),
        ("name: cart\n", "name: cart # the basket\n"),
    )  # fmt: skip
    report = rollback(root, "cart")

    assert (report.old_version, report.new_version, report.environment) == ("1.5.0", "1.4.2", "dev")
    assert report.fields == ("version", "spec")
    text = (root / CART).read_text()
    assert "image: registry.example/cart:1.4.2@" in text
    assert "LOG_LEVEL: info" in text
    assert "# noisy" in text
    assert "FRESH" not in text
    assert "replicas: 9" in text
    assert "name: cart # the basket" in text
    load(root)


def test_back_to_a_version(root: Path) -> None:
    """Any that was good; of others the answer names those there are."""
    for old, new in (("1.4.2", "1.4.2"), ("1.4.2", "1.5.0"), ("1.5.0", "1.6.0")):
        bump(root, new, old)
        recorded(root)
    assert rollback(root, "cart", to="1.4.2").new_version == "1.4.2"
    assert rollback(root, "cart").new_version == "1.6.0"  # the last good one that is not this one
    with pytest.raises(RefusedError) as refused:
        rollback(root, "cart", to="1.5.1")
    assert refused.value.refusals[0].hint == "did you mean '1.5.0'?"


def test_a_function_goes_back_with_its_code(root: Path) -> None:
    """The code that was good is kept with the release; new code in its folder is not touched."""
    recorded(root)
    before = load(root).code["fraud"].digest
    (root / "functions/fraud/handler.py").write_text("def handle(event, context):\n    raise\n")
    edit(root, "apps/fraud.yaml", ("version: 3.0.0", "version: 3.1.0"))
    rollback(root, "fraud")

    catalog = load(root)
    assert (catalog.children["fraud"].version, catalog.code["fraud"].digest) == ("3.0.0", before)
    assert "raise" in (root / "functions/fraud/handler.py").read_text()
    assert not any(new for _, _, new in versions(recorded(root).recorded))


def test_a_chart_goes_back_with_its_folder(root: Path) -> None:
    """The chart that was good is kept under its own field; one that lies as it was stays where it lies."""
    chart = {"apiVersion": "v2", "name": "shop", "version": "0.1.0"}
    (root / "charts/shop").mkdir(parents=True)
    (root / "charts/shop/Chart.yaml").write_text(yaml.safe_dump(chart))
    file, cart = root / "apps/shop.yaml", yaml.safe_load((root / CART).read_text())
    shop = {key: cart[key] for key in ("apiVersion", "owner", "version")} | {"kind": "helm", "name": "shop"}

    def write_shop(version: str, replicas: int) -> None:
        spec = {"chart": {"folder": "charts/shop"}, "values": {"replicas": replicas}}
        file.write_text(yaml.safe_dump({**shop, "version": version, "spec": spec}))

    write_shop("1.0.0", 1)
    recorded(root)
    write_shop("1.1.0", 2)
    rollback(root, "shop")
    assert yaml.safe_load(file.read_text())["spec"] == {"chart": {"folder": "charts/shop"}, "values": {"replicas": 1}}

    write_shop("1.2.0", 3)
    (root / "charts/shop/Chart.yaml").write_text(yaml.safe_dump({**chart, "appVersion": "9.9.9"}))
    rollback(root, "shop")
    spec = yaml.safe_load(file.read_text())["spec"]
    assert spec["chart"]["folder"].startswith("releases/dev/shop/1.0.0-")
    assert load(root).code["shop"].digest == spec["chart"]["digest"]
    assert not any(new for _, _, new in versions(recorded(root).recorded))


def test_only_the_last_releases_are_kept(root: Path) -> None:
    """With their code, and with no other."""
    old = "3.0.0"
    for number in range(KEPT + 2):
        edit(root, "apps/fraud.yaml", (f"version: {old}", f"version: 3.0.{number}"))
        (root / "functions/fraud/handler.py").write_text(f"NUMBER = {number}\n")
        recorded(root)
        old = f"3.0.{number}"
    kept = [f"3.0.{number}" for number in range(2, KEPT + 2)]
    assert [each.version for each in read_releases(root, "dev", "fraud")] == kept
    assert sorted(each.name[:5] for each in (root / "releases/dev/fraud").iterdir()) == kept


def test_a_rollback_that_breaks_a_contract_is_refused(root: Path) -> None:
    """Others need what the old release did not provide: nothing is written, and they are named."""
    recorded(root)
    edit(root, "apps/orders.yaml", ("version: 2.1.0", "version: 3.0.0"), ("orders:2.1.0", "orders:3.0.0"))
    edit(root, CART, ('">=2,<3"', '">=3,<4"'))
    before = (root / "apps/orders.yaml").read_text()
    with pytest.raises(CatalogError, match=r"cart.yaml:\d+: consumes 'orders-api' >=3,<4, but 'orders' provides 2.1.0"):
        rollback(root, "orders")
    assert (root / "apps/orders.yaml").read_text() == before


def test_a_pin_holds_against_a_rollback(root: Path) -> None:
    """It says how to let go."""
    recorded(root)
    pinned = "\npinned: {version: 1.5.0, reason: audit, owner: ada, until: 2026-12-01}\nversion: 1.5.0"
    edit(root, CART, ("\nversion: 1.4.2", pinned))
    with pytest.raises(CatalogError, match="aoa unpin cart"):
        rollback(root, "cart")


@pytest.mark.parametrize(
    ("child", "environment", "said"),
    [
        ("crat", "", "did you mean 'cart'?"),
        ("cart", "prod", "aoa release record --env prod"),
        ("cart", "dev", "its file is that release: 1.4.2"),
        ("report", "", "aoa release record --env E"),
    ],
)
def test_nowhere_to_go_back_to(root: Path, child: str, environment: str, said: str) -> None:
    """The answer says what to do."""
    recorded(root)
    with pytest.raises(RefusedError) as refused:
        rollback(root, child, environment)
    assert said in refused.value.refusals[0].hint


def test_a_child_of_another_kind_does_not_go_back(root: Path) -> None:
    """Its history is git's."""
    recorded(root)
    (root / CART).write_text(
        FILES["apps/report.yaml"].replace("name: report", "name: cart").replace("payments", "orders")
    )
    with pytest.raises(RefusedError, match=r"was a workload in 1\.4\.2 and is a cron-job now"):
        rollback(root, "cart")


def test_a_file_that_does_not_load_goes_back(root: Path) -> None:
    """A broken release is a reason to go back."""
    recorded(root)
    edit(root, CART, ("\nversion: 1.4.2", "\nversion: latest"), (DIGEST, "sha256:no"))
    assert rollback(root, "cart").new_version == "1.4.2"
    load(root)
