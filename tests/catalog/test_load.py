"""Loading: a good catalog, every problem at once, and lines that are looked up late."""

from pathlib import Path

import pytest

from appofapps.catalog import locate as locating
from appofapps.catalog.code import read_code
from appofapps.catalog.load import load
from appofapps.catalog.locate import locate, locate_all
from appofapps.catalog.problems import CatalogError, Problem
from appofapps.plan.validation import validated
from tests.catalog.minimal import FILES, write

CART, ORDERS = "apps/cart.yaml", "apps/orders.yaml"


def test_a_good_catalog_loads(tmp_path: Path) -> None:
    """Every file becomes a model, under its name, and knows where it came from."""
    catalog = load(write(tmp_path))

    assert sorted(catalog.children) == ["cart", "fraud", "orders", "report"]
    assert catalog.files["cart"] == tmp_path / CART
    assert catalog.code["fraud"].folder == tmp_path / "functions/fraud"
    assert not any(catalog.broken.values())


def test_the_shipped_catalog_is_right() -> None:
    """The catalog of this repository has no problem, nor have its stacks."""
    root = Path(__file__).parents[2]

    assert validated(root / "catalog", root).problems == ()


def test_children_may_lie_in_folders(tmp_path: Path) -> None:
    """A child's file may lie in a folder of `apps/`, for a team of its own."""
    write(tmp_path, {name.replace("apps/cart", "apps/storefront/cart"): text for name, text in FILES.items()})

    assert "cart" in load(tmp_path).children


def test_every_problem_of_every_file_at_once(tmp_path: Path) -> None:
    """Files with errors are all reported together, and with what is wrong between the files that are right."""
    changed = {
        CART: FILES[CART].replace("replicas: 2", "replica: 2").replace("storefront\n  oncall", "3\n  oncall"),
        "apps/fraud.yaml": FILES["apps/fraud.yaml"].replace("[orders]", "[order]"),
        "apps/report.yaml": FILES["apps/report.yaml"].replace("[prod]", "[prod"),
        "environments/dev.yaml": FILES["environments/dev.yaml"].replace("tier: dev", "tier: test"),
    }
    write(tmp_path, {**FILES, **changed})

    problems = [str(each).removeprefix(f"{tmp_path}/") for each in locate_all(validated(tmp_path, tmp_path).problems)]

    assert [problem[: problem.index(":", problem.index(":") + 1)] for problem in problems] == [
        "apps/cart.yaml:6",
        "apps/cart.yaml:24",
        "apps/fraud.yaml:9",
        "apps/report.yaml:11",
        "environments/dev.yaml:4",
    ]


@pytest.mark.parametrize("line", ["surprise: 1", "surprise: ]"], ids=["field", "syntax"])
@pytest.mark.parametrize("broken", sorted(name for name in FILES if name.endswith(".yaml")))
def test_a_broken_file_makes_no_follow_up_errors(broken: str, line: str, tmp_path: Path) -> None:
    """Only the broken file is complained of: others that rely on it are not said to name something unknown."""
    write(tmp_path, {**FILES, broken: f"{line}\n{FILES[broken]}"})

    problems = validated(tmp_path, tmp_path).problems

    assert [problem.file for problem in problems] == [tmp_path / broken]


def test_an_empty_catalog_is_refused(tmp_path: Path) -> None:
    """A folder without parent, children, environments or clusters says each of them."""
    with pytest.raises(CatalogError) as refused:
        load(tmp_path)

    assert {problem.file.name for problem in refused.value.problems} == {
        "parent.yaml",
        "apps",
        "environments",
        "clusters",
    }


def test_a_missing_folder_says_how_to_give_one(tmp_path: Path) -> None:
    """A path that is no catalog at all is one problem with the flag to type."""
    with pytest.raises(CatalogError, match="no such folder; give the folder of parent"):
        load(tmp_path / "nowhere")


def test_lines_are_looked_up_only_when_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading ten thousand good files must not pay for lines: only printing a problem reads its file again."""
    write(tmp_path, {**FILES, CART: FILES[CART].replace("- orders", "- oders")})
    composed: list[str] = []
    monkeypatch.setattr(locating, "compose", lambda text, _: composed.append(text))

    problems = validated(tmp_path, tmp_path).problems
    assert composed == []

    locate_all(problems)
    assert len(composed) == 1


def test_a_problem_is_printed_relative_to_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A problem reads `file:line: what is wrong; what to type instead`, the file as one would type it."""
    monkeypatch.chdir(write(tmp_path))
    problem = Problem(tmp_path / CART, ("needs", 0), "needs 'oders': no such app", "did you mean 'orders'?")

    assert str(locate(problem)) == "apps/cart.yaml:10: needs 'oders': no such app; did you mean 'orders'?"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("name",), 3),
        (("owner", "team"), 6),
        (("owner", "missing"), 5),
        (("spec", "sidecars", 0, "image"), 38),
    ],
)
def test_a_path_leads_to_its_line(path: tuple[str | int, ...], line: int, tmp_path: Path) -> None:
    """The line is that of the last step that is there: of the key, the item, or what lacks it."""
    assert locating.locate(Problem(write(tmp_path) / CART, path, "")).line == line


def test_the_hash_of_code_follows_names_and_contents(tmp_path: Path) -> None:
    """Times and Python's caches do not change a function's version; names and contents do."""
    folder = write(tmp_path) / "functions/fraud"
    first = read_code(folder).digest
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__/handler.pyc").write_bytes(b"cache")
    (folder / "handler.py").touch()
    assert read_code(folder).digest == first

    (folder / "handler.py").rename(folder / "main.py")
    renamed = read_code(folder).digest
    (folder / "main.py").write_text((folder / "main.py").read_text().replace("{}", "[]"))

    assert len({first, renamed, read_code(folder).digest}) == 3
