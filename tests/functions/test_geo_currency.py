"""The edge function geo-currency."""

from typing import Any

import pytest


def event(**headers: str) -> dict[str, Any]:
    """Return an origin request as Lambda@Edge gets it."""
    named = {name.replace("_", "-"): [{"key": name, "value": value}] for name, value in headers.items()}
    return {"Records": [{"cf": {"config": {}, "request": {"uri": "/", "method": "GET", "headers": named}}}]}


@pytest.mark.parametrize(("country", "currency"), [("DE", "EUR"), ("gb", "GBP"), ("US", "USD"), ("JP", "EUR")])
def test_the_country_decides(load, country, currency):
    """Countries without a currency of ours pay in euros."""
    request = load("geo-currency").handle(event(cloudfront_viewer_country=country), None)
    assert request["headers"]["x-shop-currency"] == [{"key": "X-Shop-Currency", "value": currency}]


def test_what_a_viewer_claims_does_not_count(load):
    """The header is ours alone; the rest of the request goes on as it came."""
    request = load("geo-currency").handle(event(x_shop_currency="XXX", host="shop"), None)
    assert request["headers"]["x-shop-currency"][0]["value"] == "EUR"
    assert request["headers"]["host"][0]["value"] == "shop"
