"""Jobs about webhooks: what happened is sent on, and people hear of one that nobody answers at."""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from saas import mail
from saas.db import db
from saas.jobs import job, put
from saas.policy import Permission
from saas.tenancy import Scope
from tenants.models.councils import Council
from tenants.models.webhooks import Webhook
from tenants.queries.access import list_colleagues, list_people_of_region
from tenants.queries.notices import find_addressed
from tenants.queries.webhooks import find_webhook
from tenants.services import webhook_deliveries
from tenants.services.notices import Told, tell_all
from tenants.services.webhooks import host_of


@job()
def deliver_webhook(delivery_id: UUID) -> None:
    """Send one message; what failed follows as a job of its own, later each time."""
    again = webhook_deliveries.attempt(delivery_id)
    if again is not None:
        put(deliver_webhook, delivery_id, db.session.info["scope"], due_at=again)


@job()
def tell_webhook_paused(webhook_id: UUID) -> None:
    """Tell whoever manages webhooks that the service paused one; nothing where a person did."""
    webhook = find_webhook(webhook_id)
    if webhook is None or not webhook.pause_reason:
        return
    if webhook.council_id is None:
        for user_id in list_people_of_region(webhook.region_id, Permission.WEBHOOK_MANAGE):
            put(mail_webhook_paused, webhook.id, Scope.region(webhook.region_id, user_id))
        return
    council = db.session.get_one(Council, webhook.council_id)
    words = f"The webhook to {host_of(webhook)} was paused: nothing got through for 3 days"
    path = f"/councils/{council.slug}/webhooks/{webhook.id}"
    people = list_colleagues(council.id, Permission.WEBHOOK_MANAGE)
    tell_all(council.id, [Told(each.user_id, _key(webhook), "webhook", words, path) for each in people])


@job()
def mail_webhook_paused(webhook_id: UUID) -> None:
    """Mail one person of a region the same, while the webhook is still paused."""
    webhook = find_webhook(webhook_id)
    addressed = find_addressed(webhook.region_id) if webhook is not None and webhook.pause_reason else None
    if webhook is None or addressed is None:
        return
    path = f"/regions/{addressed.region.slug}/webhooks/{webhook.id}"
    context = {
        "name": addressed.name,
        "host": host_of(webhook),
        "place": addressed.region.name,
        "link": current_app.config["CHARTERWAY"].base_url + path,
    }
    mail.deliver("webhook_paused", to=addressed.email, context=context, key=f"{_key(webhook)} {addressed.user_id}")


def _key(webhook: Webhook) -> str:
    moment = webhook.paused_at.isoformat() if webhook.paused_at else ""
    return f"webhook {webhook.id} paused {moment}"
