"""Awards older than the region's use of this service: recorded from its own file, with their line in the register."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select, update

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Award
from assessment.queries.accreditations import find_process
from assessment.queries.register import find_same
from assessment.rules import processes
from assessment.rules.awards import AwardDates
from assessment.rules.certificates import make_number
from assessment.rules.processes import Process
from assessment.rules.stages import Stage
from assessment.services import awards
from saas import clock
from saas.db import db, new_id
from saas.tenancy import Actor


@dataclass(frozen=True, slots=True)
class Past:
    """An award as the region's file has it. level: the framework's code; level_title: what the certificate says."""

    framework_id: UUID
    framework_title: str
    level: str
    level_title: str
    awarded_on: date
    valid_to_on: date


def record(
    council_id: UUID, region_id: UUID, names: tuple[str, str], past: Sequence[Past], *, filename: str, by: Actor
) -> None:
    """Record the awards of one council, none of which is recorded yet; in the region's scope.

    names: of the council and the region, as the register shall have them. An award that ran out, or that another of
    its level followed, ends as it would have ended here; of the rest, the review and the days of grace follow from the
    region's process of today. Nobody is written to.
    """
    settings = find_process(region_id)
    process = processes.parse(settings.document) if settings else processes.DEFAULT
    council, region = names
    for each in past:
        held_from = datetime.combine(each.awarded_on, time(12), UTC)
        accreditation = Accreditation(
            council_id=council_id,
            id=new_id(),
            region_id=region_id,
            council_name=council,
            framework_id=each.framework_id,
            process=processes.to_document(process),
            process_version=settings.version if settings else 0,
            level=each.level,
            cycle=1,
            stage=Stage.AWARDED,
            stage_since=held_from,
            committed_at=held_from,
            target_on=None,
            deadline_on=None,
            next_due_on=None,
            recorded_from=filename,
        )
        db.session.add(accreditation)
        db.session.flush()
        award = _award(accreditation, each, process, by)
        accreditation.next_due_on = None if award.ending else award.interim_due_on or award.reassessment_opens_on
        awards.enter(accreditation, award, region, by=by)
    db.session.flush()
    for level in {each.level for each in past}:
        _end_those_followed(council_id, level, by)
        _number_cycles(council_id, level)


def dates_of(past: Past, process: Process, today: date) -> AwardDates:
    """The dates of an award that was made elsewhere, from the two days that are known.

    The interim review is due where its day is still to come; of an earlier one nothing is known, so none is asked for.
    """
    months = process.interim_months
    interim = None if months is None else past.awarded_on + relativedelta(months=months)
    opens = past.valid_to_on - relativedelta(months=process.award_months - process.reassessment_months)
    return AwardDates(
        awarded_on=past.awarded_on,
        interim_due_on=interim if interim and today <= interim < past.valid_to_on else None,
        reassessment_opens_on=max(opens, past.awarded_on),
        expires_on=past.valid_to_on,
        grace_ends_on=past.valid_to_on + relativedelta(months=process.grace_months),
    )


def _award(accreditation: Accreditation, past: Past, process: Process, by: Actor) -> Award:
    today = clock.today()
    dates = dates_of(past, process, today)
    over = dates.grace_ends_on < today
    award = Award(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        certificate_number=make_number(secrets.choice),
        level=past.level,
        level_title=past.level_title,
        framework_title=past.framework_title,
        conditions="",
        awarded_on=dates.awarded_on,
        interim_due_on=dates.interim_due_on,
        reassessment_opens_on=dates.reassessment_opens_on,
        valid_to_on=dates.expires_on,
        grace_to_on=dates.grace_ends_on,
        released_at=clock.now(),
        released_by_name=by.name,
        ending="expired" if over else None,
        ended_on=dates.grace_ends_on if over else None,
    )
    db.session.add(award)
    db.session.flush()
    return award


def _end_those_followed(council_id: UUID, level: str, by: Actor) -> None:
    """Each award of a level ends when the next begins, or else ran out before; in the register as well."""
    wanted = select(Award).where(Award.council_id == council_id, Award.level == level)
    found = db.session.scalars(wanted.order_by(Award.awarded_on, Award.id).with_for_update()).all()
    for award, following in pairwise(found):
        if award.ending is None:
            awards.end(award, ending="ended", on=following.awarded_on, by=by)
        elif award.ending == "expired" and award.ended_on and following.awarded_on <= award.ended_on:
            award.ending, award.ended_on = "ended", following.awarded_on
    for award in found:
        entry = find_same(award.region_id, award.certificate_number)
        if entry is not None:
            entry.ending, entry.ended_on = award.ending, award.ended_on


def _number_cycles(council_id: UUID, level: str) -> None:
    """Cycles count from the oldest, those that began here as well."""
    ours = (Accreditation.council_id == council_id, Accreditation.level == level)
    order = func.row_number().over(order_by=(Accreditation.committed_at, Accreditation.id)).label("number")
    numbered = select(Accreditation.id, order).where(*ours).subquery("numbered")
    db.session.execute(
        update(Accreditation).where(*ours, Accreditation.id == numbered.c.id).values(cycle=numbered.c.number),
        execution_options={"synchronize_session": False},
    )
