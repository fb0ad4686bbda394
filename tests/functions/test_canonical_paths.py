"""The edge function canonical-paths: its JavaScript in QuickJS, called as CloudFront calls it."""

import json
from pathlib import Path
from typing import Any

import pytest
import quickjs

CODE = Path(__file__).parents[2] / "catalog/functions/canonical-paths/function.js"


def handle(uri: str, **querystring: Any) -> dict[str, Any]:
    """Return what the function answers to a viewer's request: a request goes on, a response goes back."""
    event = {"version": "1.0", "request": {"method": "GET", "uri": uri, "querystring": querystring, "headers": {}}}
    context = quickjs.Context()
    context.eval(CODE.read_text())
    answer: dict[str, Any] = json.loads(context.eval(f"JSON.stringify(handler({json.dumps(event)}))"))
    return answer


@pytest.mark.parametrize("uri", ["/", "/cart", "/products/7", "/.well-known/x"])
def test_a_canonical_path_goes_on_untouched(uri: str) -> None:
    """The request itself is returned."""
    assert handle(uri)["uri"] == uri


@pytest.mark.parametrize(
    ("uri", "location"),
    [("/cart/", "/cart"), ("//cart//items/", "/cart/items"), ("//evil.example/", "/evil.example"), ("//", "/")],
)
def test_any_other_path_moves_for_good_and_on_this_host(uri: str, location: str) -> None:
    """Not even a path of two slashes leads to another host."""
    answer = handle(uri)
    assert (answer["statusCode"], answer["headers"]["location"]["value"]) == (301, location)


def test_the_query_stays() -> None:
    """With names given twice, and with names without a value."""
    query = {"q": {"value": "a%20b"}, "tag": {"value": "1", "multiValue": [{"value": "1"}, {"value": "2"}]}}
    answer = handle("/search/", **query, debug={"value": ""})
    assert answer["headers"]["location"]["value"] == "/search?q=a%20b&tag=1&tag=2&debug"
