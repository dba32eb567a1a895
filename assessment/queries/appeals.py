"""Appeals, and what was decided of them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select

from assessment.models.appeals import Appeal, AppealDecision
from assessment.models.reports import Report
from saas.db import db


def find_appeal(accreditation_id: UUID, *, lock: bool = False) -> Appeal | None:
    """The council's appeal, as both sides read it."""
    wanted = select(Appeal).where(Appeal.accreditation_id == accreditation_id)
    return db.session.scalar(wanted.with_for_update() if lock else wanted)


def list_open(council_id: UUID) -> list[Appeal]:
    """The appeals of a council that nobody has decided, held for a change; in the region's scope."""
    decided = exists().where(AppealDecision.council_id == Appeal.council_id, AppealDecision.appeal_id == Appeal.id)
    of_council = select(Appeal).where(Appeal.council_id == council_id, Appeal.ended_at.is_(None)).with_for_update()
    db.session.scalars(of_council).all()
    return list(db.session.scalars(of_council.where(~decided)))


def find_appeal_decision(accreditation_id: UUID) -> AppealDecision | None:
    """What was decided of the appeal."""
    return db.session.scalar(select(AppealDecision).where(AppealDecision.accreditation_id == accreditation_id))


def find_first_issued(accreditation_id: UUID) -> Report | None:
    """The report with which the outcome was released first: the term of an appeal runs from its day."""
    wanted = select(Report).where(Report.accreditation_id == accreditation_id, Report.kind == "issued")
    return db.session.scalar(wanted.order_by(Report.number).limit(1))
