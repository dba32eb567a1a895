"""Webhooks: made with a secret that is shown once, paused, resumed and removed; and a message sent again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from saas import clock, events
from saas.db import db, new_id
from saas.enciphering import encipher
from saas.errors import Conflict, Invalid
from saas.outside import AddressRefused, check_address
from saas.security import new_secret
from saas.tenancy import Actor
from tenants.models.webhooks import Webhook, WebhookDelivery
from tenants.queries.access import Target
from tenants.queries.webhooks import list_webhooks

PURPOSE = "webhook"
PREFIX = "whsec_"
LONGEST_URL = 1000
MOST_WEBHOOKS = 20
"""In one place."""
MOST_VERBS = 100


def make(target: Target, *, url: str, verbs: Sequence[str], known: Collection[str], by: Actor) -> tuple[Webhook, str]:
    """A webhook of a council or region, and its secret, which is shown this once.

    verbs: the events it is told of; none means all. known: those there are. Raises Invalid (url, verbs) and Conflict
    when there are too many webhooks.
    """
    if target.region_id is None:
        raise ValueError("a webhook belongs to a council or a region")
    wanted = list(dict.fromkeys(verbs))
    wrong = {"url": _problems_of_address(url := url.strip()), "verbs": _problems_of_verbs(wanted, known)}
    if any(wrong.values()):
        raise Invalid({name: words for name, words in wrong.items() if words})
    if len(list_webhooks(target)) >= MOST_WEBHOOKS:
        raise Conflict(f"There are {MOST_WEBHOOKS} webhooks here. Remove one first.")
    secret = PREFIX + new_secret()
    webhook = Webhook(
        id=new_id(),
        region_id=target.region_id,
        council_id=target.council_id,
        url=url,
        verbs=wanted,
        secret=encipher(PURPOSE, secret),
        made_at=clock.now(),
        made_by_name=by.name,
    )
    db.session.add(webhook)
    db.session.flush()
    _record("webhook.made", webhook, by=by)
    return webhook, secret


def pause(webhook: Webhook, *, by: Actor, reason: str = "") -> None:
    """Tell it of nothing more until it is resumed; one that is paused stays as it is."""
    if webhook.paused_at is None:
        webhook.paused_at, webhook.pause_reason = clock.now(), reason
        _record("webhook.paused", webhook, by=by)


def resume(webhook: Webhook, *, by: Actor) -> None:
    """Tell it of what happens from now on."""
    if webhook.paused_at is not None:
        webhook.paused_at, webhook.pause_reason = None, ""
        _record("webhook.resumed", webhook, by=by)


def remove(webhook: Webhook, *, by: Actor) -> None:
    """End it for good, and forget its secret."""
    if webhook.removed_at is None:
        webhook.removed_at, webhook.secret = clock.now(), ""
        _record("webhook.removed", webhook, by=by)


def replay(webhook: Webhook, delivery: WebhookDelivery, *, by: Actor) -> WebhookDelivery:
    """Send a message once more, as one of its own. Raises Conflict while it waits anyway, or the webhook is paused."""
    if webhook.paused_at is not None:
        raise Conflict("The webhook is paused. Resume it first.")
    if delivery.state == "waiting":
        raise Conflict("This message still waits to be sent.")
    again = WebhookDelivery(
        id=new_id(),
        webhook_id=webhook.id,
        region_id=webhook.region_id,
        council_id=webhook.council_id,
        event_id=delivery.event_id,
        verb=delivery.verb,
        document=delivery.document,
        made_at=clock.now(),
        state="waiting",
        attempts=0,
        next_at=clock.now(),
        replay_of=delivery.id,
    )
    db.session.add(again)
    db.session.flush()
    events.record("webhook.replayed", again, by=by, audience=_audience(webhook), payload={"verb": delivery.verb})
    return again


def host_of(webhook: Webhook) -> str:
    """The name of the receiver; the rest of an address may be as good as a secret."""
    return urlsplit(webhook.url).hostname or ""


def _record(verb: str, webhook: Webhook, *, by: Actor) -> None:
    events.record(verb, webhook, by=by, audience=_audience(webhook), payload={"host": host_of(webhook)})


def _audience(webhook: Webhook) -> str:
    return "region" if webhook.council_id is None else "council"


def _problems_of_address(url: str) -> list[str]:
    if not 0 < len(url) <= LONGEST_URL:
        return [f"Enter a web address of at most {LONGEST_URL} characters."]
    try:
        check_address(url, secured=True)
    except AddressRefused as refusal:
        return [refusal.message]
    return []


def _problems_of_verbs(verbs: Sequence[str], known: Collection[str]) -> list[str]:
    if len(verbs) > MOST_VERBS:
        return [f"Name at most {MOST_VERBS} events, or none for all."]
    return [f"There is no event named “{verb[:100]}”." for verb in verbs if verb not in known]
