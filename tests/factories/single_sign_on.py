"""Another site that knows people, a single sign-on that leads there, and a browser that goes there and back."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from saas.tenancy import CONSOLE
from saas.transaction import within
from tenants.queries.single_sign_on import find_of_place
from tenants.services import sign_in_providers
from tests.factories.invitations import target_of
from tests.factories.tenants import MadeCouncil, MadeRegion

DOMAIN = "example.org"
"""Of every user that tests make."""


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow nothing: where a browser is sent is what is asked."""


@dataclass(frozen=True)
class Site:
    """A provider of OpenID Connect on a loopback port."""

    issuer: str

    def know(self, subject: str, **claims: Any) -> None:
        """Let somebody be known there by these claims."""
        body = orjson.dumps(claims)
        self._open(urllib.request.Request(f"{self.issuer}/users/{subject}", body, method="PUT"), json=True)

    def answer(self, address: str, subject: str) -> str:
        """Where a browser is sent that was sent there, once this person has agreed."""
        return self._open(urllib.request.Request(address, urlencode({"sub": subject}).encode()))

    def _open(self, asked: urllib.request.Request, *, json: bool = False) -> str:
        if json:
            asked.add_header("Content-Type", "application/json")
        try:
            with urllib.request.build_opener(_Stay).open(asked, timeout=10) as answer:
                return str(answer.headers.get("Location", ""))
        except urllib.error.HTTPError as redirected:
            with redirected:
                if redirected.code not in (302, 303):
                    raise
                return str(redirected.headers["Location"])


@contextmanager
def running_site() -> Iterator[Site]:
    """A provider of its own process: what it is written with warns of its own age."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--host", "localhost"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    site = Site(f"http://localhost:{port}")
    try:
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"{site.issuer}/.well-known/openid-configuration", timeout=5):
                    break
            except OSError:
                time.sleep(0.05)
        yield site
    finally:
        process.terminate()
        process.wait(10)


def allow(app: Flask, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the app ask this site although it is inside."""
    host = urlsplit(site.issuer).netloc
    monkeypatch.setitem(app.config, "CHARTERWAY", replace(app.config["CHARTERWAY"], outside_allow=(host,)))


def make_provider(
    app: Flask,
    place: MadeRegion | MadeCouncil,
    issuer: str,
    *,
    switched_on: bool = True,
    required: bool = False,
    domains: tuple[str, ...] = (DOMAIN,),
) -> UUID:
    """The single sign-on of a place in which somebody has access."""
    target = target_of(place)
    with app.app_context(), within(place.scope()):
        before = find_of_place(target)
        provider = sign_in_providers.set_up(
            target,
            name="Westmere staff sign-in",
            issuer=issuer,
            client_id="charterway",
            client_secret="a secret of the other site",
            domains=domains,
            version=before.version if before else 0,
            by=CONSOLE,
        )
        if switched_on:
            sign_in_providers.switch_on(target, version=provider.version, by=CONSOLE)
        if required:
            sign_in_providers.demand(target, required=True, version=provider.version, by=CONSOLE)
        return provider.id


def go(client: FlaskClient, site: Site, begin: str, subject: str) -> TestResponse:
    """Follow a link to the other site, agree there, and come back."""
    return come_back(client, site.answer(client.get(begin).location, subject))


def come_back(client: FlaskClient, address: str) -> TestResponse:
    """Open the address that the other site sends the browser to."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def asked(address: str) -> dict[str, str]:
    """What a browser takes to the other site."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
