"""`aoa pin`."""

from datetime import UTC, datetime

from appofapps.cli import options


def pin(
    child: options.Child,
    reason: options.Reason,
    until: options.Until,
    owner: options.Owner = "",
    catalog: options.Catalog = options.CATALOG,
    as_json: options.Json = False,
) -> int:
    """Keep a child at the version its file says: a file that says another one is refused."""
    from appofapps.cli import render, render_hold
    from appofapps.operations.holds import hold

    report = hold(catalog, child, "pinned", reason, until.date(), owner, datetime.now(UTC).date())
    render.print_report(report, render_hold.show, as_json=as_json)
    return 0
