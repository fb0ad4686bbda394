"""A retirement: the record, and what is left in each stack."""

from appofapps.cli import render_run
from appofapps.cli.render import err, out
from appofapps.operations.retire import RetireReport, StackRetirement


def show(report: RetireReport) -> None:
    """Print where the record is, and stack by stack whether the child is gone."""
    farewell = report.farewell
    out().print(f"{farewell.child} is retired ({farewell.owner}: {farewell.reason}): {farewell.record}", markup=False,
                soft_wrap=True)  # fmt: skip
    for each in report.stacks:
        if each.run:
            render_run.summary(each.run)
        out().print(f"stack {each.stack}: {_verdict(each, farewell.policy)}", markup=False, soft_wrap=True)
        for what in (*each.still_there, *each.unseen):
            err().print(f"  {what}", markup=False, soft_wrap=True)
    if report.exit_code:
        out().print(f"  its file has moved all the same; the same again goes on; to keep {farewell.child}, "
                    f"move {farewell.record} back without `retired:`", markup=False, soft_wrap=True)  # fmt: skip
    if not report.stacks:
        out().print(f"  next: aoa retire {farewell.child} --stack S for each stack that runs it; commit the catalog",
                    markup=False, soft_wrap=True)  # fmt: skip


def _verdict(each: StackRetirement, policy: str) -> str:
    if each.run is None:
        return "it was not deployed there"
    if each.unseen:
        return "nobody can tell whether it is gone:"
    if policy == "retain" and each.run.exit_code == 0:
        return f"gone from the stack; {len(each.still_there)} of {each.looked_at} objects are kept, as its policy says:"
    if each.still_there:
        return f"{len(each.still_there)} of {each.looked_at} objects are still there:"
    return f"gone: {each.looked_at} objects looked for, none there"
