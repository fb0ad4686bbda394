"""What runs, for people and for programs."""

import json

from sandbox.processes import is_alive
from sandbox.state import Cloud, Cluster, State

NEXT = """
Three things to try next:
  eval "$(make -s env)"                          # pulumi, kubectl, aoa and helm now reach this sandbox
  kubectl --context eu-1 get pods --all-namespaces
  pulumi preview --stack dev --expect-no-changes"""


def all_up(state: State) -> bool:
    """Whether every recorded server runs."""
    parts: list[Cluster | Cloud] = [*state.clusters.values(), *([state.cloud] if state.cloud else [])]
    return bool(parts) and all(part.is_up for part in parts)


def summary(state: State) -> str:
    """Write one line a part."""
    if not state.ports():
        return "nothing runs; `make up` starts it"
    rows = [(name, _word(cluster.is_up), cluster.url) for name, cluster in state.clusters.items()]
    if state.cloud:
        rows.append(("aws", _word(state.cloud.is_up), f"{state.cloud.url}  moto, in memory"))
    rows.append(("pulumi", "", state.pulumi))
    rows.append(("provider", "", f"aws: {state.aws_provider}"))
    return "\n".join(f"{name:<9} {word:<5} {text}" for name, word, text in rows)


def as_json(state: State) -> str:
    """Write the same with processes and ports, without credentials."""
    clusters = {
        name: {
            "up": cluster.is_up,
            "url": cluster.url,
            "processes": {server.name: server.pid for server in cluster.servers if is_alive(server)},
        }
        for name, cluster in state.clusters.items()
    }
    cloud = {"up": state.cloud.is_up, "url": state.cloud.url} if state.cloud else None
    return json.dumps(
        {"clusters": clusters, "aws": cloud, "pulumi": state.pulumi, "aws_provider": state.aws_provider}, indent=2
    )


def _word(is_up: bool) -> str:
    return "up" if is_up else "down"
