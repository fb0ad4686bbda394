"""A configured provider: credentials, regions, default tags, and boto3 clients."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config

from sandbox.aws.wire import UNKNOWN, Props

# moto answers on an address, not on a name per bucket.
_CLIENT = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}, max_pool_connections=64)


class Cloud:
    """One provider resource and its configuration; values arrive as text, nested ones as JSON."""

    def __init__(self, config: Props) -> None:
        self._config = {key: _parsed(value) for key, value in config.items() if value != UNKNOWN}
        self._endpoints = {key: url for group in self._config.get("endpoints", []) for key, url in group.items()}
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    @property
    def default_region(self) -> str | None:
        """The region of resources that name none."""
        return self._config.get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")

    @property
    def default_tags(self) -> dict[str, str]:
        """The tags every resource gets."""
        return (self._config.get("defaultTags") or {}).get("tags") or {}

    @property
    def has_endpoint(self) -> bool:
        """Whether something other than the real AWS answers."""
        return bool(self._endpoints or os.environ.get("AWS_ENDPOINT_URL"))

    def region(self, name: str | None) -> Region:
        """Return a region to work in, the provider's own by default."""
        return Region(self, name or self.default_region or "us-east-1")

    def client(self, service: str, region: str) -> Any:  # noqa: ANN401  (boto3 makes the class at run time)
        """Return the client of a service; clients are shared between threads, making one is not safe."""
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._session.client(
                    service,  # type: ignore[call-overload]
                    region_name=region,
                    endpoint_url=self._endpoints.get(service),
                    config=_CLIENT,
                )
            return self._clients[service, region]

    @cached_property
    def _session(self) -> boto3.session.Session:
        return boto3.session.Session(
            aws_access_key_id=self._config.get("accessKey"),
            aws_secret_access_key=self._config.get("secretKey"),
            aws_session_token=self._config.get("token"),
            profile_name=self._config.get("profile"),
        )


@dataclass(frozen=True, slots=True)
class Region:
    """A region of a configured provider."""

    cloud: Cloud
    name: str

    def client(self, service: str) -> Any:  # noqa: ANN401  (boto3 makes the class at run time)
        """Return the client of a service in this region."""
        return self.cloud.client(service, self.name)


def _parsed(value: Any) -> Any:  # noqa: ANN401  (JSON)
    if isinstance(value, str) and value[:1] in ("{", "["):
        return json.loads(value)
    return value
