"""The engine's ways into the world: one provider a cluster, one a region. No address and no credential is kept here."""

import os
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from appofapps.catalog.models.kinds import Child
from appofapps.plan.plan import Place, Plan, PlannedChild, touches_aws
from components.frozen import recorded
from components.last import Last


class Providers:
    """The providers of one stack."""

    def __init__(self, plan: Plan, parent: pulumi.Resource, last: Last) -> None:
        options = pulumi.ResourceOptions(parent=parent)
        account = plan.environment.aws_account
        used = {planned.address: _packages(planned, last) for planned in plan.children}
        clusters = {p.place.name for p in plan.children if "kubernetes" in used[p.address]}
        regions = {p.place.region for p in plan.children if "aws" in used[p.address]}
        self._clusters = {name: _cluster(name, options) for name in sorted(clusters)}
        self._regions = {region: _region(region, account, options) for region in sorted(regions)}

    def of(self, place: Place) -> Sequence[pulumi.ProviderResource]:
        """Return the providers for what a child has in a place: its cluster, its region."""
        found = (self._clusters.get(place.name), self._regions.get(place.region))
        return [provider for provider in found if provider]


def _packages(planned: PlannedChild[Child], last: Last) -> frozenset[str]:
    """Return the packages that a child's resources are of; a paused child's are those it has."""
    if planned.child.paused:
        return frozenset(each.types[-1].partition(":")[0] for each in recorded(planned, last))
    found = {"kubernetes": planned.place.cluster is not None, "aws": touches_aws(planned)}
    return frozenset(package for package, used in found.items() if used)


def _cluster(name: str, options: pulumi.ResourceOptions) -> kubernetes.Provider:
    return kubernetes.Provider(
        name,
        context=name,
        # Empty: KUBECONFIG leads the way at every run; left out, the SDK would write its value into the state.
        kubeconfig="",
        # The cluster's identity is its name: a new address or certificate replaces nothing.
        cluster_identifier=name,
        # The default, 50 calls a second, makes a refresh of 350 resources take twice as long (`make bench`). The API
        # server shares itself out among its clients: https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
        kube_client_settings=kubernetes.KubeClientSettingsArgs(qps=200, burst=400),
        # ConfigMaps of ours are immutable and have a name for each content; those of others change in place, as with
        # kubectl and helm, instead of being away for a moment.
        enable_config_map_mutable=True,
        # A cluster out of reach keeps its children in the state, and its updates fail instead of passing unapplied.
        delete_unreachable=False,
        skip_update_unreachable=False,
        opts=options,
    )


def _region(name: str, account: str, options: pulumi.ResourceOptions) -> aws.Provider:
    return aws.Provider(
        f"aws-{name}",
        region=name,
        allowed_account_ids=[account],
        # Stand-ins for AWS have one host for all buckets.
        s3_use_path_style="AWS_ENDPOINT_URL" in os.environ or None,
        opts=options,
    )
