"""Requests to sign: an office is asked, or its signature on paper recorded, until every office of a text has signed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from assessment.models.accreditations import Accreditation, DeclarationSignature
from assessment.models.signings import SignatureRequest, Signing
from assessment.queries.signings import is_done, list_requests, state_of
from assessment.rules import sealing
from assessment.rules import signings as rules
from assessment.rules.signings import State
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict
from saas.security import digest, secret_for
from saas.tenancy import Actor
from tenants.models.offices import OfficeHolder
from tenants.queries.offices import list_signatories


def begin(
    accreditation: Accreditation, about: str, *, text: str, document: dict[str, Any], sha256: str, by: Actor
) -> Signing:
    """Put a text before those who sign; nobody is asked yet. `sha256` is of the document's canonical JSON."""
    signing = Signing(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        about=about,
        text=text,
        document=document,
        document_sha256=sha256,
        opened_at=clock.now(),
        opened_by=by.id,
        opened_by_name=by.name,
    )
    db.session.add(signing)
    db.session.flush()
    events.record("signing.opened", signing, by=by, audience="council", payload={"about": about})
    return signing


def address_of(holder: OfficeHolder | None) -> tuple[str, UUID | None] | None:
    """Where a request reaches an office-holder: the e-mail address, and the user where that is a signatory here now.

    None where nobody holds the office, or there is neither.
    """
    if holder is None:
        return None
    signatory = list_signatories(holder.council_id).get(holder.user_id) if holder.user_id else None
    if signatory is not None:
        return holder.email or signatory.email, signatory.user_id
    return (holder.email, None) if holder.email else None


def ask(
    signing: Signing, accreditation: Accreditation, office: str, holder: OfficeHolder, *, title: str, by: Actor
) -> SignatureRequest | None:
    """Ask who holds an office to sign; a job sends the mail. None, and nothing done, where there is no address."""
    address = address_of(holder)
    if address is None:
        return None
    email, user_id = address
    request = _request(signing, accreditation, office, title)
    request.office_holder_id, request.name, request.email, request.user_id = holder.id, holder.name, email, user_id
    db.session.add(request)
    db.session.flush()
    record("signature.asked", request, by)
    return request


def record_paper(
    signing: Signing,
    accreditation: Accreditation,
    office: str,
    *,
    holder: OfficeHolder | None,
    title: str,
    name: str,
    signed_on: date,
    by: Actor,
) -> SignatureRequest:
    """Keep that an office signed on paper. `holder`: the entry of that person, where there is one."""
    request = _request(signing, accreditation, office, title)
    request.office_holder_id = holder.id if holder and rules.is_same_name(name, holder.name) else None
    request.name, request.email, request.user_id = name, "", None
    request.paper_signed_on, request.recorded_by = signed_on, by.id
    db.session.add(request)
    db.session.flush()
    return request


def _request(signing: Signing, accreditation: Accreditation, office: str, title: str) -> SignatureRequest:
    return SignatureRequest(
        council_id=signing.council_id,
        id=new_id(),
        region_id=signing.region_id,
        accreditation_id=signing.accreditation_id,
        signing_id=signing.id,
        office=office,
        council_name=accreditation.council_name,
        text_title=title,
        asked_at=clock.now(),
        asked_by_name=signing.opened_by_name,
        expires_at=clock.now() + rules.LIFE,
    )


def end(request: SignatureRequest, reason: str, *, by: Actor) -> None:
    """End a request, and with it the signature if there is one: its link opens nothing any more."""
    if request.ended_at is not None:
        return
    request.ended_at, request.ended_reason = clock.now(), reason
    db.session.flush()
    record("signature.ended", request, by)


def end_all(signing: Signing, reason: str, *, by: Actor) -> None:
    """Call a signing off: every request ends, and nothing of it counts."""
    for request in list_requests(signing.id, lock=True):
        end(request, reason, by=by)
    signing.called_off_at, signing.called_off_reason = clock.now(), reason
    events.record("signing.called_off", signing, by=by, audience="council", payload={"about": signing.about})


def resend(request: SignatureRequest, *, by: Actor) -> None:
    """Send the message again with a new link, for 14 days from now; the old link ends. Raises Conflict."""
    _refuse_answered(request)
    request.key_hash = None
    request.asked_at = clock.now()
    request.expires_at = clock.now() + rules.LIFE
    record("signature.resent", request, by)


def give_secret(request: SignatureRequest) -> str | None:
    """Make the secret of the mail and keep its SHA-256; None when one was given before, or nobody is asked any more.

    The secret itself is nowhere but in what this returns; tried again, the mail of one asking carries the same.
    """
    if request.key_hash is not None or request.user_id is not None or state_of(request) is not State.NOT_SENT:
        return None
    secret = secret_for(f"signature:{request.id}:{request.asked_at.isoformat()}")
    request.key_hash = digest(secret)
    return secret


def refuse_unless_open(request: SignatureRequest) -> None:
    """Raise Conflict, in words for the page, unless this can be signed or declined now."""
    _refuse_answered(request)
    if request.expires_at <= clock.now():
        raise Conflict(f"This request has expired. Ask {request.asked_by_name} to send it again.")


def _refuse_answered(request: SignatureRequest) -> None:
    if request.ended_at is not None:
        raise Conflict("This request has ended: nobody is asked to sign by it any more.")
    if is_done(request):
        raise Conflict("This was signed already.")
    if request.declined_at is not None:
        raise Conflict("This was declined already.")


def current_of(signing: Signing) -> dict[str, SignatureRequest]:
    """Office → its request that has not ended, held for a change."""
    return {each.office: each for each in list_requests(signing.id, lock=True) if each.ended_at is None}


def complete(signing: Signing, offices: Sequence[str], *, by: Actor) -> bool:
    """Note that all of these offices have signed, once; False while one has not, or when it was noted before."""
    if signing.complete_at is not None or signing.called_off_at is not None:
        return False
    current = current_of(signing)
    if not all(is_done(current.get(office)) for office in offices):
        return False
    signing.complete_at = clock.now()
    events.record("signing.completed", signing, by=by, audience="council", payload={"about": signing.about})
    return True


def drawn_up(signing: Signing) -> list[DeclarationSignature]:
    """The signatures as they will be kept, not kept yet."""
    return [
        DeclarationSignature(
            council_id=signing.council_id,
            id=new_id(),
            region_id=signing.region_id,
            accreditation_id=signing.accreditation_id,
            office=request.office,
            name=request.name,
            signed_on=request.paper_signed_on or _day_of(request),
            recorded_by=request.recorded_by if request.paper_signed_on else request.user_id,
            recorded_at=clock.now(),
            about=signing.about,
            signing_id=signing.id,
            text="" if request.paper_signed_on else signing.text,
            signed_at=request.signed_at,
        )
        for request in current_of(signing).values()
        if is_done(request)
    ]


def declare(signing: Signing) -> None:
    """What was signed takes place now: keep every signature where it stays for good and where the region reads it."""
    signing.used_at = clock.now()
    db.session.add_all(drawn_up(signing))
    db.session.flush()


def why_not_as_signed(signing: Signing, document: Mapping[str, Any]) -> str:
    """Why a document cannot be sealed under these signatures, in words for the page; "" where it is what was signed."""
    if signing.complete_at is None:
        return "Not everybody has signed."
    signed = rules.signed_part(document)
    if hashlib.sha256(sealing.canonical_json(signed)).hexdigest() == signing.document_sha256:
        return ""
    codes = rules.in_words(rules.changed_codes(signed, signing.document or {"answers": []}))
    about = f" in {codes}" if codes else ""
    return f"Something{about} is not as it was signed. Put it back, or call the signing off and have it signed again."


def _day_of(request: SignatureRequest) -> date:
    return (request.signed_at or clock.now()).astimezone(clock.LONDON).date()


def record(verb: str, request: SignatureRequest, by: Actor) -> None:
    """Record an event about a request."""
    payload = {"office": request.office, "name": request.name, "title": request.text_title}
    events.record(verb, request, by=by, audience="council", payload=payload)
