"""What became of clusters: forgotten ones, and those that others stand in for."""

from appofapps.catalog.locate import relative
from appofapps.cli import render_fleet
from appofapps.cli.render import duration, err, out
from appofapps.operations.failover import FailoverReport, PlannedMove
from appofapps.operations.forget import ForgetReport


def losses(report: ForgetReport) -> None:
    """Print what forgetting a cluster would take out of the states."""
    console = err()
    console.print(f"cluster {report.cluster} {report.why}", markup=False, soft_wrap=True)
    for loss in report.stacks:
        names = ", ".join(map(str, loss.children))
        console.print(f"stack {loss.stack} would forget {names}", markup=False, soft_wrap=True)


def forgotten(report: ForgetReport) -> None:
    """Print what was forgotten with a cluster."""
    console = out()
    for loss in report.stacks:
        names = ", ".join(map(str, loss.children))
        console.print(f"stack {loss.stack}: {len(loss.resources)} resources of {names}", markup=False, soft_wrap=True)
    total = sum(len(loss.children) for loss in report.stacks)
    console.print(
        f"cluster {report.cluster} is forgotten, with {total} children in {len(report.stacks)} stacks; recorded in "
        f"{relative(report.record)}. It is placed in again when `forgotten:` is removed there",
        markup=False, soft_wrap=True,
    )  # fmt: skip


def moving(planned: PlannedMove) -> None:
    """Print what a failover would deploy."""
    names = ", ".join(map(str, planned.arriving)) or "nothing"
    err().print(f"to be deployed: {names}; recorded in {relative(planned.file)}", markup=False, soft_wrap=True)


def moved(report: FailoverReport) -> None:
    """Print what moved where, how long it took, and what is left to do."""
    console = out()
    render_fleet.show(report.run)
    state = "ready" if report.exit_code == 0 else "not all ready"
    console.print(
        f"{report.source} -> {report.to}: {len(report.arriving)} children, {state} after {duration(report.seconds)}; "
        f"recorded in {relative(report.file)}",
        markup=False, soft_wrap=True,
    )  # fmt: skip
    if report.leaving:
        names = ", ".join(map(str, report.leaving))
        up = f"aoa fleet up --env {report.environment}"
        children = len({address.child for address in report.leaving})
        console.print(
            f"still registered: {names}. When {report.source} answers, `{up} --confirm-deletions {children}` removes "
            f"them; when it never will, `aoa cluster forget {report.source}` takes them out",
            markup=False, soft_wrap=True,
        )  # fmt: skip
    if report.tenants:
        up = f"aoa fleet up --env {report.environment} --all-tenants"
        count = len(report.tenants)
        console.print(f"{count} stacks of tenants follow when they are run: `{up}`", markup=False, soft_wrap=True)
