"""Tells the shop in which currency a viewer thinks, from the country that CloudFront sees.

Lambda@Edge, on origin-request: it runs only where the cache has no answer, and the header is part of the cache's key,
so each currency is cached apart. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html
"""

from typing import Any

COUNTRY = "cloudfront-viewer-country"
CURRENCY = "x-shop-currency"

EURO = frozenset({
    "AT", "BE", "CY", "DE", "EE", "ES", "FI", "FR", "GR",
    "HR", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PT", "SI", "SK",
})  # fmt: skip
OTHERS = {"GB": "GBP", "CH": "CHF", "US": "USD"}
DEFAULT = "EUR"


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return the request with the currency's header; whatever the viewer sent under that name is replaced."""
    request: dict[str, Any] = event["Records"][0]["cf"]["request"]
    country = request["headers"].get(COUNTRY, [{"value": ""}])[0]["value"].upper()
    value = DEFAULT if country in EURO else OTHERS.get(country, DEFAULT)
    request["headers"][CURRENCY] = [{"key": "X-Shop-Currency", "value": value}]
    return request
