"""Files close by themselves, and what only the team wrote is forgotten."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from assessment.models.assignments import Assignment
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.services import accreditations, scores
from saas import clock, jobs, rounds
from saas.events import Event
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.conftest import InScope
from tests.factories.awards import make_award
from tests.factories.scores import MadeCase, actor, make_declared
from tests.factories.tenants import MadeCouncil, MadeRegion, make_region

FORGET = text("select tenancy.forget(:id)")


def note(app: Flask, case: MadeCase) -> None:
    """The first scorer notes something privately."""
    with app.app_context(), within(case.file()):
        scores.save(
            case.accreditation_id,
            "1.1.1",
            judgement="met",
            reason="It is there",
            note="Between us",
            version=0,
            by=actor(case.scorers[0]),
        )


def forgotten(session: Session, accreditation_id: UUID) -> list[object]:
    """How many notes each closing of this file has forgotten."""
    closings = select(Event.payload).where(
        Event.verb == "assignments.closed", Event.accreditation_id == accreditation_id
    )
    return [payload["notes"] for payload in session.scalars(closings.order_by(Event.at)) if payload]


def open_seats(session: Session, accreditation_id: UUID) -> int:
    """How many of the team have the file open."""
    wanted = select(Assignment).where(Assignment.accreditation_id == accreditation_id, Assignment.closed_at.is_(None))
    return len(session.scalars(wanted).all())


def test_a_released_file_closes_when_its_day_has_passed_and_notes_are_forgotten(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_award(app, council)
    seats = {}
    days = get_days(app, case)
    for days_later in (days, days + 1):
        with app.app_context(), clock.at((clock.now() + timedelta(days_later)).replace(hour=9)):
            rounds.start_rounds()
            jobs.run_all()
        with in_scope(region.scope()) as session:
            seats[days_later] = open_seats(session, case.accreditation_id)
    assert list(seats.values()) == [3, 0]


def get_days(app: Flask, case: MadeCase) -> int:
    """How many days a file stays open after release."""
    with app.app_context(), within(case.region.scope()):
        return process_of(get_accreditation(case.accreditation_id)).file_closes_days


def test_private_notes_are_forgotten_as_soon_as_a_council_withdraws(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_declared(app, council, region)
    note(app, case)
    with in_scope(region.scope(case.officer.id)) as session:
        assert session.scalar(FORGET, {"id": case.accreditation_id}) == 0
    with in_scope(council.scope()):
        accreditations.withdraw(get_accreditation(case.accreditation_id, lock=True), by=CONSOLE)
    with app.app_context():
        jobs.run_all()
    with in_scope(region.scope(case.officer.id)) as session:
        assert forgotten(session, case.accreditation_id) == [1]
        assert session.scalar(FORGET, {"id": case.accreditation_id}) == 0
        assert open_seats(session, case.accreditation_id) == 0


def test_a_move_on_the_way_closes_nothing(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_declared(app, council, region)
    with app.app_context():
        jobs.run_all()
    with in_scope(region.scope()) as session:
        assert (open_seats(session, case.accreditation_id), forgotten(session, case.accreditation_id)) == (3, [])


def test_no_other_region_makes_a_file_forget(
    app: Flask, council: MadeCouncil, region: MadeRegion, in_scope: InScope
) -> None:
    case = make_declared(app, council, region)
    note(app, case)
    with in_scope(council.scope()):
        accreditations.withdraw(get_accreditation(case.accreditation_id, lock=True), by=CONSOLE)
    for scope in (make_region(app).scope(), council.scope(), case.file()):
        with in_scope(scope) as session:
            assert session.scalar(FORGET, {"id": case.accreditation_id}) == 0
