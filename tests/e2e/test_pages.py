"""What docs/previews.md and docs/lifecycle.md tell people to type does what it says."""

from pathlib import Path

from tests.e2e.project import CODE, Project
from tests.e2e.test_readme import blocks


def tour(shop: Project, page: str) -> str:
    """Run a page from top to bottom in one shell; return what was printed."""
    path = Path(shop.root / f"{page}.sh")
    path.write_text("set -euxo pipefail\n" + "\n".join(blocks((CODE / f"docs/{page}.md").read_text())))
    done = shop.run("bash", str(path))
    assert done.code == 0, done.text
    return done.text


def test_the_tours(shop: Project) -> None:
    """One page after the other in a fresh checkout, after what `make up` deploys; each leaves the stack as it was."""
    shop.aoa("up", "--stack", "dev", "--yes")
    name, mail = ("config", "user.name", "Ada"), ("config", "user.email", "ada@example.org")
    for command in (("init", "-q"), name, mail, ("add", "catalog"), ("commit", "-qm", "The shop")):
        assert shop.run("git", *command).code == 0

    said = tour(shop, "previews")
    assert "web@eu-1: http://web-pr-7.previews.acme.example/" in said
    assert "stack pr-7: 2 of 2 children ready" in said
    assert "'guardrails' cannot be in dev and in a preview" in said
    assert "pr-7: pull request 7 is over; to be removed by --yes" in said
    assert "pr-7: pull request 7 is over; removed" in said
    assert "a month, by what pods request and the prices in parent.yaml" in said
    assert shop.run("git", "status", "--short", "catalog").out == ""

    said = tour(shop, "lifecycle")
    assert "search.yaml:7: version: '9.9.0', but it is pinned at 1.8.2 until 2099-12-31" in said
    assert " M catalog/apps" not in said  # a rolled-back file is what it was
    assert "?? catalog/releases/" in said
    assert "'web' needs 'products', which is to be retired" in said
    assert "objects looked for, none there" in said
    shop.aoa("destroy", "--stack", "dev", "--yes")
