"""What happened, for programs: the events of a council or a region, in words, page by page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.queries.timeline import Wanted, list_events_of_council, list_events_of_region
from assessment.rules.news import subjects_read_with
from saas.api import ApiSchema, Listed, Operations, PageSchema, Part
from saas.cursors import read_id_cursor
from saas.guard import may, place, place_id, requires
from saas.policy import Permission

operations = Operations("events", "Events")


class EventSchema(ApiSchema):
    """Something that happened. It names what it happened to; what that says is read there."""

    id = fields.UUID(required=True)
    at = fields.AwareDateTime(required=True)
    verb = fields.String(required=True, metadata={"example": "submission.sealed"})
    words = fields.String(required=True, metadata={"description": "The same as a sentence."})
    by = fields.String(required=True, metadata={"description": "Who; empty for the service itself."})
    subject = fields.String(required=True, metadata={"description": "The kind of row.", "example": "submissions"})
    subject_id = fields.UUID(required=True, allow_none=True)
    council = fields.String(required=True, metadata={"description": "Its name; empty where it is about none."})
    council_id = fields.UUID(required=True, allow_none=True)
    accreditation_id = fields.UUID(required=True, allow_none=True)


class AskedEventsSchema(PageSchema):
    """Which events, and in which order."""

    verb = fields.String(
        load_default="",
        validate=validate.Regexp(r"[a-z_]+(\.[a-z_]+)?\Z|\Z"),
        metadata={"description": "One verb, or its noun for all of that noun.", "example": "submission"},
    )
    accreditation_id = fields.UUID(load_default=None)
    since = fields.AwareDateTime(load_default=None, metadata={"description": "From this instant on."})
    until = fields.AwareDateTime(load_default=None, metadata={"description": "Before this instant."})
    order = fields.String(load_default="newest", validate=validate.OneOf(["newest", "oldest"]))


@operations.get("/councils/<council>/events", "listEvents", answers=Listed(EventSchema), asks=AskedEventsSchema)
@requires(Permission.COUNCIL_READ)
def list_events(asked: dict[str, Any]) -> Part:
    """List what happened in a council. As far as the caller reads what it happened to."""
    subjects = subjects_read_with(place().permissions, in_detail=True)
    after, limit, wanted = _read(asked)
    found = list_events_of_council(place_id(), wanted, subjects=subjects, after=after, limit=limit + 1)
    return Part.of_rows(found, limit)


@operations.get("/regions/<region>/events", "listRegionalEvents", answers=Listed(EventSchema),
                asks=AskedEventsSchema)  # fmt: skip
@requires(Permission.REGION_READ)
def list_regional_events(asked: dict[str, Any]) -> Part:
    """List what happened in a region. Without names for who may not read its cases."""
    after, limit, wanted = _read(asked)
    shared_only = not may(Permission.CASE_READ)
    found = list_events_of_region(place_id(), wanted, shared_only=shared_only, after=after, limit=limit + 1)
    return Part.of_rows(found, limit)


def _read(asked: dict[str, Any]) -> tuple[UUID | None, int, Wanted]:
    """The event after which the page begins, how many it has, and which events."""
    after = read_id_cursor(asked["cursor"]) if asked["cursor"] is not None else None
    named = {name: asked[name] for name in ("verb", "accreditation_id", "since", "until")}
    return after, asked["limit"], Wanted(**named, oldest_first=asked["order"] == "oldest")
