"""Meetings about an action plan, for programs: planned, entered in one sitting, closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from flask import url_for
from marshmallow import fields, validate

from saas.api import ApiSchema, Given, Listed, Operations
from saas.db import db
from saas.errors import Conflict, Invalid
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from tenants.api.plans import PLAN
from tenants.models.meetings import Meeting
from tenants.models.plans import ACTION_STATUSES, Plan
from tenants.queries import meetings as queries
from tenants.queries.plans import get_plan
from tenants.rules.meetings import LABELS, NEW_LABELS, field_of, mark, new_field
from tenants.services import meetings as services
from tenants.services.meetings import LONGEST_BODY, LONGEST_MINUTE, LONGEST_WORDS, Clash, Entry
from tenants.services.plans import LONGEST_TEXT

operations = Operations("meetings", "Action plans")
LIST = f"{PLAN}/meetings"
ONE = f"{LIST}/<uuid:meeting_id>"
MOST_LINES = 500
TEXT, WORDS = validate.Length(max=LONGEST_TEXT), validate.Length(max=LONGEST_WORDS)
MINUTE = validate.Length(max=LONGEST_MINUTE)
MINUTE_WORDS = {"description": "The reference of the minute.", "example": "14/2027"}


class MeetingSchema(ApiSchema):
    """A meeting of a steering group or another body about one plan."""

    id = fields.UUID(required=True)
    plan_id = fields.UUID(required=True)
    body = fields.String(required=True, metadata={"description": "Who meets.", "example": "Steering group"})
    held_on = fields.Date(required=True)
    minute = fields.String(required=True, metadata=MINUTE_WORDS)
    notes = fields.String(required=True)
    opened_at = fields.AwareDateTime(required=True)
    opened_by_name = fields.String(required=True)
    closed_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "From then on its record stands."}
    )
    closed_by_name = fields.String(required=True)
    version = fields.Integer(required=True)


class SittingLineSchema(ApiSchema):
    """A line that the meeting goes through, as it stands, with what the meeting decided on it."""

    action_id = fields.UUID(required=True)
    ref = fields.String(required=True)
    action = fields.String(required=True)
    status = fields.String(required=True, metadata={"description": "As a person confirmed it, or empty."})
    timescale = fields.String(required=True)
    responsibility = fields.String(required=True)
    decision = fields.String(required=True)
    minute = fields.String(required=True, metadata=MINUTE_WORDS)
    seen = fields.String(required=True, metadata={"description": "The mark of these texts, sent back with them."})


class RecordedMeetingSchema(MeetingSchema):
    """A meeting with every line that it goes through or has entered."""

    seen = fields.String(required=True, metadata={"description": "The mark of `minute` and `notes`, sent back."})
    lines = fields.List(fields.Nested(SittingLineSchema), required=True)


class PlannedMeetingSchema(ApiSchema):
    """Who meets, and when."""

    body = fields.String(
        required=True, validate=validate.Length(1, LONGEST_BODY), metadata={"example": "Member development group"}
    )
    held_on = fields.Date(required=True, metadata={"description": "To come, or already held.", "example": "2027-02-09"})


class EnteredLineSchema(ApiSchema):
    """What was entered on one line; a text that is left out stays as it is."""

    action_id = fields.UUID(required=True)
    seen = fields.String(required=True, metadata={"description": "The mark of the line as it was read."})
    status = fields.String(validate=validate.OneOf(["", *ACTION_STATUSES]))
    timescale = fields.String(validate=TEXT)
    responsibility = fields.String(validate=TEXT)
    decision = fields.String(
        validate=WORDS, metadata={"description": "In words; needed for what is decided against.", "example": "Agreed."}
    )
    minute = fields.String(validate=MINUTE, metadata=MINUTE_WORDS)
    note = fields.String(
        load_default="", validate=WORDS, metadata={"description": "A note of the meeting's day, always a new one."}
    )


class AddedLineSchema(ApiSchema):
    """A line that the meeting adds at the end of the plan."""

    action = fields.String(required=True, validate=validate.Length(1, LONGEST_TEXT))
    timescale = fields.String(load_default="", validate=TEXT)
    responsibility = fields.String(load_default="", validate=TEXT)
    decision = fields.String(load_default="", validate=WORDS)
    minute = fields.String(load_default="", validate=MINUTE, metadata=MINUTE_WORDS)


class SittingSchema(ApiSchema):
    """All that was entered in one sitting."""

    seen = fields.String(required=True, metadata={"description": "The mark of `minute` and `notes` as they were read."})
    minute = fields.String(validate=MINUTE, metadata=MINUTE_WORDS)
    notes = fields.String(validate=WORDS)
    lines = fields.List(fields.Nested(EnteredLineSchema), load_default=list, validate=validate.Length(max=MOST_LINES))
    added = fields.List(fields.Nested(AddedLineSchema), load_default=list, validate=validate.Length(max=MOST_LINES))


@operations.get(LIST, "listMeetings", answers=Listed(MeetingSchema))
@requires(Permission.ACTION_READ)
def list_meetings(plan_id: UUID) -> list[Meeting]:
    """List the meetings about a plan. The latest first."""
    return [row.Meeting for row in queries.list_meetings(get_plan(place_id(), plan_id))]


@operations.post(LIST, "planMeeting", takes=PlannedMeetingSchema, answers=MeetingSchema)
@requires(Permission.MEETING_RECORD)
def plan_meeting(plan_id: UUID, given: dict[str, Any]) -> Given:
    """Name a day on which a body goes through a plan. To come, or past."""
    made = services.plan_meeting(get_plan(place_id(), plan_id), **given, by=actor())
    return Given(made, url_for("api_meetings.getMeeting", plan_id=plan_id, meeting_id=made.id))


@operations.get(ONE, "getMeeting", answers=RecordedMeetingSchema)
@requires(Permission.ACTION_READ)
def get_meeting(plan_id: UUID, meeting_id: UUID) -> dict[str, Any]:
    """Read a meeting. With every line that it goes through: the open ones, and those it has entered."""
    return _told(_meeting(plan_id, meeting_id)[1])


@operations.patch(ONE, "updateMeeting", takes=PlannedMeetingSchema, answers=MeetingSchema)
@requires(Permission.MEETING_RECORD)
def update_meeting(plan_id: UUID, meeting_id: UUID, given: dict[str, Any], version: int) -> Meeting:
    """Name another body or day. What is not named stays."""
    _, meeting = _meeting(plan_id, meeting_id, lock=True)
    stands: dict[str, Any] = {"body": meeting.body, "held_on": meeting.held_on}
    services.change_meeting(meeting, **stands | given, version=version, by=actor())
    return meeting


@operations.delete(ONE, "callOffMeeting")
@requires(Permission.MEETING_RECORD)
def call_off_meeting(plan_id: UUID, meeting_id: UUID) -> None:
    """Call a meeting off. Only while nothing of it is entered."""
    services.call_off(_meeting(plan_id, meeting_id, lock=True)[1], by=actor())


@operations.post(f"{ONE}/sitting", "recordSitting", takes=SittingSchema, answers=RecordedMeetingSchema, status=200)
@requires(Permission.MEETING_RECORD)
def record_sitting(plan_id: UUID, meeting_id: UUID, given: dict[str, Any]) -> dict[str, Any]:
    """Keep all that a meeting decided, or nothing. What somebody changed since it was read is not written over: the
    answer (409) names it."""
    _, meeting = _meeting(plan_id, meeting_id, lock=True)
    head = {name: given.get(name, text) for name, text in services.head_texts(meeting).items()}
    entries = _entries(meeting, given["lines"])
    try:
        services.record_sitting(meeting, entries, head=head, head_seen=given["seen"], added=given["added"], by=actor())
    except Invalid as refusal:
        raise Invalid(_placed(refusal.messages, list(entries), len(given["added"]))) from refusal
    except Conflict as refusal:
        if refusal.theirs is None:
            raise
        raise Conflict(_named(cast(tuple[Clash, ...], refusal.theirs))) from refusal
    return _told(meeting)


@operations.post(f"{ONE}/closure", "closeMeeting", answers=MeetingSchema, status=200, versioned=True)
@requires(Permission.MEETING_RECORD)
def close_meeting(plan_id: UUID, meeting_id: UUID, version: int) -> Meeting:
    """Close the record of a meeting that was held. What it decided stands from then on."""
    _, meeting = _meeting(plan_id, meeting_id, lock=True)
    services.close_meeting(meeting, version=version, by=actor())
    return meeting


def _meeting(plan_id: UUID, meeting_id: UUID, *, lock: bool = False) -> tuple[Plan, Meeting]:
    plan = get_plan(place_id(), plan_id)
    return plan, queries.get_meeting(plan, meeting_id, lock=lock)


def _entries(meeting: Meeting, lines: list[dict[str, Any]]) -> dict[UUID, Entry]:
    """What was sent of each line, its other texts as they stand."""
    sent = {each["action_id"]: each for each in lines}
    if len(sent) < len(lines):
        raise Invalid({"lines": ["Name each line once."]})
    stored = _stored(meeting, more=list(sent))
    blank = dict.fromkeys(LABELS, "")
    return {
        key: Entry(
            {name: each.get(name, text) for name, text in stored.get(key, blank).items()}, each["note"], each["seen"]
        )
        for key, each in sent.items()
    }


def _stored(meeting: Meeting, more: list[UUID]) -> dict[UUID, dict[str, str]]:
    items = queries.list_items(meeting)
    return {row.id: services.stored_texts(row, items.get(row.id)) for row in queries.list_lines(meeting, more=more)}


def _placed(messages: Mapping[str, list[str]], keys: list[UUID], added: int) -> dict[str, list[str]]:
    """What a service says of the fields of a page, beside what was sent: "lines.0.decision"."""
    places = {field_of(name, key): f"lines.{at}.{name}" for at, key in enumerate(keys) for name in LABELS}
    places |= {new_field(name, at + 1): f"added.{at}.{name}" for at in range(added) for name in NEW_LABELS}
    return {places.get(name, name): texts for name, texts in messages.items()}


def _named(clashes: tuple[Clash, ...]) -> str:
    found = [f"{each.ref} {each.label}".strip() for each in clashes]
    return f"Somebody changed this after it was read: {', '.join(found)}. Read the meeting again; nothing was kept."


def _told(meeting: Meeting) -> dict[str, Any]:
    db.session.flush()
    items = queries.list_items(meeting)
    lines = []
    for row in queries.list_lines(meeting, ended=meeting.closed_at is not None):
        texts = services.stored_texts(row, items.get(row.id))
        lines.append({"action_id": row.id, "ref": row.ref, "action": row.action, "seen": mark(texts)} | texts)
    columns = {name: getattr(meeting, name) for name in MeetingSchema().fields}
    return columns | {"seen": mark(services.head_texts(meeting)), "lines": lines}
