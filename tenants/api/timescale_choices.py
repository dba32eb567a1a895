"""What the timescale of a line may mean, for programs, and saying which reading is meant."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, requires
from saas.policy import Permission
from tenants.api.plans import ONE_ACTION, ActionSchema, line_of
from tenants.models.plans import Action
from tenants.queries.action_details import document_day
from tenants.rules import timescales
from tenants.services import timescale_choices

operations = Operations("timescale_choices", "Action plans")


class ReadingSchema(ApiSchema):
    """One thing that a timescale may mean."""

    reading = fields.String(required=True, metadata={"description": "What chooseReading takes."})
    kind = fields.String(required=True)
    earliest_on = fields.Date(required=True, allow_none=True)
    latest_on = fields.Date(required=True, allow_none=True)
    reason = fields.String(required=True)


class ChosenReadingSchema(ApiSchema):
    """What a timescale means."""

    reading = fields.String(required=True, metadata={"description": "One of listReadings."})


@operations.get(f"{ONE_ACTION}/readings", "listReadings", answers=Listed(ReadingSchema, "reading"))
@requires(Permission.ACTION_READ)
def list_readings(plan_id: UUID, action_id: UUID) -> list[dict[str, Any]]:
    """List what the timescale of a line may mean. What was read first; one where the words are clear."""
    row = line_of(plan_id, action_id)
    return [
        {
            "reading": timescales.key_of(each.kind, each.earliest, each.latest),
            "kind": each.kind,
            "earliest_on": each.earliest,
            "latest_on": each.latest,
            "reason": each.reason,
        }
        for each in timescales.readings(row.timescale, document_on=document_day(row))
    ]


@operations.post(
    f"{ONE_ACTION}/reading",
    "chooseReading",
    takes=ChosenReadingSchema,
    answers=ActionSchema,
    status=200,
    versioned=True,
)
@requires(Permission.ACTION_WRITE)
def choose_reading(plan_id: UUID, action_id: UUID, given: dict[str, Any], version: int) -> Action:
    """Say which reading of a timescale is meant. It stays until the words change."""
    row = line_of(plan_id, action_id, lock=True)
    timescale_choices.choose(row, **given, document_on=document_day(row), version=version, by=actor())
    return row
