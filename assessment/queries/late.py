"""What late means of an accreditation: in one place for the region's home, its cases and its pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Award
from assessment.models.clarifications import Clarification, ClarificationAnswer
from assessment.rules.clarifications import OPEN as QUESTIONS_OPEN
from assessment.rules.stages import BEFORE_DECISION, Stage
from saas import clock

UNDER_WAY = [stage.value for stage in BEFORE_DECISION]


def standing_order(model: Any = Accreditation) -> tuple[Any, ...]:
    """The order in which the first of a council's accreditations is its present one: under way, then the newest."""
    return case((model.stage.in_(UNDER_WAY), 0), else_=1), model.committed_at.desc(), model.id.desc()


def unanswered(stage: Any = Accreditation.stage) -> Sequence[ColumnElement[bool]]:
    """Of a question beside the stage of its accreditation: the council has not answered it, and still can."""
    answered = exists().where(
        ClarificationAnswer.council_id == Clarification.council_id,
        ClarificationAnswer.clarification_id == Clarification.id,
    )
    return ~answered, stage.in_([each.value for each in QUESTIONS_OPEN])


def is_late() -> ColumnElement[bool]:
    """Of an accreditation: its next date is past, or the day by which a question to the council was to be answered.

    Only of a council's present accreditation, so a council is late once, and an award that is being assessed again is
    not; the dates of an award that is over are nobody's.
    """
    return and_(_is_present(), present_is_late(Accreditation.__table__, clock.today()))


def present_is_late(present: FromClause, today: Any) -> ColumnElement[bool]:
    """The same of what is known to be the present accreditations of their councils.

    present: has the columns council_id, id, stage and next_due_on of accreditations. today: a date or a parameter.
    """
    one = present.c
    over = _of(present, Award, or_(Award.ending.is_not(None), Award.grace_to_on < today))
    passed = and_(one.next_due_on < today, or_(one.stage != Stage.AWARDED, ~over))
    asked = _of(present, Clarification, Clarification.due_on < today, *unanswered(one.stage))
    return or_(func.coalesce(passed, False), asked)


def _of(present: FromClause, model: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    wanted = select(model.id).where(
        model.council_id == present.c.council_id, model.accreditation_id == present.c.id, *conditions
    )
    return wanted.correlate(present).exists()


def _is_present() -> ColumnElement[bool]:
    """It is the first of its council's in the standing order, of those in its region."""
    other = aliased(Accreditation)
    first = (
        select(other.id)
        .where(other.council_id == Accreditation.council_id, other.region_id == Accreditation.region_id)
        .order_by(*standing_order(other))
        .limit(1)
    )
    return Accreditation.id == first.correlate(Accreditation).scalar_subquery()
