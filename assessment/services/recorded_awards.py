"""Awards older than the region's use of this service: recorded from its own file, with their line in the register."""

from __future__ import annotations

import secrets
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select, tuple_, update

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Award
from assessment.queries.accreditations import find_process
from assessment.queries.register import list_same
from assessment.rules import processes
from assessment.rules.awards import AwardDates
from assessment.rules.certificates import make_number
from assessment.rules.processes import Process
from assessment.rules.stages import Stage
from assessment.services import awards
from saas import clock, events
from saas.db import db, new_id
from saas.tenancy import Actor


@dataclass(frozen=True, slots=True)
class PastAward:
    """An award as the region's file has it. level: the framework's code; level_title: what the certificate says."""

    framework_id: UUID
    framework_title: str
    level: str
    level_title: str
    awarded_on: date
    valid_to_on: date


@dataclass(frozen=True, slots=True)
class AwardHistory:
    """The awards of one council, none of which is recorded yet. council: its name as the register shall have it."""

    council_id: UUID
    council: str
    awards: Sequence[PastAward]


def record(region_id: UUID, region: str, found: Sequence[AwardHistory], *, filename: str, by: Actor) -> None:
    """Record the awards of councils, in the region's scope; as many statements for many as for one.

    region: its name, as the register shall have it. An award that ran out, or that another of its level followed, ends
    as it would have ended here; of the rest, the review and the days of grace follow from the region's process of
    today. Nobody is written to.
    """
    if not found:
        return
    settings = find_process(region_id)
    process = processes.parse(settings.document) if settings else processes.DEFAULT
    made = []
    for each in found:
        for past in each.awards:
            accreditation = _accreditation(region_id, each, past, process, settings.version if settings else 0)
            accreditation.recorded_from = filename
            award = _award(accreditation, past, process, by)
            accreditation.next_due_on = None if award.ending else award.interim_due_on or award.reassessment_opens_on
            made.append((accreditation, award))
    db.session.add_all(accreditation for accreditation, _ in made)
    db.session.flush()
    db.session.add_all(award for _, award in made)
    awards.enter_many(made, region, by=by)
    db.session.flush()
    held = {(award.council_id, award.level) for _, award in made}
    _end_those_followed(region_id, held, by)
    _number_cycles(held)


def _accreditation(
    region_id: UUID, history: AwardHistory, past: PastAward, process: Process, version: int
) -> Accreditation:
    held_from = datetime.combine(past.awarded_on, time(12), UTC)
    return Accreditation(
        council_id=history.council_id,
        id=new_id(),
        region_id=region_id,
        council_name=history.council,
        framework_id=past.framework_id,
        process=processes.to_document(process),
        process_version=version,
        level=past.level,
        cycle=1,
        stage=Stage.AWARDED,
        stage_since=held_from,
        committed_at=held_from,
        target_on=None,
        deadline_on=None,
    )


def dates_of(past: PastAward, process: Process, today: date) -> AwardDates:
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


def _award(accreditation: Accreditation, past: PastAward, process: Process, by: Actor) -> Award:
    today = clock.today()
    dates = dates_of(past, process, today)
    over = dates.grace_ends_on < today
    return Award(
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


def _end_those_followed(region_id: UUID, held: Set[tuple[UUID, str]], by: Actor) -> None:
    """Each award of a council's level ends when the next begins, or else ran out before; in the register as well."""
    wanted = select(Award).where(tuple_(Award.council_id, Award.level).in_(held))
    wanted = wanted.order_by(Award.council_id, Award.level, Award.awarded_on, Award.id)
    found = db.session.scalars(wanted.with_for_update()).all()
    entries = list_same(region_id, [award.certificate_number for award in found])
    for award, following in pairwise(found):
        if (award.council_id, award.level) != (following.council_id, following.level):
            continue
        if award.ending is None:
            award.ending, award.ended_on = "ended", following.awarded_on
            payload = {"ending": "ended", "on": following.awarded_on.isoformat()}
            events.record("award.ended", award, by=by, audience="shared", payload=payload)
        elif award.ending == "expired" and award.ended_on and following.awarded_on <= award.ended_on:
            award.ending, award.ended_on = "ended", following.awarded_on
    for award in found:
        entry = entries.get(award.certificate_number)
        if entry is not None:
            entry.ending, entry.ended_on = award.ending, award.ended_on


def _number_cycles(held: Set[tuple[UUID, str]]) -> None:
    """Cycles of a council's level count from the oldest, those that began here as well."""
    key = (Accreditation.council_id, Accreditation.level)
    ours = tuple_(*key).in_(held)
    order = func.row_number().over(partition_by=key, order_by=(Accreditation.committed_at, Accreditation.id))
    numbered = select(Accreditation.id, order.label("number")).where(ours).subquery("numbered")
    db.session.execute(
        update(Accreditation).where(ours, Accreditation.id == numbered.c.id).values(cycle=numbered.c.number),
        execution_options={"synchronize_session": False},
    )
