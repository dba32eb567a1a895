"""Appeals for programs: the council lodges one against its decision, and somebody without a part in it decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.cases import CASE
from assessment.models.appeals import APPEAL_OUTCOMES
from assessment.queries.accreditations import get_accreditation
from assessment.services import appeals
from assessment.services.appeals import LONGEST, Standing
from saas.api import ApiSchema, Operations
from saas.guard import actor, requires, viewer
from saas.policy import Permission

operations = Operations("appeals", "Appeals")
OF_COUNCIL = "/councils/<council>/accreditations/<uuid:accreditation_id>/appeal"
OF_CASE = f"{CASE}/appeal"
TEXT = validate.Length(1, LONGEST)


class LodgedAppealSchema(ApiSchema):
    """The council's one appeal against a decision."""

    id = fields.UUID(required=True)
    grounds = fields.String(required=True)
    lodged_at = fields.AwareDateTime(required=True)
    lodged_by_name = fields.String(required=True)
    ended_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "When nobody decided it any more."}
    )
    ended_reason = fields.String(required=True)


class DecidedAppealSchema(ApiSchema):
    """What was decided of an appeal, read by both sides."""

    outcome = fields.String(required=True, metadata={"enum": list(APPEAL_OUTCOMES)})
    reason = fields.String(required=True)
    decided_at = fields.AwareDateTime(required=True)
    decided_by_name = fields.String(required=True)


class AppealSchema(ApiSchema):
    """How an accreditation stands with its appeal."""

    released = fields.String(required=True, metadata={"description": "The outcome in words; empty before release."})
    words = fields.String(required=True, metadata={"description": "What the council read about the outcome."})
    last_day = fields.Date(required=True, allow_none=True, metadata={"description": "Until when it can be lodged."})
    refusal = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why the council cannot appeal; null where it can."},
    )
    appeal = fields.Nested(LodgedAppealSchema, required=True, allow_none=True)
    decision = fields.Nested(DecidedAppealSchema, required=True, allow_none=True)


class AppealToDecideSchema(AppealSchema):
    """The same for the region, and whether the caller may decide."""

    decide_refusal = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What keeps the caller from deciding, beside the role; null for nothing."},
    )


class GroundsSchema(ApiSchema):
    """The council's grounds."""

    grounds = fields.String(required=True, validate=TEXT, metadata={"example": "The report overlooks two papers."})


class WrittenAppealDecisionSchema(ApiSchema):
    """What becomes of an appeal."""

    outcome = fields.String(required=True, validate=validate.OneOf(APPEAL_OUTCOMES))
    reason = fields.String(required=True, validate=TEXT, metadata={"description": "The council reads it at once."})
    conditions = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST),
        metadata={"description": "Of an award that the decision makes."},
    )


@operations.get(OF_COUNCIL, "getAppeal", answers=AppealSchema)
@requires(Permission.ACCREDITATION_READ)
def get_appeal(accreditation_id: UUID) -> Standing:
    """Read how the council's appeal stands. Or until when it can appeal."""
    return appeals.standing_of(get_accreditation(accreditation_id))


@operations.post(OF_COUNCIL, "lodgeAppeal", takes=GroundsSchema, answers=AppealSchema)
@requires(Permission.APPEAL_LODGE)
def lodge_appeal(accreditation_id: UUID, given: dict[str, Any]) -> Standing:
    """Appeal against the decision. Once and for good; somebody of the region who had no part in it decides."""
    appeals.lodge(accreditation_id, **given, by=actor())
    return appeals.standing_of(get_accreditation(accreditation_id))


@operations.get(OF_CASE, "getCaseAppeal", answers=AppealToDecideSchema)
@requires(Permission.CASE_READ)
def get_case_appeal(accreditation_id: UUID) -> dict[str, Any]:
    """Read the appeal of a case. For the region; there is none before the council lodges it."""
    return _told(accreditation_id)


@operations.post(OF_CASE, "decideAppeal", takes=WrittenAppealDecisionSchema, answers=AppealToDecideSchema)
@requires(Permission.APPEAL_DECIDE)
def decide_appeal(accreditation_id: UUID, given: dict[str, Any]) -> dict[str, Any]:
    """Uphold or dismiss an appeal. Once and for good, by somebody without a part in the assessment; upheld, it makes
    the award or lifts its conditions.
    """
    appeals.decide(accreditation_id, **given, by=actor())
    return _told(accreditation_id)


def _told(accreditation_id: UUID) -> dict[str, Any]:
    accreditation = get_accreditation(accreditation_id)
    standing = appeals.standing_of_lodged(accreditation)
    names = [name for name in AppealToDecideSchema().fields if name != "decide_refusal"]
    stands = {name: getattr(standing, name) for name in names}
    return stands | {"decide_refusal": appeals.why_not(accreditation, viewer().id)}
