"""Good practice of one council: what its reports name, and what it said of sharing each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Award
from assessment.models.frameworks import Framework, Requirement
from assessment.models.sharing import Clipping, GoodPractice
from saas.db import db
from saas.errors import NotFound


@dataclass(frozen=True, slots=True)
class NamedPractice:
    """One entry of an issued report, the council's word on it if any, and the award it rests on if any."""

    practice: GoodPractice
    clipping: Clipping | None
    award: Award | None
    council_name: str
    framework_title: str
    requirement_title: str


def list_named(council_id: UUID) -> list[NamedPractice]:
    """Everything that issued reports name, the newest report first. One statement."""
    rows = db.session.execute(
        _wanted(council_id).order_by(GoodPractice.issued_at.desc(), GoodPractice.report_id, GoodPractice.number)
    )
    return [NamedPractice(*row) for row in rows]


def get_named(council_id: UUID, practice_id: UUID, *, lock: bool = False) -> NamedPractice:
    """One of them. Raises NotFound."""
    if lock:  # what is decided about it does not exist before the first decision
        held = select(Accreditation.id).join(
            GoodPractice,
            and_(
                GoodPractice.council_id == Accreditation.council_id, GoodPractice.accreditation_id == Accreditation.id
            ),
        )
        db.session.execute(
            held.where(GoodPractice.council_id == council_id, GoodPractice.id == practice_id).with_for_update(
                of=Accreditation
            )
        )
    row = db.session.execute(_wanted(council_id).where(GoodPractice.id == practice_id)).one_or_none()
    if row is None:
        raise NotFound
    return NamedPractice(*row)


def _wanted(council_id: UUID) -> Any:
    own = Accreditation.council_id == GoodPractice.council_id
    return (
        select(
            GoodPractice,
            Clipping,
            Award,
            Accreditation.council_name,
            Framework.title,
            func.coalesce(Requirement.title, ""),
        )
        .join(Accreditation, and_(own, Accreditation.id == GoodPractice.accreditation_id))
        .join(Framework, Framework.id == Accreditation.framework_id)
        .outerjoin(Requirement, Requirement.id == GoodPractice.requirement_id)
        .outerjoin(
            Clipping,
            and_(Clipping.council_id == GoodPractice.council_id, Clipping.good_practice_id == GoodPractice.id),
        )
        .outerjoin(
            Award,
            and_(
                Award.council_id == GoodPractice.council_id,
                Award.accreditation_id == GoodPractice.accreditation_id,
            ),
        )
        .where(GoodPractice.council_id == council_id)
    )
