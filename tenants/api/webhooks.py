"""Webhooks of a council or region, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from flask import Response, current_app
from marshmallow import fields, validate

from saas.api import ApiSchema, Listed, Operations, PageSchema, Part
from saas.cursors import read_id_cursor
from saas.guard import actor, place, requires
from saas.policy import Permission
from tenants.models.webhooks import Webhook, WebhookDelivery
from tenants.queries import webhooks as queries
from tenants.queries.access import Target
from tenants.services import webhooks as services

operations = Operations("webhooks", "Webhooks")
OF_COUNCIL, OF_REGION = "/councils/<council>/webhooks", "/regions/<region>/webhooks"
ONE = "<uuid:webhook_id>"
MESSAGE = f"{ONE}/deliveries/<uuid:delivery_id>"


class WebhookSchema(ApiSchema):
    """An address that is told when something happens."""

    id = fields.UUID(required=True)
    url = fields.String(required=True, metadata={"example": "https://example.org/told"})
    verbs = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "The events it is told of; none means all.", "example": ["submission.sealed"]},
    )
    made_at = fields.AwareDateTime(required=True)
    made_by_name = fields.String(required=True)
    paused_at = fields.AwareDateTime(required=True, allow_none=True)
    pause_reason = fields.String(required=True, metadata={"description": "Why the service paused it; else empty."})


class MadeWebhookSchema(WebhookSchema):
    """A webhook right after it was made."""

    secret = fields.String(required=True, metadata={"description": "Signs its messages. It is told this once."})


class WantedWebhookSchema(ApiSchema):
    """Where to tell, and what of."""

    url = fields.String(
        required=True,
        validate=validate.Length(1, services.LONGEST_URL),
        metadata={"description": "An https address of the internet.", "example": "https://example.org/told"},
    )
    verbs = fields.List(
        fields.String(validate=validate.Length(1, 100)),
        load_default=list,
        validate=validate.Length(max=services.MOST_VERBS),
        metadata={"description": "The events to tell of; none means all.", "example": ["submission.sealed"]},
    )


class DeliverySchema(ApiSchema):
    """One message to a webhook, and how it went."""

    id = fields.UUID(
        required=True, metadata={"description": "Sent as `Charterway-Delivery`, at each attempt the same."}
    )
    event_id = fields.UUID(required=True)
    verb = fields.String(required=True, metadata={"example": "submission.sealed"})
    document = fields.Dict(required=True, metadata={"description": "What is sent."})
    made_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True, metadata={"enum": list(queries.STATES)})
    attempts = fields.Integer(required=True)
    attempted_at = fields.AwareDateTime(required=True, allow_none=True)
    next_at = fields.AwareDateTime(required=True, allow_none=True, metadata={"description": "When it is tried next."})
    status = fields.Integer(
        required=True, allow_none=True, metadata={"description": "The status that the receiver answered last."}
    )
    failure = fields.String(required=True, metadata={"description": "What went wrong last; else empty."})
    replay_of = fields.UUID(required=True, allow_none=True, metadata={"description": "The message it repeats."})


class AskedDeliveriesSchema(PageSchema):
    """Which messages."""

    state = fields.String(load_default="", validate=validate.OneOf(["", *queries.STATES]))


@operations.get(OF_COUNCIL, "listWebhooks", answers=Listed(WebhookSchema))
@operations.get(OF_REGION, "listRegionWebhooks", answers=Listed(WebhookSchema))
@requires(Permission.WEBHOOK_MANAGE)
def list_webhooks() -> list[Webhook]:
    """List the webhooks. The oldest first."""
    return queries.list_webhooks(Target.of(place()))


@operations.post(OF_COUNCIL, "createWebhook", takes=WantedWebhookSchema, answers=MadeWebhookSchema)
@operations.post(OF_REGION, "createRegionWebhook", takes=WantedWebhookSchema, answers=MadeWebhookSchema)
@requires(Permission.WEBHOOK_MANAGE)
def create_webhook(given: dict[str, Any]) -> Response:
    """Make a webhook. Its secret is told this once; the answer is not kept for a call that is repeated."""
    known = current_app.extensions["charterway_verbs"]
    webhook, secret = services.make(Target.of(place()), **given, known=known, by=actor())
    document = WebhookSchema().dump(webhook) | {"secret": secret}
    response = Response(orjson.dumps(document), 201, content_type="application/json")
    response.cache_control.no_store = True
    return response


@operations.post(f"{OF_COUNCIL}/{ONE}/pause", "pauseWebhook", answers=WebhookSchema, status=200)
@operations.post(f"{OF_REGION}/{ONE}/pause", "pauseRegionWebhook", answers=WebhookSchema, status=200)
@requires(Permission.WEBHOOK_MANAGE)
def pause_webhook(webhook_id: UUID) -> Webhook:
    """Pause a webhook. What happens meanwhile is not sent."""
    webhook = _webhook(webhook_id, lock=True)
    services.pause(webhook, by=actor())
    return webhook


@operations.post(f"{OF_COUNCIL}/{ONE}/resume", "resumeWebhook", answers=WebhookSchema, status=200)
@operations.post(f"{OF_REGION}/{ONE}/resume", "resumeRegionWebhook", answers=WebhookSchema, status=200)
@requires(Permission.WEBHOOK_MANAGE)
def resume_webhook(webhook_id: UUID) -> Webhook:
    """Resume a webhook. It is told of what happens from now on."""
    webhook = _webhook(webhook_id, lock=True)
    services.resume(webhook, by=actor())
    return webhook


@operations.delete(f"{OF_COUNCIL}/{ONE}", "removeWebhook")
@operations.delete(f"{OF_REGION}/{ONE}", "removeRegionWebhook")
@requires(Permission.WEBHOOK_MANAGE)
def remove_webhook(webhook_id: UUID) -> None:
    """Remove a webhook for good."""
    services.remove(_webhook(webhook_id, lock=True), by=actor())


@operations.get(
    f"{OF_COUNCIL}/{ONE}/deliveries", "listDeliveries", answers=Listed(DeliverySchema), asks=AskedDeliveriesSchema
)
@operations.get(
    f"{OF_REGION}/{ONE}/deliveries", "listRegionDeliveries", answers=Listed(DeliverySchema), asks=AskedDeliveriesSchema
)
@requires(Permission.WEBHOOK_MANAGE)
def list_deliveries(webhook_id: UUID, asked: dict[str, Any]) -> Part:
    """List the messages to a webhook. The newest first, of the last 30 days."""
    webhook = _webhook(webhook_id)
    after = _last_seen(webhook, asked["cursor"]) if asked["cursor"] is not None else None
    rows = queries.list_deliveries(webhook, limit=asked["limit"] + 1, state=asked["state"], after=after)
    return Part.of_rows(rows, asked["limit"])


@operations.post(f"{OF_COUNCIL}/{MESSAGE}/replay", "replayDelivery", answers=DeliverySchema)
@operations.post(f"{OF_REGION}/{MESSAGE}/replay", "replayRegionDelivery", answers=DeliverySchema)
@requires(Permission.WEBHOOK_MANAGE)
def replay_delivery(webhook_id: UUID, delivery_id: UUID) -> WebhookDelivery:
    """Send a message once more. It follows within seconds, as a message of its own."""
    webhook = _webhook(webhook_id)
    return services.replay(webhook, queries.get_delivery(webhook, delivery_id), by=actor())


def _webhook(webhook_id: UUID, *, lock: bool = False) -> Webhook:
    return queries.get_webhook(Target.of(place()), webhook_id, lock=lock)


def _last_seen(webhook: Webhook, cursor: str) -> WebhookDelivery:
    return queries.get_delivery(webhook, read_id_cursor(cursor))
