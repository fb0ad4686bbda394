"""The function exchange-rates."""

import json

import boto3
import pytest


def source(**rates: float):
    """Return a fetcher of some rates."""
    return lambda _url: json.dumps({"base": "EUR", "rates": rates}).encode()


def kept() -> dict[str, float]:
    """Return the rates the shop would read."""
    return json.loads(boto3.client("ssm").get_parameter(Name="/dev-function/latest")["Parameter"]["Value"])


def test_todays_rates_replace_yesterdays(load, context, aws):
    """The parameter carries the function's name, which leads with the environment."""
    handle = load("exchange-rates").handle
    assert handle({}, context, source(USD=1.08, GBP=0.85)) == {"currencies": 2}
    handle({}, context, source(USD=1.10, GBP=0.86))
    assert kept() == {"USD": 1.10, "GBP": 0.86}


@pytest.mark.parametrize("rates", [{"USD": 1.4}, {"USD": 0.0}, {"USD": -1.08}, {"GBP": 0.85}, {}])
def test_implausible_rates_are_refused_and_the_last_good_ones_stay(load, context, aws, rates):
    """A jump, a zero, a missing currency: the run fails, customers pay by the last good rates."""
    module = load("exchange-rates")
    module.handle({}, context, source(USD=1.08))
    with pytest.raises(module.ImplausibleRatesError):
        module.handle({}, context, source(**rates))
    assert kept() == {"USD": 1.08}


def test_rates_of_another_base_are_refused(load, context, aws):
    """Rates per dollar would be plausible numbers, and all wrong."""
    module = load("exchange-rates")
    with pytest.raises(module.ImplausibleRatesError, match="USD, not EUR"):
        module.handle({}, context, lambda _url: b'{"base": "USD", "rates": {"EUR": 0.93}}')


def test_only_https_is_fetched(load):
    """Rates that anybody on the way could change, or a local file, are not fetched."""
    with pytest.raises(ValueError, match="https://"):
        load("exchange-rates").fetch("file:///etc/passwd")
