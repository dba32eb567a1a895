"""Changing when a council is reminded, and how its reminders begin."""

from __future__ import annotations

from uuid import UUID

from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.notices import ReminderSettings
from tenants.queries.reminder_settings import find_settings
from tenants.rules.reminder_settings import LONGEST_WORDS, Reminders, why_not

LATE = "Somebody else changed the reminders in the meantime."


def save_settings(council_id: UUID, wanted: Reminders, *, version: int, by: Actor) -> ReminderSettings:
    """Keep what holds from the next morning on; in the council's scope.

    version: of what was changed, 0 for the product's own days. Raises Invalid (before, after, digest_words,
    contributor_words), Conflict when somebody else saved in the meantime.
    """
    row = find_settings(council_id)
    if version != (row.version if row else 0):
        raise Conflict(LATE, version=row.version if row else 0)
    messages = {name: [words] for name in ("before", "after") if (words := why_not(getattr(wanted, name)))}
    if not wanted.before:
        messages["before"] = ["Enter at least one number of days before a date."]
    for name in ("digest_words", "contributor_words"):
        if len(getattr(wanted, name).strip()) > LONGEST_WORDS:
            messages[name] = [f"The opening words must have at most {LONGEST_WORDS} characters."]
    if messages:
        raise Invalid(messages)
    values = {
        "before": sorted(wanted.before, reverse=True),
        "after": sorted(wanted.after),
        "digest_words": wanted.digest_words.strip(),
        "contributor_words": wanted.contributor_words.strip(),
        "changed_at": clock.now(),
        "changed_by_name": by.name,
    }
    if row is None:
        row = ReminderSettings(council_id=council_id, id=new_id(), **values)
        with turning("uq_reminder_settings_council_id", lambda: Conflict(LATE)):
            db.session.add(row)
    else:
        for name, value in values.items():
            setattr(row, name, value)
    payload = {"before": values["before"], "after": values["after"]}
    events.record("reminders.changed", row, by=by, audience="council", payload=payload)
    return row
