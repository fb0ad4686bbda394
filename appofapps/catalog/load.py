"""A folder of YAML files to a catalog.

`parent.yaml`, `previews.yaml`, `apps/**/*.yaml` (one child a file), `environments/**/*.yaml`, `clusters/**/*.yaml`,
`tenants/**/*.yaml`, `tenant-plans/**/*.yaml`, and the folders that children are made of, wherever their files say.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Generic, TypeVar, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from appofapps.catalog.catalog import APPS, Catalog, Code
from appofapps.catalog.code import code_files, read_code
from appofapps.catalog.collection import collection_paused
from appofapps.catalog.document import parse, read_text
from appofapps.catalog.explain import dotted, explain
from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.leaks import leaks
from appofapps.catalog.models.child import Source
from appofapps.catalog.models.function import Function
from appofapps.catalog.models.kinds import CHILD, Child
from appofapps.catalog.models.parent import ClusterFile, EnvironmentFile, ParentFile
from appofapps.catalog.models.previews import Previews
from appofapps.catalog.models.tenant import Tenant, TenantPlan
from appofapps.catalog.nested import PARENT, take_apart
from appofapps.catalog.problems import CatalogError, Problem

ENVIRONMENTS: Final = "environments"
CLUSTERS: Final = "clusters"
TENANTS: Final = "tenants"
TENANT_PLANS: Final = "tenant-plans"
PREVIEWS: Final = "previews.yaml"

KINDS: Final[Mapping[str, type[BaseModel]]] = {
    get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(get_args(Child)[0])
}
"""The models of children, by `kind`."""

M = TypeVar("M", ParentFile, EnvironmentFile, ClusterFile, Tenant, TenantPlan, Previews, Child)


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read of a catalog, and what is wrong with the rest."""

    catalog: Catalog | None
    """Without the files that did not load; None without a parent, or without a catalog at all."""
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Folder(Generic[M]):
    """The files of one folder."""

    models: Mapping[str, M]
    files: Mapping[str, Path]
    broken: frozenset[str]
    problems: tuple[Problem, ...]


def load(root: Path) -> Catalog:
    """Return a catalog. Raises CatalogError with every problem of every file; `plan.check` looks at the whole."""
    reading = read(root)
    if reading.problems or reading.catalog is None:
        raise CatalogError(reading.problems)
    return reading.catalog


def read(root: Path) -> Reading:
    """Return as much of a catalog as can be read, with every problem of every file."""
    if not root.is_dir():
        return Reading(None, (Problem(root, (), "no such folder", "give the folder of parent.yaml: --catalog DIR"),))
    with collection_paused():
        return _read(root, ())


def _read(root: Path, around: tuple[Path, ...]) -> Reading:
    """Read a catalog; `around` are the catalogs it is nested in, the outermost first."""
    parent = _read_files([root / PARENT], TypeAdapter(ParentFile), lambda _: ParentFile)
    previews = _read_files(_present(root / PREVIEWS), TypeAdapter(Previews), lambda _: Previews)
    environments = _read_folder(root / ENVIRONMENTS, EnvironmentFile)
    clusters = _read_folder(root / CLUSTERS, ClusterFile)
    apps = _read_files(_yaml_files(root / APPS), CHILD, _model_of_child)
    tenants = _read_folder(root / TENANTS, Tenant)
    tenant_plans = _read_folder(root / TENANT_PLANS, TenantPlan)
    code, code_problems = _read_sources(root, apps)
    folders = (parent, previews, apps, environments, clusters, tenants, tenant_plans)
    problems = (
        *(problem for folder in folders for problem in folder.problems),
        *code_problems,
        *_empty(root, {APPS: apps} if around else {APPS: apps, ENVIRONMENTS: environments, CLUSTERS: clusters}),
        *_strays(root),
    )
    manifest = next(iter(parent.models.values()), None)
    if manifest is None:
        return Reading(None, problems)
    catalog = Catalog(
        root=root,
        parent=manifest,
        environments=environments.models,
        clusters=clusters.models,
        children=apps.models,
        code=code,
        previews=next(iter(previews.models.values()), None),
        files=apps.files,
        tenants=tenants.models,
        tenant_plans=tenant_plans.models,
        tenant_files=tenants.files,
        tenant_plan_files=tenant_plans.files,
        environment_files=environments.files,
        cluster_files=clusters.files,
        broken={
            APPS: apps.broken,
            ENVIRONMENTS: environments.broken,
            CLUSTERS: clusters.broken,
            TENANTS: tenants.broken,
            TENANT_PLANS: tenant_plans.broken,
        },
    )
    flat, nested_problems = take_apart(catalog, (*around, root.resolve()), _read_inner)
    return Reading(flat, (*problems, *nested_problems))


def _read_inner(root: Path, around: tuple[Path, ...]) -> tuple[Catalog | None, tuple[Problem, ...]]:
    reading = _read(root, around)
    return reading.catalog, reading.problems


def _model_of_child(document: object) -> type[BaseModel]:
    kind = document.get("kind") if isinstance(document, Mapping) else None
    return KINDS.get(str(kind), Function)


def _present(file: Path) -> list[Path]:
    return [file] if file.is_file() else []


def _yaml_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.yaml"))


def _read_folder(folder: Path, model: type[M]) -> _Folder[M]:
    return _read_files(_yaml_files(folder), TypeAdapter(model), lambda _: model)


def _read_files(
    files: Iterable[Path], adapter: TypeAdapter[M], model_of: Callable[[object], type[BaseModel]]
) -> _Folder[M]:
    models: dict[str, M] = {}
    paths: dict[str, Path] = {}
    broken: set[str] = set()
    problems: list[Problem] = []
    for file in files:
        document: object = None
        try:
            text = read_text(file)
            document = parse(file, text)
            problems += leaks(file, text, document)
            model = adapter.validate_python(document)
        except CatalogError as error:
            problems += error.problems
            broken |= _names(file, document)
        except ValidationError as error:
            problems += explain(file, document, error, model_of(document))
            broken |= _names(file, document)
        else:
            if model.name in models:
                first = os.path.relpath(paths[model.name], file.parent)
                problems.append(Problem(file, ("name",), f"the name {model.name!r} is taken by {first}"))
                broken.add(model.name)
            else:
                models[model.name], paths[model.name] = model, file
    return _Folder(models, paths, frozenset(broken), tuple(problems))


def _names(file: Path, document: object) -> set[str]:
    """Return what others may call a file that did not load."""
    name = document.get("name") if isinstance(document, Mapping) else None
    return {file.stem, str(name)} if name else {file.stem}


def _read_sources(root: Path, apps: _Folder[Child]) -> tuple[dict[str, Code], list[Problem]]:
    code: dict[str, Code] = {}
    problems: list[Problem] = []
    for child in apps.models.values():
        if source := child.source:
            try:
                found = _code_of(root, source, apps.files[child.name])
                found = replace(found, objects=child.objects(found.folder))
                problems += child.examine(found.folder, found.objects, apps.files[child.name])
                code[child.name] = found
            except CatalogError as error:
                problems += error.problems
    return code, problems


def _code_of(root: Path, source: Source, file: Path) -> Code:
    folder, field = root / source.folder, dotted(source.at)
    if not folder.resolve().is_relative_to(root.resolve()):
        raise CatalogError([Problem(file, source.at, f"{field}: {source.folder!r} is outside the catalog")])
    if not folder.is_dir():
        known = (each.relative_to(root).as_posix() for each in folder.parent.glob("*") if each.is_dir())
        hint = did_you_mean(source.folder, known)
        raise CatalogError(
            [Problem(file, source.at, f"{field}: {source.folder!r}: no such folder in the catalog", hint)]
        )
    if not code_files(folder):
        raise CatalogError([Problem(file, source.at, f"{field}: {source.folder!r} holds no files")])
    _fits(folder, source, file)
    code = read_code(folder)
    if source.digest not in (None, code.digest):
        message = f"{dotted(source.digest_at)}: {source.digest} is not the hash of {source.folder!r}"
        hint = f"it is {code.digest}; type that if the change is meant"
        raise CatalogError([Problem(file, source.digest_at, message, hint)])
    return code


def _fits(folder: Path, source: Source, file: Path) -> None:
    files, field = code_files(folder), dotted(source.at)
    if source.only is not None and set(files) != {source.only}:
        message = f"{field}: {source.folder!r} holds {', '.join(files)}"
        raise CatalogError([Problem(file, source.at, message, f"this kind takes one file: {source.only}")])
    size = sum(each.stat().st_size for each in files.values())
    if source.most_bytes is not None and size > source.most_bytes:
        message = f"{field}: {source.folder!r} has {size} bytes, of {source.most_bytes} allowed"
        raise CatalogError([Problem(file, source.at, message, "make it smaller: minify it, or leave data out")])


def _empty(
    root: Path, folders: Mapping[str, _Folder[Child] | _Folder[EnvironmentFile] | _Folder[ClusterFile]]
) -> Iterator[Problem]:
    for name, folder in folders.items():
        if not folder.models and not folder.broken:
            yield Problem(root / name, (), "no files: the catalog is empty", f"write one: {root / name}/NAME.yaml")


def _strays(root: Path) -> Iterator[Problem]:
    """Yield files that look like a part of the catalog and are read by nobody."""
    for file in sorted(root.glob("*.y*ml")):
        if file.name not in (PARENT, PREVIEWS):
            yield Problem(file, (), "is not read", f"move it to {APPS}/, {ENVIRONMENTS}/ or {CLUSTERS}/")
    for folder in (APPS, ENVIRONMENTS, CLUSTERS, TENANTS, TENANT_PLANS):
        for file in sorted((root / folder).rglob("*.yml")):
            yield Problem(file, (), "is not read", f"rename it to {file.stem}.yaml")
