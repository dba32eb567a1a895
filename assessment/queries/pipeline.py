"""The pipeline: each council of a region, where it stands, and what the whole region comes to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.models.awards import Award
from assessment.models.frameworks import Framework
from assessment.models.improvements import Improvement
from assessment.queries.late import is_late, standing_order
from assessment.rules.awards import AwardDates, AwardState, award_state
from assessment.rules.pipeline import PipelineRow
from assessment.rules.stages import Stage
from saas import clock
from saas.db import db
from tenants.models.councils import Council


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


def list_pipeline(region_id: UUID) -> list[PipelineRow]:
    """Every active council of a region by name, in two statements however many there are."""
    levels = _levels()
    today, now = clock.today(), clock.now()
    return [_row(found, levels, today, now) for found in db.session.execute(_pipeline(region_id))]


def _levels() -> dict[UUID, tuple[str, dict[str, str]]]:
    """Framework → its title with version, and level code → title."""
    rows = db.session.execute(
        select(Framework.id, Framework.title, Framework.version, Framework.document["levels"].label("levels"))
    )
    return {
        row.id: (f"{row.title} ({row.version})", {level["code"]: level["title"] for level in row.levels})
        for row in rows
    }


def _pipeline(region_id: UUID) -> Any:
    current = (
        select(
            Accreditation.id,
            Accreditation.framework_id,
            Accreditation.level,
            Accreditation.stage,
            Accreditation.stage_since,
            Accreditation.next_due_on,
            is_late().label("late"),
        )
        .where(Accreditation.council_id == Council.id, Accreditation.region_id == region_id)
        .order_by(*standing_order())
        .limit(1)
        .lateral("current")
    )
    award = (
        select(
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
        .where(Award.council_id == Council.id, Award.region_id == region_id)
        .order_by(Award.awarded_on.desc(), Award.id.desc())
        .limit(1)
        .lateral("award")
    )
    leads = (
        select(
            Assignment.council_id,
            Assignment.accreditation_id,
            func.array_agg(aggregate_order_by(Assignment.name, Assignment.name)).label("leads"),
        )
        .where(Assignment.region_id == region_id, Assignment.duty == "lead", Assignment.withdrawn_at.is_(None))
        .group_by(Assignment.council_id, Assignment.accreditation_id)
        .subquery("leads")
    )
    improvements = (
        select(
            Improvement.council_id,
            func.count().label("open"),
            func.count().filter(Improvement.mandatory).label("mandatory"),
        )
        .where(Improvement.region_id == region_id, Improvement.ending.is_(None))
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
            current.c.id.label("accreditation_id"),
            current.c.framework_id,
            current.c.level,
            current.c.stage,
            current.c.stage_since,
            current.c.next_due_on,
            current.c.late,
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
        .outerjoin(current, literal(True))
        .outerjoin(award, literal(True))
        .outerjoin(leads, and_(leads.c.council_id == Council.id, leads.c.accreditation_id == current.c.id))
        .outerjoin(improvements, improvements.c.council_id == Council.id)
        .where(Council.region_id == region_id, Council.active)
        .order_by(Council.name)
    )


def _row(found: Any, levels: dict[UUID, tuple[str, dict[str, str]]], today: date, now: datetime) -> PipelineRow:
    framework, titles = levels.get(found.framework_id, ("", {}))
    state = found.stage or "none"
    if state == Stage.AWARDED and found.awarded_for == found.accreditation_id:
        state = state_of_award(found, today).value
    runs = found.valid_to_on is not None and found.ending is None
    return PipelineRow(
        council_id=found.council_id,
        slug=found.slug,
        name=found.name,
        kind=found.kind,
        county=found.county,
        accreditation_id=found.accreditation_id,
        level=titles.get(found.level, found.level or ""),
        framework=framework,
        state=state,
        days=(now - found.stage_since).days if found.stage_since else None,
        next_due_on=found.next_due_on,
        late=found.late or False,
        leads=tuple(found.leads or ()),
        open_improvements=found.open or 0,
        mandatory=found.mandatory or 0,
        valid_to_on=found.valid_to_on if runs else None,
        grace_to_on=found.grace_to_on if runs else None,
    )
