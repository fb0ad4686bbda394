"""The few direct calls to an API server that starting a cluster needs."""

import json
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Api:
    """One API server, seen as its administrator."""

    url: str
    token: str
    certificate: Path

    def call(self, path: str, body: object = None, timeout: float = 5) -> Any:  # noqa: ANN401 - any JSON
        """GET a path, or POST a body to it; a list or object comes back as it is."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data=data, headers=headers)  # noqa: S310 - https to ourselves
        trust = ssl.create_default_context(cafile=str(self.certificate))
        with urllib.request.urlopen(request, timeout=timeout, context=trust) as answer:  # noqa: S310
            text = answer.read()
            return json.loads(text) if answer.headers.get_content_type() == "application/json" else text.decode()

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
