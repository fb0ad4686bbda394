"""`aoa unpin`."""

from appofapps.cli import options


def unpin(child: options.Child, catalog: options.Catalog = options.CATALOG, as_json: options.Json = False) -> int:
    """Let a child's version change again."""
    from appofapps.cli import render, render_hold
    from appofapps.operations.holds import release

    report = release(catalog, child, "pinned")
    render.print_report(report, render_hold.show, as_json=as_json)
    return 0
