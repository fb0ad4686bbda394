"""Pods: what Kubernetes would refuse only after the run has begun."""

import re
from collections.abc import Iterable, Iterator
from typing import get_args

from appofapps.catalog.hints import did_you_mean
from appofapps.catalog.models.base import Tier
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.pod import Container, PodSpec, Port, Probe
from appofapps.catalog.problems import Problem, Step
from appofapps.plan.checks.survey import Survey

Path = tuple[Step, ...]
Box = PodSpec | Container
"""A container: the main one is described by the pod's own fields."""

_VARIABLE = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")


def boxes(child: Child) -> Iterator[tuple[Path, Box]]:
    """Yield every container of a child with the path to it, the main one first."""
    if child.pods is None:
        return
    yield ("spec",), child.pods
    for index, box in enumerate(child.pods.init_containers):
        yield ("spec", "init_containers", index), box
    for index, box in enumerate(child.pods.sidecars):
        yield ("spec", "sidecars", index), box


def ports(box: Box) -> tuple[Port, ...]:
    """Return the ports of a container."""
    return box.main_ports if isinstance(box, PodSpec) else box.ports


def host_ports(child: Child) -> Iterator[tuple[Path, Port]]:
    """Yield every port of a node that a child claims, with the path to it."""
    for inside, box in boxes(child):
        for index, port in enumerate(ports(box)):
            if port.host_port:
                yield (*inside, "ports", index, "host_port"), port


def names_unique(survey: Survey) -> Iterator[Problem]:
    """Refuse two containers, volumes, ports or secrets of one name in a pod."""
    for child in survey.children:
        for what, named in _names(child):
            seen = set[str]()
            for path, name in named:
                if name in seen:
                    yield survey.problem(child, path, f"{what} {name!r} is there twice in {child.name!r}", "rename one")
                seen.add(name)


def _names(child: Child) -> Iterator[tuple[str, Iterable[tuple[Path, str]]]]:
    """Yield the kinds of name that must be unique in a pod, with where each is."""
    yield "variable", (((("secrets", i, "variable")), secret.variable) for i, secret in enumerate(child.secrets))
    if child.pods is None:
        return
    volumes = [
        *(("volumes", i, each.name) for i, each in enumerate(child.pods.volumes)),
        *(("claims", i, name) for i, name in enumerate(child.pods.storage)),
    ]
    listening = [((*path, "ports", i), port) for path, box in boxes(child) for i, port in enumerate(ports(box))]
    others = (((*path, "name"), box.name) for path, box in boxes(child) if isinstance(box, Container))
    yield "volume", ((("spec", field, i, "name"), name) for field, i, name in volumes)
    yield "container", ((("name",), child.name), *others)
    yield "port name", (((*path, "name"), port.name) for path, port in listening)
    yield "port", (((*path, "port"), f"{port.port}/{port.protocol}") for path, port in listening)


def mounts_apart(survey: Survey) -> Iterator[Problem]:
    """Refuse two mounts at one path of a container."""
    for child in survey.children:
        for path, box in boxes(child):
            taken: dict[str, str] = {}
            for index, mount in enumerate(box.mounts):
                where = mount.path.rstrip("/") or "/"
                if where in taken:
                    message = f"mount conflict: {mount.volume!r} and {taken[where]!r} are both mounted at {where}"
                    yield survey.problem(child, (*path, "mounts", index, "path"), message, "mount one somewhere else")
                taken[where] = mount.volume


def variables_apart(survey: Survey) -> Iterator[Problem]:
    """Refuse an environment variable with two sources: environment or config, and secrets."""
    for child in survey.children:
        given = {name for tier in get_args(Tier) for name in _everywhere(child, tier).variables(tier)}
        if child.pods and not any(volume.config for volume in child.pods.volumes):
            given |= set(child.pods.config)
            yield from _config_names(survey, child, child.pods)
        for index, secret in enumerate(child.secrets):
            if secret.variable in given:
                message = f"variable {secret.variable!r} is in secrets and in an environment or spec.config"
                yield survey.problem(
                    child, ("secrets", index, "variable"), message, "keep the secret, remove the other"
                )


def _everywhere(child: Child, tier: Tier) -> Child:
    """Return a child with the overrides of all places."""
    return child.overridden(tier, lambda _: True)


def _config_names(survey: Survey, child: Child, pods: PodSpec) -> Iterator[Problem]:
    for key in pods.config:
        if not _VARIABLE.match(key):
            message = f"spec.config: {key!r} cannot be the name of an environment variable"
            hint = "add a volume with `config: true` and mount it to get files instead"
            yield survey.problem(child, ("spec", "config", key), message, hint)


def config_volume_filled(survey: Survey) -> Iterator[Problem]:
    """Refuse a config volume without a config to show."""
    for child in survey.children:
        if child.pods is None or child.pods.config:
            continue
        for index, volume in enumerate(child.pods.volumes):
            if volume.config:
                path = ("spec", "volumes", index, "config")
                yield survey.problem(
                    child, path, f"volume {volume.name!r} shows the config, but spec.config is empty", "add `config:`"
                )


def probes_reach_a_port(survey: Survey) -> Iterator[Problem]:
    """Refuse a probe of a port that its container does not have."""
    for child in survey.children:
        for path, box in boxes(child):
            for field in ("readiness", "liveness", "startup"):
                probe: Probe | None = getattr(box, field, None)
                if probe is None or probe.command:
                    continue
                names = [port.name for port in ports(box)]
                if isinstance(probe.port, str) and probe.port not in names:
                    message = f"{field}: the container has no port {probe.port!r}"
                    yield survey.problem(child, (*path, field, "port"), message, did_you_mean(probe.port, names))
                elif probe.port is None and not names:
                    yield survey.problem(
                        child, (*path, field), f"{field}: the container has no port to ask", "add `ports:`"
                    )


def given_to_somebody(survey: Survey) -> Iterator[Problem]:
    """Refuse an identity and secrets where nothing takes them: only pods that the catalog describes do, and functions.

    What others wrote has its own, among its objects.
    """
    for child in survey.children:
        if child.RUNS_IN == "region" or child.pods is not None:
            continue
        for field in ("cloud_identity", "secrets"):
            if getattr(child, field):
                message = f"{field}: a {child.kind} takes none"
                yield survey.problem(child, (field,), message, "remove it; what its objects need is among its objects")


def secrets_in_reach(survey: Survey) -> Iterator[Problem]:
    """Refuse secrets of a cluster in a child that runs in a region: it has none."""
    for child in survey.children:
        for index, secret in enumerate(child.secrets if child.RUNS_IN == "region" else ()):
            if secret.arn is None:
                message = f"secret {secret.variable!r} is in a cluster, which a {child.kind} cannot read"
                yield survey.problem(child, ("secrets", index), message, "use secrets_manager or ssm")
