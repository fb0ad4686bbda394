"""What a chart or an overlay renders, as plain documents, before anything of its child is made.

The provider renders when it is asked to. Its own components, which make what they render (4.25.0: `helm.sh/v4:Chart`,
`kustomize/v2:Directory`), would not do: where one of them fails, over a template or a cluster out of reach, the engine
(3.259.0, resource/deploy/source_eval.go) ends the whole run, and preview with it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pulumi

from appofapps.catalog import objects as rules
from appofapps.catalog.models.helm import Helm
from appofapps.catalog.models.kustomize import Kustomize
from appofapps.catalog.models.objects import ObjectsChild
from appofapps.catalog.objects import Document, resource
from appofapps.plan.naming import RELEASE_LIMIT, physical_name
from appofapps.plan.plan import PlannedChild
from components.charts import location
from components.object import provider_version

Documents = tuple[Document, ...]

_ANSWER: Final = "returned an error: "
"""What the provider says comes after this, which the engine puts before it."""
_WRAPPINGS: Final = ("failed to generate YAML for specified Helm chart: ", "failed to create chart from template: ")


class RenderingError(Exception):
    """A child's objects cannot be rendered, or are not for it; the message says which, why, and what to do."""


def chart(planned: PlannedChild[Helm], provider: pulumi.ProviderResource) -> Documents:
    """Return the objects of a chart, hooks included, tests left out. Raises RenderingError."""
    where = Path(location(planned)).absolute()
    options = {
        "path": str(where.parent),
        "chart": where.name,
        "release_name": physical_name(planned.name, limit=RELEASE_LIMIT),
        "namespace": planned.name,
        "values": planned.child.values(planned.environment.tier),
    }
    found = _in_place(planned, provider, _ask(provider, "helm:template", jsonOpts=json.dumps(options)))
    if planned.child.spec.engine == "chart":
        _refuse_hooks(found)
    return found


def _refuse_hooks(documents: Documents) -> None:
    """Refuse hooks that no text of the chart shows: values or functions make the annotation."""
    for each in documents:
        hook = (each["metadata"].get("annotations") or {}).get("helm.sh/hook")
        if hook:
            name = resource(each)
            raise RenderingError(
                f"{name} is a hook ({hook}), which `engine: chart` does not run; write `engine: release`"
            )


def overlay(planned: PlannedChild[Kustomize], provider: pulumi.ProviderResource) -> Documents:
    """Return the objects of an overlay. Raises RenderingError."""
    assert planned.code
    folder = str(planned.code.folder.absolute())
    return _in_place(planned, provider, _ask(provider, "kustomize:directory", directory=folder))


def refuse(planned: PlannedChild[ObjectsChild], documents: Documents, *, secrets_allowed: bool) -> None:
    """Raise RenderingError where the rules for written objects are broken by rendered ones."""
    problems = [problem for each in documents for problem in _problems(planned, each, secrets_allowed=secrets_allowed)]
    names = [(each["apiVersion"], resource(each)) for each in documents]
    problems += [
        f"{name} is rendered twice; rename or remove one" for api, name in names if names.count((api, name)) > 1
    ]
    if problems:
        raise RenderingError("; ".join(dict.fromkeys(problems)))


def _problems(planned: PlannedChild[ObjectsChild], document: Document, *, secrets_allowed: bool) -> Iterator[str]:
    name, home = resource(document), document["metadata"].get("namespace")
    if home is None and document["kind"] not in planned.child.spec.cluster_scoped:
        yield f"{name} {rules.CLUSTER_WIDE}; {rules.permission(document['kind'])}"
    if home not in (None, planned.name):
        yield f"{name} is in the namespace {home!r}; a child stays in its own, {planned.name}"
    if rules.has_secret(document) and not secrets_allowed:
        yield f"{name} {rules.CLEAR_TEXT}; {rules.REFERENCE}"
    for _, image in rules.images(document):
        if why := rules.unpinned(image, by_digest=planned.environment.tier == "prod"):
            yield f"{name}: {why}; pin it: name:1.4.2@sha256:…"


def _in_place(planned: PlannedChild[Any], provider: pulumi.ProviderResource, found: Iterable[Document]) -> Documents:
    """Return objects in the child's namespace, where their kind is in one: the provider asks the cluster for kinds."""
    single = tuple(_single(found))
    for each in single:
        if not (each.get("metadata") or {}).get("name"):
            raise RenderingError(f"{each['kind']} without a name: {json.dumps(each)[:80]}")
    text = "\n".join(json.dumps(each) for each in single)
    settled = _ask(provider, "yaml:decode", text=text, defaultNamespace=planned.name) if single else ()
    # Kinds that the cluster does not know yet, the provider takes to be in a namespace.
    wide = rules.cluster_kinds(single) | set(planned.child.spec.cluster_scoped)
    return tuple(_without_namespace(each) if each["kind"] in wide else each for each in settled)


def _single(documents: Iterable[Document]) -> Iterator[Document]:
    """Yield objects, and those within lists."""
    for each in documents:
        if each["kind"].endswith("List") and "items" in each:
            yield from _single(each["items"] or ())
        else:
            yield each


def _without_namespace(document: Document) -> Document:
    metadata = {key: value for key, value in document["metadata"].items() if key != "namespace"}
    return {**document, "metadata": metadata}


def _ask(provider: pulumi.ProviderResource, function: str, **arguments: str) -> Documents:
    """Ask the provider for documents. Raises RenderingError with what it says."""
    options = pulumi.InvokeOptions(provider=provider, version=provider_version())
    try:
        answer = pulumi.runtime.invoke(f"kubernetes:{function}", arguments, options).value
    except Exception as error:  # the SDK knows no narrower one
        raise RenderingError(_told(str(error))) from None
    if "result" not in (answer or ()):  # a provider that is not configured answers nothing
        raise RenderingError(f"{function}: the provider gave no answer; run it again")
    return tuple(_whole(each) for each in answer["result"])


def _told(error: str) -> str:
    said = error.partition(_ANSWER)[2] or error
    for wrapping in _WRAPPINGS:
        said = said.replace(wrapping, "", 1)
    return said.strip()


def _whole(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return JSON with whole numbers as such: on their way from the provider all become floating ones."""
    if isinstance(value, Mapping):
        return {key: _whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
