"""Case studies of one council, as it writes them and as it shares them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, select

from assessment.models.sharing import CaseStudy, PublishedCaseStudy
from saas.db import db
from saas.errors import NotFound


def list_own(council_id: UUID) -> list[tuple[CaseStudy, PublishedCaseStudy | None]]:
    """Every case study with what is shared of it, the last changed first. One statement."""
    rows = db.session.execute(
        select(CaseStudy, PublishedCaseStudy)
        .outerjoin(
            PublishedCaseStudy,
            and_(
                PublishedCaseStudy.council_id == CaseStudy.council_id,
                PublishedCaseStudy.case_study_id == CaseStudy.id,
            ),
        )
        .where(CaseStudy.council_id == council_id)
        .order_by(CaseStudy.updated_at.desc(), CaseStudy.id)
    )
    return [(row[0], row[1]) for row in rows]


def get_own(council_id: UUID, case_study_id: UUID, *, lock: bool = False) -> CaseStudy:
    """One of them. Raises NotFound."""
    wanted = select(CaseStudy).where(CaseStudy.council_id == council_id, CaseStudy.id == case_study_id)
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found


def find_shared(case_study: CaseStudy) -> PublishedCaseStudy | None:
    """What is shared of it."""
    return db.session.scalar(
        select(PublishedCaseStudy).where(
            PublishedCaseStudy.council_id == case_study.council_id, PublishedCaseStudy.case_study_id == case_study.id
        )
    )
