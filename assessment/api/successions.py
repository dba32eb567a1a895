"""Councils that merge, for programs: the region records it once, and reads what it recorded."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from assessment.models.successions import Succession
from assessment.queries import successions as queries
from assessment.services import successions
from saas.api import ApiSchema, Listed, Operations
from saas.errors import Invalid
from saas.guard import actor, place_id, requires
from saas.policy import Permission

operations = Operations("successions", "Councils of a region")
SUCCESSIONS = "/regions/<region>/successions"


class SuccessionSchema(ApiSchema):
    """A council that ended, and the one that succeeds it."""

    id = fields.UUID(required=True)
    council_id = fields.UUID(required=True, metadata={"description": "Of the council that ended."})
    council_name = fields.String(required=True)
    successor_id = fields.UUID(required=True)
    successor_name = fields.String(required=True)
    ended_on = fields.Date(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    recorded_by_name = fields.String(required=True)


class RecordedSuccessionSchema(ApiSchema):
    """Which council ended on which day, and which one succeeds it."""

    council_id = fields.UUID(required=True)
    successor_id = fields.UUID(required=True)
    ended_on = fields.Date(required=True, metadata={"example": "2026-04-01"})


@operations.get(SUCCESSIONS, "listSuccessions", answers=Listed(SuccessionSchema))
@requires(Permission.REGION_REPORT_READ)
def list_successions() -> list[Succession]:
    """List the councils of a region that merged. The newest first."""
    return queries.list_successions(place_id())


@operations.post(SUCCESSIONS, "recordSuccession", takes=RecordedSuccessionSchema, answers=SuccessionSchema)
@requires(Permission.COUNCIL_MERGE)
def record_succession(given: dict[str, Any]) -> Succession:
    """Record that a council ended. Once and for good: what is under way ends, awards end here and in the register, and
    everybody loses access; the successor reads its record.
    """
    council, successor = str(given["council_id"]), str(given["successor_id"])
    try:
        return successions.record(
            place_id(), council=council, successor=successor, ended_on=given["ended_on"], by=actor()
        )
    except Invalid as refusal:
        pointers = {"council": "council_id", "successor": "successor_id"}
        raise Invalid({pointers.get(name, name): texts for name, texts in refusal.messages.items()}) from refusal
