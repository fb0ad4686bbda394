"""REST calls to one cluster: addresses and credentials come from the KUBECONFIG of the environment.

They read. The one thing that is ever made this way is a snapshot of a volume (`snapshots.py`).
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, Protocol

CONNECT_SECONDS: Final = 2.0
READ_SECONDS: Final = 10.0
HTTP_REDIRECTION: Final = 300

Client = Any
"""An `ApiClient`; the package has no types."""

JSON: Final = "application/json"
METADATA: Final = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1," + JSON
"""Asks for names and labels only, so that a list over a whole cluster stays small."""
OBJECT: Final = METADATA.replace("List;", ";")
"""The same of one object."""


class UnreachableError(Exception):
    """A cluster did not answer, or not to us; the message says why."""


def refuses_us(why: str) -> bool:
    """Tell, by why a cluster is out of reach, whether it lives and does not let us in (401, 403, …)."""
    return why.startswith("answers 4")


class NotServedError(UnreachableError):
    """A cluster answers, but knows no such object, or type of object: its definition is not installed."""


class Get(Protocol):
    """Reads one path of a cluster's API; raises UnreachableError."""

    def __call__(self, path: str, *, selector: str = "", accept: str = JSON) -> dict[str, Any]:
        """Return the document at a path, narrowed by a label selector."""


def connect(context: str) -> Get:
    """Return the API of the cluster that a context of KUBECONFIG leads to.

    Raises UnreachableError when there is no such context.
    """
    api = _client(context)

    def get(path: str, *, selector: str = "", accept: str = JSON) -> dict[str, Any]:
        query = [("labelSelector", selector)] if selector else []
        request = api.param_serialize(
            "GET", path, query_params=query, header_params={"Accept": accept}, auth_settings=["BearerToken"]
        )
        return _answer(api, request)

    return get


def create(context: str, path: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Make an object in a collection of a cluster, and return it; raises UnreachableError."""
    api = _client(context)
    headers = {"Accept": JSON, "Content-Type": JSON}
    request = api.param_serialize("POST", path, header_params=headers, body=document, auth_settings=["BearerToken"])
    return _answer(api, request)


def _client(context: str) -> Client:
    # Imported here: a third of a second that commands without a cluster need not pay.
    from kubernetes import client, config  # noqa: PLC0415

    configuration = client.Configuration()
    configuration.retries = False
    try:
        return config.new_client_from_config(context=context, client_configuration=configuration)  # type: ignore[no-untyped-call]
    except config.ConfigException as error:
        msg = f"KUBECONFIG has no usable context {context!r}: {error}"
        raise UnreachableError(msg) from None


def _answer(api: Client, request: tuple[Any, ...]) -> dict[str, Any]:
    from kubernetes.client.exceptions import ApiException  # noqa: PLC0415
    from urllib3.exceptions import HTTPError  # noqa: PLC0415

    try:
        response = api.call_api(*request, _request_timeout=(CONNECT_SECONDS, READ_SECONDS))
        body = response.read()
    except ApiException as error:
        msg = f"answers {error.status} {error.reason}"
        raise UnreachableError(msg) from None
    except HTTPError as error:
        msg = f"does not answer: {_short(error)}"
        raise UnreachableError(msg) from None
    if response.status >= HTTP_REDIRECTION:
        msg = f"answers {response.status} {response.reason}"
        raise NotServedError(msg) if response.status == HTTPStatus.NOT_FOUND else UnreachableError(msg)
    document: dict[str, Any] = json.loads(body)
    return document


def _short(error: Exception) -> str:
    text = str(error)
    return text.rsplit(": ", 1)[-1].strip("')") or type(error).__name__
