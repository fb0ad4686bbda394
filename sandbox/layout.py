"""Where things are: in the checkout, and below its `.sandbox/`."""

from dataclasses import dataclass
from pathlib import Path

CODE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one sandbox."""

    root: Path = CODE

    @property
    def home(self) -> Path:
        """Everything a run leaves behind; `down` removes it."""
        return self.root / ".sandbox"

    @property
    def bin(self) -> Path:
        """Executables of this checkout, first on PATH."""
        return self.home / "bin"

    @property
    def state(self) -> Path:
        """What runs, on which ports."""
        return self.home / "state.json"

    @property
    def logs(self) -> Path:
        """One log file a server."""
        return self.home / "logs"

    @property
    def kubeconfig(self) -> Path:
        """One file, one context a cluster."""
        return self.home / "kubeconfig"

    @property
    def pulumi_home(self) -> Path:
        """PULUMI_HOME: plugins and credentials of this checkout only."""
        return self.home / "pulumi"

    @property
    def backend(self) -> Path:
        """The stacks' states."""
        return self.home / "backend"

    def cluster(self, name: str) -> Path:
        """Name the folder of one cluster's data."""
        return self.home / "clusters" / name

    def certificate(self, name: str) -> Path:
        """Name the certificate that the API server of a cluster made for itself."""
        return self.cluster(name) / "certs" / "apiserver.crt"
