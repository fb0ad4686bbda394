"""The pinned tools: what is built from which Go package, and the version stamped into it."""

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PULUMI_VERSION = "3.259.0"
KUBERNETES_PLUGIN_VERSION = "4.25.0"
AWS_PLUGIN_VERSION = "7.51.1"
MODULES = Path(__file__).parent

_PULUMI_STAMP = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
_PROVIDER = "github.com/pulumi/pulumi-kubernetes/provider/v4"
_COMPONENT = "k8s.io/component-base/version"


@dataclass(frozen=True, slots=True)
class Tool:
    """One Go module folder and the binaries made from it; `before` and `after` get the module and output folders.

    `takes` says what `before` and `after` take from the sources, where that is not code.
    """

    name: str
    packages: Mapping[str, str]
    stamps: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[Path, Path], None] | None = None
    after: Callable[[Path, Path], None] | None = None
    takes: tuple[str, ...] = ()

    @property
    def source(self) -> Path:
        """The folder with go.mod and go.sum."""
        return MODULES / self.name

    @property
    def flags(self) -> str:
        """The linker's flags: no debug tables, the version stamps."""
        return " ".join(["-s -w", *(f"-X {name}={value}" for name, value in self.stamps.items())])


def module_folder(folder: Path, module: str) -> Path:
    """Find the sources of a module in Go's cache, downloading them if need be."""
    subprocess.run(["go", "mod", "download", module], cwd=folder, check=True, stderr=subprocess.DEVNULL)
    listed = subprocess.run(
        ["go", "list", "-m", "-f", "{{.Dir}}", module], cwd=folder, check=True, capture_output=True, text=True
    )
    return Path(listed.stdout.strip())


def embed_schema(folder: Path, _: Path) -> None:
    """Make the two files that the provider embeds and its repository generates."""
    sources = module_folder(folder, _PROVIDER) / "cmd" / "pulumi-resource-kubernetes"
    schema = json.loads((sources / "schema.json").read_text()) | {"version": KUBERNETES_PLUGIN_VERSION}
    mapping = json.loads((sources / "terraform-mapping.json").read_text())
    (folder / "schema-embed.json").write_text(json.dumps(schema, separators=(",", ":")))
    (folder / "terraform-mapping-embed.json").write_text(json.dumps(mapping, separators=(",", ":")))


def copy_executor(folder: Path, out: Path) -> None:
    """Put the script by which the language host starts Python beside the engine."""
    script = "pulumi-language-python-exec"
    shutil.copyfile(module_folder(folder, "github.com/pulumi/pulumi/sdk/v3") / "python" / "cmd" / script, out / script)
    (out / script).chmod(0o755)


ENGINE = (
    Tool(
        "pulumi",
        {"pulumi": "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"},
        {_PULUMI_STAMP: f"v{PULUMI_VERSION}"},
        after=copy_executor,
    ),
    # The newest language host that is to be had as a Go module; it serves this engine well.
    Tool(
        "pulumi-language-python",
        {"pulumi-language-python": "github.com/pulumi/pulumi/sdk/python/cmd/pulumi-language-python/v3"},
        {_PULUMI_STAMP: "v3.187.0"},
    ),
)
PROVIDER = Tool(
    "pulumi-resource-kubernetes",
    {"pulumi-resource-kubernetes": "."},
    {f"{_PROVIDER}/pkg/version.Version": f"v{KUBERNETES_PLUGIN_VERSION}"},
    before=embed_schema,
)
SERVERS = (
    Tool("etcd", {"etcd": "go.etcd.io/etcd/server/v3"}),
    Tool(
        "kubernetes",
        {
            name: f"k8s.io/kubernetes/cmd/{name}"
            for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
        },
        {f"{_COMPONENT}.gitVersion": "v1.36.1", f"{_COMPONENT}.gitMajor": "1", f"{_COMPONENT}.gitMinor": "36"},
    ),
    Tool("kwok", {"kwok": "sigs.k8s.io/kwok/cmd/kwok"}),
    Tool("helm", {"helm": "helm.sh/helm/v3/cmd/helm"}),
)
