"""The region's decision on what was sent, for programs: a plan approved or returned, a submission accepted or not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.cases import CASE
from assessment.models.submissions import OUTCOMES, Submission, SubmissionDecision
from assessment.queries.accreditations import get_accreditation
from assessment.queries.submissions import get_submission
from assessment.rules.returning import LONGEST_WORDS
from assessment.services import readiness
from saas.api import ApiSchema, Operations
from saas.errors import Invalid, NotFound
from saas.guard import actor, requires
from saas.policy import Permission

operations = Operations("readiness", "Cases of a region")
SUBMISSION = f"{CASE}/submissions/<uuid:submission_id>"


class NamedRequirementSchema(ApiSchema):
    """A requirement, and what the region says of it."""

    code = fields.String(required=True, validate=validate.Length(1, 40), metadata={"example": "1.1.1"})
    words = fields.String(required=True, validate=validate.Length(1, LONGEST_WORDS))


class DecideSentSchema(ApiSchema):
    """What the region decides of something that was sent."""

    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES), metadata={"example": "accepted"})
    reason = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_WORDS),
        metadata={"description": "Needed where it is returned; the council reads it. Else a comment."},
    )
    requirements = fields.List(
        fields.Nested(NamedRequirementSchema),
        load_default=list,
        metadata={
            "description": "Of what is returned: what is to be changed; only these are open afterwards, and all of them"
            " where none is named. Of a plan that is approved: comments."
        },
    )


class SentDecisionSchema(ApiSchema):
    """What the region decided."""

    id = fields.UUID(required=True)
    submission_id = fields.UUID(required=True)
    outcome = fields.String(required=True, metadata={"enum": list(OUTCOMES)})
    reason = fields.String(required=True)
    decided_at = fields.AwareDateTime(required=True)
    decided_by_name = fields.String(required=True)


@operations.post(f"{SUBMISSION}/plan-decision", "approvePlan", takes=DecideSentSchema, answers=SentDecisionSchema)
@requires(Permission.PLAN_APPROVE)
def approve_plan(accreditation_id: UUID, submission_id: UUID, given: dict[str, Any]) -> SubmissionDecision:
    """Approve a plan, or return it. Once; the council can then begin to improve, or changes its plan."""
    return _decided(accreditation_id, submission_id, "plan", given)


@operations.post(
    f"{SUBMISSION}/readiness-decision", "decideReadiness", takes=DecideSentSchema, answers=SentDecisionSchema
)
@requires(Permission.READINESS_DECIDE)
def decide_readiness(accreditation_id: UUID, submission_id: UUID, given: dict[str, Any]) -> SubmissionDecision:
    """Accept a submission as ready, or return it. Once; the team is assigned after it is accepted."""
    return _decided(accreditation_id, submission_id, "readiness", given)


def _decided(accreditation_id: UUID, submission_id: UUID, kind: str, given: dict[str, Any]) -> SubmissionDecision:
    accreditation = get_accreditation(accreditation_id, lock=True)
    submission: Submission = get_submission(submission_id)
    if submission.accreditation_id != accreditation.id or submission.kind != kind:
        raise NotFound
    words = {each["code"]: each["words"] for each in given["requirements"]}
    try:
        return readiness.decide(
            accreditation,
            submission,
            outcome=given["outcome"],
            reason=given["reason"],
            named=list(words) if given["outcome"] == "returned" else (),
            words=words,
            by=actor(),
        )
    except Invalid as refusal:
        places = {each["code"]: f"/requirements/{at}/code" for at, each in enumerate(given["requirements"])}
        raise Invalid(
            {places.get(name.partition(".")[2], name): texts for name, texts in refusal.messages.items()}
        ) from refusal
