"""A parent and its children, named as ours, without a cloud: a directory is the world, a file in it a resource.

`shop.json` says what to run. A resource's `hold` names the point where its provider waits for ever, and so where a
test interrupts it: `before-create`, `after-create`, `before-update`, `after-delete`, …
"""

import json
import time
from pathlib import Path
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult

HERE = Path(__file__).parent.resolve()


class Directory(ResourceProvider):
    """Makes a file a resource, and refuses one that is there already, as AWS does."""

    def __init__(self, world: str) -> None:
        super().__init__()
        self.world = world

    def create(self, props: dict[str, Any]) -> CreateResult:
        self._at("before-create", props)
        if self._file(props["name"]).exists():
            raise RuntimeError(f"{props['name']} already exists")
        if props.get("fails"):
            raise RuntimeError("no such image")
        self._write(props["name"], props)
        self._at("after-create", props)
        return CreateResult(props["name"], dict(props))

    def diff(self, _id: str, old: dict[str, Any], new: dict[str, Any]) -> DiffResult:
        changed = [key for key in ("name", "version") if old.get(key) != new.get(key)]
        return DiffResult(changes=bool(changed), replaces=[key for key in changed if key == "name"])

    def update(self, id_: str, _old: dict[str, Any], new: dict[str, Any]) -> UpdateResult:
        self._at("before-update", new)
        self._write(id_, new)
        self._at("after-update", new)
        return UpdateResult(dict(new))

    def read(self, id_: str, _props: dict[str, Any]) -> ReadResult:
        if self._file("out-of-reach").exists():
            raise RuntimeError("connection refused")
        if not self._file(id_).exists():
            return ReadResult("", {})
        return ReadResult(id_, json.loads(self._file(id_).read_text()))

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        self._at("before-delete", props)
        self._file(id_).unlink(missing_ok=True)
        self._at("after-delete", props)

    def _file(self, name: str) -> Path:
        return Path(self.world, name)

    def _write(self, name: str, props: dict[str, Any]) -> None:
        self._file(name).write_text(json.dumps(dict(props)))

    def _at(self, point: str, props: dict[str, Any]) -> None:
        if props.get("hold") == point:
            self._file(f"held-{props['name']}").touch()
            while not self._file("let-go").exists():
                time.sleep(0.05)


class Thing(Resource):
    """A file."""

    def __init__(self, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions) -> None:
        super().__init__(Directory(str(HERE / "world")), name, props, opts)


class Child(pulumi.ComponentResource):
    """A child app."""

    def __init__(
        self, name: str, things: dict[str, Any], after: list[pulumi.Resource], opts: pulumi.ResourceOptions
    ) -> None:
        super().__init__("appofapps:components:Workload", name, {}, opts)
        mine = pulumi.ResourceOptions(parent=self, depends_on=after)
        self.ready: list[pulumi.Resource] = [
            Thing(f"{name}/{thing}", {"name": f"{name}-{thing}".replace("@", "-"), **props}, mine)
            for thing, props in things.items()
        ]
        self.register_outputs({})


children = json.loads((HERE / "shop.json").read_text())
parent = pulumi.ComponentResource("appofapps:components:ParentApp", "shop")
made: dict[str, Child] = {}
for name, child in children.items():
    after = [thing for need in child.get("needs", []) for thing in made[need].ready]
    made[name] = Child(name, child["things"], after, pulumi.ResourceOptions(parent=parent))
pulumi.export("children", sorted(children))
