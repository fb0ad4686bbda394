"""A provider whose world is a directory, a file a resource; one that is there already is refused, as AWS does."""

# ruff: noqa: N802, D102  (the names and meanings are those of provider.proto)

import json
import sys
import time
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

WORLD = Path(__file__).parent / "world"
Props = dict[str, Any]


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """Serves `shop:index:Thing`."""

    def GetPluginInfo(self, _request: Any, _context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version="1.0.0")

    def CheckConfig(self, request: Any, _context: Any) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, _request: Any, _context: Any) -> provider_pb2.DiffResponse:
        return provider_pb2.DiffResponse()

    def Configure(self, _request: Any, _context: Any) -> provider_pb2.ConfigureResponse:
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Check(self, request: Any, _context: Any) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, _context: Any) -> provider_pb2.DiffResponse:
        old, new = plain(request.olds), plain(request.news)
        changed = [key for key in ("name", "version") if old.get(key) != new.get(key)]
        some = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=some, replaces=[key for key in changed if key == "name"])

    def Create(self, request: Any, context: Any) -> provider_pb2.CreateResponse:
        props = plain(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=request.properties)
        at("before-create", props)
        if (WORLD / props["name"]).exists():
            context.abort(grpc.StatusCode.ALREADY_EXISTS, f"{props['name']} already exists")
        if props.get("fails"):
            context.abort(grpc.StatusCode.UNKNOWN, "no such image")
        (WORLD / props["name"]).write_text(json.dumps(props))
        at("after-create", props)
        return provider_pb2.CreateResponse(id=props["name"], properties=request.properties)

    def Read(self, request: Any, context: Any) -> provider_pb2.ReadResponse:
        if (WORLD / "out-of-reach").exists():
            context.abort(grpc.StatusCode.UNAVAILABLE, "connection refused")
        if not (WORLD / request.id).exists():
            return provider_pb2.ReadResponse()
        found = sealed(json.loads((WORLD / request.id).read_text()))
        return provider_pb2.ReadResponse(id=request.id, inputs=found, properties=found)

    def Update(self, request: Any, _context: Any) -> provider_pb2.UpdateResponse:
        props = plain(request.news)
        if not request.preview:
            at("before-update", props)
            (WORLD / request.id).write_text(json.dumps(props))
            at("after-update", props)
        return provider_pb2.UpdateResponse(properties=request.news)

    def Delete(self, request: Any, _context: Any) -> empty_pb2.Empty:
        props = plain(request.properties)
        at("before-delete", props)
        (WORLD / request.id).unlink(missing_ok=True)
        at("after-delete", props)
        return empty_pb2.Empty()

    def Cancel(self, _request: Any, _context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()


def at(point: str, props: Props) -> None:
    """Wait here for ever if the resource says so: that is where a test interrupts."""
    if props.get("hold") == point:
        (WORLD / f"held-{props['name']}").touch()
        while not (WORLD / "let-go").exists():
            time.sleep(0.05)


def plain(properties: struct_pb2.Struct) -> Props:
    """Return the properties as plain data."""
    found: Props = json_format.MessageToDict(properties)
    return found


def sealed(properties: Props) -> struct_pb2.Struct:
    """Return plain data as properties."""
    return json_format.ParseDict(properties, struct_pb2.Struct())


if __name__ == "__main__":
    server = grpc.server(futures.ThreadPoolExecutor(16))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    server.wait_for_termination(timeout=300)  # a test that fails leaves nothing behind for long
