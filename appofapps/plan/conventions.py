"""The vocabulary: every label, annotation, tag, output and configuration key we write, in one place."""

from typing import Final

PROJECT: Final = "app-of-apps"

# Labels of the Kubernetes recommendation,
# https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
NAME: Final = "app.kubernetes.io/name"
INSTANCE: Final = "app.kubernetes.io/instance"
VERSION: Final = "app.kubernetes.io/version"
PART_OF: Final = "app.kubernetes.io/part-of"
MANAGED_BY: Final = "app.kubernetes.io/managed-by"
MANAGER: Final = "app-of-apps"

# Ours. `PREFIX` also marks what we own.
PREFIX: Final = "appofapps.dev/"
CHILD: Final = PREFIX + "child"
TEAM: Final = PREFIX + "team"
ENVIRONMENT: Final = PREFIX + "environment"
TENANT: Final = PREFIX + "tenant"
PREVIEW_OF: Final = PREFIX + "preview-of"
"""On everything of a preview: the environment it is a preview of."""
COST_CENTRE: Final = PREFIX + "cost-centre"
ONCALL: Final = PREFIX + "oncall"
RUNBOOK: Final = PREFIX + "runbook"
SOURCE_DIGEST: Final = PREFIX + "source-digest"
REVISION: Final = PREFIX + "revision"
"""The commit a GitOps controller is asked for."""
BYPASS: Final = PREFIX + "policy-bypass"
"""On a namespace: no policy of ours looks at it. For emergencies; the value says which."""

NAMESPACE: Final = "kubernetes.io/metadata.name"
"""On every namespace, by the API server: its name."""
POD_SECURITY: Final = "pod-security.kubernetes.io/"
"""On a namespace, with `enforce`, `audit` or `warn`: a pod security standard."""
DELETION_POLICY: Final = PREFIX + "deletion-policy"
"""On the namespace of a child whose volumes do not go without a snapshot: the state tells it when no file does."""

SKIP_AWAIT: Final = "pulumi.com/skipAwait"
PATCH_FORCE: Final = "pulumi.com/patchForce"
WAIT_FOR: Final = "pulumi.com/waitFor"
TAG_PREFIX: Final = "appofapps:"
STEPS: Final = TAG_PREFIX + "steps"
"""On each pipe of a pipeline: how many there are to be."""

COMPONENT_MODULE: Final = "appofapps:components"
PARENT_TYPE: Final = f"{COMPONENT_MODULE}:ParentApp"
"""Type tokens are `appofapps:components:<Type>`; they are part of every URN and never change."""

OUTPUT_PARENT: Final = "parent"
OUTPUT_CHILDREN: Final = "children"
INPUT_PREVIEW: Final = "preview"
"""The record of a preview, an input of the parent: it is in the state before the first child, and when one fails."""
OUTPUT_DIGEST: Final = "digest"
"""The digest of the plan: an input of the parent when a run begins, an output of the stack when everything is ready."""

FAILED_CHILDREN: Final = "some children failed; what needs them was not started, the rest was deployed"
"""How the program ends when a resource failed; the failures themselves are reported by their resources."""

CONFIG_ENVIRONMENT: Final = "environment"
CONFIG_CLUSTERS: Final = "clusters"
CONFIG_SELECT: Final = "select"
CONFIG_TENANT: Final = "tenant"
CONFIG_PREVIEW: Final = "preview"
CONFIG_CONFIRM_DELETIONS: Final = "confirm-deletions"
"""Set to the number of children that may go, to pass the deletion budget under plain `pulumi up`."""

VARIABLE_CATALOG: Final = "AOA_CATALOG"
"""The environment variable that tells the program where the catalog lies; `catalog/` beside it without."""
VARIABLE_PART: Final = "AOA_PART"
"""Set by `aoa` when a run leaves some children alone: the stack is not what the digest says then."""
VARIABLE_CONFIRM_DELETIONS: Final = "AOA_CONFIRM_DELETIONS"
"""The environment variable by which `aoa` confirms deletions for one run: a setting would stay in the stack's file."""
