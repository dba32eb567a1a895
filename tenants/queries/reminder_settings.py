"""When a council is reminded, and in which words; in its scope."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from saas.db import db
from tenants.models.notices import ReminderSettings
from tenants.rules.reminder_settings import DEFAULT, Reminders


def find_settings(council_id: UUID) -> ReminderSettings | None:
    """What the council has set, or None while the product's own days hold."""
    return db.session.scalar(select(ReminderSettings).where(ReminderSettings.council_id == council_id))


def settings_of(council_id: UUID) -> Reminders:
    """What holds for the council; one statement."""
    row = find_settings(council_id)
    if row is None:
        return DEFAULT
    return Reminders(tuple(row.before), tuple(row.after), row.digest_words, row.contributor_words)
