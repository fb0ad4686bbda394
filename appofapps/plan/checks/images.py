"""Images: pinned everywhere, by digest in prod."""

from collections.abc import Iterator, Mapping

from appofapps.catalog.models.kinds import Child
from appofapps.catalog.objects import images as images_of
from appofapps.catalog.objects import unpinned
from appofapps.catalog.problems import Problem, Step
from appofapps.plan.checks.pods import boxes
from appofapps.plan.checks.survey import Survey


def pinned(survey: Survey) -> Iterator[Problem]:
    """Refuse floating tags, and images without a digest where the child reaches an environment of the prod tier."""
    for child in survey.children:
        in_prod = any(environment.tier == "prod" for environment in survey.environments(child))
        for path, image in images(child):
            if why := unpinned(image, by_digest=in_prod):
                yield survey.problem(child, path, *_words(child, image, why))
        code = survey.catalog.code.get(child.name)
        for written in code.objects if code else ():
            for path, image in images_of(written.document):
                if why := unpinned(image, by_digest=in_prod):
                    yield written.problem(path, *_words(child, image, why))


def _words(child: Child, image: str, why: str) -> tuple[str, str]:
    """Return what is wrong with an image, and what to type instead."""
    if why.endswith("digest") and "neither" not in why:
        return f"{why}, and {child.name!r} is deployed in prod", f"write {image}@sha256:…"
    return why, "pin it: name:1.4.2@sha256:…"


def images(child: Child) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Yield every image of a child: of all containers, and of patches."""
    for path, box in boxes(child):
        yield (*path, "image"), box.image
    for index, patch in enumerate(child.patches):
        yield from _images_in(patch.merge, ("patches", index, "merge"))


def _images_in(value: object, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "image" and isinstance(inner, str):
                yield (*path, key), inner
            yield from _images_in(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _images_in(inner, (*path, index))
