"""The few direct calls to an API server that starting a cluster needs."""

import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Api:
    """One API server, seen as its administrator."""

    url: str
    token: str
    certificate: Path

    def call(self, path: str, body: object = None, timeout: float = 5, accept: str = JSON) -> Any:  # noqa: ANN401
        """GET a path, or POST a body to it; a list or object comes back as it is."""
        method = "GET" if body is None else "POST"
        return self._send(path, method, body, {"Content-Type": JSON, "Accept": accept}, timeout)

    def apply(self, path: str, document: object) -> None:
        """Apply an object server-side; what it says wins."""
        headers = {"Content-Type": "application/apply-patch+yaml"}
        self._send(f"{path}?fieldManager=sandbox&force=true", "PATCH", document, headers, timeout=30)

    def _send(self, path: str, method: str, body: object, headers: dict[str, str], timeout: float) -> Any:  # noqa: ANN401 - any JSON
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", **headers}
        request = urllib.request.Request(  # noqa: S310 - https to ourselves
            self.url + path, data=data, headers=headers, method=method
        )
        trust = ssl.create_default_context(cafile=str(self.certificate))
        with urllib.request.urlopen(request, timeout=timeout, context=trust) as answer:  # noqa: S310
            text = answer.read()
            return json.loads(text) if text.startswith((b"{", b"[")) else text.decode()

    def ensure(self, path: str, document: object) -> None:
        """Create an object; one of the same name that is there already stays."""
        try:
            self.call(path, document)
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.CONFLICT:
                raise

    def is_ready(self) -> bool:
        """Say whether the server answers and is ready."""
        try:
            return bool(self.call("/readyz", timeout=2) == "ok")
        except OSError:
            return False
