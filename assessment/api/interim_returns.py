"""The council's interim return, for programs: written part by part, looked over, and sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for
from marshmallow import fields, validate

from assessment.api.submissions import SealSchema, told_of_seal
from assessment.models.accreditations import Accreditation
from assessment.queries import interim as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.improvements import list_improvements
from assessment.rules import interim as rules
from assessment.rules.interim import LONGEST_WORDS, STATES, WHOLE
from assessment.services import interim as services
from saas.api import ApiSchema, Given, Operations
from saas.db import db
from saas.errors import NotFound
from saas.guard import actor, requires
from saas.policy import Permission
from tenants.queries.evidence import get_evidence

operations = Operations("interim_returns", "Improvements")
RETURN = "/councils/<council>/accreditations/<uuid:accreditation_id>/interim-return"
PART = f"{RETURN}/<int:number>"
NUMBER = {"description": "Of the improvement; 0 of the return as a whole.", "example": 1}
MARK = {"description": "The mark of what it says now."}


class CitedEvidenceSchema(ApiSchema):
    """A piece of evidence in the return."""

    evidence_id = fields.UUID(required=True, attribute="id")
    title = fields.String(required=True)


class InterimPartSchema(ApiSchema):
    """What is written of one improvement, or of the return as a whole."""

    number = fields.Integer(required=True, metadata=NUMBER)
    action = fields.String(required=True, metadata={"description": "What the improvement asks for; empty of number 0."})
    asked = fields.Boolean(required=True, metadata={"description": "Whether the return has to say how far it is."})
    state = fields.String(required=True, metadata={"enum": ["", *STATES]})
    words = fields.String(required=True)
    evidence = fields.List(fields.Nested(CitedEvidenceSchema), required=True)
    mark = fields.String(required=True, metadata=MARK)
    updated_at = fields.AwareDateTime(required=True, allow_none=True)
    updated_by_name = fields.String(required=True)
    version = fields.Integer(required=True, metadata={"description": "0 until somebody writes it."})


class InterimProblemSchema(ApiSchema):
    """Something that keeps the return from being sent."""

    number = fields.Integer(required=True, metadata=NUMBER)
    words = fields.String(required=True)


class InterimReturnSchema(ApiSchema):
    """Where the interim review stands, and what is written for it."""

    closed = fields.String(
        required=True, metadata={"description": "Why it cannot be written or sent now; empty where it can."}
    )
    opens_on = fields.Date(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    parts = fields.List(fields.Nested(InterimPartSchema), required=True)
    problems = fields.List(fields.Nested(InterimProblemSchema), required=True)


class WrittenPartSchema(ApiSchema):
    """How far an improvement is, in words; what is left out is emptied."""

    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", *STATES]),
        metadata={"description": "Of an improvement only.", "example": "in_progress"},
    )
    words = fields.String(load_default="", validate=validate.Length(max=LONGEST_WORDS))


class AddedEvidenceSchema(ApiSchema):
    """Evidence of the library to be added."""

    evidence_id = fields.UUID(required=True)


class CheckedPartSchema(ApiSchema):
    """A part as it was looked over."""

    number = fields.Integer(required=True, metadata=NUMBER)
    mark = fields.String(required=True, metadata=MARK)


class CheckedReturnSchema(ApiSchema):
    """The return as it was looked over."""

    parts = fields.List(
        fields.Nested(CheckedPartSchema),
        required=True,
        validate=validate.Length(1, 1_000),
        metadata={"description": "Every part of getInterimReturn; what says something else by now is not sent."},
    )


@operations.get(RETURN, "getInterimReturn", answers=InterimReturnSchema)
@requires(Permission.ACCREDITATION_READ)
def get_interim_return(accreditation_id: UUID) -> dict[str, Any]:
    """Read the interim return. Whether it is open, what is written, and what is still missing."""
    accreditation = get_accreditation(accreditation_id)
    standing = queries.find_standing(accreditation)
    return {
        "closed": services.why_not(accreditation, standing),
        "opens_on": standing.opens_on,
        "due_on": standing.award.interim_due_on if standing.award else None,
        "parts": _parts(accreditation),
        "problems": services.look_over(accreditation),
    }


@operations.get(PART, "getInterimPart", answers=InterimPartSchema)
@requires(Permission.ACCREDITATION_READ)
def get_interim_part(accreditation_id: UUID, number: int) -> dict[str, Any]:
    """Read what is written of one improvement. Or, with number 0, of the return as a whole."""
    return _part(get_accreditation(accreditation_id), number)


@operations.put(PART, "saveInterimPart", takes=WrittenPartSchema, answers=InterimPartSchema)
@requires(Permission.IMPROVEMENT_REPLY)
def save_interim_part(accreditation_id: UUID, number: int, given: dict[str, Any], version: int) -> dict[str, Any]:
    """Save what is written of one improvement. Or, with number 0, of the return as a whole. Only the council sees it
    until it is sent."""
    accreditation = get_accreditation(accreditation_id, share=True)
    services.save(accreditation, number, **given, version=version, by=actor())
    return _part(accreditation, number)


@operations.post(f"{PART}/evidence", "citeInInterimReturn", takes=AddedEvidenceSchema, answers=InterimPartSchema)
@requires(Permission.IMPROVEMENT_REPLY)
def cite_in_interim_return(accreditation_id: UUID, number: int, given: dict[str, Any]) -> dict[str, Any]:
    """Add evidence of the library to what is said of one improvement. Once."""
    accreditation = get_accreditation(accreditation_id, share=True)
    evidence = get_evidence(accreditation.council_id, given["evidence_id"])
    services.cite(accreditation, number, evidence, by=actor())
    return _part(accreditation, number)


@operations.delete(f"{PART}/evidence/<uuid:evidence_id>", "unciteInInterimReturn")
@requires(Permission.IMPROVEMENT_REPLY)
def uncite_in_interim_return(accreditation_id: UUID, number: int, evidence_id: UUID) -> None:
    """Take evidence out of what is said of one improvement. It stays in the library."""
    services.uncite(get_accreditation(accreditation_id, share=True), number, evidence_id, by=actor())


@operations.post(f"{RETURN}/submission", "sendInterimReturn", takes=CheckedReturnSchema, answers=SealSchema, status=202)
@requires(Permission.SUBMISSION_SEAL)
def send_interim_return(accreditation_id: UUID, given: dict[str, Any]) -> Given:
    """Send the interim return as it was looked over. It is sealed by a job: getSeal tells when."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    checked = {each["number"]: each["mark"] for each in given["parts"]}
    request = services.request_seal(accreditation, checked=checked, by=actor())
    here = url_for("api_submissions.getSeal", accreditation_id=accreditation_id, seal_id=request.id)
    return Given(told_of_seal(request), here)


def _part(accreditation: Accreditation, number: int) -> dict[str, Any]:
    db.session.flush()
    found = next((each for each in _parts(accreditation) if each["number"] == number), None)
    if found is None:
        raise NotFound
    return found


def _parts(accreditation: Accreditation) -> list[dict[str, Any]]:
    """The return as a whole, and each improvement in its order."""
    drafts = queries.list_drafts(accreditation)
    cited = queries.list_cited(drafts)
    improvements = list_improvements(accreditation.id)
    lines = queries.lines_of(improvements, drafts, cited)
    asked = {line.number: line.is_asked for line in lines}
    asked[WHOLE] = rules.is_whole_asked(lines)
    actions = {WHOLE: ""} | {each.improvement.number: each.improvement.action for each in improvements}
    marks = services.fingerprints(accreditation)
    unwritten = {"state": "", "words": "", "updated_at": None, "updated_by_name": "", "version": 0}
    return [
        {"number": number, "action": action, "asked": asked[number], "mark": marks[number]}
        | {"evidence": cited.get(number, [])}
        | {name: getattr(drafts.get(number), name, empty) for name, empty in unwritten.items()}
        for number, action in actions.items()
    ]
