"""Signatories: the requests to sign follow who holds the offices, remind those who wait, and the leads hear of it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from assessment.models.accreditations import Accreditation
from assessment.models.signings import SignatureRequest, Signing
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.frameworks import get_framework
from assessment.queries.signings import get_signing, is_done, list_incomplete, list_to_remind
from assessment.rules import signings as rules
from assessment.services import signature_requests
from saas import clock
from saas.db import db
from saas.policy import Role
from saas.tenancy import SERVICE, Actor
from tenants.models.councils import Council
from tenants.models.offices import OfficeHolder
from tenants.queries import offices
from tenants.queries.access import Target, list_access
from tenants.services import notices
from tenants.services.notices import Told


def reconcile(signing: Signing, accreditation: Accreditation, *, by: Actor) -> None:
    """Make the requests fit who holds the offices now: ends those of people who left, asks those nobody asked yet.

    Signing and accreditation are held. Where somebody's request ended and nobody can be asked, the leads are told.
    """
    if signing.complete_at is not None or signing.called_off_at is not None:
        return
    holders = offices.current_holders(accreditation.council_id)
    known = {holder.id: holder for holder in offices.list_holders(accreditation.council_id)}
    current = signature_requests.current_of(signing)
    title = title_of(signing, accreditation)
    for office in process_of(accreditation).signatories:
        holder, request = holders.get(office.casefold()), current.get(office)
        reason = _outdated(request, known, holder) if request is not None else ""
        if request is not None and not reason:
            continue
        if request is not None:
            signature_requests.end(request, reason, by=by)
        asked = holder and signature_requests.ask(signing, accreditation, office, holder, title=title, by=by)
        if request is not None and not asked:
            words = f"Nobody can be asked to sign as {office} now: {reason}"
            tell_leads(signing, key=f"nobody:{request.id}", words=words)


def _outdated(request: SignatureRequest, known: dict[UUID, OfficeHolder], holder: OfficeHolder | None) -> str:
    """Why a request no longer fits, in words for the page; "" where it does."""
    entry = known.get(request.office_holder_id) if request.office_holder_id else None
    if entry is None:
        return ""
    if holder is None or holder.id != entry.id:
        words = rules.LEFT_AFTER_SIGNING if is_done(request) else rules.LEFT
        return words.format(name=request.name, office=request.office)
    open_still = request.signed_at is None and request.declined_at is None and request.paper_signed_on is None
    address = signature_requests.address_of(entry)
    if open_still and address is not None and (entry.name, *address) != (request.name, request.email, request.user_id):
        return rules.CORRECTED.format(name=request.name)
    return ""


def follow_office(holder_id: UUID) -> None:
    """What follows when who holds an office changed: all that the council has signed is made to fit. In a job."""
    for found in list_incomplete(holder_id):
        accreditation = get_accreditation(found.accreditation_id, lock=True)
        reconcile(get_signing(found.id, lock=True), accreditation, by=SERVICE)


def remind(council_id: UUID) -> int:
    """Send the message again, with a new link, to whoever has not answered for a week; once. How many."""
    found = list_to_remind(council_id, clock.now() - rules.REMIND_AFTER)
    for request in found:
        request.reminded_at = clock.now()
        signature_requests.resend(request, by=SERVICE)
    return len(found)


def tell_leads(signing: Signing, *, key: str, words: str) -> None:
    """Tell every lead of the council, with the way to the page of the signing."""
    slug, name = db.session.execute(select(Council.slug, Council.name).where(Council.id == signing.council_id)).one()
    path = f"/councils/{slug}/accreditations/{signing.accreditation_id}/signing/{signing.about}"
    people = list_access(Target("council", signing.region_id, signing.council_id, name))
    leads = [access.user_id for access in people if access.role == Role.COUNCIL_LEAD]
    notices.tell_all(signing.council_id, [Told(user_id, key, "signature", words, path) for user_id in leads])


def title_of(signing: Signing, accreditation: Accreditation) -> str:
    """What is signed, in a few words."""
    level = get_framework(accreditation.framework_id).tree.level(accreditation.level).title
    return rules.title_of(signing.about, level)
