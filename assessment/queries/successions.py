"""Councils that merged: what their region recorded, and the record a successor reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Award
from assessment.models.interim import InterimReview
from assessment.models.reports import Report
from assessment.models.submissions import Submission
from assessment.models.successions import Succession
from assessment.queries.frameworks import get_framework
from assessment.queries.improvements import ImprovementLine, list_improvements_of
from assessment.rules.stages import BEFORE_DECISION
from saas.db import db
from saas.errors import NotFound
from tenants.models.councils import Council

UNDER_WAY = [stage.value for stage in BEFORE_DECISION]


@dataclass(frozen=True, slots=True)
class Open:
    """What of a council is open when it ends."""

    under_way: int
    awards: int
    improvements: int


@dataclass(slots=True)
class Cycle:
    """One accreditation of a council that is no more, with all that was sent and given in it."""

    accreditation: Accreditation
    framework: str
    level: str
    submissions: list[Any] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    award: Award | None = None
    letter: InterimReview | None = None
    improvements: list[ImprovementLine] = field(default_factory=list)


def list_successions(region_id: UUID) -> list[Succession]:
    """What a region recorded, newest first; in the region's scope."""
    wanted = select(Succession).where(Succession.region_id == region_id)
    return list(db.session.scalars(wanted.order_by(Succession.ended_on.desc(), Succession.council_name)))


def get_succession(succession_id: UUID) -> Succession:
    """One succession, in a scope that sees it; raises NotFound."""
    found = db.session.scalar(select(Succession).where(Succession.id == succession_id))
    if found is None:
        raise NotFound
    return found


def list_predecessors(council_id: UUID) -> list[Succession]:
    """The councils whose record a council reads, those that merged into one of them included; in its own scope."""
    wanted = select(Succession).where(Succession.council_id != council_id)
    return list(db.session.scalars(wanted.order_by(Succession.ended_on.desc(), Succession.council_name)))


def get_predecessor(council_id: UUID, succession_id: UUID) -> Succession:
    """One of them; raises NotFound."""
    wanted = select(Succession).where(Succession.id == succession_id, Succession.council_id != council_id)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def list_councils(region_id: UUID) -> Sequence[Council]:
    """The councils of a region that stand, by name; in the region's scope."""
    wanted = select(Council).where(Council.region_id == region_id, Council.active)
    return db.session.scalars(wanted.order_by(func.lower(Council.name), Council.id)).all()


def count_open(council_id: UUID) -> Open:
    """What of a council would end with it, or go on with its successor; in the region's scope, two statements."""
    under_way = select(func.count()).where(Accreditation.council_id == council_id, Accreditation.stage.in_(UNDER_WAY))
    awards = select(func.count()).where(Award.council_id == council_id, Award.ending.is_(None))
    improvements = [line for line in list_improvements_of(council_id) if not line.is_closed]
    row = db.session.execute(select(under_way.scalar_subquery(), awards.scalar_subquery())).one()
    return Open(row[0], row[1], len(improvements))


def record_of(council_id: UUID) -> list[Cycle]:
    """Everything a council sent and was given, its newest accreditation first; six statements however much there is."""
    mine = select(Accreditation).where(Accreditation.council_id == council_id)
    cycles: dict[UUID, Cycle] = {}
    for each in db.session.scalars(mine.order_by(Accreditation.committed_at.desc())):
        tree = get_framework(each.framework_id).tree
        cycles[each.id] = Cycle(each, f"{tree.title} ({tree.version})", tree.level(each.level).title)
    of_cycle: dict[UUID, list[ImprovementLine]] = defaultdict(list)
    for line in list_improvements_of(council_id):
        of_cycle[line.improvement.accreditation_id].append(line)
    sent = select(
        Submission.id,
        Submission.accreditation_id,
        Submission.kind,
        Submission.number,
        Submission.sealed_at,
        Submission.sent_by_name,
        Submission.hash,
    ).where(Submission.council_id == council_id)
    for row in db.session.execute(sent.order_by(Submission.sealed_at)):
        cycles[row.accreditation_id].submissions.append(row)
    issued = select(Report).where(Report.council_id == council_id, Report.kind == "issued")
    for report in db.session.scalars(issued.order_by(Report.number)):
        cycles[report.accreditation_id].reports.append(report)
    given = (
        select(Award, InterimReview)
        .outerjoin(
            InterimReview,
            and_(
                InterimReview.council_id == Award.council_id,
                InterimReview.accreditation_id == Award.accreditation_id,
            ),
        )
        .where(Award.council_id == council_id)
    )
    for award, letter in db.session.execute(given):
        cycles[award.accreditation_id].award, cycles[award.accreditation_id].letter = award, letter
    for accreditation_id, cycle in cycles.items():
        cycle.improvements = of_cycle[accreditation_id]
    return list(cycles.values())


def get_inherited(succession: Succession, accreditation_id: UUID) -> Accreditation:
    """One accreditation of a council that is no more, for its successor; raises NotFound."""
    found = db.session.scalar(
        select(Accreditation).where(
            Accreditation.council_id == succession.council_id, Accreditation.id == accreditation_id
        )
    )
    if found is None:
        raise NotFound
    return found


def get_inherited_submission(succession: Succession, submission_id: UUID) -> Submission:
    """One submission of a council that is no more, for its successor; raises NotFound."""
    found = db.session.scalar(
        select(Submission).where(Submission.council_id == succession.council_id, Submission.id == submission_id)
    )
    if found is None:
        raise NotFound
    return found


def get_inherited_report(succession: Succession, report_id: UUID) -> Report:
    """One issued report of a council that is no more, for its successor; raises NotFound."""
    found = db.session.scalar(
        select(Report).where(
            Report.council_id == succession.council_id, Report.id == report_id, Report.kind == "issued"
        )
    )
    if found is None:
        raise NotFound
    return found
