"""Messages to webhooks: each is signed and sent, and how the attempt went is kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import orjson

from saas import clock
from saas.db import db
from saas.enciphering import Unreadable, decipher
from saas.outside import AddressRefused, Unreachable, fetch
from saas.tenancy import SERVICE
from tenants.models.webhooks import Webhook, WebhookDelivery
from tenants.queries.webhooks import another_failed_since, got_through_since
from tenants.rules import webhooks as rules
from tenants.services.webhooks import PURPOSE, pause

LARGEST_ANSWER = 64 * 1024
SECONDS = 10


def attempt(delivery_id: UUID) -> datetime | None:
    """Send a message that waits, once; when it is to be tried again, or None where nothing is left to do.

    A message may arrive twice, where this process ends before it can note the answer: its id is the same then.
    """
    delivery = db.session.get(WebhookDelivery, delivery_id, with_for_update=True)
    if delivery is None or delivery.state != "waiting":
        return None
    webhook = db.session.get_one(Webhook, delivery.webhook_id)
    present = clock.now()
    if webhook.removed_at is not None or webhook.paused_at is not None:
        gone = "removed" if webhook.removed_at is not None else "paused"
        _give_up(delivery, f"The webhook was {gone}.")
        return None
    if another_failed_since(delivery, present - rules.RESTS):
        delivery.next_at = present + rules.POSTPONED
        return delivery.next_at
    delivery.attempts, delivery.attempted_at = delivery.attempts + 1, present
    delivery.status, delivery.failure = _send(webhook, delivery, present)
    if not delivery.failure:
        delivery.state, delivery.next_at = "delivered", None
        return None
    delivery.next_at = rules.next_attempt(delivery.made_at, delivery.attempts, present)
    if delivery.next_at is None:
        _give_up(delivery, delivery.failure)
        if not got_through_since(webhook, present - rules.TRIES_FOR):
            pause(webhook, by=SERVICE, reason=rules.NOBODY_LISTENS)
    return delivery.next_at


def body_of(delivery: WebhookDelivery) -> bytes:
    """What is sent, to the byte."""
    return orjson.dumps(delivery.document, option=orjson.OPT_SORT_KEYS)


def _send(webhook: Webhook, delivery: WebhookDelivery, present: datetime) -> tuple[int | None, str]:
    """The status that was answered, and what went wrong; no words where it was taken."""
    body = body_of(delivery)
    try:
        secret = decipher(PURPOSE, webhook.secret)
        headers = {
            "Content-Type": "application/json",
            "Charterway-Event": delivery.verb,
            "Charterway-Delivery": str(delivery.id),
            "Charterway-Signature": rules.signature(secret, present, body),
        }
        answer = fetch(
            webhook.url, limit_bytes=LARGEST_ANSWER, timeout_seconds=SECONDS, accept="*/*", body=body, headers=headers
        )
    except (AddressRefused, Unreachable, Unreadable) as refusal:
        return None, refusal.message
    return answer.status, "" if 200 <= answer.status < 300 else f"It answered with {answer.status}."


def _give_up(delivery: WebhookDelivery, failure: str) -> None:
    delivery.state, delivery.next_at, delivery.failure = "given_up", None, failure
