"""Visits for programs: planned by the region line by line, and read by the region, the council and the team."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate

from assessment.api.cases import CASE
from assessment.models.accreditations import Accreditation
from assessment.models.visits import VISIT_STATES, Visit
from assessment.queries import visits as queries
from assessment.queries.accreditations import get_accreditation
from assessment.rules import visits as rules
from assessment.services import visits
from assessment.services.visits import LONGEST_REASON
from saas.api import ApiSchema, Operations
from saas.guard import actor, place_id, requires
from saas.policy import Permission

operations = Operations("visits", "Visits")
VISIT = f"{CASE}/visit"
OF_COUNCIL = "/councils/<council>/accreditations/<uuid:accreditation_id>/visit"
OF_FILE = "/files/<uuid:file>/visit"
SLOT = f"{VISIT}/timetable/<key>"
LENGTHS = tuple(rules.LENGTHS)
AT = {"description": "By the clock, in the region's time.", "example": "09:30"}


class ClockTime(fields.String):
    """A time of a day, sent and answered as "09:30"."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        found = rules.read_time(super()._deserialize(value, attr, data, **kwargs))
        if found is None:
            raise ValidationError("Enter a time like 09:30.")
        return found


class VisitSlotSchema(ApiSchema):
    """One line of the timetable."""

    key = fields.String(required=True, metadata={"description": "Names it in addresses.", "example": "s1"})
    at = ClockTime(required=True, metadata=AT)
    minutes = fields.Integer(required=True)
    title = fields.String(required=True, metadata={"example": "Welcome"})
    who = fields.String(required=True, metadata={"description": "Whom the team meets.", "example": "Group leaders"})


class VisitSchema(ApiSchema):
    """The one visit of an accreditation."""

    id = fields.UUID(required=True)
    accreditation_id = fields.UUID(required=True)
    state = fields.String(required=True, metadata={"enum": list(VISIT_STATES)})
    held_on = fields.Date(required=True)
    place = fields.String(required=True, metadata={"example": "Town hall"})
    joining = fields.String(required=True, metadata={"description": "How to take part from afar."})
    reason = fields.String(required=True, metadata={"description": "Why the day stands all the same."})
    timetable = fields.List(
        fields.Nested(VisitSlotSchema), required=True, metadata={"description": "In order of time."}
    )
    invited_at = fields.AwareDateTime(required=True, allow_none=True)
    changed = fields.Function(
        visits.is_changed,
        required=True,
        metadata={"type": "boolean", "description": "Since the invitations: those invited do not know yet."},
    )
    called_off_reason = fields.String(required=True)
    updated_at = fields.AwareDateTime(required=True)
    updated_by_name = fields.String(required=True)
    version = fields.Integer(required=True)


class VisitDaySchema(ApiSchema):
    """Day and place of a visit."""

    held_on = fields.Date(required=True, metadata={"example": "2027-03-10"})
    place = fields.String(
        required=True, validate=validate.Length(1, rules.LONGEST_PLACE), metadata={"example": "Town hall"}
    )
    joining = fields.String(load_default="", validate=validate.Length(max=rules.LONGEST_JOINING))
    reason = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_REASON),
        metadata={
            "description": "Needed for a weekend, a bank holiday, a pre-election period, or where one of the team is"
            " away."
        },
    )


class PlannedVisitSchema(VisitDaySchema):
    """A new visit: the usual timetable of its length follows from when it begins."""

    length = fields.String(required=True, validate=validate.OneOf(LENGTHS))
    begins_at = ClockTime(required=True, metadata=AT)


class WrittenSlotSchema(ApiSchema):
    """One line of the timetable."""

    at = ClockTime(required=True, metadata=AT)
    minutes = fields.Integer(required=True, validate=validate.Range(5, rules.MOST_MINUTES))
    title = fields.String(
        required=True, validate=validate.Length(1, rules.LONGEST_TITLE), metadata={"example": "Welcome"}
    )
    who = fields.String(load_default="", validate=validate.Length(max=rules.LONGEST_WHO))


class ChangedSlotSchema(WrittenSlotSchema):
    """One line of the timetable, and what becomes of those after it."""

    following = fields.Boolean(
        load_default=False, metadata={"description": "Move everything after it by as much as its end moves."}
    )


class CalledOffVisitSchema(ApiSchema):
    """Why a visit does not take place."""

    reason = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_REASON),
        metadata={"description": "The team and the council read it.", "example": "The chamber was flooded."},
    )


@operations.get(VISIT, "getCaseVisit", answers=VisitSchema)
@requires(Permission.CASE_READ)
def get_case_visit(accreditation_id: UUID) -> Visit:
    """Read the visit of a case. For the region; there is none before one is planned."""
    return queries.get_visit(get_accreditation(accreditation_id).id)


@operations.get(OF_COUNCIL, "getVisit", answers=VisitSchema)
@requires(Permission.ACCREDITATION_READ)
def get_visit(accreditation_id: UUID) -> Visit:
    """Read the visit. For the council that is visited; there is none before one is planned."""
    return queries.get_visit(get_accreditation(accreditation_id).id)


@operations.get(OF_FILE, "getFileVisit", answers=VisitSchema)
@requires(Permission.FILE_READ)
def get_file_visit() -> Visit:
    """Read the visit of a file. For its assessors, while the file is open to them."""
    return queries.get_visit(get_accreditation(place_id()).id)


@operations.post(VISIT, "planVisit", takes=PlannedVisitSchema, answers=VisitSchema, versioned=True)
@requires(Permission.VISIT_PLAN)
def plan_visit(accreditation_id: UUID, given: dict[str, Any], version: int) -> Visit:
    """Plan the visit. With the usual timetable of its length; anew after it was called off, with that one's version."""
    accreditation = get_accreditation(accreditation_id, share=True)
    return visits.plan(accreditation, **given, version=version, by=actor())


@operations.patch(VISIT, "updateVisit", takes=VisitDaySchema, answers=VisitSchema)
@requires(Permission.VISIT_PLAN)
def update_visit(accreditation_id: UUID, given: dict[str, Any], version: int) -> Visit:
    """Change day and place of the visit. What is not named stays; those invited hear of it when they are invited
    again.
    """
    accreditation, visit = _held(accreditation_id)
    stands = {name: getattr(visit, name) for name in VisitDaySchema().fields}
    visits.change(accreditation, visit, **stands | given, version=version, by=actor())
    return visit


@operations.post(f"{VISIT}/invitations", "inviteToVisit", answers=VisitSchema, status=200, versioned=True)
@requires(Permission.VISIT_PLAN)
def invite_to_visit(accreditation_id: UUID, version: int) -> Visit:
    """Invite to the visit. The team and the council's leads are mailed a calendar entry, or what has changed."""
    accreditation, visit = _held(accreditation_id)
    visits.invite(accreditation, visit, version=version, by=actor())
    return visit


@operations.post(f"{VISIT}/held", "markVisitHeld", answers=VisitSchema, status=200, versioned=True)
@requires(Permission.VISIT_PLAN)
def mark_visit_held(accreditation_id: UUID, version: int) -> Visit:
    """Say that the visit was held. On its day or later."""
    accreditation, visit = _held(accreditation_id)
    visits.hold(accreditation, visit, version=version, by=actor())
    return visit


@operations.post(f"{VISIT}/call-off", "callOffVisit", takes=CalledOffVisitSchema, answers=VisitSchema, status=200,
                 versioned=True)  # fmt: skip
@requires(Permission.VISIT_PLAN)
def call_off_visit(accreditation_id: UUID, given: dict[str, Any], version: int) -> Visit:
    """Call the visit off. Whoever was invited is told why."""
    accreditation, visit = _held(accreditation_id)
    visits.call_off(accreditation, visit, **given, version=version, by=actor())
    return visit


@operations.post(f"{VISIT}/timetable", "addVisitSlot", takes=WrittenSlotSchema, answers=VisitSchema, versioned=True)
@requires(Permission.VISIT_PLAN)
def add_visit_slot(accreditation_id: UUID, given: dict[str, Any], version: int) -> Visit:
    """Add a line to the timetable. It stands where its time puts it; the version is the visit's."""
    accreditation, visit = _held(accreditation_id)
    visits.add_slot(accreditation, visit, **given, version=version, by=actor())
    return visit


@operations.put(SLOT, "saveVisitSlot", takes=ChangedSlotSchema, answers=VisitSchema)
@requires(Permission.VISIT_PLAN)
def save_visit_slot(accreditation_id: UUID, key: str, given: dict[str, Any], version: int) -> Visit:
    """Save a line of the timetable. Whole; the version is the visit's."""
    accreditation, visit = _held(accreditation_id)
    queries.get_slot(visit, key)
    visits.change_slot(accreditation, visit, key, **given, version=version, by=actor())
    return visit


@operations.delete(SLOT, "removeVisitSlot", versioned=True)
@requires(Permission.VISIT_PLAN)
def remove_visit_slot(accreditation_id: UUID, key: str, version: int) -> None:
    """Take a line out of the timetable. One stays at least; the version is the visit's."""
    accreditation, visit = _held(accreditation_id)
    queries.get_slot(visit, key)
    visits.remove_slot(accreditation, visit, key, version=version, by=actor())


def _held(accreditation_id: UUID) -> tuple[Accreditation, Visit]:
    """The accreditation and its visit, which nobody else changes until this is done."""
    return get_accreditation(accreditation_id, share=True), queries.get_visit(accreditation_id, lock=True)
