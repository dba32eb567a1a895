"""When a council is reminded of its dates, for programs."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from saas.api import ApiSchema, Operations
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from tenants.queries.reminder_settings import find_settings, settings_of
from tenants.rules.reminder_settings import FURTHEST, LONGEST_WORDS, MOST_DAYS, Reminders
from tenants.services.reminder_settings import save_settings

operations = Operations("reminders", "Settings")
ONE = "/councils/<council>/reminders"
DAY = validate.Range(1, FURTHEST)


class RemindersSchema(ApiSchema):
    """The days on which the council is reminded of a date, and how the mails begin."""

    before = fields.List(fields.Integer(), required=True, metadata={"description": "Days before the date."})
    after = fields.List(fields.Integer(), required=True, metadata={"description": "Days after it has passed."})
    digest_words = fields.String(required=True, metadata={"description": "How the daily mail begins."})
    contributor_words = fields.String(
        required=True, metadata={"description": "How the reminder to somebody who was asked for a text begins."}
    )
    version = fields.Integer(required=True, metadata={"description": "0 while the product's own days hold."})


class WrittenRemindersSchema(ApiSchema):
    """The reminders as they are to be."""

    before = fields.List(
        fields.Integer(validate=DAY), required=True, validate=validate.Length(1, MOST_DAYS), metadata={"example": [14]}
    )
    after = fields.List(fields.Integer(validate=DAY), load_default=list, validate=validate.Length(max=MOST_DAYS))
    digest_words = fields.String(load_default="", validate=validate.Length(max=LONGEST_WORDS))
    contributor_words = fields.String(load_default="", validate=validate.Length(max=LONGEST_WORDS))


@operations.get(ONE, "getReminders", answers=RemindersSchema)
@requires(Permission.ACCESS_GRANT)
def get_reminders() -> dict[str, Any]:
    """Read when the council is reminded."""
    return _told()


@operations.put(ONE, "saveReminders", takes=WrittenRemindersSchema, answers=RemindersSchema)
@requires(Permission.ACCESS_GRANT)
def save_reminders(given: dict[str, Any], version: int) -> dict[str, Any]:
    """Say when the council is reminded, and how the mails begin. From the next morning on."""
    wanted = Reminders(**given | {"before": tuple(given["before"]), "after": tuple(given["after"])})
    save_settings(place_id(), wanted, version=version, by=actor())
    return _told()


def _told() -> dict[str, Any]:
    row, standing = find_settings(place_id()), settings_of(place_id())
    names = ("before", "after", "digest_words", "contributor_words")
    return {name: getattr(standing, name) for name in names} | {"version": row.version if row else 0}
