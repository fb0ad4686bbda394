"""What docs/lifecycle.md tells people to type does what it says."""

from pathlib import Path

from tests.e2e.project import CODE, Project
from tests.e2e.test_readme import blocks

PAGE = (CODE / "docs/lifecycle.md").read_text()


def test_the_tour(shop: Project) -> None:
    """The page runs from top to bottom in one shell and a fresh checkout, after what `make up` deploys."""
    shop.aoa("up", "--stack", "dev", "--yes")
    name, mail = ("config", "user.name", "Ada"), ("config", "user.email", "ada@example.org")
    for command in (("init", "-q"), name, mail, ("add", "catalog"), ("commit", "-qm", "The shop")):
        assert shop.run("git", *command).code == 0
    path = Path(shop.root / "tour.sh")
    path.write_text("set -euxo pipefail\n" + "\n".join(blocks(PAGE)))
    done = shop.run("bash", str(path))

    assert done.code == 0, done.text
    assert "search.yaml:7: version: '9.9.0', but it is pinned at 1.8.2 until 2099-12-31" in done.text
    assert " M catalog/apps" not in done.text  # a rolled-back file is what it was
    assert "?? catalog/releases/" in done.text
    assert "'web' needs 'products', which is to be retired" in done.text
    assert "objects looked for, none there" in done.text
    shop.aoa("destroy", "--stack", "dev", "--yes")
