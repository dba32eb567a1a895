"""Owners of elements: who answers what, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from assessment.models.accreditations import Accreditation
from assessment.models.answers import ElementOwner
from assessment.rules.stages import BEFORE_DECISION
from saas.db import db

UNDER_WAY = [stage.value for stage in BEFORE_DECISION]


def list_owners(accreditation: Accreditation, codes: Iterable[str]) -> dict[str, ElementOwner]:
    """The owners of some elements as they stand in the database now, by element code."""
    wanted = select(ElementOwner).where(
        ElementOwner.council_id == accreditation.council_id,
        ElementOwner.accreditation_id == accreditation.id,
        ElementOwner.element_code.in_(list(codes)),
    )
    return {row.element_code: row for row in db.session.scalars(wanted.execution_options(populate_existing=True))}


def list_owned(council_id: UUID, user_id: UUID) -> list[tuple[Accreditation, list[str]]]:
    """What one person owns in a council before the decision: each accreditation with the codes of the elements."""
    wanted = (
        select(Accreditation, ElementOwner.element_code)
        .join(
            ElementOwner,
            (ElementOwner.council_id == Accreditation.council_id) & (ElementOwner.accreditation_id == Accreditation.id),
        )
        .where(
            ElementOwner.council_id == council_id,
            ElementOwner.user_id == user_id,
            Accreditation.stage.in_(UNDER_WAY),
        )
        .order_by(Accreditation.committed_at, ElementOwner.element_code)
    )
    found: dict[UUID, tuple[Accreditation, list[str]]] = {}
    for row in db.session.execute(wanted):
        found.setdefault(row.Accreditation.id, (row.Accreditation, []))[1].append(row.element_code)
    return list(found.values())
