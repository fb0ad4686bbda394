"""What the README tells people to type does what it says."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.project import CODE, Project

README = (CODE / "README.md").read_text()
TARGETS = re.compile(r"^make ([a-z-]+)", re.MULTILINE)


def blocks(text: str) -> list[str]:
    """Return the shell blocks of a Markdown text, in order."""
    return re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("target", sorted(set(TARGETS.findall("\n".join(blocks(README))))))
def test_make_targets_exist(target: str) -> None:
    """Every `make` command names a target; what `up` and `test` do is what all these tests are about."""
    done = subprocess.run(["make", "-n", target], cwd=CODE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_tour(shop: Project) -> None:
    """The tour runs from top to bottom in one shell, after what `make up` deploys."""
    tour = [block for block in blocks(README) if not TARGETS.match(block)]
    assert len(tour) >= 4
    script = "\n".join(tour).replace('eval "$(make -s env)"\n', "")  # the shell of this test has it already
    shop.aoa("up", "--stack", "dev", "--yes")
    path = Path(shop.root / "tour.sh")
    path.write_text(f"set -euxo pipefail\n{script}")
    done = shop.run("bash", str(path))
    assert done.code == 0, done.text
    assert "cart.yaml:12: needs 'prodcuts': no such app; did you mean 'products'?" in done.text
    assert "registry.example.org/oops" in done.text
    shop.aoa("destroy", "--stack", "dev", "--yes")
