"""Starting files of new children: valid as they are, with the places to fill in marked."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from string import Template
from typing import Final, Literal

Kind = Literal[
    "workload", "job", "cron-job", "function", "edge-function", "pipeline", "manifests", "kustomize", "helm",
    "route",
    "mesh",
    "policy",
    "argocd-application",
    "flux-kustomization",
    "stack",
    "observability",
]  # fmt: skip

IMAGE: Final = "registry.k8s.io/pause:3.10@sha256:ee6521f290b2168b6e0935a181d4cff9be1ac3f505666ef0e3c98fae8199917a"
"""A public image that only waits: the placeholder of a new child."""

_COMMON: Final = """\
# yaml-language-server: $$schema=../schema.json
apiVersion: appofapps.dev/v1
kind: $kind
name: $name
description: ""                  # one sentence: what it is for
version: 0.1.0                   # raise it with every release
owner:
  team: $team
  oncall: $team-oncall           # the rotation its alerts go to
  runbook: https://runbooks.example.com/$name
# needs: [other-child]           # live and ready before this one
# target:
#   environments: [dev]          # default: every environment
#   clusters: {region: eu-west-1}
"""

_POD_PROFILES: Final = """\
profiles:                        # one for each tier it is deployed in
  dev:
    resources: {cpu: 50m, memory: 64Mi}
  staging:
    resources: {cpu: 50m, memory: 64Mi}
  prod:
    $prod
"""

_IMAGE: Final = f"""\
spec:
  # PLACEHOLDER: an image that only waits. Put yours here, with the digest that this prints:
  #   docker buildx imagetools inspect IMAGE:TAG
  image: {IMAGE}
"""

_WORKLOAD: Final = """\
  # ports:
  #   - {name: http, port: 8080}
  # readiness: {http: /ready}    # dependents start when this answers
  # environment: {LOG_LEVEL: info}
"""

_TASK: Final = """\
  # args: [migrate, --to, "1"]
  retries: 3
"""

_SCHEDULE: Final = """\
  schedule: 30 3 * * *           # minute hour day month weekday
  run_deadline: 1h               # a run that takes longer is stopped; it would hold up the next
"""

_FUNCTION: Final = """\
profiles:                        # one for each tier it is deployed in
  dev: {memory_mb: 128, timeout: 10s}
  staging: {memory_mb: 128, timeout: 10s}
  prod: {memory_mb: 256, timeout: 10s}
spec:
  code: functions/$name          # a new version is published whenever its files change
  runtime: python3.13
  handler: handler.handle
  # triggers:
  #   queue: {name: $name}       # or bucket, schedule, url
"""

_EDGE: Final = """\
spec:
  runtime: cloudfront            # or lambda-edge: with a language, a handler and a network
  code: functions/$name          # holds function.js; its contents are published whenever they change
  event: viewer-request          # or viewer-response
"""

_PIPELINE: Final = """\
spec:
  source: {connector: sqs, version: 1.0.0, queue: $name}     # or s3, kinesis, schedule
  steps:                         # functions, in order; here the one this was written with
    - function: $name-step
  sink: {connector: sqs, version: 1.0.0, queue: $name-done}  # or kinesis, function
  receives: 5                    # tries at a step before an event is a dead letter
  lag: 5m                        # an alarm rises when an event waits longer for a step
"""

_STEP: Final = '''\
"""The step $name of the pipeline it is named after."""

import json
from typing import Any


def handle(events: list[dict[str, Any]], _context: object) -> list[Any]:
    """Return what goes on, at most ten elements; an exception makes the pipe try again."""
    return [json.loads(event["body"]) for event in events]
'''

_EDGE_HANDLER: Final = """\
// The edge function $name: returns the request, which then goes on, or a response, which goes back.
function handler(event) {
    return event.request;
}
"""

_ROUTE: Final = """\
needs: [$neighbour]                   # every backend: requests wait until it is ready
profiles:                        # the hosts in each tier it is deployed in
  dev: {hosts: [$name.dev.example.com]}
  staging: {hosts: [$name.staging.example.com]}
  prod: {hosts: [$name.example.com]}
spec:
  gateway_class: public          # a GatewayClass of your clusters
  # tls_secret: $name-tls
  rules:
    - path: /
      backends:
        - {child: $neighbour, weight: 1}
      timeout: 10s
"""

_MESH: Final = """\
needs: [$neighbour]                   # every child it names
spec:
  children: [$neighbour]
  mtls: STRICT
  # circuit_breaker: {errors: 5, interval: 10s, ejection: 30s, most_percent: 50}
"""

_POLICY: Final = """\
spec:
  mode: audit                    # warns; `deny` refuses, once nothing is warned about any more
  namespaces: {appofapps.dev/team: $team}
  resources:
    - {api: apps/v1, plural: deployments}
  rules:
    - name: few-replicas
      expression: object.spec.replicas <= int(params.data.most)
      message: at most 50 replicas; ask $team for more
  parameters: {most: "50"}
"""

_GIT: Final = """\
spec:
  # PLACEHOLDER: your repository, and the commit to deploy
  repository: https://git.example.com/$team/$name
  path: deploy
  revision: "0000000000000000000000000000000000000000"
"""

_STACK: Final = """\
  stack: organization/$name/dev  # as its backend knows it
  service_account: $name         # in the child's namespace; its rights are the program's
"""

_COLLECTOR: Final = """\
  export_to: https://otlp.example.com   # metrics, traces and logs go there, by OTLP over HTTP
  # scrape: [other-child]        # children in `needs` whose pods are asked for metrics
"""

_HANDLER: Final = '''\
"""The function $name."""

from typing import Any


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one invocation; an exception makes the caller try again."""
    return {"ok": True}
'''

_OPTIONS: Final = """\
  # ports: [{port: 8080}]        # those that children which need this one may call
  # cluster_scoped: [ClusterRole]  # kinds of the whole cluster that it may have
"""

_MANIFESTS: Final = (
    """\
spec:
  folder: manifests/$name        # every YAML file in it; namespace, labels and owner are set
"""
    + _OPTIONS
)

_KUSTOMIZE: Final = (
    """\
spec:
  folder: overlays/$name         # the folder of a kustomization.yaml; its bases lie in the catalog, too
"""
    + _OPTIONS
)

_HELM: Final = (
    """\
spec:
  engine: chart                  # or release: helm installs it itself, hooks included
  chart: {folder: charts/$name}
  # chart: {repository: "https://charts.example.com", name: $name, version: 1.0.0, digest: "sha256:…"}
  # chart: {oci: "oci://registry.example.com/charts/$name", version: 1.0.0, digest: "sha256:…"}
  values: {}
"""
    + _OPTIONS
)

_CHART: Final = """\
apiVersion: v2
name: $name
version: 0.1.0
"""

_KUSTOMIZATION: Final = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [deployment.yaml]
"""

_OBJECTS: Final = f"""\
# PLACEHOLDER: put your objects here, and beside this file.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: $name
spec:
  selector:
    matchLabels: {{app: $name}}
  template:
    metadata:
      labels: {{app: $name}}
    spec:
      containers:
        - name: $name
          image: {IMAGE}
          resources:
            requests: {{cpu: 50m, memory: 64Mi}}
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {{drop: [ALL]}}
            runAsNonRoot: true
            runAsUser: 65532
            seccompProfile: {{type: RuntimeDefault}}
"""

_REPLICATED: Final = "replicas: 2\n    resources: {cpu: 100m, memory: 128Mi}"
_SINGLE: Final = "resources: {cpu: 100m, memory: 128Mi}"


_BODIES: Final[Mapping[Kind, str]] = {
    "manifests": _MANIFESTS,
    "kustomize": _KUSTOMIZE,
    "helm": _HELM,
    "workload": _POD_PROFILES + _IMAGE + _WORKLOAD,
    "job": _POD_PROFILES + _IMAGE + _TASK,
    "cron-job": _POD_PROFILES + _IMAGE + _SCHEDULE + _TASK,
    "function": _FUNCTION,
    "edge-function": _EDGE,
    "pipeline": _PIPELINE,
    "route": _ROUTE,
    "mesh": _MESH,
    "policy": _POLICY,
    "argocd-application": _GIT,
    "flux-kustomization": _GIT,
    "stack": _GIT + _STACK,
    "observability": _POD_PROFILES + _IMAGE + _COLLECTOR,
}


def starting_files(kind: Kind, name: str, team: str, neighbour: str = "") -> Mapping[PurePosixPath, str]:
    """Return the files of a new child, by path within the catalog; a pipeline comes with its first step.

    `neighbour` is a child that can be called.
    """
    prod = _REPLICATED if kind == "workload" else _SINGLE
    texts = {f"apps/{name}.yaml": _COMMON + _BODIES[kind]}
    match kind:
        case "function":
            texts[f"functions/{name}/handler.py"] = _HANDLER
        case "edge-function":
            texts[f"functions/{name}/function.js"] = _EDGE_HANDLER
        case "pipeline":
            step = starting_files("function", f"{name}-step", team)
            texts |= {str(file): text.replace("$", "$$") for file, text in step.items()}
            texts[f"functions/{name}-step/handler.py"] = Template(_STEP).substitute(name=f"{name}-step")
        case "manifests":
            texts[f"manifests/{name}/deployment.yaml"] = _OBJECTS
        case "kustomize":
            texts[f"overlays/{name}/deployment.yaml"] = _OBJECTS
            texts[f"overlays/{name}/kustomization.yaml"] = _KUSTOMIZATION
        case "helm":
            texts[f"charts/{name}/Chart.yaml"] = _CHART
            texts[f"charts/{name}/templates/deployment.yaml"] = _OBJECTS
    given = {"kind": kind, "name": name, "team": team, "prod": prod, "neighbour": neighbour}
    return {PurePosixPath(file): Template(text).substitute(given) for file, text in texts.items()}
