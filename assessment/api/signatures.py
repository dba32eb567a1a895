"""Signing, for programs of those who sign: what waits for their name, and the name under it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.models.signings import SignatureRequest, Signing
from assessment.queries import signings as queries
from assessment.queries.accreditations import get_accreditation
from assessment.rules.signings import LONGEST_REASON, State
from assessment.services import signings as services
from saas.api import ApiSchema, Listed, Operations
from saas.errors import Conflict
from saas.guard import actor, place_id, requires, viewer
from saas.policy import Permission

operations = Operations("signatures", "Signatures")
ONE = "/councils/<council>/accreditations/<uuid:accreditation_id>"
NOTHING = "Nothing waits here for your signature."


class SignatureRequestSchema(ApiSchema):
    """What the caller was asked to sign, and what became of it."""

    id = fields.UUID(required=True)
    accreditation_id = fields.UUID(required=True)
    office = fields.String(required=True, metadata={"example": "Leader"})
    name = fields.String(required=True, metadata={"description": "The name to be typed."})
    title = fields.String(required=True, attribute="text_title", metadata={"example": "Commitment to Charter"})
    text = fields.String(required=True, metadata={"description": "What is signed, to the word."})
    document_sha256 = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Of the canonical JSON of what the text is about; the text names it."},
    )
    state = fields.String(required=True, metadata={"enum": [state.value for state in State]})
    asked_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    signed_at = fields.AwareDateTime(required=True, allow_none=True)
    declined_at = fields.AwareDateTime(required=True, allow_none=True)


class GivenSignatureSchema(ApiSchema):
    """A signature."""

    name = fields.String(
        required=True,
        validate=validate.Length(1, services.LONGEST_NAME),
        metadata={"description": "The signatory's name as it stands in the request.", "example": "Sam Okoro"},
    )
    office = fields.String(
        load_default="",
        validate=validate.Length(max=services.LONGEST_NAME),
        metadata={"description": "Needed only where one person is asked for two offices."},
    )


class DeclinedSignatureSchema(ApiSchema):
    """Why it is not signed."""

    reason = fields.String(required=True, validate=validate.Length(1, LONGEST_REASON))
    office = fields.String(load_default="", validate=validate.Length(max=services.LONGEST_NAME))


@operations.get("/councils/<council>/signatures", "listSignatureRequests", answers=Listed(SignatureRequestSchema))
@requires(Permission.DECLARATION_SIGN)
def list_signature_requests() -> list[dict[str, Any]]:
    """List what the caller was asked to sign. Newest first, with the text."""
    found = queries.list_own(place_id(), viewer().id)
    signings = queries.signings_of(found)
    return [_told(each, signings[each.signing_id]) for each in found]


@operations.post(
    f"{ONE}/signature", "signDeclaration", takes=GivenSignatureSchema, answers=SignatureRequestSchema, status=200
)
@requires(Permission.DECLARATION_SIGN)
def sign_declaration(accreditation_id: UUID, given: dict[str, Any]) -> dict[str, Any]:
    """Sign what waits for the caller's name. The commitment, or the submission before it is sent, by typing one's
    name; read it first with listSignatureRequests."""
    asked = _waiting(accreditation_id, given["office"])
    services.sign(asked, name=given["name"], by=actor())
    return _told(asked, queries.get_signing(asked.signing_id))


@operations.post(
    f"{ONE}/refusal", "declineDeclaration", takes=DeclinedSignatureSchema, answers=SignatureRequestSchema, status=200
)
@requires(Permission.DECLARATION_SIGN)
def decline_declaration(accreditation_id: UUID, given: dict[str, Any]) -> dict[str, Any]:
    """Decline to sign what waits for the caller's name. The council's leads read the reason and can ask again."""
    asked = _waiting(accreditation_id, given["office"])
    services.decline(asked, given["reason"], by=actor())
    return _told(asked, queries.get_signing(asked.signing_id))


def _waiting(accreditation_id: UUID, office: str) -> SignatureRequest:
    """The caller's request that is open in this accreditation, held; raises NotFound, Conflict where there is none."""
    get_accreditation(accreditation_id)
    mine = (each for each in queries.list_own(place_id(), viewer().id) if each.accreditation_id == accreditation_id)
    open_ones = [each for each in mine if queries.state_of(each) in (State.ASKED, State.NOT_SENT)]
    found = [each for each in open_ones if office in ("", each.office)]
    if not found:
        raise Conflict(NOTHING)
    if len(found) > 1:
        offices = ", ".join(each.office for each in found)
        raise Conflict(f"You are asked to sign for several offices: {offices}. Say which with `office`.")
    return queries.get_request(found[0].id, lock=True)


def _told(asked: SignatureRequest, signing: Signing) -> dict[str, Any]:
    columns = (
        "id", "accreditation_id", "office", "name", "text_title", "asked_at", "expires_at", "signed_at", "declined_at",
    )  # fmt: skip
    told = {name: getattr(asked, name) for name in columns}
    return told | {
        "text": signing.text,
        "document_sha256": signing.document_sha256,
        "state": queries.state_of(asked),
    }
