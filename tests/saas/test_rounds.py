"""Rounds: a daily job goes over every active council once a day, whoever starts it and however often."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock, jobs, rounds
from saas.db import db
from saas.events import Outbox, Round
from saas.tenancy import Scope
from saas.transaction import within
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, make_council, make_region

MORNING = datetime(2031, 5, 4, 6, 30, tzinfo=UTC)  # half past seven in London, in summer
seen: list[tuple[UUID, Scope]] = []


@rounds.daily
@jobs.job()
def visit_council(council_id: UUID) -> None:
    """A job for these tests."""
    seen.append((council_id, db.session.info["scope"]))


@pytest.fixture(autouse=True)
def only_the_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other daily job of the house runs here."""
    monkeypatch.setattr(rounds, "_daily", {"visit_council": rounds.MORNING})
    seen.clear()


def started(app: Flask, moment: datetime) -> int:
    """How many rows the rounds that are due at this moment put into the outbox."""
    with app.app_context(), clock.at(moment):
        return len(rounds.start_rounds())


def test_a_round_goes_over_every_active_council_in_its_own_scope(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    sibling, elsewhere = make_council(app, council.region), make_council(app, make_region(app))
    with app.app_context():
        jobs.run_all()
    assert started(app, MORNING) >= 3
    with app.app_context(), clock.at(MORNING):
        jobs.run_all()
    ids = {council_id for council_id, _ in seen}
    assert {council.id, sibling.id, elsewhere.id} <= ids
    assert len(seen) == len(ids)
    assert (council.id, council.scope()) in seen


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        (datetime(2031, 5, 4, 5, 59, 59, tzinfo=UTC), False),  # before seven, in summer
        (datetime(2031, 5, 4, 6, 0, tzinfo=UTC), True),
        (datetime(2031, 1, 4, 6, 30, tzinfo=UTC), False),  # in winter London is UTC
        (datetime(2031, 1, 4, 7, 0, tzinfo=UTC), True),
        (datetime(2031, 5, 4, 22, 59, tzinfo=UTC), True),  # a missed morning is made up for
        (datetime(2031, 5, 4, 23, 30, tzinfo=UTC), False),  # it is the next day in London
    ],
)
def test_a_round_begins_at_seven_in_london(app: Flask, council: MadeCouncil, moment: datetime, begins: bool) -> None:
    assert (started(app, moment) > 0) is begins


def test_a_day_has_one_round_and_the_next_day_another(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    first, again = started(app, MORNING), started(app, MORNING.replace(hour=18))
    tomorrow = started(app, MORNING.replace(day=5))
    assert (first, again, tomorrow) == (first, 0, first)
    with in_scope(Scope.nobody()) as session:
        rounds = session.execute(sa.select(Round.job, Round.day).order_by(Round.day)).all()
    assert [tuple(row) for row in rounds] == [
        ("visit_council", date(2031, 5, 4)),
        ("visit_council", date(2031, 5, 5)),
    ]


def test_a_job_may_have_its_own_hour(app: Flask, council: MadeCouncil, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "_daily", {})
    rounds.daily(visit_council, at=time(7, 45))
    assert started(app, MORNING) == 0
    assert started(app, MORNING.replace(minute=45)) > 0


def test_only_a_job_can_be_daily() -> None:
    def plain(_council_id: UUID) -> None: ...

    with pytest.raises(RuntimeError, match="plain is no job"):
        rounds.daily(plain)


def test_nobody_but_the_console_lists_councils_and_regions(in_scope: InScope, council: MadeCouncil) -> None:
    listed = {}
    for name, scope in {
        "nobody": Scope.nobody(),
        "council": council.scope(),
        "region": council.region.scope(),
        "console": Scope.operator(None),
    }.items():
        with in_scope(scope) as session:
            councils, regions = (session.scalars(asked).all() for asked in (rounds.ACTIVE_COUNCILS, rounds.REGIONS))
            listed[name] = (council.id in councils, council.region.id in regions)
    nothing = (False, False)
    assert listed == {"nobody": nothing, "council": nothing, "region": nothing, "console": (True, True)}


def test_two_schedulers_at_once_start_a_round_once_and_only_where_a_council_is_active(
    built_app: Flask, owner: sa.Engine
) -> None:
    region = make_region(built_app)
    active, resting = make_council(built_app, region), make_council(built_app, region)
    with owner.begin() as connection:
        connection.execute(sa.text("delete from outbox"))
        connection.execute(sa.text("update councils set active = false where id = :id"), {"id": resting.id})
    both_there, rows = threading.Barrier(2), list[int]()

    def schedule() -> None:
        both_there.wait(30)
        rows.append(started(built_app, MORNING))

    schedulers = [threading.Thread(target=schedule) for _ in range(2)]
    for scheduler in schedulers:
        scheduler.start()
    for scheduler in schedulers:
        scheduler.join(30)
    with owner.connect() as connection:
        waiting = connection.execute(sa.select(Outbox.job, Outbox.args, Outbox.scope)).all()
    assert sorted(rows) == [0, 1]
    assert [tuple(row) for row in waiting] == [
        ("visit_council", {"subject_id": str(active.id)}, active.scope().to_json()),
    ]


@rounds.daily_in_regions
@jobs.job()
def visit_region(region_id: UUID) -> None:
    """A job for these tests."""
    seen.append((region_id, db.session.info["scope"]))


@rounds.daily_on_platform
@jobs.job()
def visit_service(unused: UUID) -> None:
    """A job for these tests."""
    seen.append((unused, db.session.info["scope"]))


def test_a_round_may_be_one_for_the_whole_service(
    app: Flask, council: MadeCouncil, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "_daily", {"visit_service": rounds.MORNING})
    with app.app_context():
        jobs.run_all()
    assert (started(app, MORNING), started(app, MORNING)) == (1, 0)
    with app.app_context(), clock.at(MORNING):
        jobs.run_all()
    assert [scope for _, scope in seen] == [Scope.operator(None)]


def test_what_is_put_may_be_due_later(app: Flask, council: MadeCouncil) -> None:
    with app.app_context():
        jobs.run_all()
        with within(council.scope()):
            jobs.put(visit_council, council.id, council.scope(), due_at=MORNING)
        with clock.at(MORNING - timedelta(seconds=1)):
            jobs.run_all()
        assert seen == []
        with clock.at(MORNING):
            jobs.run_all()
    assert seen == [(council.id, council.scope())]


def test_a_round_may_go_over_regions_instead(app: Flask, council: MadeCouncil, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = make_region(app)  # without any council
    monkeypatch.setattr(rounds, "_daily", {"visit_region": rounds.MORNING})
    with app.app_context():
        jobs.run_all()
    assert started(app, MORNING) >= 2
    with app.app_context(), clock.at(MORNING):
        jobs.run_all()
    assert {council.region.id: council.region.scope(), elsewhere.id: elsewhere.scope()}.items() <= dict(seen).items()
