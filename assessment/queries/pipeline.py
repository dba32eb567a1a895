"""The pipeline: each council of a region, where it stands, and what the whole region comes to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, Uuid, and_, bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on

from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.models.awards import Award
from assessment.models.improvements import Improvement
from assessment.queries.frameworks import get_framework
from assessment.queries.late import present_is_late, standing_order
from assessment.rules.awards import AwardDates, AwardState, award_state
from assessment.rules.pipeline import PipelineRow, next_day
from assessment.rules.stages import Stage
from saas import clock
from saas.db import db
from tenants.models.councils import Council

NO_FRAMEWORK: tuple[str, dict[str, str]] = ("", {})
OVER = frozenset({AwardState.EXPIRED, AwardState.SURRENDERED, AwardState.ENDED})


def state_of_award(award: Any, today: date) -> AwardState:
    """How an award, or a row with an award's dates and ending, stands on a day."""
    if award.ending == "expired":
        return AwardState.EXPIRED
    dates = AwardDates(
        awarded_on=award.awarded_on,
        interim_due_on=award.interim_due_on,
        reassessment_opens_on=award.reassessment_opens_on,
        expires_on=award.valid_to_on,
        grace_ends_on=award.grace_to_on,
    )
    surrendered = award.ended_on if award.ending == "surrendered" else None
    ended = award.ended_on if award.ending == "ended" else None
    return award_state(
        dates, today, interim_reviewed_on=award.interim_reviewed_on, surrendered_on=surrendered, ended_on=ended
    )


def since_of_award(award: Any, state: str) -> date | None:
    """The day that put an award, or a row with its dates, into a state; None where that is the day of the award."""
    days: dict[str, date | None] = {
        AwardState.INTERIM_DUE: award.interim_due_on,
        AwardState.REASSESSMENT_DUE: award.reassessment_opens_on,
        AwardState.EXPIRED: award.ended_on or award.grace_to_on + timedelta(days=1),
        AwardState.SURRENDERED: award.ended_on,
        AwardState.ENDED: award.ended_on,
    }
    return days.get(state)


def list_pipeline(region_id: UUID) -> list[PipelineRow]:
    """Every active council of a region by name, in one statement however many there are."""
    today, now = clock.today(), clock.now()
    found = db.session.connection().execute(_pipeline(), {"region": region_id, "today": today}).all()
    levels = {each: _levels(each) for each in {row.framework_id for row in found} if each is not None}
    return [_row(each, levels, today, now) for each in found]


def _levels(framework_id: UUID) -> tuple[str, dict[str, str]]:
    """A framework's title with its version, and level code → title."""
    tree = get_framework(framework_id).tree
    return f"{tree.title} ({tree.version})", {level.code: level.title for level in tree.levels}


@cache
def _pipeline() -> Select[Any]:
    """The statement, made once. Each part is read once for the whole region, never council by council."""
    region, today = bindparam("region", type_=Uuid()), bindparam("today", type_=Date())
    present = (
        select(
            Accreditation.council_id,
            Accreditation.id,
            Accreditation.framework_id,
            Accreditation.level,
            Accreditation.stage,
            Accreditation.stage_since,
            Accreditation.next_due_on,
        )
        .ext(distinct_on(Accreditation.council_id))
        .where(Accreditation.region_id == region)
        .order_by(Accreditation.council_id, *standing_order())
        .subquery("present")
    )
    award = (
        select(
            Award.council_id,
            Award.accreditation_id,
            Award.awarded_on,
            Award.interim_due_on,
            Award.reassessment_opens_on,
            Award.valid_to_on,
            Award.grace_to_on,
            Award.ending,
            Award.ended_on,
            Award.interim_reviewed_on,
        )
        .ext(distinct_on(Award.council_id))
        .where(Award.region_id == region)
        .order_by(Award.council_id, Award.awarded_on.desc(), Award.id.desc())
        .subquery("award")
    )
    leads = (
        select(
            Assignment.council_id,
            Assignment.accreditation_id,
            func.array_agg(aggregate_order_by(Assignment.name, Assignment.name)).label("leads"),
        )
        .where(Assignment.region_id == region, Assignment.duty == "lead", Assignment.withdrawn_at.is_(None))
        .group_by(Assignment.council_id, Assignment.accreditation_id)
        .subquery("leads")
    )
    improvements = (
        select(
            Improvement.council_id,
            func.count().label("open"),
            func.count().filter(Improvement.mandatory).label("mandatory"),
        )
        .where(Improvement.region_id == region, Improvement.ending.is_(None))
        .group_by(Improvement.council_id)
        .subquery("improvements_open")
    )
    return (
        select(
            Council.id.label("council_id"),
            Council.slug,
            Council.name,
            Council.kind,
            Council.county,
            present.c.id.label("accreditation_id"),
            present.c.framework_id,
            present.c.level,
            present.c.stage,
            present.c.stage_since,
            present.c.next_due_on,
            present_is_late(present, today).label("late"),
            award.c.accreditation_id.label("awarded_for"),
            award.c.awarded_on,
            award.c.interim_due_on,
            award.c.reassessment_opens_on,
            award.c.valid_to_on,
            award.c.grace_to_on,
            award.c.ending,
            award.c.ended_on,
            award.c.interim_reviewed_on,
            leads.c.leads,
            improvements.c.open,
            improvements.c.mandatory,
        )
        .select_from(Council)
        .outerjoin(present, present.c.council_id == Council.id)
        .outerjoin(award, award.c.council_id == Council.id)
        .outerjoin(leads, and_(leads.c.council_id == Council.id, leads.c.accreditation_id == present.c.id))
        .outerjoin(improvements, improvements.c.council_id == Council.id)
        .where(Council.region_id == region, Council.active)
        .order_by(Council.name)
    )


def _row(found: Any, levels: dict[UUID, tuple[str, dict[str, str]]], today: date, now: datetime) -> PipelineRow:
    (
        council_id, slug, name, kind, county, accreditation_id, framework_id, level, stage, stage_since, next_due_on,
        late, awarded_for, _awarded_on, interim_on, reassessment_on, valid_to_on, grace_to_on, ending, _ended_on,
        reviewed_on, leads, improvements, mandatory,
    ) = found  # fmt: skip
    framework, titles = levels.get(framework_id, NO_FRAMEWORK)
    state, days = stage or "none", (now - stage_since).days if stage_since else None
    runs = valid_to_on is not None and ending is None
    of_award = (valid_to_on, grace_to_on) if runs else ()
    if state == Stage.AWARDED and awarded_for == accreditation_id:
        state = state_of_award(found, today).value
        since = since_of_award(found, state)
        days = (today - since).days if since else days
        if runs:
            of_award = (None if reviewed_on else interim_on, reassessment_on, *of_award)
        if state in OVER:
            next_due_on = None
    return PipelineRow(
        council_id,
        slug,
        name,
        kind,
        county,
        accreditation_id,
        titles.get(level, level or ""),
        framework,
        state,
        days,
        next_day(next_due_on, of_award, today, late=late or False),
        late or False,
        tuple(leads or ()),
        improvements or 0,
        mandatory or 0,
        valid_to_on if runs else None,
        grace_to_on if runs else None,
    )
