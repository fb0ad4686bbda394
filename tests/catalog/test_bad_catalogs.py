"""Every way a catalog can be wrong: one small change to a good one, and what is said about it, where."""

# ruff: noqa: E501 - one case a line

from dataclasses import dataclass
from pathlib import Path

import pytest

from appofapps.catalog.locate import locate_all
from appofapps.plan.validation import validated
from tests.catalog.minimal import DIGEST, FILES, write

CART, ORDERS, REPORT, FRAUD = "apps/cart.yaml", "apps/orders.yaml", "apps/report.yaml", "apps/fraud.yaml"
DEV, PROD, EU, TEST, PARENT = (
    "environments/dev.yaml",
    "environments/prod.yaml",
    "clusters/eu-1.yaml",
    "clusters/test-1.yaml",
    "parent.yaml",
)
NEEDS_ORDERS = "needs:\n  - orders\n"
SIDECAR = "    - name: proxy\n"
OWNER = FILES[CART][FILES[CART].index("owner:") : FILES[CART].index("needs:")]
AWS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"
TOKEN = "ghp" + "_" + "x1" * 18
JWT = ".".join(("eyJ" + "hbGciOiJI", "eyJ" + "zdWIiOiIx", "c2lnbmF0dXJl"))
ARN = "arn:aws:ssm:eu-west-1:111111111111:parameter/x"
SECOND_FUNCTION = FILES[FRAUD].replace("name: fraud", "name: second")
RULES = "apps/rules.yaml"
POLICY = f"apiVersion: appofapps.dev/v1\nkind: policy\nname: rules\nversion: 1.0.0\n{OWNER}spec:\n  mode: deny\n  namespaces: {{}}\n"
SECOND_PROD = ("environments/prod-x.yaml", "", FILES[PROD].replace("name: prod", "name: prod-x"))


@dataclass(frozen=True)
class Bad:
    """A change to one file of the good catalog, and the one problem it must make."""

    file: str
    old: str
    new: str
    message: str
    line: str = ""
    """A text of the changed file that is in the expected line; empty expects none, or the first line."""
    at: str = ""
    """The file of the problem, where it is another one."""
    also: tuple[tuple[str, str, str], ...] = ()
    """Changes that are right by themselves, as (file, old, new)."""


CASES = {
    # The file itself
    "syntax-bracket": Bad(CART, "- orders\n", "- [orders\n", "not YAML", "consumes:"),
    "syntax-tab": Bad(CART, "  - orders", "\t- orders", "indent with spaces, not with tabs", "\t- orders"),
    "two-documents": Bad(ORDERS, "kind:", "---\nkind:", "write one document a file", "---"),
    "duplicate-key": Bad(CART, "kind: workload", "kind: workload\nkind: job", "the key 'kind' is given twice, first in line 2", "kind: job"),
    "empty-file": Bad(DEV, FILES[DEV], "", "the file holds nothing"),
    "a-list": Bad(DEV, FILES[DEV], "- dev\n", "the file holds a list where `key: value` lines belong"),
    "not-utf8": Bad(DEV, "stage: test", "stage: \udcff", "is not UTF-8 text"),
    # Fields
    "unknown-field": Bad(CART, "replicas: 2", "replica: 2", "unknown field 'replica' in profiles.prod; did you mean 'replicas'?", "replica: 2"),
    "unknown-field-top": Bad(CART, "needs:\n", "need:\n", "unknown field 'need'; did you mean 'needs'?", "need:"),
    "unknown-field-in-list": Bad(CART, "name: http,", "nam: http,", "unknown field 'nam' in spec.ports[0]", "nam: http"),
    "wrong-type": Bad(CART, "replicas: 2", "replicas: two", "profiles.prod.replicas: 'two' should be a valid integer", "replicas: two"),
    "yaml-boolean": Bad(CART, "LOG_LEVEL: info", "LOG_LEVEL: yes", "YAML reads an unquoted yes, no, on and off as true or false", "LOG_LEVEL"),
    "yaml-number": Bad(DEV, '"111111111111"', "111111111111", "aws_account: 111111111111 should be a valid string; quote it", "aws_account"),
    "list-for-mapping": Bad(CART, OWNER, "owner: [storefront]\n", "owner: a list should be", "owner:"),
    "missing-owner": Bad(CART, OWNER, "", "owner: missing; add `owner:` with team, oncall, runbook"),
    "missing-owner-team": Bad(CART, "  team: storefront\n", "", "owner.team: missing; add `team:`", "owner:"),
    "missing-kind": Bad(CART, "kind: workload\n", "", "kind: missing; add `kind:`"),
    "unknown-kind": Bad(CART, "kind: workload", "kind: worklod", "; did you mean 'workload'?", "kind:"),
    "kind-of-other-folder": Bad(EU, "kind: cluster", "kind: environment", "kind: 'environment' is not one of 'cluster'", "kind:"),
    "misspelt-choice": Bad(CART, "  ingress:", "  controller: Deploymnt\n  ingress:", "did you mean 'Deployment'?", "controller:"),
    "api-version": Bad(CART, "dev/v1", "dev/v2", "apiVersion: 'appofapps.dev/v2' is not one of 'appofapps.dev/v1'", "apiVersion"),
    "bad-name": Bad(REPORT, "name: report", "name: Report", "name: 'Report' is not a name: lower-case letters", "name: Report"),
    "bad-version": Bad(REPORT, "0.3.0\nowner", "v3\nowner", "version: 'v3' is not a semantic version", "version: v3"),
    "bad-range": Bad(CART, '">=2,<3"', '"2.x"', "'2.x' is not a version range; write it like", "2.x"),
    "bad-quantity": Bad(ORDERS, "memory: 128Mi", "memory: 128MB", "'128MB' is not a quantity; write it like 250m, 2 or 512Mi", "128MB"),
    "bad-duration": Bad(CART, NEEDS_ORDERS, NEEDS_ORDERS + "deadline: 2 minutes\n", "'2 minutes' is not a duration; write it like 90s", "deadline"),
    "bad-image": Bad(REPORT, "registry.example/report", "Registry Example", "is not an image: registry.example/name:tag", "image:"),
    "bad-port": Bad(CART, "port: 8080", "port: 80800", "spec.ports[0].port: 80800 should be less than or equal to 65535", "80800"),
    "bad-selector": Bad(CART, NEEDS_ORDERS, NEEDS_ORDERS + "target: {clusters: {stage: {a: b}}}\n", "target.clusters.stage: a mapping should be", "target:"),
    "two-sources": Bad(CART, "key: salt}", "key: salt}\n    ssm: arn:aws:ssm:eu-west-1:1:parameter/x", "give exactly one of", "variable"),
    "mount-undeclared": Bad(CART, "volume: scratch", "volume: scrach", "mounts name volumes that are not declared: scrach", "spec:"),
    # The catalog as a whole
    "no-parent": Bad(PARENT, FILES[PARENT], "", "the file holds nothing"),
    "duplicate-name": Bad(CART, "name: cart\nversion", "name: fraud\nversion", "the name 'fraud' is taken by cart.yaml", "name: fraud", at=FRAUD),
    "stray-file": Bad("app.yaml", "", "name: x\n", "is not read; move it to apps/"),
    "yml": Bad("apps/x.yml", "", "name: x\n", "is not read; rename it to x.yaml"),
    # Needs
    "unknown-need": Bad(CART, "- orders\n", "- oders\n", "needs 'oders': no such app; did you mean 'orders'?", "- oders"),
    "need-twice": Bad(CART, "- orders\n", "- orders\n  - orders\n", "needs 'orders' twice", "- orders"),
    "cycle": Bad(ORDERS, "provides:", "needs: [cart]\nprovides:", "dependency cycle: cart -> orders -> cart", "- orders", at=CART),
    "cycle-of-one": Bad(CART, "- orders\n", "- cart\n", "dependency cycle: cart -> cart", "- cart"),
    "need-elsewhere": Bad(CART, "- orders\n", "- report\n", "needs 'report', which is not deployed in dev", "- report"),
    # Contracts
    "contract-unknown": Bad(CART, "contract: orders-api", "contract: order-api", "consumes 'order-api': provided by nobody; did you mean 'orders-api'?", "order-api"),
    "contract-range": Bad(CART, '">=2,<3"', '">=3"', "consumes 'orders-api' >=3, but 'orders' provides 2.1.0", '">=3"'),
    "contract-twice": Bad(ORDERS, "    version: 2.1.0\n", "    version: 2.1.0\n  - {contract: orders-api, version: 3.0.0}\n", "provides 'orders-api' twice", "3.0.0"),
    # Images
    "floating-tag": Bad(CART, f"cart:1.4.2@{DIGEST}", "cart:latest", "image 'registry.example/cart:latest' has a floating tag", "cart:latest"),
    "no-tag": Bad(CART, f"proxy:1.0.0@{DIGEST}", "proxy", "image 'registry.example/proxy' has neither tag nor digest", "example/proxy"),
    "no-digest-in-prod": Bad(REPORT, f"@{DIGEST}", "", "has no digest, and 'report' is deployed in prod", "image:"),
    "no-digest-in-sidecar": Bad(CART, f"proxy:1.0.0@{DIGEST}", "proxy:1.0.0", "'registry.example/proxy:1.0.0' has no digest", "example/proxy"),
    "floating-tag-in-patch": Bad(CART, "minReadySeconds: 5", "template: {spec: {containers: [{name: cart, image: cart}]}}", "image 'cart' has neither", "merge:"),
    # Places
    "unknown-environment": Bad(REPORT, "[prod]", "[prod, prd]", "target.environments: 'prd': no such environment; did you mean 'prod'?", "environments"),
    "no-cluster-for-child": Bad(REPORT, "[prod]", "[prod]\n  clusters: {stage: liv}", "matches no cluster of prod", "clusters:"),
    "no-cluster-for-environment": Bad(DEV, "stage: test", "stage: tset", "clusters: the selector matches no cluster; clusters: eu-1 (region: eu-west-1", "clusters:"),
    "no-profile": Bad(ORDERS, "  dev:\n    replicas: 1\n", "", "profiles: none for tier dev, the tier of dev; add `dev:`", "profiles:"),
    "no-issuer": Bad(EU, "oidc_issuer: oidc.example/eu-1\n", "", "cloud_identity: calls AWS, but eu-1 has no oidc_issuer", "cloud_identity", at=REPORT),
    "region-not-allowed": Bad(REPORT, "target:", "allowed_regions: [us-east-1]\ntarget:", "allowed_regions: us-east-1, but prod places it in eu-1 (eu-west-1)", "allowed_regions"),
    "no-region": Bad(REPORT, "target:", "allowed_regions: [Ireland]\ntarget:", "allowed_regions[0]: 'Ireland' is not an AWS region: eu-west-1", "allowed_regions"),
    "override-of-nothing": Bad(REPORT, "target:", "overrides: [{clusters: {region: us-east-1}, profile: {}}]\ntarget:", "overrides[0].clusters: the selector matches no place of 'report'; it runs in eu-1 (eu-west-1)", "overrides"),
    "override-of-everything": Bad(REPORT, "target:", "overrides: [{clusters: {}, profile: {}}]\ntarget:", "overrides[0].clusters: a mapping", "overrides"),
    "override-unknown": Bad(REPORT, "target:", "overrides: [{clusters: {name: eu-1}, profile: {replicas: 2}}]\ntarget:", "unknown field 'replicas' in overrides[0].profile", "overrides"),
    "override-over-quota": Bad(ORDERS, "provides:", "overrides: [{clusters: {name: eu-1}, profile: {resources: {cpu: 800m}}}]\nprovides:", "profiles.prod: 3 x 800m cpu is over the quota of 2", "prod:"),
    # Quotas
    "over-cpu-quota": Bad(ORDERS, "cpu: 100m", "cpu: 800m", "profiles.prod: 3 x 800m cpu is over the quota of 2", "prod:"),
    "over-memory-quota": Bad(ORDERS, "memory: 128Mi", "memory: 1Gi", "3 x 1024Mi memory is over the quota of 2Gi", "prod:"),
    "over-pod-quota": Bad(CART, "replicas: 2", "autoscaling: {minimum: 1, maximum: 10}", "11 pods are over the quota of 10", "prod:"),
    "over-quota-with-sidecar": Bad(CART, SIDECAR, SIDECAR + "      resources: {cpu: 700m}\n", "3 x 750m cpu is over the quota of 2", "prod:"),
    # Policies over namespaces
    "policy-of-nothing": Bad(RULES, "", POLICY, "spec: asks for nothing; add `resources:` and `rules:`, or one of pod_security, quota, network", "spec:"),
    "policy-quota-unknown": Bad(RULES, "", POLICY + "  quota: {cpu: 4}\n", "spec.quota.cpu: 'cpu' is not what a quota here counts: pods, requests.cpu", "quota:"),
    "policy-quota": Bad(CART, "replicas: 2", "replicas: 9", "profiles.prod: 10 pods are over the quota of 9 that policy 'rules' sets; ask for less, or write 'prod-cart' under `excluded` of 'rules'", "prod:", also=((RULES, "", POLICY + "  quota: {pods: 9}\n"),)),
    "policy-host-port": Bad(ORDERS, "port: 8080}", "port: 8080, host_port: 9100}", "the namespace enforces pod security 'privileged', and policy 'rules' asks for 'baseline'; remove this, or write 'dev-orders' under", "host_port", also=((RULES, "", POLICY + "  pod_security: baseline\n"),)),
    # Claims
    "moved-from-existing": Bad(CART, "version: 1.4.2\n", "version: 1.4.2\nmoved_from: report\n", "moved_from: 'report' is taken by 'report'", "moved_from"),
    "moved-from-itself": Bad(CART, "version: 1.4.2\n", "version: 1.4.2\nmoved_from: cart\n", "moved_from: 'cart' is the name of this child itself", "moved_from"),
    "moved-from-twice": Bad(REPORT, "version: 0.3.0\n", "version: 0.3.0\nmoved_from: basket\n", "moved_from: 'basket' is taken by 'cart'", "moved_from", also=((CART, "version: 1.4.2\n", "version: 1.4.2\nmoved_from: basket\n"),)),
    "same-namespace": Bad(REPORT, "version: 0.3.0\n", "version: 0.3.0\nmoved_from: x-cart\n", "namespace 'prod-x-cart' (cluster eu-1) is claimed by report@eu-1 in prod already", "name: cart", at=CART, also=(SECOND_PROD,)),
    "same-host-port": Bad(ORDERS, "port: 8080}", "port: 8080, host_port: 9100}", "host port '9100/TCP' (cluster test-1) is claimed by cart already; one child alone may have it", "host_port", also=((CART, "port: 8080}", "port: 8080, host_port: 9100}"),)),
    "same-route": Bad(ORDERS, "  ports:", "  ingress: {host: cart.example.com}\n  ports:", "route 'cart.example.com/' (cluster test-1) is claimed by cart already", "ingress"),
    "same-queue": Bad("apps/second.yaml", "", SECOND_FUNCTION, "queue 'dev-payments' (account 111111111111, region eu-west-1) is claimed by fraud already", "queue:"),
    "same-dead-letters": Bad("apps/second.yaml", "", SECOND_FUNCTION.replace("payments}", "payments-dead-letters}"), "queue 'dev-payments-dead-letters' (account 111111111111, region eu-west-1) is claimed by fraud already", "queue:"),
    "unclaimed-queue": Bad(REPORT, "queue:payments", "queue:payment", "cloud_identity: 'queue:payment' is claimed by nobody; did you mean 'queue:payments'?", "queue:payment"),
    "parameter-of-nobody": Bad(REPORT, "queue:payments", "parameter:frud/latest", "cloud_identity: 'parameter:frud/latest' is of no app that there is; did you mean 'fraud'?", "parameter:frud"),
    # Patches
    "patch-unknown": Bad(CART, "resource: deployment", "resource: deploymnt", "a workload has no such resource; did you mean 'deployment'?", "deploymnt"),
    "patch-other-controller": Bad(CART, "resource: deployment", "resource: daemonset", "'cart' has a deployment instead; did you mean 'deployment'?", "daemonset"),
    "patch-name": Bad(CART, "{spec: {minReadySeconds: 5}}", "{metadata: {name: x}}", "metadata.name is not for patches", "merge:"),
    "patch-selector": Bad(CART, "minReadySeconds: 5", "selector: {}", "spec.selector is not for patches", "merge:"),
    "patch-label": Bad(CART, "{spec: {minReadySeconds: 5}}", "{metadata: {labels: {appofapps.dev/child: x}}}", "metadata.labels.appofapps.dev/child is not for patches", "merge:"),
    # Pods
    "mount-conflict": Bad(CART, "path: /tmp}", "path: /tmp}\n    - {volume: scratch, path: /tmp/}", "mount conflict: 'scratch' and 'scratch' are both mounted at /tmp", "/tmp/}"),
    "port-twice": Bad(CART, SIDECAR, SIDECAR + "      ports: [{name: admin, port: 8080}]\n", "port '8080/TCP' is there twice", "admin"),
    "container-twice": Bad(CART, "name: proxy", "name: cart", "container 'cart' is there twice", "- name: cart"),
    "probe-of-no-port": Bad(ORDERS, "http: /ready", "http: /ready, port: web", "readiness: the container has no port 'web'", "readiness"),
    "variable-twice": Bad(CART, "LOG_LEVEL: info", "SESSION_SALT: x", "variable 'SESSION_SALT' is in secrets and in", "variable: SESSION_SALT"),
    "cluster-secret-in-function": Bad(FRAUD, "needs:", "secrets: [{variable: SALT, secret_key: {name: a, key: b}}]\nneeds:", "which a function cannot read; use secrets_manager or ssm", "secrets:"),
    "reserved-variable": Bad(FRAUD, "  runtime:", "  environment:\n    AWS_REGION: x\n  runtime:", "spec.environment.AWS_REGION: Lambda sets AWS_REGION itself; choose another name", "AWS_REGION"),
    "reserved-variable-of-a-tier": Bad(FRAUD, "{memory_mb: 128}", "{environment: {_HANDLER: x}}", "profiles.dev.environment._HANDLER: Lambda takes no variable _HANDLER; choose a name of two", "_HANDLER"),
    "reserved-variable-of-a-place": Bad(FRAUD, "profiles:", "overrides: [{clusters: {region: eu-west-1}, profile: {environment: {X: x}}}]\nprofiles:", "overrides[0].profile.environment.X: Lambda takes no variable X; choose", "overrides"),
    "reserved-variable-of-a-secret": Bad(FRAUD, "needs:", f"secrets: [{{variable: AWS_SESSION_TOKEN, ssm: {ARN}}}]\nneeds:", "secrets[0].variable: Lambda sets AWS_SESSION_TOKEN itself", "secrets:"),
    "large-batch": Bad(FRAUD, "{name: payments}", "{name: payments, batch_size: 100}", "batch_size 100 needs a batch_window", "batch_size"),
    "snapshot-of-nothing": Bad(CART, "needs:\n", "deletion_policy: snapshot\nneeds:\n", "deletion_policy: snapshot, but 'cart' has no volumes to take snapshots of", "deletion_policy"),
    # Code
    "no-code": Bad(FRAUD, "functions/fraud", "functions/frod", "no such folder in the catalog; did you mean 'functions/fraud'?", "code:"),
    "code-outside": Bad(FRAUD, "functions/fraud", "functions/../..", "is outside the catalog", "code:"),
    "code-changed": Bad(FRAUD, "  runtime:", f"  digest: {DIGEST}\n  runtime:", "is not the hash of 'functions/fraud'; it is sha256:", "digest:"),
    # Secrets
    "private-key": Bad(CART, "LOG_LEVEL: info", "LOG_LEVEL: |\n      -----BEGIN RSA " + "PRIVATE KEY-----", "looks like a private key", "BEGIN RSA"),
    "aws-key": Bad(CART, "LOG_LEVEL: info", f"LOG_LEVEL: {AWS_KEY}", "looks like an AWS access key", AWS_KEY),
    "token-in-comment": Bad(PARENT, "kind: parent", f"kind: parent  # {TOKEN}", "looks like a GitHub token", TOKEN),
    "web-token": Bad(CART, "LOG_LEVEL: info", f"LOG_LEVEL: {JWT}", "looks like a JSON web token", JWT),
    "password": Bad(CART, "LOG_LEVEL: info", "DB_PASSWORD: hunter2", "'DB_PASSWORD' looks like a secret in clear text", "DB_PASSWORD"),
    "password-in-text": Bad(CART, "LOG_LEVEL: info", "FLAGS: --mode=x --password=hunter2", "'FLAGS' looks like a secret in clear text", "FLAGS"),
    "password-in-address": Bad(CART, "LOG_LEVEL: info", "URL: postgres://me:hunter2@db/x", "looks like a password in an address", "URL"),
}  # fmt: skip


@pytest.mark.parametrize("bad", CASES.values(), ids=CASES.keys())
def test_it_is_said_where_and_what(bad: Bad, tmp_path: Path) -> None:
    """One thing wrong makes one problem: the file, the line, the value, and what to type instead."""
    write(tmp_path)
    text = _change(tmp_path, bad)

    problems = locate_all(validated(tmp_path, tmp_path).problems)

    assert [bad.message in str(each) for each in problems] == [True], "\n".join(map(str, problems))
    assert problems[0].problem.file == tmp_path / (bad.at or bad.file)
    lines = (tmp_path / bad.at).read_text().splitlines() if bad.at else text.splitlines()
    if bad.line:
        assert bad.line in lines[(problems[0].line or 0) - 1]
    else:
        assert problems[0].line in (1, None)


@pytest.mark.parametrize("secret", ["hunter2", AWS_KEY, TOKEN, JWT])
def test_no_message_shows_a_secret(secret: str, tmp_path: Path) -> None:
    """A secret in any place, even one that is wrong for another reason, is in no message."""
    changed = FILES[CART].replace("LOG_LEVEL: info", f"API_TOKEN: {secret}\n    DB_PASSWORD: [{secret}]")
    changed = changed.replace("secret_key: {name: cart, key: salt}", f"secret_key: {secret}")
    write(tmp_path, {**FILES, CART: changed})

    problems = "\n".join(map(str, locate_all(validated(tmp_path, tmp_path).problems)))

    assert "looks like" in problems
    assert secret not in problems


def _change(root: Path, bad: Bad) -> str:
    """Make the changes of a case, and return the text of the file that is wrong."""
    for name, old, new in (*bad.also, (bad.file, bad.old, bad.new)):
        text = FILES.get(name, "")
        assert old in text, "the case does not fit the minimal catalog any more"
        changed = text.replace(old, new, 1)
        (root / name).write_bytes(changed.encode("utf-8", "surrogateescape"))
    return changed
