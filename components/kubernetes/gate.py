"""What the engine waits for before an object counts as ready; `appofapps.observe` reads the same words afterwards.

https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/ names the
annotation; its paths are JSONPath as in RFC 9535, which can compare with another part of the object (`$`).
"""

import json

from appofapps.plan import conventions as c


def gate(*expressions: str) -> dict[str, str]:
    """Return the annotation by which the engine waits until all of these hold."""
    return {c.WAIT_FOR: json.dumps(expressions)}


def seen() -> str:
    """Hold once the controller has looked at this very generation: the engine compares it where it is there."""
    return "jsonpath={.status.observedGeneration}"


def equals(path: str, value: str) -> str:
    """Hold when the value at a path is this one."""
    return f"jsonpath={{{path}}}={value}"


def condition(name: str, of: str = ".status") -> str:
    """Hold when a condition is true, and was found so in this very generation."""
    current = "@.observedGeneration==$.metadata.generation"
    return equals(f'{of}.conditions[?(@.type=="{name}" && {current})].status', "True")
