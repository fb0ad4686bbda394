"""Turns suppliers' prices into ours: a step of the pipeline supplier-feed."""

import json
import os
from decimal import ROUND_UP, Decimal
from typing import Any

CENT = Decimal("0.01")


def handle(events: list[dict[str, Any]], _context: object) -> list[dict[str, Any]]:
    """Return the offers with our price; an exception makes the pipe try again, and then set aside."""
    return [_priced(json.loads(event["body"])) for event in events]


def _priced(offer: dict[str, Any]) -> dict[str, Any]:
    bought = Decimal(str(offer["price"]))
    if bought <= 0:
        raise ValueError(f"offer {offer['sku']} of {offer['supplier']} has the price {bought}")
    margin = Decimal(os.environ["MARGIN_PERCENT"]) / 100
    return {**offer, "our_price": str((bought * (1 + margin)).quantize(CENT, rounding=ROUND_UP))}
