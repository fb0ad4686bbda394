"""The command lines of a control plane's servers: loopback only, tuned for many small objects in a short time."""

from collections.abc import Callable, Mapping
from pathlib import Path

from sandbox.layout import Layout
from sandbox.state import Cluster

CONCURRENT = ("deployment", "endpoint", "gc", "job", "namespace", "replicaset", "resource-quota", "service-endpoint",
              "serviceaccount-token", "statefulset")  # fmt: skip


def etcd(layout: Layout, cluster: Cluster) -> list[str]:
    """Give the command of the store. Without fsync a power cut may lose data: made-up data."""
    peer = f"http://127.0.0.1:{cluster.peer_port}"
    client = f"http://127.0.0.1:{cluster.etcd_port}"
    return [
        str(layout.bin / "etcd"),
        f"--name={cluster.name}",
        f"--data-dir={layout.cluster(cluster.name) / 'etcd'}",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster={cluster.name}={peer}",
        "--unsafe-no-fsync",
        "--log-level=warn",
    ]


def api_server(layout: Layout, cluster: Cluster) -> list[str]:
    """Give the command of the API server: RBAC, tokens from a file, keys made for this cluster."""
    data = layout.cluster(cluster.name)
    return [
        str(layout.bin / "kube-apiserver"),
        f"--etcd-servers=http://127.0.0.1:{cluster.etcd_port}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        f"--secure-port={cluster.api_port}",
        f"--cert-dir={data / 'certs'}",
        "--authorization-mode=RBAC",
        f"--token-auth-file={data / 'tokens.csv'}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={data / 'service-account.key'}",
        f"--service-account-signing-key-file={data / 'service-account.key'}",
        "--service-cluster-ip-range=10.96.0.0/12",
        "--max-requests-inflight=2000",
        "--max-mutating-requests-inflight=1000",
        "--min-request-timeout=300",
        "--profiling=false",
    ]


def controller_manager(layout: Layout, cluster: Cluster) -> list[str]:
    """Give the command of the controllers; the defaults for speed are for clusters that share their API server."""
    return [
        str(layout.bin / "kube-controller-manager"),
        f"--kubeconfig={admin_file(layout, cluster)}",
        f"--service-account-private-key-file={layout.cluster(cluster.name) / 'service-account.key'}",
        f"--root-ca-file={layout.certificate(cluster.name)}",
        # As everywhere: each controller is somebody of its own to roles and policies, not the administrator.
        "--use-service-account-credentials",
        "--enable-hostpath-provisioner",
        "--leader-elect=false",
        "--secure-port=0",
        "--kube-api-qps=2000",
        "--kube-api-burst=4000",
        "--node-monitor-grace-period=120s",
        "--resource-quota-sync-period=10s",
        "--pvclaimbinder-sync-period=2s",
        *(f"--concurrent-{kind}-syncs=20" for kind in CONCURRENT),
    ]


def scheduler(layout: Layout, cluster: Cluster) -> list[str]:
    """Give the command of the scheduler."""
    return [
        str(layout.bin / "kube-scheduler"),
        f"--kubeconfig={admin_file(layout, cluster)}",
        "--leader-elect=false",
        "--secure-port=0",
        "--kube-api-qps=2000",
        "--kube-api-burst=4000",
    ]


def kwok(layout: Layout, cluster: Cluster) -> list[str]:
    """Give the command of the kubelets' double; its default range of addresses would end at 254 pods."""
    return [
        str(layout.bin / "kwok"),
        f"--kubeconfig={admin_file(layout, cluster)}",
        f"--config={stages_file(layout, cluster)}",
        "--manage-all-nodes=true",
        "--node-lease-duration-seconds=40",
        "--cidr=10.0.0.0/12",
    ]


def admin_file(layout: Layout, cluster: Cluster) -> Path:
    """Name the kubeconfig of the cluster's own servers."""
    return layout.cluster(cluster.name) / "kubeconfig"


def stages_file(layout: Layout, cluster: Cluster) -> Path:
    """Name the file of kwok's stages."""
    return layout.cluster(cluster.name) / "stages.yaml"


COMMANDS: Mapping[str, Callable[[Layout, Cluster], list[str]]] = {
    "etcd": etcd,
    "api_server": api_server,
    "controller_manager": controller_manager,
    "scheduler": scheduler,
    "kwok": kwok,
}
