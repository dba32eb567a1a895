"""Board reports: what they are computed from, those that were made, and when the next one is due."""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import defer

from assessment.models.accreditations import Accreditation
from assessment.models.assessors import Assessor
from assessment.models.assignments import Assignment
from assessment.models.awards import Award
from assessment.models.board_reports import BoardReport, BoardSchedule
from assessment.queries.pipeline import list_pipeline
from assessment.queries.region_improvements import NONE, Count, Grouped, count_by
from assessment.rules.board_facts import BoardFacts, HeldAward, Load, ThemeCount
from assessment.rules.pipeline import standing_of
from assessment.rules.stages import BEFORE_DECISION
from assessment.rules.states import LABELS
from saas.db import db
from saas.errors import NotFound
from saas.policy import Role
from tenants.models.access import Access
from tenants.models.councils import Council, Region

READERS = (Role.REGION_OFFICER, Role.REGION_VIEWER)
"""Who is told of a report that was made by itself."""


def read_facts(region_id: UUID, period_from: date, period_to: date, *, as_of: date) -> BoardFacts:
    """Everything a report of this period is computed from, in six statements; in the region's scope."""
    rows = list_pipeline(region_id)
    standing, stages = standing_of(rows, as_of), Counter(row.state for row in rows)
    by_weight, by_theme = count_by(region_id, Grouped.WEIGHT), count_by(region_id, Grouped.THEME)
    return BoardFacts(
        region=db.session.scalars(select(Region.name).where(Region.id == region_id)).one(),
        period_from=period_from,
        period_to=period_to,
        as_of=as_of,
        councils=standing.councils,
        under_way=standing.under_way,
        not_committed=standing.nowhere,
        late=standing.late,
        stages=tuple((words, stages[state]) for state, words in LABELS.items()),
        awards=tuple(_awards(region_id)),
        open_improvements=sum(count.open for count in by_weight),
        without_theme=next((_theme(count) for count in by_theme if count.key == NONE), None),
        themes=tuple(_theme(count) for count in by_theme if count.key != NONE),
        loads=tuple(_loads(region_id, as_of)),
    )


def list_reports(region_id: UUID) -> list[BoardReport]:
    """A region's reports, the newest first; what each says is left in the database."""
    wanted = select(BoardReport).options(defer(BoardReport.document)).where(BoardReport.region_id == region_id)
    return list(db.session.scalars(wanted.order_by(BoardReport.number.desc())))


def get_report(region_id: UUID, number: int) -> BoardReport:
    """A region's report of this number; raises NotFound."""
    found = db.session.scalar(
        select(BoardReport).where(BoardReport.region_id == region_id, BoardReport.number == number)
    )
    if found is None:
        raise NotFound
    return found


def find_report(report_id: UUID) -> BoardReport | None:
    """A report by its id; in the region's scope."""
    return db.session.scalar(select(BoardReport).where(BoardReport.id == report_id))


def next_number(region_id: UUID) -> int:
    """The number that the region's next report has."""
    highest = select(func.max(BoardReport.number)).where(BoardReport.region_id == region_id)
    return (db.session.scalar(highest) or 0) + 1


def find_schedule(region_id: UUID, *, lock: bool = False) -> BoardSchedule | None:
    """Whether and when the region's reports are made; None while nobody has said. lock: held against others."""
    wanted = select(BoardSchedule).where(BoardSchedule.region_id == region_id)
    return db.session.scalar(wanted.with_for_update() if lock else wanted)


def list_reader_ids(region_id: UUID) -> list[UUID]:
    """The region's officers and viewers; in region scope."""
    wanted = select(Access.user_id).where(
        Access.region_id == region_id,
        Access.council_id.is_(None),
        Access.role.in_(READERS),
        Access.ended_at.is_(None),
    )
    return list(db.session.scalars(wanted.distinct().order_by(Access.user_id)))


def _theme(count: Count) -> ThemeCount:
    return ThemeCount(count.title, count.about, count.issued, count.open, count.councils)


def _awards(region_id: UUID) -> list[HeldAward]:
    rows = db.session.execute(
        select(Award, Council.name)
        .join(Council, Council.id == Award.council_id)
        .where(Award.region_id == region_id)
        .order_by(Council.name, Award.awarded_on, Award.id)
    )
    return [
        HeldAward(
            council_id=award.council_id,
            council=name,
            level=award.level_title,
            awarded_on=award.awarded_on,
            valid_to_on=award.valid_to_on,
            grace_to_on=award.grace_to_on,
            interim_due_on=award.interim_due_on,
            interim_reviewed_on=award.interim_reviewed_on,
            ending=award.ending,
            ended_on=award.ended_on,
        )
        for award, name in rows
    ]


def _loads(region_id: UUID, today: date) -> list[Load]:
    """Each assessor on the list with his or her places in teams that still have something to do."""
    under_way = exists().where(
        Accreditation.council_id == Assignment.council_id,
        Accreditation.id == Assignment.accreditation_id,
        Accreditation.stage.in_([stage.value for stage in BEFORE_DECISION]),
    )
    at_work = and_(
        Assignment.region_id == Assessor.region_id,
        Assignment.user_id == Assessor.user_id,
        Assignment.withdrawn_at.is_(None),
        Assignment.closed_at.is_(None),
        Assignment.submitted_at.is_(None),
        under_way,
    )
    rows = db.session.execute(
        select(func.count(Assignment.id).label("files"), Assessor.most_at_once)
        .select_from(Assessor)
        .outerjoin(Assignment, at_work)
        .where(Assessor.region_id == region_id, or_(Assessor.left_on.is_(None), Assessor.left_on >= today))
        .group_by(Assessor.id, Assessor.most_at_once)
        .order_by(Assessor.id)
    )
    return [Load(row.files, row.most_at_once) for row in rows]
