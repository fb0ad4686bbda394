"""The end of a child: refused while it is needed, recorded, and seen to be gone."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from appofapps.catalog.document import parse, read_text
from appofapps.catalog.load import load
from appofapps.catalog.models.parent import StackTarget
from appofapps.catalog.problems import CatalogError
from appofapps.engine.results import Operation, State
from appofapps.observe.snapshots import Volume
from appofapps.operations.refusal import RefusedError
from appofapps.operations.retire import Farewell, RetireReport, remove, retire
from appofapps.operations.session import Session
from appofapps.operations.talk import Talk
from appofapps.plan.plan import Address
from appofapps.plan.resolve import resolve
from tests.catalog.minimal import FILES, write
from tests.operations.fakes import FakeEngine, FakeWorld, change, result, state

TODAY = date(2026, 11, 23)
ALONE = {
    name: text.replace("needs:\n  - orders\n", "").replace("needs: [orders]\n", "") for name, text in FILES.items()
}
STORED = "controller: StatefulSet\n  claims: [{name: journal, size: 1Gi}]\n  ports:"
CONSUMES = 'consumes:\n  - contract: orders-api\n    version: ">=2,<3"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write a catalog in which nobody needs orders; environment dev is in stack dev."""
    files = {name: text.replace(CONSUMES, "") for name, text in ALONE.items()}
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {app-of-apps:environment: dev}\n")
    return write(tmp_path / "catalog", files)


def take_out(root: Path, child: str = "orders", reason: str = "replaced by shipping") -> RetireReport:
    """Retire a child in the catalog alone."""
    return retire(root.parent, root, child, reason, "ada", (), TODAY)


def removed(root: Path, farewell: Farewell, engine: FakeEngine, world: FakeWorld) -> RetireReport:
    """Remove it from stack dev."""
    catalog, target = load(root), StackTarget(environment="dev")
    fakes: Any = (engine, world)
    session = Session("dev", resolve(catalog, target), *fakes, catalog, {"dev": target})
    return RetireReport(farewell, (remove(session, farewell, Talk()),))


def deployed(*, retained: bool = False) -> State:
    """Return the state of a stack that runs orders and cart."""
    now = state("orders@test-1", "cart@test-1")
    named = {"namespace": "kubernetes:core/v1:Namespace", "deployment": "kubernetes:apps/v1:Deployment"}
    return State(tuple(
        replace(
            each, retained=retained, name=replace(each.name, type=named[each.name.resource]),
            inputs={"metadata": {**each.inputs["metadata"], "name": f"dev-{each.name.resource}"}},
        )
        for each in now.resources
    ), ())  # fmt: skip


def gone(left: tuple[str, ...] = (), now: State | None = None) -> tuple[FakeEngine, FakeWorld]:
    """Return an engine that removes orders, and the world after it: `left` are the types still there."""
    world = FakeWorld(aws_account="1" * 12)
    step = result(change("orders@test-1", Operation.DELETE))
    engine = FakeEngine(now or deployed(), would=step, does=step, during=lambda: setattr(world, "left", left))
    return engine, world


def test_the_file_moves_into_the_record(root: Path) -> None:
    """As it was, with who and why; the catalog goes on without it."""
    before = (root / "apps/orders.yaml").read_text()
    report = take_out(root)

    record = (root / "retired/orders.yaml").read_text()
    said = "retired:\n  reason: replaced by shipping\n  owner: ada\n  date: 2026-11-23\n"
    assert said in record
    assert record.replace(said, "") == before
    assert not (root / "apps/orders.yaml").exists()
    assert "orders" not in load(root).children
    assert (report.farewell.policy, report.exit_code) == ("delete", 0)


def test_the_record_of_an_earlier_one_stays(root: Path) -> None:
    """It may be all that leads to its snapshots; a child made anew under the name does not write over it."""
    file = root / "apps/orders.yaml"
    text = file.read_text()
    record = take_out(root).farewell.record
    before = record.read_text()
    file.write_text(text)
    with pytest.raises(RefusedError) as refused:
        take_out(root, reason="once more")
    assert refused.value.refusals[0].hint == f"git mv {record} {root}/retired/orders-1.yaml"
    assert (record.read_text(), file.read_text()) == (before, text)


def test_it_stays_while_others_need_it(tmp_path: Path) -> None:
    """All of them are named with their line, needs and contracts alike; nothing is written."""
    root = write(tmp_path / "catalog")
    with pytest.raises(CatalogError) as refused:
        take_out(root)
    lines = str(refused.value).splitlines()
    assert [line.partition("catalog/apps/")[2].split("; ")[0] for line in lines] == [
        "cart.yaml:10: 'cart' needs 'orders', which is to be retired",
        "cart.yaml:12: 'cart' consumes 'orders-api', which only 'orders' provides",
        "fraud.yaml:9: 'fraud' needs 'orders', which is to be retired",
    ]
    assert (root / "apps/orders.yaml").exists()
    assert not (root / "retired").exists()


def test_it_stays_while_others_use_its_queue(root: Path) -> None:
    """Whatever would make the catalog wrong without it is a reason."""
    with pytest.raises(CatalogError, match="'queue:payments' is claimed by nobody"):
        take_out(root, "fraud")
    assert (root / "apps/fraud.yaml").exists()


def test_gone_is_what_is_seen_to_be_gone(root: Path) -> None:
    """The one removal is confirmed, whatever the budget; objects that are left are named, and make exit 1."""
    (root / "parent.yaml").write_text(FILES["parent.yaml"] + "deletion_budget: {children: 0}\n")
    farewell = take_out(root).farewell
    report = removed(root, farewell, *gone())
    assert (report.exit_code, report.stacks[0].looked_at, report.stacks[0].still_there) == (0, 2, ())

    stuck = removed(root, farewell, *gone(("v1:Namespace",)))
    assert (stuck.exit_code, stuck.stacks[0].still_there) == (1, ("Namespace dev-namespace in test-1",))


def test_an_interrupt_begins_no_other_stack(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever pressed Ctrl-C wants no further deletion; what was done is told."""
    (root.parent / "Pulumi.prod.yaml").write_text("config: {app-of-apps:environment: prod}\n")
    (engine, world), (other, _) = gone(), gone()
    engine.does = result(interrupted=True)
    monkeypatch.setattr("appofapps.operations.session.Engine", lambda _, stack, __: {"dev": engine}.get(stack, other))
    monkeypatch.setattr("appofapps.operations.session.World", lambda: world)
    report = retire(root.parent, root, "orders", "replaced by shipping", "ada", ("dev", "prod"), TODAY)
    assert ([each.stack for each in report.stacks], report.exit_code) == (["dev"], 1)
    assert other.calls == []


def test_a_place_that_cannot_be_seen_is_not_gone(root: Path) -> None:
    """What nobody can tell is named as that."""
    engine, world = gone()
    engine.during = lambda: setattr(world, "down", {"test-1": "connection refused"})
    report = removed(root, take_out(root).farewell, engine, world)
    assert report.exit_code == 1
    assert report.stacks[0].unseen == ("test-1: connection refused",)


def test_no_other_child_goes_along(root: Path) -> None:
    """Two files are missing: only one was retired."""
    farewell = take_out(root).farewell
    (root / "apps/cart.yaml").unlink()
    with pytest.raises(RefusedError, match="would remove cart, too"):
        removed(root, farewell, *gone())


def test_a_second_stack_needs_no_reason_again(root: Path) -> None:
    """The record is there; where it is not deployed, nothing is done."""
    take_out(root)
    again = take_out(root, reason="")
    assert again.farewell.reason == "replaced by shipping"
    report = removed(root, again.farewell, FakeEngine(state("cart@test-1")), FakeWorld())
    assert (report.exit_code, report.stacks[0].run) == (0, None)


def test_what_is_retained_is_named(root: Path) -> None:
    """It is still there as its policy says; had it gone, that would be a failure."""
    file = root / "apps/orders.yaml"
    file.write_text(file.read_text() + "deletion_policy: retain\n")
    farewell = take_out(root).farewell
    kept = removed(root, farewell, *gone(("v1:Namespace", "apps/v1:Deployment"), deployed(retained=True)))
    assert (kept.exit_code, len(kept.stacks[0].still_there)) == (0, 2)
    lost = removed(root, farewell, *gone((), deployed(retained=True)))
    assert lost.exit_code == 1


def test_snapshots_are_on_record_before_anything_goes(root: Path) -> None:
    """Were the run killed now, somebody would know what to restore from; a second stack adds its own."""
    file = root / "apps/orders.yaml"
    text = file.read_text().replace("ports:", STORED)
    file.write_text(text + "deletion_policy: snapshot\n")
    farewell = take_out(root).farewell
    now = deployed()
    namespace = now.resources[0]
    noted = {"annotations": {"appofapps.dev/deletion-policy": "snapshot"}, "name": "dev-orders"}
    engine, world = gone(now=State((replace(namespace, inputs={"metadata": noted}), *now.resources[1:]), ()))
    world.stored = {"dev-orders": (Volume(Address("orders", "test-1"), "dev-orders", "journal", "csi", "keeping"),)}
    on_record: list[Any] = []
    engine.during = lambda: on_record.append(parse(farewell.record, read_text(farewell.record))["retired"])

    for _ in range(2):
        report = removed(root, farewell, engine, world)
        assert report.stacks[0].run
        assert [each.content for each in report.stacks[0].run.snapshots] == ["snapcontent-journal-x7"]
    assert [[each["content"] for each in said["snapshots"]] for said in on_record] == [
        ["snapcontent-journal-x7"], ["snapcontent-journal-x7"] * 2,
    ]  # fmt: skip
    assert on_record[0]["reason"] == "replaced by shipping"


@pytest.mark.parametrize("policy", ["retain", "snapshot"])
def test_a_policy_that_was_never_deployed_stops_the_removal(root: Path, policy: str) -> None:
    """The data would go: the run is refused before it begins."""
    file = root / "apps/orders.yaml"
    text = file.read_text().replace("ports:", STORED)
    file.write_text(f"{text}deletion_policy: {policy}\n")
    engine, world = gone()
    with pytest.raises(RefusedError, match="its data would be deleted"):
        removed(root, take_out(root).farewell, engine, world)
    assert not engine.asked("up")


def test_a_nested_parent_ends_otherwise(root: Path) -> None:
    """Its children are another catalog's; the answer says how."""
    nested = FILES["parent.yaml"].replace("name: shop", "name: inner") + "spec: {catalog: nested}\n"
    write(root / "nested", {name: ALONE[name] for name in ("parent.yaml", "apps/orders.yaml")})
    write(root, {"apps/inner.yaml": nested})
    with pytest.raises(RefusedError, match="is a nested parent"):
        take_out(root, "inner")


@pytest.mark.parametrize(
    ("child", "reason", "said"), [("ordres", "x", "did you mean 'orders'?"), ("orders", "", "--reason")]
)
def test_bad_input(root: Path, child: str, reason: str, said: str) -> None:
    """Refused with what to type instead."""
    with pytest.raises(RefusedError) as refused:
        take_out(root, child, reason)
    assert said in refused.value.refusals[0].hint
