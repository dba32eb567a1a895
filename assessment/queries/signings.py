"""Signings: what is put before office-holders to be signed, how far each of them is, and what was signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from assessment.models.accreditations import Accreditation, DeclarationSignature
from assessment.models.signings import SignatureRequest, Signing
from assessment.rules.signings import DONE, State
from saas import clock
from saas.db import db
from saas.errors import NotFound
from tenants.models.offices import OfficeHolder
from tenants.queries.offices import current_holders

CURRENT = (Signing.used_at.is_(None), Signing.called_off_at.is_(None))


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One office that signs: where it stands, its request (None while nobody is asked), and who holds it now."""

    office: str
    state: State
    request: SignatureRequest | None
    holder: OfficeHolder | None


@dataclass(frozen=True, slots=True)
class Signed:
    """One name under a commitment or a submission. `signed_at` and `text` are None and "" for one on paper."""

    office: str
    name: str
    signed_on: date
    signed_at: datetime | None
    text: str
    on_paper: bool


def find_current(accreditation: Accreditation, about: str) -> Signing | None:
    """What is being signed, or is signed and has not taken place yet."""
    wanted = (*_of(accreditation), Signing.about == about, *CURRENT)
    return db.session.scalar(select(Signing).where(*wanted))


def find_latest(accreditation: Accreditation, about: str) -> Signing | None:
    """What was put before those who sign last, however it ended."""
    wanted = select(Signing).where(*_of(accreditation), Signing.about == about)
    return db.session.scalar(wanted.order_by(Signing.opened_at.desc(), Signing.id.desc()).limit(1))


def is_signed(accreditation: Accreditation, about: str) -> bool:
    """Whether every office has signed what is to take place next."""
    signing = find_current(accreditation, about)
    return signing is not None and signing.complete_at is not None


def get_signing(signing_id: UUID, *, lock: bool = False) -> Signing:
    """One signing, in any scope that sees it; raises NotFound."""
    wanted = select(Signing).where(Signing.id == signing_id)
    found = db.session.scalar(_locked(wanted) if lock else wanted)
    if found is None:
        raise NotFound
    return found


def signings_of(requests: Iterable[SignatureRequest]) -> dict[UUID, Signing]:
    """What each of these requests is to sign, by the signing's id; one statement."""
    wanted = select(Signing).where(Signing.id.in_({each.signing_id for each in requests}))
    return {each.id: each for each in db.session.scalars(wanted)}


def list_incomplete(holder_id: UUID) -> list[Signing]:
    """Everything that somebody still has to sign in the council of this office-holder."""
    same_council = (OfficeHolder.council_id == Signing.council_id, OfficeHolder.id == holder_id)
    wanted = select(Signing).join(OfficeHolder, and_(*same_council)).where(Signing.complete_at.is_(None), *CURRENT)
    return list(db.session.scalars(wanted.order_by(Signing.id)))


def list_requests(signing_id: UUID, *, lock: bool = False) -> list[SignatureRequest]:
    """Everybody who was asked, in the order of asking; a request that has ended has `ended_at`."""
    wanted = select(SignatureRequest).where(SignatureRequest.signing_id == signing_id)
    wanted = wanted.order_by(SignatureRequest.asked_at, SignatureRequest.id)
    return list(db.session.scalars(_locked(wanted) if lock else wanted))


def list_standing(accreditation: Accreditation, signing: Signing | None, offices: Sequence[str]) -> list[OfficeLine]:
    """Where each of these offices stands, in their order, also before anything is put before them; two statements."""
    asked = list_requests(signing.id) if signing is not None else []
    current = {each.office: each for each in asked if each.ended_at is None}
    holders = current_holders(accreditation.council_id)
    return [
        OfficeLine(office, state_of(current.get(office)), current.get(office), holders.get(office.casefold()))
        for office in offices
    ]


def state_of(request: SignatureRequest | None) -> State:
    """Where a request stands; a request that has ended stands nowhere."""
    if request is None or request.ended_at is not None:
        return State.NOBODY
    if request.paper_signed_on is not None:
        return State.ON_PAPER
    if request.signed_at is not None:
        return State.SIGNED
    if request.declined_at is not None:
        return State.DECLINED
    if request.expires_at <= clock.now():
        return State.EXPIRED
    return State.NOT_SENT if request.key_hash is None and request.user_id is None else State.ASKED


def is_done(request: SignatureRequest | None) -> bool:
    """Whether the office has signed."""
    return state_of(request) in DONE


def get_request(request_id: UUID, *, lock: bool = False) -> SignatureRequest:
    """One request, in any scope that sees it; raises NotFound."""
    wanted = select(SignatureRequest).where(SignatureRequest.id == request_id)
    found = db.session.scalar(_locked(wanted) if lock else wanted)
    if found is None:
        raise NotFound
    return found


def find_borne(key_hash: str) -> SignatureRequest | None:
    """The request whose secret's hash the scope bears, in whatever state."""
    return db.session.scalar(select(SignatureRequest).where(SignatureRequest.key_hash == key_hash))


def list_own(council_id: UUID, user_id: UUID) -> list[SignatureRequest]:
    """What one signatory was asked to sign, the newest first, without what has ended."""
    wanted = select(SignatureRequest).where(
        SignatureRequest.council_id == council_id,
        SignatureRequest.user_id == user_id,
        SignatureRequest.ended_at.is_(None),
    )
    return list(db.session.scalars(wanted.order_by(SignatureRequest.asked_at.desc(), SignatureRequest.id.desc())))


def list_to_remind(council_id: UUID, asked_before: datetime) -> list[SignatureRequest]:
    """Whoever was asked before this moment, has not answered and was not reminded yet."""
    wanted = (
        select(SignatureRequest)
        .join(
            Signing, (Signing.council_id == SignatureRequest.council_id) & (Signing.id == SignatureRequest.signing_id)
        )
        .where(
            SignatureRequest.council_id == council_id,
            SignatureRequest.asked_at < asked_before,
            SignatureRequest.expires_at > clock.now(),
            *(
                column.is_(None)
                for column in (
                    SignatureRequest.reminded_at,
                    SignatureRequest.signed_at,
                    SignatureRequest.paper_signed_on,
                    SignatureRequest.declined_at,
                    SignatureRequest.ended_at,
                )
            ),
            *CURRENT,
        )
    )
    return list(db.session.scalars(wanted.order_by(SignatureRequest.id)))


def list_signatures(accreditation_id: UUID, about: str, signing_id: UUID | None = None) -> list[Signed]:
    """The names under a commitment or, once it was sealed, a submission, in the order in which they signed.

    signing_id: of one signing alone, where a submission was returned and another one signed after it.
    """
    wanted = select(DeclarationSignature).where(
        DeclarationSignature.accreditation_id == accreditation_id, DeclarationSignature.about == about
    )
    if signing_id is not None:
        wanted = wanted.where(DeclarationSignature.signing_id == signing_id)
    order = (DeclarationSignature.signed_on, DeclarationSignature.signed_at, DeclarationSignature.office)
    return [
        Signed(row.office, row.name, row.signed_on, row.signed_at, row.text, on_paper=row.signed_at is None)
        for row in db.session.scalars(wanted.order_by(*order))
    ]


def _of(accreditation: Accreditation) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Signing.council_id == accreditation.council_id, Signing.accreditation_id == accreditation.id


def _locked(wanted: Any) -> Any:
    """Held for a change, and read as it is now, not as it was when it was read before."""
    return wanted.with_for_update().execution_options(populate_existing=True)
