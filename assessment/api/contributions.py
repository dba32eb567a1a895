"""Help from people without an account, for programs: asked for, and what becomes of the text that came."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.answers import ONE as ANSWER
from assessment.api.answers import AnswerSchema, one_answer, requirement_named
from assessment.models.answers import ContributionRequest
from assessment.queries.accreditations import get_accreditation
from assessment.queries.contributions import ContributionLine, get_request, line_of, list_contributions
from assessment.rules.contributions import State
from assessment.services import contributions as services
from saas.api import ApiSchema, Listed, Operations
from saas.db import db
from saas.guard import actor, place_id, requires
from saas.policy import Permission

operations = Operations("contributions", "Self-assessment")
LIST = f"{ANSWER}/contributions"
ONE = "/councils/<council>/contributions/<uuid:contribution_id>"


class ContributionSchema(ApiSchema):
    """A text that somebody without an account was asked for."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    question = fields.String(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    state = fields.String(required=True, metadata={"enum": [state.value for state in State]})
    asked_at = fields.AwareDateTime(required=True)
    asked_by_name = fields.String(required=True)
    mailed = fields.Boolean(required=True)
    begun = fields.Boolean(required=True, metadata={"description": "Whether the person has written something yet."})
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    words = fields.String(required=True, metadata={"description": "Empty until the person has sent them."})
    decline_reason = fields.String(required=True)
    settled_by_name = fields.String(required=True)


class AskedContributionSchema(ApiSchema):
    """Who is asked for what, and until when."""

    name = fields.String(
        required=True, validate=validate.Length(1, services.LONGEST_NAME), metadata={"example": "Ade Marsh"}
    )
    email = fields.String(
        required=True, validate=validate.Length(1, services.LONGEST_EMAIL), metadata={"example": "ade@example.org"}
    )
    question = fields.String(
        required=True,
        validate=validate.Length(1, services.LONGEST_QUESTION),
        metadata={"example": "How did new members find the induction?"},
    )
    due_on = fields.Date(required=True, metadata={"example": "2027-03-31"})


@operations.get(LIST, "listContributions", answers=Listed(ContributionSchema))
@requires(Permission.ANSWER_WRITE)
def list_of_answer(accreditation_id: UUID, code: str) -> list[ContributionLine]:
    """List what was asked of whom about a requirement. What waits for the council first."""
    accreditation = get_accreditation(accreditation_id)
    return list_contributions(accreditation, requirement_named(accreditation, code))


@operations.post(LIST, "askContribution", takes=AskedContributionSchema, answers=ContributionSchema)
@requires(Permission.ANSWER_WRITE)
def ask_contribution(accreditation_id: UUID, code: str, given: dict[str, Any]) -> ContributionLine:
    """Ask somebody without an account for a text. The mail with the link goes out by itself; a council can send 60 of
    these mails in an hour."""
    accreditation = get_accreditation(accreditation_id, share=True)
    requirement_id = requirement_named(accreditation, code)
    services.brake(place_id())
    return line_of(services.ask(accreditation, requirement_id, **given, by=actor()))


@operations.get(ONE, "getContribution", answers=ContributionSchema)
@requires(Permission.ANSWER_WRITE)
def get_contribution(contribution_id: UUID) -> ContributionLine:
    """Read one request and what came of it."""
    return line_of(get_request(place_id(), contribution_id))


@operations.post(f"{ONE}/resend", "resendContribution", answers=ContributionSchema, status=200)
@requires(Permission.ANSWER_WRITE)
def resend_contribution(contribution_id: UUID) -> ContributionLine:
    """Send a request again. With a new link; the old one ends."""
    services.brake(place_id())
    made = _held(contribution_id)
    services.resend(made, by=actor())
    return _told(made)


@operations.post(f"{ONE}/extension", "extendContribution", answers=ContributionSchema, status=200)
@requires(Permission.ANSWER_WRITE)
def extend_contribution(contribution_id: UUID) -> ContributionLine:
    """Give two weeks more. The same link works, and a mail says so."""
    services.brake(place_id())
    made = _held(contribution_id)
    services.extend(made, by=actor())
    return _told(made)


@operations.post(f"{ONE}/withdrawal", "withdrawContribution", answers=ContributionSchema, status=200)
@requires(Permission.ANSWER_WRITE)
def withdraw_contribution(contribution_id: UUID) -> ContributionLine:
    """Take a request back. Its link ends."""
    made = _held(contribution_id)
    services.withdraw(made, by=actor())
    return _told(made)


@operations.post(f"{ONE}/take-in", "takeContribution", answers=AnswerSchema, status=200, versioned=True)
@requires(Permission.ANSWER_WRITE)
def take_contribution(contribution_id: UUID, version: int) -> dict[str, Any]:
    """Add the text that came to the end of the answer. `If-Match` is the answer's ETag."""
    made = get_request(place_id(), contribution_id)
    accreditation = get_accreditation(made.accreditation_id, share=True)
    services.take_in(accreditation, made, version=version, by=actor())
    return one_answer(accreditation, made.shown["code"])


@operations.post(f"{ONE}/set-aside", "setContributionAside", answers=ContributionSchema, status=200)
@requires(Permission.ANSWER_WRITE)
def set_contribution_aside(contribution_id: UUID) -> ContributionLine:
    """Leave a text out of the answer. It is kept."""
    made = _held(contribution_id)
    services.set_aside(made, by=actor())
    return _told(made)


@operations.post(f"{ONE}/bring-back", "bringContributionBack", answers=ContributionSchema, status=200)
@requires(Permission.ANSWER_WRITE)
def bring_contribution_back(contribution_id: UUID) -> ContributionLine:
    """Bring a text back that was set aside."""
    made = _held(contribution_id)
    services.bring_back(made, by=actor())
    return _told(made)


def _held(contribution_id: UUID) -> ContributionRequest:
    return get_request(place_id(), contribution_id, lock=True)


def _told(made: ContributionRequest) -> ContributionLine:
    db.session.flush()
    return line_of(made)
