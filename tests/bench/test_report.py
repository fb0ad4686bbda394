"""The report: medians, ratios, verdicts."""

from typing import Any

from rich.console import Console

from bench.measure import Measured
from bench.report import Report, gathered


def report(**seconds: list[float]) -> Report:
    """Make a report of steps with these times."""
    runs = {name: [Measured(one, 1, 100) for one in times] for name, times in seconds.items()}
    return Report(50, 200, 3, runs, {}, {}, {}, {})


class TestRatios:
    def test_they_compare_medians(self) -> None:
        """One slow round does not change a ratio."""
        found = report(up=[10, 99, 12], plain_up=[80, 81, 48]).document()

        assert found["ratios"] == {"up_vs_plain": 0.15}
        assert found["targets"] == {"up_vs_plain": {"at_most": 0.25, "reached": True}}

    def test_a_missed_target_is_named(self) -> None:
        """A figure over its limit is in the list that decides the exit code."""
        assert report(up=[13], helm_install=[10], plain_up=[100]).missed == ["up_vs_helm"]

    def test_tenants_at_once_save_time(self) -> None:
        """Ten tenants at once may take seven tenths of what they take one after another."""
        found = report(tenants_at_once=[36], tenants_in_turn=[50]).document()

        assert found["targets"] == {"tenants_at_once_vs_one_after_another": {"at_most": 0.7, "reached": False}}

    def test_scale_is_named_by_its_numbers(self) -> None:
        """Four times the children may take 4.5 times the time."""
        found = report(up=[10], scale_up=[46]).document()

        assert found["ratios"] == {"n200_vs_n50": 4.6}
        assert found["targets"]["n200_vs_n50"] == {"at_most": 4.5, "reached": False}

    def test_steps_that_were_not_measured_are_left_out(self) -> None:
        """`--only` gives a report without ratios rather than wrong ones."""
        assert report(helm_install=[3]).document()["ratios"] == {}


def test_planning_has_limits() -> None:
    """Ten seconds and 500 MB in all, two seconds of planning."""
    planning = {"total_seconds": 9.0, "plan_seconds": 2.1, "memory_mb": 400.0, "children": 10_000.0}
    found = Report(50, 200, 1, {}, {}, planning, {}, {})

    assert found.missed == ["plan_seconds"]


def test_rounds_come_together() -> None:
    """The measurements of a step are listed in the order of the rounds."""
    one, two = Measured(1, 1, 1), Measured(2, 2, 2)

    assert gathered([{"up": one}, {"plain_up": one}, {"up": two}]) == {"up": [one, two], "plain_up": [one]}


def test_tables_show_every_step(capsys: Any) -> None:
    """People see each step with its seconds, and each verdict in words."""
    for table in report(up=[10.04], plain_up=[20]).tables():
        Console(width=120).print(table)

    shown = capsys.readouterr().out
    assert "aoa fleet up, from nothing" in shown
    assert "10.0" in shown
    assert "missed" in shown
