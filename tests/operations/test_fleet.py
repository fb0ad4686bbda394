"""Fleets: which stacks run, in which order, again or not at all, and what is reported."""

import signal
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from appofapps.catalog.models.parent import StackTarget
from appofapps.engine.results import EngineError, Lock, LockedError, Operation, ResourceName, State, StateResource
from appofapps.observe.snapshots import Volume
from appofapps.operations import fleet as fleets
from appofapps.operations.deploy import Wish
from appofapps.operations.fleet import Fleet
from appofapps.operations.fleet_report import FleetReport
from appofapps.operations.schedule import side_by_side
from appofapps.operations.session import Session
from appofapps.operations.talk import Talk
from appofapps.plan import conventions as c
from appofapps.plan.digest import digest
from appofapps.plan.plan import Address
from appofapps.plan.resolve import resolve
from tests.operations.fakes import FakeEngine, FakeWorld, catalog, change, child, failure, result, state

CREATE, SAME = Operation.CREATE, Operation.SAME
FILES = catalog(child("db"), child("api", "db"), child("blog"))
STACKS = {name: StackTarget(environment="dev", select={"name": name}) for name in ("db", "api", "blog")}
NEEDS = {"api": frozenset({"db"}), "blog": frozenset[str](), "db": frozenset[str]()}


@dataclass
class Scene:
    """Three stacks of a child each over fakes; `api` needs `db`, `blog` nobody."""

    engines: Mapping[str, FakeEngine]
    worlds: Mapping[str, FakeWorld] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)

    def session(self, stack: str, **_: object) -> Session:
        """Open a stack, as a project does."""
        self.opened.append(stack)
        plan = resolve(FILES, STACKS[stack])
        world = self.worlds.get(stack, FakeWorld())
        return Session(stack, plan, self.engines[stack], world, FILES, STACKS)  # type: ignore[arg-type]

    def fleet(self, **options: Any) -> Fleet:
        """Return the fleet; attempts follow each other at once."""
        return Fleet(self, "dev", NEEDS, delays=(0.0, 0.0), **options)  # type: ignore[arg-type]

    def up(self, **options: Any) -> FleetReport:
        """Run `up` of all stacks."""
        return fleets.up(self.fleet(**options), Wish(), Talk())


def engines(**others: FakeEngine) -> dict[str, FakeEngine]:
    """Return engines that deploy their one child, but for some."""
    return {name: FakeEngine(does=result(change(f"{name}@eu-1", CREATE)), stack=name) for name in STACKS} | others


def broken(name: str) -> FakeEngine:
    """Return an engine whose child fails."""
    return FakeEngine(does=result(failures=[failure(f"{name}@eu-1", "timed out")]), stack=name)


def raising(*errors: Exception | None, name: str = "db") -> FakeEngine:
    """Return an engine that raises these, one a run, before it deploys its child."""
    left = [*errors]

    def fail() -> None:
        if left and (error := left.pop(0)):
            raise error

    return FakeEngine(does=result(change(f"{name}@eu-1", CREATE)), during=fail, stack=name)


def outcomes(report: FleetReport) -> dict[str, str]:
    """Return how each stack fared."""
    return {run.stack: run.outcome for run in report.stacks}


def test_what_needs_a_failed_stack_is_left_out_and_the_rest_goes_on() -> None:
    """One failure costs its dependents only; what is missing where is listed, and the exit code says so."""
    scene = Scene(engines(db=broken("db")))
    report = scene.up()

    assert outcomes(report) == {"api": "skipped", "blog": "done", "db": "failed"}
    assert [(each.stack, each.what, each.cause) for each in report.missing] == [
        ("api", "all of it", "waits for db, which failed"),
        ("db", "db@eu-1", "failed: timed out"),
    ]
    assert report.exit_code == 1
    assert "api" not in scene.opened


def test_a_locked_stack_and_an_engine_that_could_not_run_are_tried_again() -> None:
    """Somebody's run ends, a backend comes back: the third attempt is as good as the first."""
    locked = LockedError("db", Lock("laptop", 7, "noon", "ada", live=True))
    report = Scene(engines(db=raising(locked, EngineError("no backend")))).up()

    assert outcomes(report) == {"api": "done", "blog": "done", "db": "done"}
    assert {run.stack: run.attempts for run in report.stacks} == {"api": 1, "blog": 1, "db": 3}


def test_after_three_attempts_it_could_not_run() -> None:
    """The reason is told, and the exit code is that of the worst stack."""
    report = Scene(engines(blog=raising(*[EngineError("no backend")] * 3, name="blog"))).up()

    assert (outcomes(report)["blog"], report.exit_code) == ("could not run", 3)
    assert [(each.stack, each.cause) for each in report.missing] == [("blog", "no backend")]


def test_the_unforeseen_in_one_stack_is_its_own() -> None:
    """Whatever breaks there, the others are deployed, and what became of them is told."""
    report = Scene(engines(db=raising(KeyError("metadata")))).up()

    assert outcomes(report) == {"api": "skipped", "blog": "done", "db": "could not run"}
    assert report.missing[-1].cause == "this should not happen: KeyError: 'metadata'"
    assert report.exit_code == 3


def test_a_refused_stack_is_not_tried_again() -> None:
    """A guard says the same twice; its advice is in the report."""
    scene = Scene(engines(), {"blog": FakeWorld(foreign=["dev-blog"])})
    report = scene.up()

    assert (outcomes(report)["blog"], report.exit_code) == ("refused", 2)
    assert "adopt: true" in report.missing[0].cause
    assert scene.opened.count("blog") == 1


def test_a_cluster_that_stays_out_of_reach_is_not_deployed_to_again() -> None:
    """It is looked at before every attempt; the engine runs again only when it answers."""
    nothing = FakeEngine(does=result(failures=[failure("blog@eu-1", "unreachable")]), stack="blog")
    scene = Scene(engines(blog=nothing), {"blog": FakeWorld(down={"eu-1": "does not answer"})})
    report = scene.up()

    assert outcomes(report)["blog"] == "failed"
    assert [run.attempts for run in report.stacks if run.stack == "blog"] == [3]
    assert sum(verb == "up" for verb, _ in nothing.calls) == 1


def test_a_cluster_that_comes_back_is_deployed_to() -> None:
    """Between two attempts."""
    down = {"eu-1": "does not answer"}
    world = FakeWorld(down=down)
    engine = FakeEngine(does=result(change("blog@eu-1", CREATE)), stack="blog")
    first = result(failures=[failure("blog@eu-1", "unreachable")])
    good, engine.does = engine.does, first

    scene = Scene(engines(blog=engine), {"blog": world})

    def say(message: str) -> None:
        if "attempt 2" in message:
            down.clear()
            engine.does = good

    report = fleets.up(scene.fleet(), Wish(), Talk(say=say))
    assert outcomes(report)["blog"] == "done"


def recorded(name: str, begun: str = "", ended: str = "") -> State:
    """Return a state that records digests; without, those of the plan as it is."""
    now = digest(resolve(FILES, STACKS[name]))
    parent = ResourceName("urn:parent", f"{c.COMPONENT_MODULE}:ParentApp", None, "shop")
    stack = ResourceName("urn:stack", "pulumi:pulumi:Stack", None, "stack")
    marks = (
        StateResource(stack, "", {}, {c.OUTPUT_DIGEST: ended or now}),
        StateResource(parent, "", {c.OUTPUT_DIGEST: begun or now}, {}),
    )
    return State((*marks, *state(f"{name}@eu-1").resources), ())


@pytest.mark.parametrize(
    ("db", "runs"),
    [
        (recorded("db"), False),
        (recorded("db", begun="sha256:of a run that failed"), True),
        (recorded("db", begun="sha256:other", ended="sha256:other"), True),
        (state("db@eu-1"), True),
    ],
    ids=["as deployed", "a later run failed", "the catalog changed", "nothing recorded"],
)
def test_changed_leaves_out_what_is_as_it_was_deployed(db: State, runs: bool) -> None:
    """Only a run that began and ended with the plan of today counts."""
    engine = FakeEngine(now=db, would=result(change("db@eu-1", SAME)), does=result(change("db@eu-1", SAME)), stack="db")
    report = Scene(engines(db=engine)).up(changed=True)

    assert outcomes(report) == {"api": "done", "blog": "done", "db": "done" if runs else "unchanged"}
    assert engine.asked("up") is runs
    assert report.exit_code == 0


def test_destroy_goes_the_other_way() -> None:
    """What needs a stack goes before it."""
    scene = Scene({name: FakeEngine(stack=name) for name in STACKS})
    fleets.destroy(scene.fleet(parallel=1), Talk())

    assert scene.opened.index("api") < scene.opened.index("db")


def test_preview_waits_for_nobody_and_tells_differences_by_the_exit_code() -> None:
    """Nothing is written, so that the order does not matter, nor a failure elsewhere."""
    same = {n: FakeEngine(now=state(f"{n}@eu-1"), would=result(change(f"{n}@eu-1", SAME)), stack=n) for n in STACKS}
    assert fleets.preview(Scene(same).fleet(), Talk()).exit_code == 0

    same["db"].would = result(change("db@eu-1", CREATE))
    report = fleets.preview(Scene(same).fleet(), Talk())
    assert (report.exit_code, outcomes(report)["db"], report.missing) == (1, "would change", ())


def test_an_interrupted_preview_is_no_preview() -> None:
    """What the engine did not come to is not told as unchanged; the others are reported."""
    same = {n: FakeEngine(now=state(f"{n}@eu-1"), would=result(change(f"{n}@eu-1", SAME)), stack=n) for n in STACKS}
    same["db"].would = result(interrupted=True)
    report = fleets.preview(Scene(same).fleet(), Talk())
    assert outcomes(report) == {"api": "no changes", "blog": "no changes", "db": "interrupted"}
    assert report.exit_code == 1


def test_an_interrupt_ends_what_runs_and_begins_nothing_more() -> None:
    """A Ctrl-C reaches every engine under way, although they run on other threads; the report is still made."""
    ended = threading.Event()

    engine = FakeEngine(does=result(interrupted=True), during=lambda: _wait(ended), stack="db")
    engine.interrupt = ended.set  # type: ignore[method-assign]
    main = threading.main_thread().ident
    threading.Timer(0.3, lambda: signal.pthread_kill(main or 0, signal.SIGINT)).start()

    report = Scene(engines(db=engine)).up()

    assert ended.is_set()
    assert outcomes(report)["api"] == "skipped"
    assert report.exit_code == 1


@pytest.mark.parametrize("verb", ["up", "destroy"])
def test_an_interrupt_while_snapshots_are_awaited_keeps_what_was_to_go(verb: str) -> None:
    """They may take an hour; whoever pressed Ctrl-C in it does not come back to find the data gone."""
    labels = {"metadata": {"name": "dev-old", "annotations": {c.DELETION_POLICY: "snapshot"}}}
    old = (replace(each, inputs=labels) for each in state("old@eu-1").resources)
    now, gone = State((*state("db@eu-1").resources, *old), ()), result(change("old@eu-1", Operation.DELETE))
    engine = FakeEngine(now=now, would=gone, does=gone, stack="db")
    world = FakeWorld(stored={"dev-old": (Volume(Address("old", "eu-1"), "dev-old", "data", "csi", "keeping"),)})
    main = threading.main_thread().ident or 0

    def say(message: str) -> None:
        if "taking snapshot" in message:
            signal.pthread_kill(main, signal.SIGINT)
            time.sleep(0.6)  # until the main thread has looked

    scene = Scene(engines(db=engine), {"db": world})
    fleet, talk = replace(scene.fleet(), needs={"db": frozenset()}), Talk(say=say)
    report = fleets.up(fleet, Wish(confirm_deletions=1), talk) if verb == "up" else fleets.destroy(fleet, talk)
    assert (outcomes(report), report.exit_code) == ({"db": "interrupted"}, 1)
    assert not engine.asked("up")


def _wait(ended: threading.Event) -> None:
    ended.wait(5)


def test_work_goes_side_by_side_and_never_before_what_it_waits_for() -> None:
    """As much at a time as asked for, and no more."""
    most, now, lock, order = [0], [0], threading.Lock(), list[str]()

    def work(name: str, before: Mapping[str, str]) -> str:
        assert set(before) == set(needs[name]) <= set(order)
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.05)
        with lock:
            now[0] -= 1
            order.append(name)
        return name.upper()

    needs = {"d": ("a", "b"), "a": (), "b": (), "c": ()}
    assert side_by_side(needs, work, parallel=2) == {"d": "D", "a": "A", "b": "B", "c": "C"}
    assert most == [2]
