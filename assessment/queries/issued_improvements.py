"""Issued improvements of a whole region: counted by criterion, and line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, select

from assessment.models.accreditations import Accreditation
from assessment.models.frameworks import Framework
from assessment.models.improvements import Improvement, ImprovementProgress, Reply
from saas.db import db
from tenants.models.councils import Council

NO_CRITERION = "-"
"""In a filter: improvements that stand under no criterion. No code of a criterion begins with a hyphen."""


REPLY = (
    select(Reply.answer)
    .where(Reply.council_id == Improvement.council_id, Reply.improvement_id == Improvement.id)
    .order_by(Reply.replied_at.desc(), Reply.id.desc())
    .limit(1)
    .correlate(Improvement)
    .lateral("newest_reply")
)
PROGRESS = (
    select(ImprovementProgress.state)
    .where(
        ImprovementProgress.council_id == Improvement.council_id,
        ImprovementProgress.improvement_id == Improvement.id,
    )
    .order_by(ImprovementProgress.reported_at.desc(), ImprovementProgress.id.desc())
    .limit(1)
    .correlate(Improvement)
    .lateral("newest_progress")
)
STATES: dict[str, ColumnElement[bool]] = {
    "open": Improvement.ending.is_(None),
    "replied": REPLY.c.answer.is_not(None),
    "decided_against": REPLY.c.answer == "decided_against",
    "verified": Improvement.ending == "verified",
}
"""What the columns of the improvements report count. Not exclusive: what is replied to may be open."""


@dataclass(frozen=True, slots=True)
class CriterionCount:
    """Issued improvements of one criterion of one framework: in all, and how many of them are what."""

    framework_code: str
    framework_title: str
    framework_version: str
    criterion_code: str
    criterion_title: str
    issued: int
    open: int
    replied: int
    decided_against: int
    verified: int


def count_by_criterion(region_id: UUID) -> list[CriterionCount]:
    """Issued improvements of a region by framework and criterion, in one statement."""
    counts = [func.count().filter(condition).label(name) for name, condition in STATES.items()]
    framework = (Framework.code, Framework.title, Framework.version)
    places = (*framework, Improvement.criterion_code, Improvement.criterion_title)
    rows = db.session.execute(
        _improvements(region_id, *places, func.count().label("issued"), *counts)
        .group_by(*places)
        .order_by(Framework.code.desc(), Improvement.criterion_code)
    )
    return [CriterionCount(*row) for row in rows]


def list_improvement_rows(
    region_id: UUID, *, framework: str = "", criterion: str = "", state: str = "", council: str = ""
) -> list[Any]:
    """Issued improvements of a region, in one statement.

    A row has number, action, mandatory, timescale, criterion_code, criterion_title, issued_at, reply_due_on, ending,
    accreditation_id, council_name, framework (title), and of the newest of each: answer and progress.

    Each argument narrows when it is given: codes of framework and criterion, one of STATES, a council's slug.
    """
    wanted = _improvements(
        region_id,
        Improvement.number,
        Improvement.action,
        Improvement.mandatory,
        Improvement.timescale,
        Improvement.criterion_code,
        Improvement.criterion_title,
        Improvement.issued_at,
        Improvement.reply_due_on,
        Improvement.ending,
        Improvement.accreditation_id,
        Council.name.label("council_name"),
        Framework.title.label("framework"),
        REPLY.c.answer,
        PROGRESS.c.state.label("progress"),
    ).outerjoin(PROGRESS, literal(True))
    conditions = (
        (framework, Framework.code == framework),
        (criterion, Improvement.criterion_code == ("" if criterion == NO_CRITERION else criterion)),
        (state, STATES.get(state, literal(True))),
        (council, Council.slug == council),
    )
    wanted = wanted.where(*(condition for given, condition in conditions if given))
    return list(db.session.execute(wanted.order_by(Council.name, Improvement.issued_at, Improvement.number)))


def _improvements(region_id: UUID, *columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Improvement)
        .join(
            Accreditation,
            and_(Accreditation.council_id == Improvement.council_id, Accreditation.id == Improvement.accreditation_id),
        )
        .join(Council, Council.id == Improvement.council_id)
        .join(Framework, Framework.id == Accreditation.framework_id)
        .outerjoin(REPLY, literal(True))
        .where(Improvement.region_id == region_id)
    )
