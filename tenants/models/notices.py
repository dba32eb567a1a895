"""Notices to a person of a council, the digest that carries them by mail, when it reminds, and calendar feeds."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from saas.db import Base, TenantKeyed, Versioned
from saas.tenancy import Policy, visible_to

OWN = "user_id = (select tenancy.user_id()) and council_id = (select tenancy.council())"


@visible_to(council="siud")
class Notice(TenantKeyed, Base):
    """One thing a person should hear of: a mention, a date that comes near, work that is done.

    `key` says what it is about, so that the same reminder is given once; it holds the date it reminds of, so that a
    moved date reminds anew. `path` is the page where it is dealt with. `mailed_at` is set by the daily digest.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("council_id", "user_id", "key"),
        Index("ix_notices_council_id_user_id_at", "council_id", "user_id", "at"),
        Index("ix_notices_unread", "council_id", "user_id", postgresql_where="read_at is null"),
    )

    user_id: Mapped[UUID]
    key: Mapped[str]
    kind: Mapped[str]
    words: Mapped[str]
    path: Mapped[str]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]


@visible_to(council="siu")
class ReminderSettings(TenantKeyed, Versioned, Base):
    """When a council is reminded of a date and how its mails begin; without a row the product's own days hold.

    `before` and `after` are lists of days. The words are "" where the mail begins as it always does.
    """

    __tablename__ = "reminder_settings"
    __table_args__ = (UniqueConstraint("council_id"),)

    before: Mapped[list[Any]]
    after: Mapped[list[Any]]
    digest_words: Mapped[str]
    contributor_words: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by_name: Mapped[str]


@visible_to(
    Policy("own_select", "select", OWN),
    Policy("own_insert", "insert", OWN),
    Policy("own_update", "update", OWN),
    bearer="s",
    gate="su",
)
class CalendarFeed(TenantKeyed, Base):
    """The secret address under which a person's calendar reads the deadlines of a council; revocable."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        Index("ix_calendar_feeds_key_hash", "key_hash"),
        Index("ix_calendar_feeds_user_id", "user_id"),
    )

    region_id: Mapped[UUID]
    user_id: Mapped[UUID]
    key_hash: Mapped[str]
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
