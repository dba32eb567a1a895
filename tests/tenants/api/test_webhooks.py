"""Webhooks for programs: the same walls, a secret told once, and messages in pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from saas import clock, jobs
from saas.policy import Role
from tests.caller import Caller
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeUser, make_user
from tests.factories.webhooks import Receiver, receiving


@pytest.fixture
def receiver(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving(app, monkeypatch) as opened:
        yield opened


@pytest.mark.parametrize("kind", ["councils", "regions"])
def test_a_program_makes_pauses_resumes_and_removes_a_webhook(
    app: Flask, council: MadeCouncil, lead: MadeUser, officer: MadeUser, receiver: Receiver, kind: str
) -> None:
    place, who = (council, lead) if kind == "councils" else (council.region, officer)
    caller = Caller.of(app, who, place)
    hooks = f"/{kind}/{place.slug}/webhooks"
    answer = caller.post(hooks, {"url": receiver.url, "verbs": ["webhook.made"]})
    assert answer.status_code == 201
    made = answer.json
    assert made is not None
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert caller.get(hooks).json == {"items": [made], "next": None}
    one = f"{hooks}/{made['id']}"
    paused = caller.post(f"{one}/pause").json
    assert paused is not None
    assert paused["paused_at"] is not None
    assert caller.post(f"{one}/resume").json == made
    assert caller.call("DELETE", one).status_code == 204
    assert caller.call("DELETE", one).status_code == 404
    assert caller.get(hooks).json == {"items": [], "next": None}


def test_a_secret_is_not_kept_for_a_call_that_is_repeated(
    app: Flask, council: MadeCouncil, lead: MadeUser, receiver: Receiver
) -> None:
    caller = Caller.of(app, lead, council)
    hooks, wanted = f"/councils/{council.slug}/webhooks", {"url": receiver.url}
    assert caller.post(hooks, wanted, key="once").status_code == 201
    again = caller.post(hooks, wanted, key="once")
    assert again.status_code == 422
    assert b"whsec_" not in again.data
    listed = caller.get(hooks).json
    assert listed is not None
    assert len(listed["items"]) == 1


def test_messages_come_in_pages_and_one_is_sent_again(
    app: Flask, council: MadeCouncil, lead: MadeUser, receiver: Receiver, in_scope: InScope
) -> None:
    caller = Caller.of(app, lead, council)
    hooks = f"/councils/{council.slug}/webhooks"
    made = caller.post(hooks, {"url": receiver.url, "verbs": ["webhook.resumed"]}).json
    assert made is not None
    one = f"{hooks}/{made['id']}"
    for _ in range(3):
        caller.post(f"{one}/pause")
        caller.post(f"{one}/resume")
    first = caller.get(f"{one}/deliveries?limit=2&state=waiting").json
    assert first is not None
    second = caller.get(f"{one}/deliveries?limit=2&state=waiting&cursor={first['next']}").json
    assert second is not None
    assert ([len(first["items"]), len(second["items"])], second["next"]) == ([2, 1], None)
    ids = [item["id"] for item in (*first["items"], *second["items"])]
    assert len(set(ids)) == 3
    replay = f"{one}/deliveries/{ids[0]}/replay"
    assert caller.post(replay).status_code == 409
    with app.app_context(), clock.at(clock.now() + timedelta(seconds=1)):
        jobs.run_all()
    again = caller.post(replay).json
    assert again is not None
    assert (again["replay_of"], again["state"], again["document"]) == (ids[0], "waiting", first["items"][0]["document"])
    assert caller.get(f"{one}/deliveries?cursor=x").status_code == 422


def test_a_webhook_needs_an_address_outside_and_events_that_there_are(
    app: Flask, council: MadeCouncil, lead: MadeUser
) -> None:
    caller = Caller.of(app, lead, council)
    answer = caller.post(f"/councils/{council.slug}/webhooks", {"url": "https://10.0.0.1/", "verbs": ["plan.eaten"]})
    assert answer.status_code == 422
    assert answer.json is not None
    assert [error["field"] for error in answer.json["errors"]] == ["/url", "/verbs"]


def test_who_does_not_manage_webhooks_is_refused(app: Flask, council: MadeCouncil) -> None:
    caller = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    assert caller.get(f"/councils/{council.slug}/webhooks").status_code == 403
    assert caller.get(f"/regions/{council.region.slug}/webhooks").status_code == 404
