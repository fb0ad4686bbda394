"""The digest of a plan: it changes when resources would, and not otherwise."""

from dataclasses import replace
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from appofapps.catalog.catalog import Code
from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import StackTarget
from appofapps.plan.digest import digest
from appofapps.plan.resolve import resolve
from tests.plan.catalogs import CLUSTERS, catalog, children, cluster, environment, workload

DEV = StackTarget(environment="dev")
EU = (cluster("eu-1"),)


@given(children(), st.randoms(use_true_random=False))
def test_it_does_not_depend_on_the_order_of_files(given_children: list[Child], random: Random) -> None:
    """The same catalog has the same digest on every machine."""
    shuffled = [*given_children]
    random.shuffle(shuffled)

    assert digest(resolve(catalog(shuffled, CLUSTERS), DEV)) == digest(resolve(catalog(given_children, CLUSTERS), DEV))


def test_it_changes_with_what_is_deployed() -> None:
    """A child, its version, its size in this place, a label of the cluster, the code it is made of."""
    here = {"overrides": [{"clusters": {"name": "eu-1"}, "profile": {"replicas": 2}}]}
    code = Code(Path("/a"), "sha256:1")
    plain = resolve(catalog([workload("cart")], EU), DEV)
    plans = [
        plain,
        resolve(catalog([workload("cart"), workload("web")], EU), DEV),
        resolve(catalog([workload("cart", version="1.0.1")], EU), DEV),
        resolve(catalog([workload("cart", **here)], EU), DEV),
        resolve(catalog([workload("cart")], [cluster("eu-1", tier="live")]), DEV),
        replace(plain, children=(replace(plain.children[0], code=code),)),
        replace(plain, children=(replace(plain.children[0], code=replace(code, digest="sha256:2")),)),
    ]

    assert len({digest(plan) for plan in plans}) == len(plans)


def test_it_stays_with_what_is_none_of_the_stacks_business() -> None:
    """Another cluster, another environment, the folder of a checkout: nothing here changes with them."""
    plain = resolve(catalog([workload("cart")], EU), DEV)
    child = plain.children[0]
    in_one, in_other = (
        replace(plain, children=(replace(child, code=Code(Path(folder), "sha256:1")),)) for folder in ("/a", "/b")
    )
    clusters = [*EU, cluster("us-1", region="us-east-1")]
    wider = catalog([workload("cart")], clusters, [environment("dev", region="eu-west-1"), environment("qa")])

    assert digest(in_one) == digest(in_other)
    assert digest(resolve(wider, DEV)) == digest(plain)
