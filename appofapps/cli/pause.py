"""`aoa pause`."""

from datetime import UTC, datetime

from appofapps.cli import options


def pause(
    child: options.Child,
    reason: options.Reason,
    until: options.Until,
    owner: options.Owner = "",
    catalog: options.Catalog = options.CATALOG,
    as_json: options.Json = False,
) -> int:
    """Freeze a child exactly as it is deployed; whatever its file says waits."""
    from appofapps.cli import render, render_hold
    from appofapps.operations.holds import hold

    report = hold(catalog, child, "paused", reason, until.date(), owner, datetime.now(UTC).date())
    render.print_report(report, render_hold.show, as_json=as_json)
    return 0
