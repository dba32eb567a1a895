"""The people who assess, for programs: the pool, the team of one accreditation, who is asked and who leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.cases import CASE
from assessment.models.accreditations import Accreditation
from assessment.models.assignments import DUTIES, INTERESTS
from assessment.queries import assignments as queries
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.availability import list_available
from assessment.rules import teams
from assessment.rules.teams import CAPACITIES, LONGEST_HOME, LONGEST_REASON, Place
from assessment.services import assignments
from assessment.services.assignments import Asked
from saas.api import ApiSchema, Listed, Operations
from saas.errors import Invalid
from saas.guard import actor, place_id, requires
from saas.policy import Permission

operations = Operations("teams", "Assessors and teams")
TEAM = f"{CASE}/team"


class ServedCouncilSchema(ApiSchema):
    """A council that somebody serves."""

    id = fields.UUID(required=True, allow_none=True, attribute="council_id")
    name = fields.String(required=True)
    relation = fields.String(required=True, metadata={"enum": ["member", "officer"]})


class AssessorSchema(ApiSchema):
    """Somebody of the pool, or who could be entered in it."""

    user_id = fields.UUID(required=True)
    name = fields.String(required=True)
    scores = fields.Boolean(required=True, metadata={"description": "Whether this person may be asked to score."})
    leads = fields.Boolean(required=True, metadata={"description": "Whether this person may be asked to lead."})
    capacity = fields.String(
        required=True,
        allow_none=True,
        metadata={"enum": [*CAPACITIES, None], "description": "As what; null for who is not entered in the pool."},
    )
    councils = fields.List(fields.Nested(ServedCouncilSchema), required=True)
    trained_until_on = fields.Date(required=True, allow_none=True)
    files = fields.Integer(required=True, metadata={"description": "How many this person still has to score."})
    most_at_once = fields.Integer(required=True, allow_none=True)
    leading = fields.Integer(required=True)
    hindrance = fields.String(
        required=True, metadata={"description": "Why this person cannot be asked today; empty for who can."}
    )


class SeatSchema(ApiSchema):
    """An empty place of a team."""

    place = fields.String(required=True, attribute="key", metadata={"example": "councillor_1"})
    label = fields.String(required=True, metadata={"example": "Councillor"})
    duty = fields.String(required=True, metadata={"enum": list(DUTIES)})
    capacity = fields.String(required=True, metadata={"enum": list(CAPACITIES)})


class SeatedSchema(ApiSchema):
    """Somebody's part in one assessment."""

    id = fields.UUID(required=True)
    user_id = fields.UUID(required=True)
    name = fields.String(required=True)
    duty = fields.String(required=True, metadata={"enum": list(DUTIES)})
    capacity = fields.String(required=True, metadata={"enum": list(CAPACITIES)})
    home_council = fields.String(required=True)
    assigned_at = fields.AwareDateTime(required=True)
    interest = fields.String(
        required=True,
        allow_none=True,
        metadata={"enum": [*INTERESTS, None], "description": "As declared; null until then, and for who only leads."},
    )
    interest_words = fields.String(required=True)
    declared_at = fields.AwareDateTime(required=True, allow_none=True)
    scored = fields.Integer(required=True, metadata={"description": "How many requirements have a score."})
    to_score = fields.Integer(required=True)
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    closes_on = fields.Date(required=True, allow_none=True, metadata={"description": "The file's last day."})


class TeamSchema(ApiSchema):
    """The team of one accreditation, and the places that are still empty."""

    people = fields.List(fields.Nested(SeatedSchema), required=True)
    empty = fields.List(fields.Nested(SeatSchema), required=True)


class AskedPersonSchema(ApiSchema):
    """Somebody for one place."""

    place = fields.String(required=True, validate=validate.Length(1, 60), metadata={"example": "councillor_1"})
    user_id = fields.UUID(required=True)
    home_council = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_HOME),
        metadata={"description": "For a scorer whose council the pool does not know."},
    )


class AskedTeamSchema(ApiSchema):
    """Somebody for each empty place."""

    people = fields.List(fields.Nested(AskedPersonSchema), required=True, validate=validate.Length(1, 20))


class ReplacementSchema(ApiSchema):
    """Who comes instead."""

    user_id = fields.UUID(required=True)
    home_council = fields.String(load_default="", validate=validate.Length(max=LONGEST_HOME))


class WithdrawnSchema(ApiSchema):
    """Why somebody leaves a team, and who comes instead."""

    reason = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_REASON),
        metadata={"description": "Your region alone reads it."},
    )
    replacement = fields.Nested(ReplacementSchema, load_default=None, allow_none=True)


@operations.get("/regions/<region>/assessors", "listAssessors", answers=Listed(AssessorSchema, "user_id"))
@requires(Permission.TEAM_ASSIGN)
def list_assessors() -> list[dict[str, Any]]:
    """List the pool of assessors. By name, with everybody's work and what stands against asking them today."""
    return [
        {
            "user_id": each.user_id,
            "name": each.name,
            "scores": each.scores,
            "leads": each.leads,
            "capacity": each.assessor.capacity if each.assessor else None,
            "councils": each.home,
            "trained_until_on": each.assessor.trained_until_on if each.assessor else None,
            "files": len(each.files),
            "most_at_once": each.assessor.most_at_once if each.assessor else None,
            "leading": each.leading,
            "hindrance": hindrance,
        }
        for each, hindrance in list_available(place_id())
    ]


@operations.get(TEAM, "getTeam", answers=TeamSchema)
@requires(Permission.TEAM_ASSIGN)
def get_team(accreditation_id: UUID) -> dict[str, Any]:
    """Read the team of an accreditation. With the places that somebody has to be asked for."""
    return _team(get_accreditation(accreditation_id))


@operations.post(TEAM, "assignAssessor", takes=AskedTeamSchema, answers=TeamSchema)
@requires(Permission.TEAM_ASSIGN)
def assign_assessor(accreditation_id: UUID, given: dict[str, Any]) -> dict[str, Any]:
    """Fill the empty places of a team. All of them at once; nobody whom a rule keeps away is taken."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    empty = {place.key for place in _empty(accreditation)}
    asked: dict[str, Asked] = {}
    pointers: dict[str, str] = {}
    for at, each in enumerate(given["people"]):
        if each["place"] in asked or each["place"] not in empty:
            raise Invalid({f"/people/{at}/place": ["This is no empty place of the team, or it is named twice."]})
        asked[each["place"]] = Asked(each["user_id"], each["home_council"])
        pointers |= {
            f"{each['place']}_person": f"/people/{at}/user_id",
            f"{each['place']}_home": f"/people/{at}/home_council",
        }
    try:
        assignments.assign(accreditation, asked, by=actor())
    except Invalid as refusal:
        raise _pointed(refusal, pointers, "/people") from refusal
    return _team(accreditation)


@operations.post(f"{TEAM}/<uuid:assignment_id>/withdrawal", "withdrawAssessor", takes=WithdrawnSchema,
                 answers=TeamSchema, status=200)  # fmt: skip
@requires(Permission.TEAM_ASSIGN)
def withdraw_assessor(accreditation_id: UUID, assignment_id: UUID, given: dict[str, Any]) -> dict[str, Any]:
    """Withdraw somebody from a team. What this person scored is void; without a replacement the place is empty."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    assignment = queries.get_assignment(accreditation_id, assignment_id)
    instead = given["replacement"]
    replacement = Asked(instead["user_id"], instead["home_council"]) if instead else None
    try:
        assignments.withdraw(accreditation, assignment, reason=given["reason"], replacement=replacement, by=actor())
    except Invalid as refusal:
        pointers = {
            "replacement_person": "/replacement/user_id",
            "replacement_home": "/replacement/home_council",
            "reason": "/reason",
        }
        raise _pointed(refusal, pointers, "/replacement") from refusal
    return _team(accreditation)


def _empty(accreditation: Accreditation) -> tuple[Place, ...]:
    seated = [(each.duty, each.capacity) for each in queries.list_team(accreditation.id)]
    return teams.vacant(process_of(accreditation), seated)


def _team(accreditation: Accreditation) -> dict[str, Any]:
    return {"people": queries.list_team(accreditation.id), "empty": _empty(accreditation)}


def _pointed(refusal: Invalid, pointers: Mapping[str, str], otherwise: str) -> Invalid:
    """The same refusal under what was sent. otherwise: for a place that nobody was named for."""
    messages: dict[str, list[str]] = {}
    for name, texts in refusal.messages.items():
        messages.setdefault(pointers.get(name, otherwise), []).extend(texts)
    return Invalid(messages)
