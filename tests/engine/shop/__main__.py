"""A parent and its children, named as ours, without a cloud: `provider.py` keeps a directory, a file a resource.

`shop.json` says what to run. A resource's `hold` names the point where its provider waits for ever, and so where a
test interrupts it: `before-create`, `after-create`, `before-update`, `after-delete`, …
"""

import json
from pathlib import Path
from typing import Any

import pulumi


class Child(pulumi.ComponentResource):
    """A child app."""

    def __init__(
        self, name: str, things: dict[str, Any], after: list[pulumi.Resource], opts: pulumi.ResourceOptions
    ) -> None:
        super().__init__("appofapps:components:Workload", name, {}, opts)
        mine = pulumi.ResourceOptions(parent=self, depends_on=after)
        self.ready: list[pulumi.Resource] = [
            pulumi.CustomResource(
                "shop:index:Thing", f"{name}/{thing}", {"name": f"{name}-{thing}".replace("@", "-"), **props}, mine
            )
            for thing, props in things.items()
        ]
        self.register_outputs({})


children = json.loads((Path(__file__).parent / "shop.json").read_text())
parent = pulumi.ComponentResource("appofapps:components:ParentApp", "shop")
made: dict[str, Child] = {}
for name, child in children.items():
    after = [thing for need in child.get("needs", []) for thing in made[need].ready]
    made[name] = Child(name, child["things"], after, pulumi.ResourceOptions(parent=parent))
pulumi.export("children", sorted(children))
