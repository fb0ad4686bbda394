"""The rules by which kwok plays the kubelets: what becomes of a pod, by its fate (see the package's docstring)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

FATE = "sandbox.appofapps.dev/fate"
DELAY = "sandbox.appofapps.dev/delay"
POD = {"apiGroup": "v1", "kind": "Pod"}

STATUS = """
{{ $now := Now }}
conditions:
{{ range $type := list "PodReadyToStartContainers" "Initialized" }}
- {type: {{ $type }}, status: "True", lastTransitionTime: {{ $now | Quote }}}
{{ end }}
{{ range $type := list "ContainersReady" "Ready" }}
- {type: {{ $type }}, status: "READY", lastTransitionTime: {{ $now | Quote }}REASON}
{{ end }}
{{ range .spec.readinessGates }}
- {type: {{ .conditionType | Quote }}, status: "True", lastTransitionTime: {{ $now | Quote }}}
{{ end }}
initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  ready: true
  restartCount: 0
  {{ if eq .restartPolicy "Always" }}
  started: true
  state: {running: {startedAt: {{ $now | Quote }}}}
  {{ else }}
  state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}}
  {{ end }}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  ready: {{ eq "READY" "True" }}
  started: STARTED
  restartCount: RESTARTS
  state: STATE
{{ end }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName (or .spec.hostNetwork false) (or .metadata.uid "") (or .metadata.name "") (or .metadata.namespace "") | Quote }}
phase: PHASE
startTime: {{ $now | Quote }}
"""  # noqa: E501 - one expression of kwok's template language
RUNNING = "{running: {startedAt: {{ $now | Quote }}}}"
ENDED = "{terminated: {exitCode: %d, reason: %s, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}}"
WAITING = "{waiting: {reason: %s, message: %s}}"


@dataclass(frozen=True, slots=True)
class Fate:
    """How a pod ends up: phase, readiness, the state of its containers, and the event (reason, message) beside it."""

    phase: str = "Running"
    ready: bool = True
    started: bool = True
    state: str = RUNNING
    restarts: int = 0
    event: tuple[str, str] | None = None

    def status(self) -> str:
        """Write the pod's status as a kwok template."""
        values = {
            "REASON": "" if self.ready else ", reason: ContainersNotReady",
            "READY": str(self.ready),
            "STARTED": str(self.started).lower(),
            "RESTARTS": str(self.restarts),
            "STATE": self.state,
            "PHASE": self.phase,
        }
        text = STATUS
        for word, value in values.items():
            text = text.replace(word, value)
        return text


FATES = {
    "never-ready": Fate(
        ready=False, event=("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503")
    ),
    "crash": Fate(
        ready=False,
        started=False,
        restarts=4,
        state=WAITING % ("CrashLoopBackOff", "back-off 1m20s restarting failed container"),
        event=("BackOff", "Back-off restarting failed container"),
    ),
    "image-pull": Fate(
        phase="Pending",
        ready=False,
        started=False,
        state=WAITING % ("ImagePullBackOff", "Back-off pulling image"),
        event=("Failed", "Error: ImagePullBackOff"),
    ),
    "fail": Fate(
        phase="Failed", ready=False, started=False, state=ENDED % (1, "Error"), event=("Failed", "Error: exit code 1")
    ),
    "slow": Fate(),
}
COMPLETED = Fate(phase="Succeeded", ready=False, started=False, state=ENDED % (0, "Completed"))


def stages() -> Iterator[dict[str, object]]:
    """Give every kwok stage of the sandbox."""
    alive, new = absent(".metadata.deletionTimestamp"), absent(".status.podIP")
    yield stage("pod-ready", [alive, new, fate("NotIn", *FATES)], _next(Fate()))
    for name, end in FATES.items():
        yield stage(f"pod-{name}", [alive, new, fate("In", name)], _next(end), delayed=name == "slow")
    running: dict[str, object] = {"key": ".status.phase", "operator": "In", "values": ["Running"]}
    of_job: dict[str, object] = {"key": ".metadata.ownerReferences.[].kind", "operator": "In", "values": ["Job"]}
    stuck = fate("NotIn", *(name for name, end in FATES.items() if not end.ready))
    yield stage("pod-complete", [alive, running, of_job, stuck], _next(COMPLETED))
    gone: dict[str, object] = {"key": ".metadata.deletionTimestamp", "operator": "Exists"}
    yield stage("pod-delete", [gone], {"finalizers": {"empty": True}, "delete": True})


def absent(key: str) -> dict[str, object]:
    """Match objects without a value there; a key is an expression of jq."""
    return {"key": key, "operator": "DoesNotExist"}


def fate(operator: str, *values: str) -> dict[str, object]:
    """Match objects by the fate they are given."""
    return {"key": f'.metadata.annotations["{FATE}"]', "operator": operator, "values": list(values)}


def _next(fate: Fate) -> dict[str, object]:
    if not fate.event:
        return {"statusTemplate": fate.status()}
    reason, message = fate.event
    return {"statusTemplate": fate.status(), "event": {"type": "Warning", "reason": reason, "message": message}}


def stage(
    name: str,
    match: list[dict[str, object]],
    then: dict[str, object],
    *,
    of: Mapping[str, str] = POD,
    delayed: bool = False,
) -> dict[str, object]:
    """Describe one stage: what becomes of objects of a type that match."""
    delay = {"durationMilliseconds": 8000, "durationFrom": {"expressionFrom": f'.metadata.annotations["{DELAY}"]'}}
    return {
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "Stage",
        "metadata": {"name": name},
        "spec": {
            "resourceRef": dict(of),
            "selector": {"matchExpressions": match},
            **({"delay": delay} if delayed else {}),
            "next": then,
        },
    }
