"""Jobs: done once in effect, put back when they fail, tried again at once when they only collided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock, events, jobs
from saas.db import db
from saas.events import Outbox
from saas.tenancy import SERVICE, Scope
from tenants.models.members import PoliticalGroup
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil

COLLIDE = "do $$ begin raise exception using errcode = '40001', message = 'somebody else was there'; end $$"
trouble: list[str] = []
given_up: list[UUID] = []


def note_failure(group_id: UUID, _error: Exception) -> None:
    """What follows when the job is given up."""
    given_up.append(group_id)


@jobs.job(on_failure=note_failure)
def rename_group(group_id: UUID) -> None:
    """A job for these tests: does its trouble first, then its work."""
    group = db.session.scalars(sa.select(PoliticalGroup).where(PoliticalGroup.id == group_id)).one()
    group.name += "!"
    db.session.flush()
    if trouble:
        db.session.execute(sa.text(trouble.pop()))


@pytest.fixture
def group(app: Flask, council: MadeCouncil, in_scope: InScope) -> Iterator[UUID]:
    """A group whose event asks for the job."""
    events.react("group.added", "rename_group")
    trouble.clear()
    given_up.clear()
    with app.app_context():
        jobs.run_all()  # what making the region and the council has left to do
    with in_scope(council.scope()) as session:
        made = PoliticalGroup(council_id=council.id, name="Greens of the vale")
        session.add(made)
        session.flush()
        events.record("group.added", made, by=SERVICE, audience="council")
        made_id = made.id
    yield made_id
    del events._reactions["group.added"]


def waiting(in_scope: InScope) -> list[tuple[str, int, str | None]]:
    """What is in the outbox for this job: name, attempts, failure."""
    with in_scope(Scope.nobody()) as session:
        rows = session.execute(
            sa.select(Outbox.job, Outbox.attempts, Outbox.failure).where(Outbox.job == "rename_group")
        )
        return [tuple(row) for row in rows]


def name_of(group: UUID, council: MadeCouncil, in_scope: InScope) -> str | None:
    """The group's name now."""
    with in_scope(council.scope()) as session:
        return session.scalar(sa.select(PoliticalGroup.name).where(PoliticalGroup.id == group))


def test_a_job_runs_in_the_scope_of_its_event_and_its_row_goes_with_its_effect(
    app: Flask, council: MadeCouncil, group: UUID, in_scope: InScope
) -> None:
    assert waiting(in_scope) == [("rename_group", 0, None)]
    with app.app_context():
        assert jobs.run_all() == 1
        assert jobs.run_all() == 0
    assert (name_of(group, council, in_scope), waiting(in_scope)) == ("Greens of the vale!", [])


def test_a_collision_is_tried_again_at_once_and_done_once(
    app: Flask, council: MadeCouncil, group: UUID, in_scope: InScope
) -> None:
    trouble.extend([COLLIDE, COLLIDE])
    with app.app_context():
        jobs.run_all()
    assert (name_of(group, council, in_scope), waiting(in_scope)) == ("Greens of the vale!", [])


def test_a_failure_keeps_nothing_waits_and_is_given_up_at_last(
    app: Flask, council: MadeCouncil, group: UUID, in_scope: InScope
) -> None:
    moment = clock.now()
    for attempt in range(1, jobs.GIVE_UP_AFTER + 1):
        trouble[:] = ["select 1 / 0"]
        with app.app_context(), clock.at(moment):
            assert jobs.run_all() == 1
            assert jobs.run_all() == 0, "it waits before it is tried again"
        assert waiting(in_scope) == [("rename_group", attempt, "DataError")]
        moment += timedelta(hours=2)
    assert (name_of(group, council, in_scope), given_up) == ("Greens of the vale", [group])
    with app.app_context(), clock.at(moment + timedelta(days=365)):
        assert jobs.run_all() == 0


def test_a_leased_row_is_left_alone_until_the_lease_runs_out(
    app: Flask, council: MadeCouncil, group: UUID, in_scope: InScope
) -> None:
    """A worker that was killed leaves its lease; the sweep hands the row on within half a minute."""
    with in_scope(Scope.nobody()) as session:
        session.execute(sa.update(Outbox).values(leased_until=clock.now() + jobs.LEASE))
    with app.app_context():
        assert jobs.run_all() == 0
        with clock.at(clock.now() + jobs.LEASE + timedelta(seconds=1)):
            assert jobs.run_all() == 1
    assert name_of(group, council, in_scope) == "Greens of the vale!"


def test_reactions_must_name_jobs_that_exist() -> None:
    with pytest.raises(RuntimeError, match="unknown jobs: fly"):
        jobs.reactions_are_known({"x.happened": ["fly"]})
