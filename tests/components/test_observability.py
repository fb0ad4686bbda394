"""Collectors: workloads whose configuration is generated."""

from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from appofapps.catalog.problems import CatalogError
from tests.components.catalogs import child, plan
from tests.components.conftest import Deploy

PORT = {"ports": [{"port": 8080}]}


def configuration(made: Any) -> dict[str, Any]:
    """Return what the collector reads."""
    return dict(yaml.safe_load(made.named("otel@eu-1/config").inputs["data"]["collector.yaml"]))


def test_a_minimal_collector(deploy: Deploy) -> None:
    """It takes OTLP in, sends it on, reads its configuration from a file, and is asked for its health."""
    engine = deploy(child("otel", "observability"))
    made = configuration(engine)
    (box,) = engine.named("otel@eu-1/deployment").inputs["spec"]["template"]["spec"]["containers"]

    assert made["receivers"] == {
        "otlp": {"protocols": {"grpc": {"endpoint": "0.0.0.0:4317"}, "http": {"endpoint": "0.0.0.0:4318"}}},
    }
    assert made["exporters"] == {"otlphttp": {"endpoint": "https://otlp.example.org"}}
    assert set(made["service"]["pipelines"]) == {"metrics", "traces", "logs"}
    assert box["args"] == ["--config=/etc/collector/collector.yaml"]
    assert box["readinessProbe"]["httpGet"] == {"path": "/", "port": 13133}
    assert [port["port"] for port in engine.named("otel@eu-1/service").inputs["spec"]["ports"]] == [4317, 4318]


def test_every_pod_is_scraped(deploy: Deploy) -> None:
    """A name that resolves to each pod of the child, also of a renamed one; targets are told apart."""
    cart = child("cart", spec=PORT, moved_from="basket")
    engine = deploy(cart, child("otel", "observability", needs=["cart"], spec={"scrape": ["cart"]}))
    names = engine.named("otel@eu-1/pods-cart").inputs
    (scrape,) = configuration(engine)["receivers"]["prometheus"]["config"]["scrape_configs"]

    assert (names["metadata"]["name"], names["metadata"]["namespace"]) == ("dev-otel", "dev-basket")
    assert names["spec"]["clusterIP"] == "None"
    pods = engine.named("cart@eu-1/deployment").inputs["spec"]["template"]["metadata"]["labels"]
    assert names["spec"]["selector"].items() <= pods.items()
    assert scrape["dns_sd_configs"] == [{"names": ["dev-otel.dev-basket.svc.cluster.local"], "type": "A", "port": 8080}]
    assert {each["target_label"]: each["replacement"] for each in scrape["relabel_configs"]} == {
        "child": "cart", "environment": "dev",
    }  # fmt: skip


def test_pods_are_found_by_our_labels() -> None:
    """A chart's pods have them, under `engine: chart`; what helm's own engine makes is as the chart has it."""
    collector = child("otel", "observability", spec={"scrape": ["shop"]}, needs=["shop"])
    plan(child("shop", "helm", spec={"ports": [{"port": 80}]}), collector)
    with pytest.raises(CatalogError, match="'shop' opens no port that 'otel' could find"):
        plan(child("shop", "helm", spec={"ports": [{"port": 80}], "engine": "release"}), collector)


def test_those_who_need_it_may_send_to_it(deploy: Deploy) -> None:
    """Like any need: the network is open for them, and they start when it is ready."""
    engine = deploy(child("otel", "observability"), child("cart", needs=["otel"]))
    policy = engine.named("otel@eu-1/network-policy").inputs["spec"]

    assert [port["port"] for port in policy["ingress"][0]["ports"]] == [4317, 4318]
    assert engine.named("cart@eu-1/namespace").depends_on == {"otel@eu-1/deployment"}


@pytest.mark.parametrize(
    ("spec", "words"),
    [({"scrape": ["cart"]}, "not in needs: cart"), ({"config": {"A": "b"}}, "config: generated for a collector")],
)
def test_what_makes_no_sense_is_refused(spec: dict[str, Any], words: str) -> None:
    """Scraping needs the network; a configuration by hand would be replaced."""
    with pytest.raises(ValidationError, match=words):
        child("otel", "observability", spec=spec)
