"""Order: whatever a node needs comes first, and circles are found exactly where there are some."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise

from hypothesis import given

from appofapps.plan.order import cycles, waves
from tests.plan.catalogs import graphs, ordered_graphs

Graph = Mapping[str, AbstractSet[str]]


def reaches_itself(graph: Graph, start: str) -> bool:
    """Tell whether a node is on a circle, by walking from it."""
    seen, ahead = set[str](), list(graph[start])
    while ahead:
        node = ahead.pop()
        if node not in seen:
            seen.add(node)
            ahead += graph[node]
    return start in seen


@given(ordered_graphs)
def test_needs_are_in_earlier_waves(graph: Graph) -> None:
    """Every node is in one wave, and everything it needs is in an earlier one."""
    found = waves(graph)

    wave_of = {node: index for index, wave in enumerate(found) for node in wave}
    assert wave_of.keys() == graph.keys()
    assert sum(map(len, found)) == len(graph)
    assert all(wave_of[need] < wave_of[node] for node, needs in graph.items() for need in needs)


@given(ordered_graphs)
def test_the_order_does_not_depend_on_that_of_the_files(graph: Graph) -> None:
    """The same needs give the same waves, whichever file came first."""
    assert waves(graph) == waves(dict(reversed(graph.items())))


@given(graphs)
def test_cycles_are_found_exactly_when_there_are_some(graph: Graph) -> None:
    """A circle is found if, and only if, some node reaches itself."""
    assert bool(cycles(graph)) == any(reaches_itself(graph, node) for node in graph)


@given(graphs)
def test_a_cycle_is_a_path_of_needs_back_to_its_start(graph: Graph) -> None:
    """Each step of a printed circle is a need that somebody wrote, and cutting one of each leaves none."""
    rest = {node: set(needs) for node, needs in graph.items()}
    for cycle in cycles(graph):
        assert cycle[0] == cycle[-1]
        assert all(need in graph[node] for node, need in pairwise(cycle))
        rest[cycle[0]].discard(cycle[1])

    assert cycles(rest) == ()
