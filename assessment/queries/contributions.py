"""Contributions: what was asked of whom about a requirement, and the one request a secret link opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from assessment.models.accreditations import Accreditation
from assessment.models.answers import ContributionRequest
from assessment.models.frameworks import Requirement
from assessment.rules.contributions import ANSWERED, LABELS, State, state_of
from saas import clock
from saas.db import db
from saas.errors import NotFound

IN_ORDER = (
    State.SENT,
    State.DECLINED,
    State.EXPIRED,
    State.ASKED,
    State.TAKEN,
    State.SET_ASIDE,
    State.WITHDRAWN,
)
"""What waits for the council, then what waits for somebody else, then what is dealt with."""


@dataclass(frozen=True, slots=True)
class ContributionLine:
    """One request as the council sees it; `words` is "" until the text was sent: a draft is its writer's alone."""

    id: UUID
    name: str
    email: str
    question: str
    due_on: date | None
    asked_at: datetime
    asked_by_name: str
    mailed: bool
    begun: bool
    state: State
    answered_at: datetime | None
    words: str
    decline_reason: str
    settled_by_name: str

    @property
    def label(self) -> tuple[str, str]:
        """The state's word, and the kind of its tag."""
        return LABELS[self.state]


def list_contributions(accreditation: Accreditation, requirement_id: UUID) -> list[ContributionLine]:
    """Everything that was asked about one requirement: what waits for the council first; one statement."""
    rows = db.session.scalars(
        select(ContributionRequest)
        .where(
            ContributionRequest.council_id == accreditation.council_id,
            ContributionRequest.accreditation_id == accreditation.id,
            ContributionRequest.requirement_id == requirement_id,
        )
        .order_by(ContributionRequest.asked_at.desc(), ContributionRequest.id)
    )
    lines = [line_of(row) for row in rows]
    return sorted(lines, key=lambda line: IN_ORDER.index(line.state))


def line_of(row: ContributionRequest) -> ContributionLine:
    """One request as the council sees it now."""
    state = state_of(row, clock.now())
    return ContributionLine(
        id=row.id,
        name=row.name,
        email=row.email,
        question=row.question,
        due_on=row.due_on,
        asked_at=row.asked_at,
        asked_by_name=row.asked_by_name,
        mailed=row.key_hash is not None,
        begun=row.saved_at is not None,
        state=state,
        answered_at=row.sent_at or row.declined_at,
        words=row.words if state in ANSWERED and row.sent_at else "",
        decline_reason=row.decline_reason,
        settled_by_name=row.settled_by_name,
    )


@dataclass(frozen=True, slots=True)
class Arrived:
    """A text that was sent and waits to be taken into an answer or set aside."""

    accreditation_id: UUID
    code: str
    name: str


def list_arrived(council_id: UUID, accreditation_ids: Sequence[UUID]) -> list[Arrived]:
    """The texts that wait for the council in these accreditations, the oldest first; one statement."""
    request: Any = ContributionRequest
    rows = db.session.execute(
        select(request.accreditation_id, Requirement.code, request.name)
        .join(Requirement, Requirement.id == request.requirement_id)
        .where(
            request.council_id == council_id,
            request.accreditation_id.in_(accreditation_ids),
            request.sent_at.is_not(None),
            request.taken_at.is_(None),
            request.set_aside_at.is_(None),
            request.withdrawn_at.is_(None),
        )
        .order_by(request.sent_at, request.id)
    )
    return [Arrived(*row) for row in rows]


def get_request(council_id: UUID, request_id: UUID, *, lock: bool = False) -> ContributionRequest:
    """One request of the council; `lock` reads it anew and holds it. Raises NotFound."""
    wanted = select(ContributionRequest).where(
        ContributionRequest.council_id == council_id, ContributionRequest.id == request_id
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def find_waiting(accreditation: Accreditation, requirement_id: UUID, email: str) -> ContributionRequest | None:
    """The request that an address can still answer about one requirement."""
    request: Any = ContributionRequest
    return db.session.scalar(
        select(ContributionRequest).where(
            request.council_id == accreditation.council_id,
            request.accreditation_id == accreditation.id,
            request.requirement_id == requirement_id,
            request.email == email,
            request.sent_at.is_(None),
            request.declined_at.is_(None),
            request.withdrawn_at.is_(None),
            request.expires_at > clock.now(),
        )
    )


def find_borne(key_hash: str) -> ContributionRequest | None:
    """The request whose secret's hash the scope bears, in whatever state."""
    return db.session.scalar(select(ContributionRequest).where(ContributionRequest.key_hash == key_hash))


def find_open(key_hash: str) -> ContributionRequest | None:
    """The request whose secret's hash the scope bears, held, while it can be answered; the database tells which."""
    wanted = select(ContributionRequest).where(ContributionRequest.key_hash == key_hash)
    found = db.session.scalar(wanted.with_for_update())
    return found if found is not None and state_of(found, clock.now()) is State.ASKED else None
