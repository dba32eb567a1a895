"""Signings for programs: a submission put before those who sign, and signatures that were given on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.models.accreditations import SIGNED
from assessment.models.signings import Signing
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.signings import find_current, get_signing
from assessment.rules.signings import LONGEST_REASON
from assessment.services import signings
from saas.api import ApiSchema, Operations
from saas.errors import Conflict, Invalid
from saas.guard import actor, requires
from saas.policy import Permission

operations = Operations("signings", "Signatures")
SIGNING = "/councils/<council>/accreditations/<uuid:accreditation_id>/signing"


class SigningSchema(ApiSchema):
    """A text put before every office that signs; each reads it with listSignatureRequests."""

    id = fields.UUID(required=True)
    accreditation_id = fields.UUID(required=True)
    about = fields.String(required=True, metadata={"enum": list(SIGNED)})
    text = fields.String(required=True, metadata={"description": "What each signs, to the word."})
    document_sha256 = fields.String(
        required=True, allow_none=True, metadata={"description": "Of the canonical JSON of what it is about."}
    )
    opened_at = fields.AwareDateTime(required=True)
    opened_by_name = fields.String(required=True)
    complete_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "When the last office signed."}
    )


class PaperSchema(ApiSchema):
    """A signature that was given on paper."""

    about = fields.String(required=True, validate=validate.OneOf(SIGNED), metadata={"example": "readiness"})
    office = fields.String(
        required=True, validate=validate.Length(1, signings.LONGEST_NAME), metadata={"example": "Leader"}
    )
    name = fields.String(
        required=True, validate=validate.Length(1, signings.LONGEST_NAME), metadata={"example": "Sam Okoro"}
    )
    signed_on = fields.Date(required=True, metadata={"example": "2026-05-20"})


class CalledOffSchema(ApiSchema):
    """Why the signing is called off."""

    reason = fields.String(
        required=True, validate=validate.Length(1, LONGEST_REASON), metadata={"example": "A figure was wrong."}
    )


@operations.post(SIGNING, "openSigning", answers=SigningSchema)
@requires(Permission.SUBMISSION_SEAL)
def open_signing(accreditation_id: UUID) -> Signing:
    """Put a submission before those who sign. Where the region's process asks for it: every office that somebody holds
    is asked, and answers rest.
    """
    return signings.open_signing(get_accreditation(accreditation_id, lock=True), "readiness", by=actor())


@operations.post(f"{SIGNING}/paper", "recordPaperSignature", takes=PaperSchema, answers=SigningSchema)
@requires(Permission.ACCREDITATION_COMMIT)
def record_paper_signature(accreditation_id: UUID, given: dict[str, Any]) -> Signing:
    """Record a signature on paper. Of an office that has not signed what is being signed."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    offices = process_of(accreditation).signatories
    if given["office"] not in offices:
        raise Invalid({"office": [f"Your region asks for the signatures of: {', '.join(offices)}."]})
    recorded = signings.record_on_paper(accreditation, given.pop("about"), **given, by=actor())
    return get_signing(recorded.signing_id)


@operations.post(f"{SIGNING}/end", "callOffSigning", takes=CalledOffSchema, answers=SigningSchema, status=200)
@requires(Permission.SUBMISSION_SEAL)
def call_off_signing(accreditation_id: UUID, given: dict[str, Any]) -> Signing:
    """Call the signing of a submission off. Its signatures are void, and the answers open again."""
    current = find_current(get_accreditation(accreditation_id, lock=True), "readiness")
    if current is None:
        raise Conflict("Nothing is being signed here now.")
    signing = get_signing(current.id, lock=True)
    signings.call_off(signing, given["reason"], by=actor())
    return signing
