"""The region's interim review, for programs: where each improvement stands, and the letter; or it is asked again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields, validate

from assessment.api.cases import CASE
from assessment.models.interim import InterimReview
from assessment.queries import interim as queries
from assessment.queries.accreditations import get_accreditation
from assessment.rules.improvements import ENDING_LABELS
from assessment.services import interim_reviews
from assessment.services.interim_letters import letter
from assessment.services.interim_reviews import LONGEST_LETTER, LONGEST_REASON, OPEN
from saas.api import ApiSchema, FileOf, Operations
from saas.downloads import PDF, file_response
from saas.errors import Invalid, NotFound
from saas.guard import actor, requires
from saas.policy import Permission

operations = Operations("interim_reviews", "Interim reviews")
REVIEW = f"{CASE}/interim-review"
ONE = f"{CASE}/submissions/<uuid:submission_id>"


class InterimReviewSchema(ApiSchema):
    """The region's letter after an interim review. It never changes."""

    id = fields.UUID(required=True)
    submission_id = fields.UUID(required=True, metadata={"description": "Of the return that was reviewed."})
    letter = fields.String(required=True)
    verified = fields.Integer(required=True, metadata={"description": "How many improvements were verified by it."})
    reviewed_on = fields.Date(required=True)
    reviewed_at = fields.AwareDateTime(required=True)
    reviewed_by_name = fields.String(required=True)


class StandingImprovementSchema(ApiSchema):
    """Where one improvement stands."""

    number = fields.Integer(required=True, validate=validate.Range(1, 10_000))
    ending = fields.String(
        required=True,
        validate=validate.OneOf([OPEN, *ENDING_LABELS]),
        metadata={"description": "`verified` only where the council claims it complete."},
    )


class WrittenInterimReviewSchema(ApiSchema):
    """Where every improvement that is still open stands, and the letter."""

    improvements = fields.List(
        fields.Nested(StandingImprovementSchema), load_default=list, validate=validate.Length(max=500)
    )
    letter = fields.String(
        required=True, validate=validate.Length(1, LONGEST_LETTER), metadata={"description": "The council reads it."}
    )


class ReturnedInterimSchema(ApiSchema):
    """What is needed before it can be reviewed."""

    reason = fields.String(
        required=True, validate=validate.Length(1, LONGEST_REASON), metadata={"description": "The council reads it."}
    )


@operations.get(REVIEW, "getInterimReview", answers=InterimReviewSchema)
@requires(Permission.CASE_READ)
def get_interim_review(accreditation_id: UUID) -> InterimReview:
    """Read the region's letter after the interim review. There is none before it is made."""
    found = queries.find_review(get_accreditation(accreditation_id).id)
    if found is None:
        raise NotFound
    return found


@operations.get(f"{REVIEW}/letter", "downloadInterimReview", answers=FileOf((PDF,)))
@requires(Permission.CASE_READ)
def download_interim_review(accreditation_id: UUID) -> Response:
    """Download the letter after the interim review. As PDF."""
    return file_response(letter(get_accreditation(accreditation_id)), "interim-review.pdf", PDF)


@operations.post(f"{ONE}/interim-review", "reviewInterim", takes=WrittenInterimReviewSchema,
                 answers=InterimReviewSchema)  # fmt: skip
@requires(Permission.IMPROVEMENT_VERIFY)
def review_interim(accreditation_id: UUID, submission_id: UUID, given: dict[str, Any]) -> InterimReview:
    """Close the interim review of what a council returned. Every improvement that is still open is named once."""
    endings: dict[int, str] = {}
    for at, each in enumerate(given["improvements"]):
        if each["number"] in endings:
            raise Invalid({f"improvements.{at}.number": ["This improvement is named twice."]})
        endings[each["number"]] = each["ending"]
    try:
        return interim_reviews.review(
            accreditation_id, submission_id, endings=endings, letter=given["letter"], by=actor()
        )
    except Invalid as refusal:
        raise _pointed(refusal, list(endings)) from refusal


@operations.post(f"{ONE}/interim-return", "returnInterim", takes=ReturnedInterimSchema)
@requires(Permission.IMPROVEMENT_VERIFY)
def return_interim(accreditation_id: UUID, submission_id: UUID, given: dict[str, Any]) -> None:
    """Return what a council sent for its interim review. It writes and sends it once more."""
    interim_reviews.ask_again(accreditation_id, submission_id, **given, by=actor())


def _pointed(refusal: Invalid, numbers: list[int]) -> Invalid:
    """The same refusal under what was sent: an improvement that was not named, under the whole list."""
    messages: dict[str, list[str]] = {}
    for name, texts in refusal.messages.items():
        number = name.removeprefix("ending_")
        if number == name:
            messages[name] = texts
        elif int(number) in numbers:
            messages[f"improvements.{numbers.index(int(number))}.ending"] = texts
        else:
            missing = messages.setdefault("improvements", [])
            missing.append(f"Say where improvement {number} stands.")
    return Invalid(messages)
