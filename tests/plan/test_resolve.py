"""Resolution: the same catalog gives the same plan, in order, and stacks share an environment out."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from appofapps.catalog.models.kinds import Child
from appofapps.catalog.models.parent import StackTarget
from appofapps.plan.partition import owners, stack_needs
from appofapps.plan.plan import Address
from appofapps.plan.resolve import resolve
from tests.plan.catalogs import CLUSTERS, catalog, children, cluster, workload

DEV = StackTarget(environment="dev")


@given(children(), st.randoms(use_true_random=False))
def test_the_plan_does_not_depend_on_the_order_of_files(given_children: list[Child], random: Random) -> None:
    """Whatever order the files were read in, the plan is the same, child for child."""
    shuffled, clusters = [*given_children], [*CLUSTERS]
    random.shuffle(shuffled)
    random.shuffle(clusters)

    assert (
        resolve(catalog(shuffled, clusters), DEV).children == resolve(catalog(given_children, CLUSTERS), DEV).children
    )


@given(children())
def test_every_need_comes_before_its_dependent(given_children: list[Child]) -> None:
    """A child comes after all it needs, in all the places it needs it in."""
    plan = resolve(catalog(given_children, CLUSTERS), DEV)

    position = {planned.address: index for index, planned in enumerate(plan.children)}
    for planned in plan.children:
        assert all(position[need] < position[planned.address] for need in planned.needs)
        assert {need.child for need in planned.needs} == set(planned.child.needs)
        assert planned.outside_needs == ()


@given(children())
@settings(max_examples=50)
def test_stacks_by_cluster_and_label_share_the_environment_out(given_children: list[Child]) -> None:
    """Stacks that divide by cluster and label take every child once; what one lacks of its needs, another has."""
    everything = catalog(given_children, CLUSTERS)
    stacks = {
        f"{each.name}-{part}": StackTarget(environment="dev", clusters={"name": each.name}, select={"slice": part})
        for each in CLUSTERS
        for part in ("one", "two")
    }

    owned = owners(everything, stacks, "dev")

    whole = resolve(everything, DEV)
    assert owned.keys() == whole.by_address.keys()
    assert all(len(names) == 1 for names in owned.values())
    for address, planned in whole.by_address.items():
        needed = {owned[need][0] for need in planned.needs} - {owned[address][0]}
        assert needed <= stack_needs(everything, owned, "dev")[owned[address][0]]


def test_a_need_is_waited_for_in_the_same_place_else_everywhere() -> None:
    """`needs` means the copy beside it where there is one, and all copies where there is none."""
    two = (cluster("eu-1"), cluster("us-1", region="us-east-1"))
    everywhere, one = workload("everywhere"), workload("one", target={"clusters": {"name": "us-1"}})
    plan = resolve(catalog([everywhere, one, workload("shop", "everywhere", "one")], two), DEV)

    assert plan.by_address[Address("shop", "eu-1")].needs == (Address("everywhere", "eu-1"), Address("one", "us-1"))
    assert plan.by_address[Address("shop", "us-1")].needs == (Address("everywhere", "us-1"), Address("one", "us-1"))


def test_a_need_opens_the_way_to_its_ports_and_nothing_else() -> None:
    """Traffic is allowed from a dependent to what it needs, in the cluster they share."""
    plan = resolve(catalog([workload("orders"), workload("cart", "orders"), workload("stranger")]), DEV)

    cart, orders, stranger = (plan.by_address[Address(name, "eu-1")] for name in ("cart", "orders", "stranger"))
    assert [(peer.namespace, peer.ports) for peer in cart.egress] == [("dev-orders", ((8080, "TCP"),))]
    assert [(peer.namespace, peer.ports) for peer in orders.ingress] == [("dev-cart", ((8080, "TCP"),))]
    assert (stranger.egress, stranger.ingress) == ((), ())


def test_a_renamed_child_keeps_its_physical_name_and_selector() -> None:
    """`moved_from` keeps namespace and selector, so that renaming replaces nothing."""
    before = resolve(catalog([workload("cart")]), DEV).children[0]
    after = resolve(catalog([workload("basket", moved_from="cart")]), DEV).children[0]

    assert (after.name, after.selector) == (before.name, before.selector)
    assert (after.logical_name, after.former_logical_name) == ("basket@eu-1", before.logical_name)
