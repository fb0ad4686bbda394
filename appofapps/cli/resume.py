"""`aoa resume`."""

from appofapps.cli import options


def resume(child: options.Child, catalog: options.Catalog = options.CATALOG, as_json: options.Json = False) -> int:
    """Let a paused child follow its file again."""
    from appofapps.cli import render, render_hold
    from appofapps.operations.holds import release

    report = release(catalog, child, "paused")
    if as_json:
        render.print_json(report)
    else:
        render_hold.show(report)
    return 0
