"""Webhooks: addresses of other systems that are told when something happened, and everything that was sent to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, new_id
from saas.tenancy import visible_to
from tenants.models.access import of_own_scope


@visible_to(*of_own_scope("select", "insert", "update"), gate="s")
class Webhook(Base):
    """An address that a council or a region wants told of events it may read itself.

    `verbs` empty means every event. `secret` signs what is sent and is kept enciphered. Paused by a person, or by the
    service when nothing got through for days (`pause_reason` says which).
    """

    __tablename__ = "webhooks"
    __table_args__ = (
        ForeignKeyConstraint(["council_id", "region_id"], ["councils.id", "councils.region_id"]),
        Index("ix_webhooks_council_id", "council_id"),
        Index("ix_webhooks_region_id", "region_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"))
    council_id: Mapped[UUID | None]
    url: Mapped[str]
    verbs: Mapped[list[Any]]
    secret: Mapped[str]
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]
    paused_at: Mapped[datetime | None]
    pause_reason: Mapped[str] = mapped_column(default="")
    removed_at: Mapped[datetime | None]


@visible_to(*of_own_scope("select", "insert", "update"), gate="sid")
class WebhookDelivery(Base):
    """One event that goes to one webhook: what is sent (ids and names of verbs, no text), and how each attempt went.

    Rows are made beside the event by the database itself (`tenancy.hand_to_webhooks`), or by a replay, and forgotten
    after some weeks (`tenancy.forget_deliveries`).
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'delivered', 'given_up')", name="state"),
        ForeignKeyConstraint(["council_id", "region_id"], ["councils.id", "councils.region_id"]),
        Index("ix_webhook_deliveries_webhook_id_made_at", "webhook_id", "made_at"),
        Index("ix_webhook_deliveries_made_at", "made_at"),
        Index("ix_webhook_deliveries_council_id", "council_id"),
        Index("ix_webhook_deliveries_region_id", "region_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhooks.id"))
    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"))
    council_id: Mapped[UUID | None]
    event_id: Mapped[UUID]
    verb: Mapped[str]
    document: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    attempted_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    status: Mapped[int | None]
    failure: Mapped[str] = mapped_column(default="")
    replay_of: Mapped[UUID | None]
