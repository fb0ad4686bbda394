"""Every error a person can meet, as lines: where, what, and what to type instead. Never a traceback."""

import os
import sys
import traceback
from typing import TYPE_CHECKING

from appofapps.cli.render import err

if TYPE_CHECKING:
    from appofapps.catalog.problems import CatalogError

WRONG_INPUT = 2
COULD_NOT_RUN = 3


def explain(error: BaseException) -> int:
    """Print an error to stderr and return its exit code."""
    # Imported here: only who fails pays for them.
    from appofapps.catalog.problems import CatalogError
    from appofapps.engine.results import EngineError
    from appofapps.operations.refusal import RefusedError

    if isinstance(error, CatalogError):
        return _catalog(error)
    if isinstance(error, RefusedError):
        for refusal in error.refusals:
            err().print(f"{refusal.where}: {refusal.message}", style="red", markup=False, soft_wrap=True)
            if refusal.hint:
                err().print(f"  hint: {refusal.hint}", markup=False, soft_wrap=True)
        return WRONG_INPUT
    if isinstance(error, EngineError):
        err().print(str(error), style="red", markup=False, soft_wrap=True)
        return COULD_NOT_RUN
    if isinstance(error, OSError) and error.filename:  # a catalog that is read only, a full disk
        err().print(f"{error.filename}: {error.strerror}", style="red", markup=False, soft_wrap=True)
        return COULD_NOT_RUN
    return _unexpected(error)


def _catalog(error: "CatalogError") -> int:
    from appofapps.catalog.locate import locate_all

    found = locate_all(error.problems)
    for each in found:
        err().print(str(each), markup=False, soft_wrap=True)
    err().print(f"{len(found)} problem{'s' if len(found) != 1 else ''}; nothing was changed", style="red")
    return WRONG_INPUT


def _unexpected(error: BaseException) -> int:
    if os.environ.get("AOA_TRACEBACK"):
        traceback.print_exception(error, file=sys.stderr)
    err().print(f"this should not happen: {type(error).__name__}: {error}", style="red", markup=False, soft_wrap=True)
    err().print("  hint: please report it, with what AOA_TRACEBACK=1 adds", markup=False, soft_wrap=True)
    return COULD_NOT_RUN
