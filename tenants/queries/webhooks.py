"""Webhooks of a place, how each stands, and what was sent to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, tuple_

from saas.db import db
from saas.errors import NotFound
from tenants.models.webhooks import Webhook, WebhookDelivery
from tenants.queries.access import Target

STATES = ("waiting", "delivered", "given_up")


@dataclass(frozen=True, slots=True)
class Standing:
    """A webhook, when something last got through, and how many messages are in which state."""

    webhook: Webhook
    delivered_at: datetime | None
    waiting: int
    delivered: int
    given_up: int


def list_webhooks(target: Target) -> list[Webhook]:
    """The webhooks of a place that were not removed, the oldest first."""
    rows = select(Webhook).where(target.holds(Webhook), Webhook.removed_at.is_(None))
    return list(db.session.scalars(rows.order_by(Webhook.made_at, Webhook.id)))


def list_standings(target: Target) -> list[Standing]:
    """The same, each with how it stands."""
    webhooks = list_webhooks(target)
    counted = (
        select(
            WebhookDelivery.webhook_id,
            func.max(WebhookDelivery.attempted_at).filter(WebhookDelivery.state == "delivered").label("delivered_at"),
            *(func.count().filter(WebhookDelivery.state == state).label(state) for state in STATES),
        )
        .where(WebhookDelivery.webhook_id.in_([each.id for each in webhooks]))
        .group_by(WebhookDelivery.webhook_id)
    )
    found = {row.webhook_id: row for row in db.session.execute(counted)} if webhooks else {}
    return [
        Standing(each, row.delivered_at, row.waiting, row.delivered, row.given_up)
        if (row := found.get(each.id))
        else Standing(each, None, 0, 0, 0)
        for each in webhooks
    ]


def get_webhook(target: Target, webhook_id: UUID, *, lock: bool = False) -> Webhook:
    """One webhook of the place that was not removed; raises NotFound."""
    row = select(Webhook).where(target.holds(Webhook), Webhook.id == webhook_id, Webhook.removed_at.is_(None))
    found = db.session.scalar(row.with_for_update() if lock else row)
    if found is None:
        raise NotFound
    return found


def find_webhook(webhook_id: UUID) -> Webhook | None:
    """A webhook of this scope, removed or not."""
    return db.session.get(Webhook, webhook_id)


def list_deliveries(
    webhook: Webhook, *, limit: int, state: str = "", after: WebhookDelivery | None = None
) -> Sequence[WebhookDelivery]:
    """What was sent or will be, the newest first. after: only what is older than that one."""
    rows = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id)
    if state:
        rows = rows.where(WebhookDelivery.state == state)
    if after is not None:
        rows = rows.where(tuple_(WebhookDelivery.made_at, WebhookDelivery.id) < (after.made_at, after.id))
    rows = rows.order_by(WebhookDelivery.made_at.desc(), WebhookDelivery.id.desc()).limit(limit)
    return db.session.scalars(rows).all()


def get_delivery(webhook: Webhook, delivery_id: UUID) -> WebhookDelivery:
    """One message of the webhook; raises NotFound."""
    found = db.session.get(WebhookDelivery, delivery_id)
    if found is None or found.webhook_id != webhook.id:
        raise NotFound
    return found


def got_through_since(webhook: Webhook, moment: datetime) -> bool:
    """Whether anything was delivered after that moment."""
    rows = select(WebhookDelivery.id).where(
        WebhookDelivery.webhook_id == webhook.id,
        WebhookDelivery.state == "delivered",
        WebhookDelivery.attempted_at >= moment,
    )
    return db.session.scalar(rows.limit(1)) is not None


def another_failed_since(delivery: WebhookDelivery, moment: datetime) -> bool:
    """Whether another message of the same webhook was tried in vain after that moment."""
    rows = select(WebhookDelivery.id).where(
        WebhookDelivery.webhook_id == delivery.webhook_id,
        WebhookDelivery.id != delivery.id,
        WebhookDelivery.state != "delivered",
        WebhookDelivery.attempted_at > moment,
    )
    return db.session.scalar(rows.limit(1)) is not None
