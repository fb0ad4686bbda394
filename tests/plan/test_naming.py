"""Physical names: within the limit of what carries them, and never the same for two."""

import re

from hypothesis import given
from hypothesis import strategies as st

from appofapps.plan.naming import CRON_JOB_LIMIT, NAMESPACE_LIMIT, physical_name

alphabet = "ab-9"
names = st.one_of(st.text(alphabet, max_size=4), st.text(alphabet, min_size=36, max_size=38)).map("a{}z".format)
"""Short ones, and those at the limit of 40, where it matters."""
limits = st.sampled_from([CRON_JOB_LIMIT, NAMESPACE_LIMIT])


@given(names, names, limits)
def test_a_name_is_a_dns_label_within_its_limit(environment: str, child: str, limit: int) -> None:
    """Whatever the parts, the name is one that Kubernetes takes."""
    name = physical_name(environment, child, limit=limit)

    assert len(name) <= limit
    assert re.fullmatch(r"[a-z]([-a-z0-9]*[a-z0-9])?", name)


@given(names, st.lists(names, min_size=2, max_size=20, unique=True), limits)
def test_two_children_of_an_environment_never_share_a_name(environment: str, children: list[str], limit: int) -> None:
    """Names that are cut end in a hash of the whole, so that they differ where the wholes do."""
    assert len({physical_name(environment, child, limit=limit) for child in children}) == len(children)


@given(names, names)
def test_a_short_name_is_as_written(environment: str, child: str) -> None:
    """People find what they wrote, wherever it fits."""
    whole = f"{environment}-{child}"

    assert physical_name(environment, child, limit=len(whole)) == whole
