"""Webhooks on pages: made with a secret shown once, paused, resumed, removed, and everything that was sent listed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import jobs
from saas.enciphering import decipher
from tenants.models.webhooks import Webhook
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user
from tests.factories.webhooks import Receiver, make_webhook, receiving

SECRET = re.compile(r'value="(whsec_[\w-]{43})"')


@pytest.fixture
def receiver(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving(app, monkeypatch) as opened:
        yield opened


@pytest.mark.parametrize("kind", ["council", "region"])
def test_a_webhook_is_made_told_paused_resumed_and_removed(
    app: Flask,
    client: CheckingClient,
    council: MadeCouncil,
    lead: MadeUser,
    officer: MadeUser,
    receiver: Receiver,
    kind: str,
    in_scope: InScope,
) -> None:
    place, who = (council, lead) if kind == "council" else (council.region, officer)
    pages = f"/{kind}s/{place.slug}/webhooks"
    client.sign_in(who)
    assert "No other system is told." in client.get(pages).text
    answer = client.post(pages, data={"url": receiver.url, "verbs": "webhook.paused\nwebhook.resumed"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    shown = SECRET.search(answer.text)
    assert shown
    with in_scope(place.scope()) as session:
        kept = session.scalars(sa.select(Webhook)).one()
        assert decipher("webhook", kept.secret) == shown[1]
        page = f"{pages}/{kept.id}"
    assert shown[1] not in client.get(page).text
    assert "Pause" in client.get(page).text
    assert client.post(f"{page}/pause").status_code == 303
    assert "Paused since" in client.get(page).text
    assert client.post(f"{page}/resume").status_code == 303
    with app.app_context():
        jobs.run_all()
    assert [message.headers["Charterway-Event"] for message in receiver.messages] == ["webhook.resumed"]
    listed = client.get(page).text
    assert "Delivered" in listed
    assert "Delivered" not in re.sub(r"<ul.*?</ul>", "", client.get(f"{page}?state=given_up").text, flags=re.DOTALL)
    found = re.search(r"/deliveries/([\w-]{36})", listed)
    assert found
    message = client.get(f"{page}/deliveries/{found[1]}").text
    assert "webhook.resumed" in message
    assert "Taken with 204" in message
    again = client.post(f"{page}/deliveries/{found[1]}/replay")
    assert again.status_code == 303
    assert "Waits" in client.get(again.location).text
    with app.app_context():
        jobs.run_all()
    first, second = receiver.messages
    assert first.body == second.body
    assert first.headers["Charterway-Delivery"] != second.headers["Charterway-Delivery"]
    assert "(sent again)" in client.get(page).text
    assert "told of nothing more" in client.get(f"{page}/remove").text
    assert client.post(f"{page}/remove").status_code == 303
    assert client.get(page).status_code == 404
    assert "No other system is told." in client.get(pages).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"url": ""}, "Enter the address that is to be told."),
        ({"url": "http://example.org/"}, "The address must begin with https://."),
        ({"url": "https://127.0.0.1/"}, "is not an address of the public internet."),
        ({"url": "https://example.org:8443/"}, "Port 8443 is not used by web pages."),
        ({"url": "https://example.org/", "verbs": "plan.eaten"}, "There is no event named “plan.eaten”."),
    ],
)
def test_what_cannot_be_told_is_said_beside_the_field(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, typed: dict[str, str], words: str
) -> None:
    client.sign_in(lead)
    answer = client.post(f"/councils/{council.slug}/webhooks", data=typed)
    assert answer.status_code == 422
    assert words in answer.text


def test_only_who_manages_webhooks_there_sees_them(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, officer: MadeUser, receiver: Receiver
) -> None:
    webhook, _ = make_webhook(app, council, lead, receiver.url)
    path = f"/councils/{council.slug}/webhooks/{webhook.id}"
    other = make_council(app, council.region)
    stranger = make_user(app, other, "council_lead")
    answers = []
    for who in (make_user(app, council, "council_editor"), officer, stranger):
        client.sign_in(who)
        answers.append((client.get(path).status_code, client.post(f"{path}/pause").status_code))
    assert answers == [(403, 403), (404, 404), (404, 404)]
    assert client.get(f"/councils/{other.slug}/webhooks/{webhook.id}").status_code == 404
    client.sign_in(officer)
    assert client.get(f"/regions/{council.region.slug}/webhooks/{webhook.id}").status_code == 404
    assert "webhooks" in client.get(f"/regions/{council.region.slug}/access").text


def test_older_messages_follow_on_further_pages(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, receiver: Receiver, in_scope: InScope
) -> None:
    webhook, _ = make_webhook(app, council, lead, receiver.url)
    page = f"/councils/{council.slug}/webhooks/{webhook.id}"
    client.sign_in(lead)
    for _ in range(30):
        client.post(f"{page}/pause")
        client.post(f"{page}/resume")
        client.post(f"{page}/pause")
        client.post(f"{page}/resume")
    first = client.get(page).text
    assert first.count("/deliveries/") == 50
    following = re.search(r"\?after=([\w-]{36})", first)
    assert following
    second = client.get(f"{page}?after={following[1]}").text
    assert second.count("/deliveries/") == 11  # 60 resumed, and the webhook's own making
    assert "Older messages" not in second


def test_the_list_of_webhooks_asks_as_often_for_three_as_for_one(
    app: Flask,
    client: CheckingClient,
    council: MadeCouncil,
    lead: MadeUser,
    receiver: Receiver,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    client.sign_in(lead)
    counts = []
    for _ in range(2):
        make_webhook(app, council, lead, receiver.url)
        with statements() as sent:
            client.get(f"/councils/{council.slug}/webhooks")
        counts.append(len(sent))
        make_webhook(app, council, lead, receiver.url)
    assert counts[0] == counts[1]
