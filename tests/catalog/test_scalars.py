"""Quantities and durations: what people write, and the numbers they stand for."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from appofapps.catalog.models.base import Seconds
from appofapps.catalog.models.quantity import parse_quantity

SECONDS = TypeAdapter(Seconds)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("250m", "0.25"),
        ("2", "2"),
        ("1.5", "1.5"),
        ("64Mi", "67108864"),
        ("1k", "1000"),
        ("1Ki", "1024"),
        ("2G", "2e9"),
    ],
)
def test_a_quantity_is_the_number_kubernetes_reads(text: str, number: str) -> None:
    """Decimal and binary suffixes, as Kubernetes has them."""
    assert parse_quantity(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "m", "64MB", "1,5", "-1", "1 Gi", "1e", "Mi64", "٣"])
def test_what_kubernetes_would_not_read_is_refused(text: str) -> None:
    """A quantity that only looks like one is an error with an example."""
    with pytest.raises(ValueError, match="write it like 250m, 2 or 512Mi"):
        parse_quantity(text)


@given(st.integers(0, 10**9))
def test_a_thousand_millis_are_one(number: int) -> None:
    """`1000m` is `1`, whatever the number."""
    assert parse_quantity(f"{number * 1000}m") == parse_quantity(str(number))


@pytest.mark.parametrize(("text", "seconds"), [(90, 90), ("90s", 90), ("2m", 120), ("1h", 3600), ("30d", 2592000)])
def test_a_duration_is_seconds(text: str | int, seconds: int) -> None:
    """Durations are kept in seconds, however they are written."""
    assert SECONDS.validate_python(text) == seconds


@pytest.mark.parametrize("text", ["2 minutes", "m", "1.5h", "", 0, -5, "0s", "1h30m"])
def test_what_is_no_duration_is_refused(text: str | int) -> None:
    """Nothing is guessed, and nothing lasts no time at all."""
    with pytest.raises(ValidationError):
        SECONDS.validate_python(text)
