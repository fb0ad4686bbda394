"""Fetch the day's exchange rates and keep them where the shop reads them: a parameter of Systems Manager."""

import json
import os
import urllib.request
from collections.abc import Callable
from functools import cache
from typing import Final, Protocol

import boto3

MOST_CHANGE: Final = 0.2
"""A rate that moves by more than this between two runs is a mistake until somebody looks."""

Rates = dict[str, float]
"""Units of a currency for one euro."""


class Context(Protocol):
    """What Lambda tells about the running function."""

    function_name: str


class ImplausibleRatesError(Exception):
    """The source sent rates nobody should be charged by; the last good ones stay."""


_ssm = cache(lambda: boto3.client("ssm"))


def fetch(url: str) -> bytes:
    """Return what an HTTPS address holds."""
    if not url.startswith("https://"):
        raise ValueError(f"RATES_URL must start with https://, not {url!r}")
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 (https only, see above)
        content: bytes = answer.read()
    return content


def parse(content: bytes) -> Rates:
    """Return the rates of an answer such as `{"base": "EUR", "rates": {"USD": 1.08}}`."""
    answer = json.loads(content)
    if answer["base"] != "EUR":
        raise ImplausibleRatesError(f"rates are for {answer['base']}, not EUR")
    return {currency: float(rate) for currency, rate in answer["rates"].items()}


def check(rates: Rates, last: Rates) -> None:
    """Raise ImplausibleRatesError for rates that vanish, are not positive, or jump."""
    for currency, before in last.items():
        rate = rates.get(currency, 0.0)
        if rate <= 0 or abs(rate / before - 1) > MOST_CHANGE:
            raise ImplausibleRatesError(f"{currency} went from {before} to {rates.get(currency)}")


def load(parameter: str) -> Rates:
    """Return the rates kept last; none before the first run."""
    try:
        value = _ssm().get_parameter(Name=parameter)["Parameter"]["Value"]
    except _ssm().exceptions.ParameterNotFound:
        return {}
    rates: Rates = json.loads(value)
    return rates


def handle(_event: object, context: Context, fetch: Callable[[str], bytes] = fetch) -> dict[str, int]:
    """Replace the kept rates by today's, if those are plausible."""
    # The function's own name leads with the environment, so that dev and prod never share a parameter.
    parameter = f"/{context.function_name}/latest"
    rates = parse(fetch(os.environ["RATES_URL"]))
    check(rates, load(parameter))
    _ssm().put_parameter(Name=parameter, Value=json.dumps(rates, sort_keys=True), Type="String", Overwrite=True)
    return {"currencies": len(rates)}
