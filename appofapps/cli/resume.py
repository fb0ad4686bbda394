"""`aoa resume`."""

from appofapps.cli import options


def resume(child: options.Child, catalog: options.Catalog = options.CATALOG, as_json: options.Json = False) -> int:
    """Let a paused child follow its file again."""
    from appofapps.cli import render, render_hold
    from appofapps.operations.holds import release

    report = release(catalog, child, "paused")
    render.print_report(report, render_hold.show, as_json=as_json)
    return 0
