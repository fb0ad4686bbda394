"""The smallest catalog that has one of everything a bad catalog can break."""

from pathlib import Path

DIGEST = "sha256:" + "a" * 64

FILES = {
    "parent.yaml": """\
apiVersion: appofapps.dev/v1
kind: parent
name: shop
version: 1.0.0
owner: {team: platform, oncall: platform, runbook: "https://runbooks.example/shop"}
""",
    "environments/dev.yaml": """\
apiVersion: appofapps.dev/v1
kind: environment
name: dev
tier: dev
clusters: {stage: test}
aws_account: "111111111111"
""",
    "environments/prod.yaml": """\
apiVersion: appofapps.dev/v1
kind: environment
name: prod
tier: prod
clusters: {stage: live}
aws_account: "222222222222"
quota: {cpu: "2", memory: 2Gi, pods: 10}
""",
    "clusters/eu-1.yaml": """\
apiVersion: appofapps.dev/v1
kind: cluster
name: eu-1
region: eu-west-1
labels: {stage: live}
oidc_issuer: oidc.example/eu-1
""",
    "clusters/test-1.yaml": """\
apiVersion: appofapps.dev/v1
kind: cluster
name: test-1
region: eu-west-1
labels: {stage: test}
""",
    "apps/orders.yaml": f"""\
apiVersion: appofapps.dev/v1
kind: workload
name: orders
version: 2.1.0
owner:
  team: fulfilment
  oncall: fulfilment
  runbook: https://runbooks.example/orders
provides:
  - contract: orders-api
    version: 2.1.0
profiles:
  dev:
    replicas: 1
  prod:
    replicas: 2
    resources: {{cpu: 100m, memory: 128Mi}}
spec:
  image: registry.example/orders:2.1.0@{DIGEST}
  ports:
    - {{name: http, port: 8080}}
  readiness: {{http: /ready}}
""",
    "apps/cart.yaml": f"""\
apiVersion: appofapps.dev/v1
kind: workload
name: cart
version: 1.4.2
owner:
  team: storefront
  oncall: storefront
  runbook: https://runbooks.example/cart
needs:
  - orders
consumes:
  - contract: orders-api
    version: ">=2,<3"
secrets:
  - variable: SESSION_SALT
    secret_key: {{name: cart, key: salt}}
patches:
  - resource: deployment
    merge: {{spec: {{minReadySeconds: 5}}}}
profiles:
  dev:
    replicas: 1
  prod:
    replicas: 2
spec:
  image: registry.example/cart:1.4.2@{DIGEST}
  environment:
    LOG_LEVEL: info
  ports:
    - {{name: http, port: 8080}}
  ingress: {{host: cart.example.com}}
  volumes:
    - {{name: scratch, empty_dir: true}}
  mounts:
    - {{volume: scratch, path: /tmp}}
  sidecars:
    - name: proxy
      image: registry.example/proxy:1.0.0@{DIGEST}
""",
    "apps/report.yaml": f"""\
apiVersion: appofapps.dev/v1
kind: cron-job
name: report
version: 0.3.0
owner:
  team: finance
  oncall: finance
  runbook: https://runbooks.example/report
target:
  environments: [prod]
cloud_identity:
  - actions: ["sqs:SendMessage"]
    resources: ["queue:payments"]
profiles:
  prod:
    resources: {{cpu: 100m, memory: 128Mi}}
spec:
  image: registry.example/report:0.3.0@{DIGEST}
  schedule: 30 3 * * *
""",
    "apps/fraud.yaml": """\
apiVersion: appofapps.dev/v1
kind: function
name: fraud
version: 3.0.0
owner:
  team: payments
  oncall: payments
  runbook: https://runbooks.example/fraud
needs: [orders]
profiles:
  dev: {memory_mb: 128}
  prod: {memory_mb: 256}
spec:
  code: functions/fraud
  runtime: python3.12
  handler: handler.handle
  triggers:
    queue: {name: payments}
""",
    "functions/fraud/handler.py": "def handle(event, context):\n    return {}\n",
}


def write(root: Path, files: dict[str, str] | None = None) -> Path:
    """Write a catalog, by default the minimal one, and return its folder."""
    for name, text in (FILES if files is None else files).items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root
