"""Board reports: computed and kept for good, when the officer asks for one and by itself after each quarter."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from assessment.models.board_reports import BoardReport, BoardSchedule
from assessment.queries.accreditations import find_process
from assessment.queries.board_reports import find_schedule, next_number, read_facts
from assessment.rules import sealing
from assessment.rules.board_facts import next_report_on, quarter_before
from assessment.rules.board_report import document_of
from assessment.rules.processes import DEFAULT, parse
from assessment.rules.working_days import Nation
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Invalid
from saas.tenancy import SERVICE, Actor
from tenants.models.councils import Region
from tenants.queries.locks import hold

LONGEST_PERIOD = relativedelta(years=2)
QUARTERLY, ASKED = "after each quarter", "only when somebody asks"


def make_report(region_id: UUID, *, period_from: date, period_to: date, by: Actor) -> BoardReport:
    """Compute a report as things stand now, and keep it with the SHA-256 of its canonical JSON.

    Raises Invalid (period_from, period_to) for a period that is no period, is not over or is longer than two years.
    """
    today = clock.today()
    if period_to > today:
        raise Invalid({"period_to": ["The last day must be today or earlier."]})
    if period_to < period_from:
        raise Invalid({"period_to": ["The last day must not be before the first."]})
    if period_to > period_from + LONGEST_PERIOD:
        raise Invalid({"period_from": ["A report covers two years at most."]})
    hold(f"board reports {region_id}")  # the next number is this one's
    document = document_of(read_facts(region_id, period_from, period_to, as_of=today))
    report = BoardReport(
        id=new_id(),
        region_id=region_id,
        number=next_number(region_id),
        period_from=period_from,
        period_to=period_to,
        document=document,
        hash=hashlib.sha256(sealing.canonical_json(document)).hexdigest(),
        made_at=clock.now(),
        made_by_name=by.name,
    )
    db.session.add(report)
    db.session.flush()
    payload = {"number": report.number, "hash": report.hash}
    events.record("board_report.made", report, by=by, audience="region", payload=payload)
    return report


def set_schedule(region_id: UUID, *, quarterly: bool, by: Actor) -> BoardSchedule:
    """Let reports be made by themselves from the end of this quarter on, or no longer; the same again does nothing."""
    hold(f"board schedule {region_id}")
    schedule = find_schedule(region_id, lock=True)
    if schedule is not None and schedule.quarterly == quarterly:
        return schedule
    if schedule is None:
        schedule = BoardSchedule(region_id=region_id)
        db.session.add(schedule)
    schedule.quarterly, schedule.set_at, schedule.set_by_name = quarterly, clock.now(), by.name
    schedule.next_on = next_report_on(clock.today(), _nation(region_id)) if quarterly else None
    db.session.flush()
    payload = {"words": QUARTERLY if quarterly else ASKED}
    region = db.session.scalars(select(Region).where(Region.id == region_id)).one()
    events.record("board_report.schedule_set", region, by=by, audience="region", payload=payload)
    return schedule


def make_scheduled(region_id: UUID) -> BoardReport | None:
    """The report on the quarter that is over, when its day has come; None when it was made or none is due.

    After an interruption of more than a quarter there is one report, on the last quarter that is over.
    """
    schedule, today = find_schedule(region_id, lock=True), clock.today()
    if schedule is None or schedule.next_on is None or today < schedule.next_on:
        return None
    period_from, period_to = quarter_before(today)
    schedule.next_on = next_report_on(today, _nation(region_id))
    return make_report(region_id, period_from=period_from, period_to=period_to, by=SERVICE)


def _nation(region_id: UUID) -> Nation:
    settings = find_process(region_id)
    return parse(settings.document).nation if settings else DEFAULT.nation
