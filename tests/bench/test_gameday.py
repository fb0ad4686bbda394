"""The game day: when it is won."""

from typing import Any

from bench.sides.gameday import STACKS, verdict

*SOUND, LAST = STACKS.values()


def report(failed: dict[str, str]) -> dict[str, Any]:
    """Return what a fleet reports of ten tenants, of which some lack a child."""
    stacks = [{"stack": stack, "outcome": "failed" if stack in failed else "done"} for stack in (*SOUND, LAST)]
    return {"stacks": stacks, "missing": [{"stack": stack, "what": what} for stack, what in failed.items()]}


def test_all_ten_have_to_succeed() -> None:
    """One that failed is no game day won."""
    assert verdict(report({}), poisoned=False) == ""
    assert "tenant9" in verdict(report({LAST: "app-00001@bench"}), poisoned=False)


def test_the_poisoned_one_fails_and_no_other() -> None:
    """Nine succeed, and the summary names the child that did not; that nothing failed would be wrong, too."""
    assert verdict(report({LAST: "poisoned@bench"}), poisoned=True) == ""
    assert verdict(report({LAST: "app-00001@bench"}), poisoned=True)
    assert verdict(report({LAST: "poisoned@bench", SOUND[0]: "app-00001@bench"}), poisoned=True)
    assert verdict(report({}), poisoned=True)
