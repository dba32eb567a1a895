"""Webhooks: made for an address outside, paused, resumed, removed, and a message sent once more as one of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock
from saas.db import new_id
from saas.enciphering import decipher
from saas.errors import Conflict, Invalid
from saas.events import Event
from saas.tenancy import Actor
from tenants.models.webhooks import Webhook, WebhookDelivery
from tenants.queries.access import PLATFORM
from tenants.queries.webhooks import find_webhook, list_webhooks
from tenants.services import webhooks
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeUser
from tests.factories.webhooks import target_of

URL = "https://93.184.216.34/told"
KNOWN = ("plan.added", "plan.removed")


def make(in_scope: InScope, council: MadeCouncil, who: MadeUser, **options: Any) -> tuple[UUID, str]:
    """A webhook of the council: its id and its secret."""
    with in_scope(council.scope(who.id)):
        wanted = {"url": URL, "verbs": (), "known": KNOWN} | options
        made, secret = webhooks.make(target_of(council), **wanted, by=Actor(who.id, who.name))
        return made.id, secret


def found(webhook_id: UUID) -> Webhook:
    """It, in the scope that is open."""
    webhook = find_webhook(webhook_id)
    assert webhook is not None
    return webhook


def told_of(in_scope: InScope, council: MadeCouncil) -> list[tuple[str, str, dict[str, Any] | None]]:
    """(verb, audience, payload) of every event of webhooks, in their order."""
    with in_scope(council.scope()) as session:
        rows = session.scalars(sa.select(Event).where(Event.verb.startswith("webhook.")).order_by(Event.seq))
        return [(row.verb, row.audience, row.payload) for row in rows]


def deliver(in_scope: InScope, council: MadeCouncil, webhook_id: UUID, state: str) -> UUID:
    """A message to it that stands so."""
    with in_scope(council.scope()) as session:
        row = WebhookDelivery(
            id=new_id(), webhook_id=webhook_id, region_id=council.region.id, council_id=council.id, event_id=new_id(),
            verb="plan.added", document={"verb": "plan.added"}, made_at=clock.now(), state=state, attempts=3,
        )  # fmt: skip
        session.add(row)
        return row.id


def test_a_webhook_is_kept_with_its_secret_enciphered(
    app: Flask, in_scope: InScope, council: MadeCouncil, lead: MadeUser
) -> None:
    verbs = ("plan.added", "plan.removed", "plan.added")
    webhook_id, secret = make(in_scope, council, lead, url=f"  {URL} ", verbs=verbs)
    assert (secret[:6], len(secret)) == ("whsec_", 49)
    with in_scope(council.scope()):
        kept = found(webhook_id)
        names = ("region_id", "council_id", "url", "verbs", "made_by_name", "paused_at", "pause_reason", "removed_at")
        assert {name: getattr(kept, name) for name in names} == {
            "region_id": council.region.id,
            "council_id": council.id,
            "url": URL,
            "verbs": ["plan.added", "plan.removed"],
            "made_by_name": lead.name,
            "paused_at": None,
            "pause_reason": "",
            "removed_at": None,
        }
        assert secret not in kept.secret
        assert decipher(webhooks.PURPOSE, kept.secret) == secret
    payload = {"by": lead.name, "host": "93.184.216.34"}
    assert told_of(in_scope, council) == [("webhook.made", "council", payload)]


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"url": ""}, {"url": ["Enter a web address of at most 1000 characters."]}),
        ({"url": f"{URL}/{'a' * 1000}"}, {"url": ["Enter a web address of at most 1000 characters."]}),
        ({"verbs": ("plan.sung",)}, {"verbs": ["There is no event named “plan.sung”."]}),
        ({"verbs": tuple(map(str, range(101)))}, {"verbs": ["Name at most 100 events, or none for all."]}),
        (
            {"url": " ", "verbs": ("a", "b")},
            {
                "url": ["Enter a web address of at most 1000 characters."],
                "verbs": ["There is no event named “a”.", "There is no event named “b”."],
            },
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_said_and_not_made(
    in_scope: InScope, council: MadeCouncil, lead: MadeUser, wrong: dict[str, Any], fields: dict[str, list[str]]
) -> None:
    with pytest.raises(Invalid) as refusal:
        make(in_scope, council, lead, **wrong)
    assert refusal.value.messages == fields
    with in_scope(council.scope()):
        assert list_webhooks(target_of(council)) == []


@pytest.mark.parametrize(
    "url", ["http://93.184.216.34/", "https://127.0.0.1/", "https://10.1.2.3/", "ftp://a.example/"]
)
def test_an_address_that_is_inside_or_not_safe_is_refused(
    in_scope: InScope, council: MadeCouncil, lead: MadeUser, url: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        make(in_scope, council, lead, url=url)
    assert list(refusal.value.messages) == ["url"]


def test_a_place_has_so_many_and_no_more_until_one_is_removed(
    in_scope: InScope, council: MadeCouncil, lead: MadeUser
) -> None:
    made = [make(in_scope, council, lead)[0] for _ in range(webhooks.MOST_WEBHOOKS)]
    with pytest.raises(Conflict) as refusal:
        make(in_scope, council, lead)
    assert refusal.value.message == "There are 20 webhooks here. Remove one first."
    with in_scope(council.scope()):
        webhooks.remove(found(made[0]), by=Actor(lead.id, lead.name))
    made.append(make(in_scope, council, lead)[0])
    with in_scope(council.scope()):
        assert [each.id for each in list_webhooks(target_of(council))] == made[1:]


def test_the_platform_has_none(in_scope: InScope, council: MadeCouncil, lead: MadeUser) -> None:
    with in_scope(council.scope(lead.id)), pytest.raises(ValueError, match="belongs to a council or a region"):
        webhooks.make(PLATFORM, url=URL, verbs=(), known=(), by=Actor(lead.id, lead.name))


def test_it_is_paused_resumed_and_removed_once_each(in_scope: InScope, council: MadeCouncil, lead: MadeUser) -> None:
    webhook_id, _ = make(in_scope, council, lead)
    by = Actor(lead.id, lead.name)
    stands = []
    for change in (
        lambda webhook: webhooks.pause(webhook, by=by, reason="Nothing got through."),
        lambda webhook: webhooks.pause(webhook, by=by, reason="Again."),
        lambda webhook: webhooks.resume(webhook, by=by),
        lambda webhook: webhooks.resume(webhook, by=by),
        lambda webhook: webhooks.remove(webhook, by=by),
        lambda webhook: webhooks.remove(webhook, by=by),
    ):
        with in_scope(council.scope()) as session:
            webhook = session.get_one(Webhook, webhook_id)
            change(webhook)
            stands.append(
                (
                    webhook.paused_at is not None,
                    webhook.pause_reason,
                    webhook.removed_at is not None,
                    webhook.secret == "",
                )
            )
    assert stands == [
        (True, "Nothing got through.", False, False),
        (True, "Nothing got through.", False, False),
        (False, "", False, False),
        (False, "", False, False),
        (False, "", True, True),
        (False, "", True, True),
    ]
    verbs = [verb for verb, _, _ in told_of(in_scope, council)]
    assert verbs == ["webhook.made", "webhook.paused", "webhook.resumed", "webhook.removed"]


def test_a_message_is_sent_once_more_as_one_of_its_own(in_scope: InScope, council: MadeCouncil, lead: MadeUser) -> None:
    webhook_id, _ = make(in_scope, council, lead)
    given_up = deliver(in_scope, council, webhook_id, "given_up")
    with in_scope(council.scope()) as session, clock.at(moment := clock.now().replace(microsecond=0)):
        first = session.get_one(WebhookDelivery, given_up)
        again = webhooks.replay(found(webhook_id), first, by=Actor(lead.id, lead.name))
        names = ("webhook_id", "region_id", "council_id", "event_id", "verb", "document")
        assert {name: getattr(again, name) for name in names} == {name: getattr(first, name) for name in names}
        assert (again.state, again.attempts, again.made_at, again.next_at) == ("waiting", 0, moment, moment)
        assert (again.replay_of, first.state, first.attempts) == (first.id, "given_up", 3)
    assert told_of(in_scope, council)[-1] == ("webhook.replayed", "council", {"by": lead.name, "verb": "plan.added"})


def test_nothing_is_sent_again_that_waits_anyway_or_to_a_webhook_that_is_paused(
    in_scope: InScope, council: MadeCouncil, lead: MadeUser
) -> None:
    webhook_id, _ = make(in_scope, council, lead)
    by = Actor(lead.id, lead.name)
    refusals = []
    for state in ("waiting", "delivered"):
        delivery = deliver(in_scope, council, webhook_id, state)
        with in_scope(council.scope()) as session:
            if state == "delivered":
                webhooks.pause(found(webhook_id), by=by)
            with pytest.raises(Conflict) as refusal:
                webhooks.replay(found(webhook_id), session.get_one(WebhookDelivery, delivery), by=by)
            refusals.append(refusal.value.message)
    assert refusals == ["This message still waits to be sent.", "The webhook is paused. Resume it first."]
    with in_scope(council.scope()) as session:
        assert (
            session.scalars(sa.select(WebhookDelivery.replay_of).where(WebhookDelivery.replay_of.is_not(None))).all()
            == []
        )
