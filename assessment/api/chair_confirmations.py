"""Confirmations by the chair of the steering group, for programs: asked for, given, listed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.models.chair_confirmations import CONFIRMED, ChairConfirmation
from assessment.queries.accreditations import get_accreditation
from assessment.queries.chair_confirmations import list_confirmations
from assessment.services import chair_confirmations as services
from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, requires
from saas.policy import Permission

operations = Operations("chair_confirmations", "Submissions")
LIST = "/councils/<council>/accreditations/<uuid:accreditation_id>/chair-confirmations"
ABOUT = {"description": "The plan, or the submission that says that the council is ready."}


class ChairConfirmationSchema(ApiSchema):
    """What the chair confirmed; it counts until the next submission of its kind is sealed."""

    id = fields.UUID(required=True)
    about = fields.String(required=True, metadata=ABOUT | {"enum": list(CONFIRMED)})
    words = fields.String(required=True)
    confirmed_at = fields.AwareDateTime(required=True)
    confirmed_by_name = fields.String(required=True)


class WrittenConfirmationSchema(ApiSchema):
    """What is confirmed, and what the chair has to say of it."""

    about = fields.String(required=True, validate=validate.OneOf(CONFIRMED), metadata=ABOUT)
    words = fields.String(load_default="", validate=validate.Length(max=services.LONGEST_WORDS))


class AskedConfirmationSchema(ApiSchema):
    """What is to be confirmed."""

    about = fields.String(required=True, validate=validate.OneOf(CONFIRMED), metadata=ABOUT)


class AskedChairsSchema(ApiSchema):
    """Who was asked."""

    told = fields.Integer(required=True, metadata={"description": "How many chairs are told who were not told today."})


@operations.get(LIST, "listChairConfirmations", answers=Listed(ChairConfirmationSchema))
@requires(Permission.ACCREDITATION_READ)
def list_chair_confirmations(accreditation_id: UUID) -> Sequence[ChairConfirmation]:
    """List what the chair of the steering group confirmed. The newest first."""
    return list_confirmations(get_accreditation(accreditation_id))


@operations.post(LIST, "confirmAsChair", takes=WrittenConfirmationSchema, answers=ChairConfirmationSchema)
@requires(Permission.PLAN_CONFIRM)
def confirm_as_chair(accreditation_id: UUID, given: dict[str, Any]) -> ChairConfirmation:
    """Confirm, as chair of the steering group, what is about to be sent. Where the region's process asks for it."""
    return services.confirm(get_accreditation(accreditation_id, lock=True), **given, by=actor())


@operations.post(f"{LIST}/request", "askChair", takes=AskedConfirmationSchema, answers=AskedChairsSchema, status=200)
@requires(Permission.SUBMISSION_SEAL)
def ask_chair(accreditation_id: UUID, given: dict[str, Any]) -> dict[str, int]:
    """Ask the chair of the steering group to confirm what is about to be sent. Once a day."""
    return {"told": services.ask(get_accreditation(accreditation_id, lock=True), given["about"], by=actor())}
