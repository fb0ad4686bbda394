"""A registry on loopback that speaks as much of the OCI distribution protocol as `helm push` and `helm pull` do.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

MANIFEST = "application/vnd.oci.image.manifest.v1+json"


class Registry(ThreadingHTTPServer):
    """Keeps blobs and manifests in memory, by repository and digest, manifests by tag, too."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.kept: dict[str, bytes] = {}


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Registry
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        """Tell whether something is there."""
        self.do_GET(body=False)

    def do_GET(self, *, body: bool = True) -> None:
        """Give a blob or a manifest."""
        path = urlsplit(self.path).path
        content = b"{}" if path == "/v2/" else self.server.kept.get(path)
        if content is None:
            self.answer(404)
            return
        kind = MANIFEST if "/manifests/" in path else "application/octet-stream"
        self.answer(200, content if body else b"", length=len(content), **{"Content-Type": kind, **digested(content)})

    def do_POST(self) -> None:
        """Begin an upload, which is one request long."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer(202, Location=urlsplit(self.path).path + "one")

    def do_PUT(self) -> None:
        """Take a blob or a manifest."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        parts = urlsplit(self.path)
        digest = digested(content)["Docker-Content-Digest"]
        assert parse_qs(parts.query).get("digest", [digest]) == [digest]
        folder = re.sub(r"(uploads/)?[^/]+$", "", parts.path)
        for name in {folder + digest, parts.path}:
            self.server.kept[name] = content
        self.answer(201, Location=folder + digest, **digested(content))

    def answer(self, status: int, content: bytes = b"", *, length: int | None = None, **headers: str) -> None:
        """Send an answer."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content) if length is None else length), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


def digested(content: bytes) -> dict[str, str]:
    """Return the header that states a digest."""
    return {"Docker-Content-Digest": f"sha256:{hashlib.sha256(content).hexdigest()}"}


@contextmanager
def registry() -> Iterator[str]:
    """Run a registry and give its host and port."""
    with Registry() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
