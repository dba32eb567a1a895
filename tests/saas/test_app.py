"""The app: whom it believes about where a request comes from."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask, request

from charterway import create_app
from saas.config import Config

PROXY = "10.0.0.1"


@pytest.mark.parametrize(("trusted", "seen"), [(0, PROXY), (1, "198.51.100.7"), (2, "203.0.113.9")])
def test_a_client_is_named_by_as_many_proxies_as_we_have_and_by_nobody_else(
    built_app: Flask, config: Config, trusted: int, seen: str
) -> None:
    app = create_app(replace(config, trusted_proxies=trusted), TESTING=True, JOBS_BY_HAND=True)
    addresses: list[str | None] = []
    app.before_request(lambda: addresses.append(request.remote_addr))
    forwarded = {"X-Forwarded-For": "192.0.2.1, 203.0.113.9, 198.51.100.7"}
    app.test_client().get("/healthz", headers=forwarded, environ_base={"REMOTE_ADDR": PROXY})
    assert addresses == [seen]
