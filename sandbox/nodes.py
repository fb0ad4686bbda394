"""What a new cluster is given: nodes with room and labels, and a storage class whose volumes bind and go away."""

from collections.abc import Iterator

from sandbox.api import Api

REGIONS = {"eu": "eu-west-1", "us": "us-east-1", "ap": "ap-southeast-1"}
CAPACITY = {"cpu": "64", "memory": "256Gi", "pods": "500", "ephemeral-storage": "500Gi"}


def region(cluster: str) -> str:
    """Name the cloud region that a cluster plays: `eu-1` is in eu-west-1."""
    return REGIONS.get(cluster.partition("-")[0], cluster)


def nodes(cluster: str, count: int = 4) -> Iterator[dict[str, object]]:
    """Describe the nodes, spread over three zones."""
    for number in range(count):
        labels = {
            "kubernetes.io/hostname": f"{cluster}-node-{number}",
            "kubernetes.io/os": "linux",
            "kubernetes.io/arch": "amd64",
            "topology.kubernetes.io/region": region(cluster),
            "topology.kubernetes.io/zone": region(cluster) + "abc"[number % 3],
        }
        yield {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": f"{cluster}-node-{number}", "labels": labels},
            "status": {"capacity": CAPACITY, "allocatable": CAPACITY},
        }


def storage_class() -> dict[str, object]:
    """Describe the default class: the controller manager makes a volume a claim and removes it with the claim."""
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {
            "name": "standard",
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
        },
        "provisioner": "kubernetes.io/host-path",
        "volumeBindingMode": "WaitForFirstConsumer",
        "reclaimPolicy": "Delete",
    }


def furnish(api: Api, cluster: str) -> None:
    """Create what is not there yet."""
    api.ensure("/apis/storage.k8s.io/v1/storageclasses", storage_class())
    for node in nodes(cluster):
        api.ensure("/api/v1/nodes", node)


def are_ready(api: Api) -> bool:
    """Say whether pods can be scheduled on every node."""
    found = api.call("/api/v1/nodes")["items"]
    return bool(found) and not any(node["spec"].get("taints") for node in found)


def volume_folders(api: Api) -> list[str]:
    """List the host folders that the controller manager made for volumes."""
    volumes = api.call("/api/v1/persistentvolumes")["items"]
    return [volume["spec"]["hostPath"]["path"] for volume in volumes if "hostPath" in volume["spec"]]
