"""`aoa unpin`."""

from appofapps.cli import options


def unpin(child: options.Child, catalog: options.Catalog = options.CATALOG, as_json: options.Json = False) -> int:
    """Let a child's version change again."""
    from appofapps.cli import render, render_hold
    from appofapps.operations.holds import release

    report = release(catalog, child, "pinned")
    if as_json:
        render.print_json(report)
    else:
        render_hold.show(report)
    return 0
