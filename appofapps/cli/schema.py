"""`aoa schema`."""

from typing import Annotated

import typer

from appofapps.cli import options

OUTDATED = 1


def schema(
    catalog: options.Catalog = options.CATALOG,
    check: Annotated[bool, typer.Option("--check", help="Only tell whether it is up to date: exit 1 if not.")] = False,
) -> int:
    """Write the JSON schema that editors complete catalog files by: schema.json."""
    from appofapps.catalog.schema import FILE, is_fresh, write_schema

    if not check:
        print(f"wrote {write_schema(catalog)}")
        return 0
    if is_fresh(catalog):
        print(f"{catalog / FILE} is up to date")
        return 0
    print(f"{catalog / FILE} is not what the models say; write it with: aoa schema")
    return OUTDATED
