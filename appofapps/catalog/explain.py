"""Errors of the models as problems: where in the file, the value, and what to type instead."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.leaks import is_secret
from appofapps.catalog.models import base, namespace_rules, quota
from appofapps.catalog.problems import Problem, Step

Path_ = tuple[Step, ...]


def _pattern(annotation: Any) -> str:  # noqa: ANN401 (an Annotated type)
    """Return the pattern a text type demands."""
    found = [getattr(meta, "pattern", None) for field in get_args(annotation)[1:] for meta in field.metadata]
    return str(next(pattern for pattern in found if pattern))


_IN_WORDS: Final = {
    _pattern(base.Name): "a name: lower-case letters, digits and dashes, a letter first, at most 40 characters",
    _pattern(base.Image): "an image: registry.example/name:tag@sha256:…",
    _pattern(base.Arn): "an ARN: arn:aws:service:region:account:resource",
    _pattern(base.LabelValue): "a label: letters, digits, '-', '_' and '.', at most 63 characters",
    _pattern(base.EnvironmentVariable): "the name of a variable: letters, digits and underscores",
    r"^\d+\.\d+\.\d+([-+].+)?$": "a semantic version: 1.4.2",
    r"^sha256:[a-f0-9]{64}$": "a digest: sha256: and 64 hexadecimal digits",
    _pattern(base.Region): "an AWS region: eu-west-1",
    _pattern(namespace_rules.NamespaceName): "a namespace: lower-case letters, digits and dashes, at most 63",
    _pattern(quota.Counted): "what a quota here counts: pods, requests.cpu, requests.memory, requests.storage, "
    "persistentvolumeclaims, services, services.loadbalancers, services.nodeports, or count/jobs.batch and the like",
    r"^\d{12}$": "an AWS account: twelve digits, quoted",
}


def in_words(annotation: Any) -> str:  # noqa: ANN401 (an Annotated type)
    """Return what a text type takes, as people say it."""
    return _IN_WORDS[_pattern(annotation)]


def explain(file: Path, document: object, error: ValidationError, model: type[BaseModel]) -> tuple[Problem, ...]:
    """Return one problem for each place of a document that `model` refuses."""
    places: dict[Path_, list[ErrorDetails]] = {}
    for details in error.errors(include_url=False):
        places.setdefault(_path(document, details), []).append(details)
    return tuple(_problem(file, document, path, details, model) for path, details in places.items())


def _problem(file: Path, document: object, path: Path_, errors: list[ErrorDetails], model: type[BaseModel]) -> Problem:
    """Return what one place is refused for; a union has one error a branch, and the value fits none of them."""
    messages = dict.fromkeys(_message(error, path) for error in errors)
    return Problem(file, path, " or ".join(messages), _hint(errors[0], document, path, model))


def _path(document: object, error: ErrorDetails) -> Path_:
    """Follow an error's location through the document; steps that name a branch of a union lead nowhere: dropped."""
    here, path = document, list[Step]()
    for step in error["loc"]:
        if (isinstance(here, Mapping) and step in here) or (
            isinstance(here, list) and isinstance(step, int) and step < len(here)
        ):
            here = here[step]  # type: ignore[index]
            path.append(step)
    if error["type"] == "missing":
        path.append(error["loc"][-1])
    if error["type"].startswith("union_tag"):
        path.append("kind")
    return tuple(path)


def _message(error: ErrorDetails, path: Path_) -> str:
    """Return what is wrong, with the value."""
    place, value = dotted(path), _shown(error["input"], path)
    match error["type"]:
        case "missing" | "union_tag_not_found":
            return f"{place}: missing"
        case "extra_forbidden":
            return f"unknown field {path[-1]!r}" + (f" in {dotted(path[:-1])}" if path[:-1] else "")
        case "literal_error":
            return f"{place}: {value} is not one of {error['ctx']['expected']}"
        case "union_tag_invalid":
            return f"kind: {error['ctx']['tag']!r} is not one of {error['ctx']['expected_tags']}"
        case "value_error":
            return f"{place}: {error['ctx']['error']}" if place else str(error["ctx"]["error"])
        case "string_pattern_mismatch":
            pattern = error["ctx"]["pattern"]
            return f"{place}: {value} is not {_IN_WORDS.get(pattern, f'of the form {pattern}')}"
        case "model_type" | "model_attributes_type" | "dict_type" if not path:
            return f"the file holds {value} where `key: value` lines belong"
    message = error["msg"].removeprefix("Input ")
    return f"{place}: {value} {message[0].lower()}{message[1:]}"


def _hint(error: ErrorDetails, document: object, path: Path_, model: type[BaseModel]) -> str:
    """Return what to type instead."""
    match error["type"]:
        case "missing" | "union_tag_not_found":
            return _what_to_add(path, model)
        case "extra_forbidden":
            owner = _model_at(model, path[:-1])
            given = _at(document, path[:-1])
            known = _fields(owner) - set(given) if owner and isinstance(given, Mapping) else set[str]()
            return did_you_mean(path[-1], known)
        case "literal_error" | "union_tag_invalid":
            expected = str(error["ctx"].get("expected", error["ctx"].get("expected_tags")))
            return did_you_mean(error["ctx"].get("tag", error["input"]), _words(expected))
        case "string_type" if isinstance(error["input"], bool):
            return "YAML reads an unquoted yes, no, on and off as true or false; quote it"
        case "string_type" if isinstance(error["input"], int | float | date):
            return "quote it"
    return ""


def _what_to_add(path: Path_, model: type[BaseModel]) -> str:
    owner, field = _model_at(model, path[:-1]), str(path[-1])
    inner = _model_at(owner, (field,)) if owner else None
    fields = [name for name, info in inner.model_fields.items() if info.is_required()] if inner else []
    return f"add `{field}:`" + (f" with {', '.join(fields)}" if fields else "")


def _model_at(model: type[BaseModel], path: Path_) -> type[BaseModel] | None:
    """Return the model of a place; keys of free mappings and indices of lists stay within theirs."""
    found: type[BaseModel] | None = model
    for step in path:
        fields = {info.alias or name: info for name, info in found.model_fields.items()} if found else {}
        if isinstance(step, str) and step in fields:
            found = next(_models_in(fields[step].annotation), None)
    return found


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 (any annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _fields(model: type[BaseModel]) -> set[str]:
    return {info.alias or name for name, info in model.model_fields.items()}


def _at(document: object, path: Path_) -> object:
    for step in path:
        document = document[step]  # type: ignore[index]
    return document


def _words(expected: str) -> list[str]:
    """Return the words of pydantic's "'a', 'b' or 'c'"."""
    return [word.strip(" '") for word in expected.replace(" or ", ", ").split(",")]


def _shown(value: object, path: Path_) -> str:
    """Return a value as it may be printed: secrets are not, nor are long things."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if is_secret(path[-1] if path else "", value):
        return "the value"
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 80 else f"{text[:76]}…{text[-1]}"


def dotted(path: Path_) -> str:
    """Return a path as people write it: `spec.ports[0].port`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")
