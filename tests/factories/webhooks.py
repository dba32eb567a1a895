"""Webhooks for tests, and the receiver that is told."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import orjson
import pytest
from flask import Flask

from saas.tenancy import Actor
from saas.transaction import within
from tenants.models.webhooks import Webhook
from tenants.queries.access import Target
from tenants.services import webhooks
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser


@dataclass(frozen=True)
class Message:
    """What came, with its headers."""

    headers: dict[str, str]
    body: bytes

    def signed_by(self, secret: str) -> bool:
        """Check the signature as the reference tells receivers to."""
        told = dict(part.split("=", 1) for part in self.headers["Charterway-Signature"].split(","))
        signed = told["t"].encode() + b"." + self.body
        return hmac.compare_digest(told["v1"], hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest())

    @property
    def document(self) -> dict[str, object]:
        """The body, read."""
        found: dict[str, object] = orjson.loads(self.body)
        return found


@dataclass
class Receiver:
    """Another system on a loopback port; `status` is what it answers."""

    url: str = ""
    status: int = 204
    messages: list[Message] = field(default_factory=list)


@contextmanager
def receiving(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver that this app may tell although it is inside."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.messages.append(Message(dict(self.headers), body))
            self.send_response(receiver.status)
            if receiver.status in (301, 302):
                self.send_header("Location", receiver.url + "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://localhost:{server.server_port}/told"
    config = replace(app.config["CHARTERWAY"], outside_allow=(f"localhost:{server.server_port}",))
    monkeypatch.setitem(app.config, "CHARTERWAY", config)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def make_webhook(
    app: Flask, place: MadeCouncil | MadeRegion, by: MadeUser, url: str, verbs: tuple[str, ...] = ()
) -> tuple[Webhook, str]:
    """A webhook of the place, and its secret."""
    target = target_of(place)
    with app.app_context(), within(place.scope(by.id)):
        return webhooks.make(target, url=url, verbs=verbs, known=verbs, by=Actor(by.id, by.name))


def target_of(place: MadeCouncil | MadeRegion) -> Target:
    """The place as services know it."""
    if isinstance(place, MadeCouncil):
        return Target("council", place.region.id, place.id, place.name)
    return Target("region", place.id, None, place.name)
