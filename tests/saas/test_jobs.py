"""Jobs: done once in effect, put back when they fail, tried again at once when they only collided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock, events, jobs, leases, present
from saas.db import db, new_id
from saas.events import Outbox
from saas.job_list import GIVE_UP_AFTER
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
    for attempt in range(1, GIVE_UP_AFTER + 1):
        trouble[:] = ["select 1 / 0"]
        with app.app_context(), clock.at(moment):
            assert jobs.run_all() == 1
            assert jobs.run_all() == 0, "it waits before it is tried again"
        assert waiting(in_scope) == [("rename_group", attempt, "DataError 22012")]
        moment += timedelta(hours=2)
    assert (name_of(group, council, in_scope), given_up) == ("Greens of the vale", [group])
    with app.app_context(), clock.at(moment + timedelta(days=365)):
        assert jobs.run_all() == 0


def test_a_leased_row_is_left_alone_until_the_lease_runs_out(
    app: Flask, council: MadeCouncil, group: UUID, in_scope: InScope
) -> None:
    """A worker that was killed leaves its lease; the sweep hands the row on within half a minute."""
    with in_scope(Scope.nobody()) as session:
        session.execute(sa.update(Outbox).values(leased_until=clock.now() + leases.LEASE))
    with app.app_context():
        assert jobs.run_all() == 0
        with clock.at(clock.now() + leases.LEASE + timedelta(seconds=1)):
            assert jobs.run_all() == 1
    assert name_of(group, council, in_scope) == "Greens of the vale!"


def test_a_job_that_kills_its_process_each_time_is_given_up_and_what_follows_is_done(
    app: Flask, council: MadeCouncil, group: UUID, in_scope: InScope
) -> None:
    """Nobody is left to put the row back, so its lease runs out; the next to take it sees that."""
    moment = clock.now()
    with app.app_context():
        (row_id,) = jobs.sweep()
        for attempt in range(1, GIVE_UP_AFTER + 1):
            with clock.at(moment):
                leased = leases.take(row_id)  # and then its process is killed
            assert leased is not None
            assert leased.attempt == attempt
            moment += leases.LEASE + timedelta(seconds=1)
        with clock.at(moment):
            assert given_up == []
            assert jobs.run_all() == 1
        with clock.at(moment + timedelta(days=365)):
            assert jobs.run_all() == 0
    assert name_of(group, council, in_scope) == "Greens of the vale"
    assert (given_up, waiting(in_scope)) == ([group], [("rename_group", GIVE_UP_AFTER + 1, "the process ended")])


def test_a_job_of_another_release_waits_for_its_worker(app: Flask, group: UUID, in_scope: InScope) -> None:
    with in_scope(Scope.nobody()) as session:
        session.execute(sa.delete(Outbox))
        args = {"subject_id": str(group)}
        session.add(Outbox(event_id=new_id(), job="fly_to_the_moon", args=args, scope={}, due_at=clock.now()))
    with app.app_context():
        assert jobs.run_all() == 1
    with in_scope(Scope.nobody()) as session:
        assert session.execute(sa.select(Outbox.job, Outbox.attempts, Outbox.failure)).all() == [
            ("fly_to_the_moon", 1, "LookupError")
        ]


def test_a_job_carries_the_id_of_the_request_it_follows_from(
    app: Flask, council: MadeCouncil, in_scope: InScope, group: UUID
) -> None:
    with present.doing(present.Work("asked-1")), in_scope(council.scope()):
        jobs.put(rename_group, group, council.scope())
    with in_scope(Scope.nobody()) as session:
        carried = session.scalars(sa.select(Outbox.args).order_by(Outbox.id)).all()
    assert carried == [{"subject_id": str(group)}, {"subject_id": str(group), "request_id": "asked-1"}]


def test_what_came_of_each_job_is_counted(app: Flask, group: UUID) -> None:
    trouble[:] = ["select 1 / 0"]
    moment = clock.now()
    with app.app_context():
        before = app.extensions["charterway_tally"].read()
        jobs.run_all()
        with clock.at(moment + timedelta(hours=2)):
            jobs.run_all()
        after = app.extensions["charterway_tally"].read()
    assert {name: after[name] - before.get(name, 0) for name in after if name[:2] == ("jobs", "rename_group")} == {
        ("jobs", "rename_group", "failed"): 1,
        ("jobs", "rename_group", "done"): 1,
    }


def test_reactions_must_name_jobs_that_exist() -> None:
    with pytest.raises(RuntimeError, match="unknown jobs: fly"):
        jobs.reactions_are_known({"x.happened": ["fly"]})


def test_a_row_that_waits_in_the_queue_is_not_handed_to_it_again(
    app: Flask, group: UUID, monkeypatch: pytest.MonkeyPatch, in_scope: InScope
) -> None:
    monkeypatch.setitem(app.config, "JOBS_BY_HAND", False)
    queue = app.extensions["queues"][jobs.USUAL]
    lengths = []
    with app.app_context():
        for _ in range(2):
            jobs.enqueue_forgotten()
            lengths.append(len(queue))
        queue.empty()
        jobs.enqueue_forgotten()
        lengths.append(len(queue))
    assert (lengths, waiting(in_scope)) == ([1, 1, 1], [("rename_group", 0, None)])


def test_a_job_may_say_that_it_takes_longer(app: Flask, group: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "JOBS_BY_HAND", False)
    queue, limits = app.extensions["queues"][jobs.USUAL], []
    with app.app_context():
        for longest in (jobs.USUAL_LONGEST_SECONDS, 3 * 60 * 60):
            monkeypatch.setitem(
                jobs._jobs, "rename_group", replace(jobs._jobs["rename_group"], longest_seconds=longest)
            )
            jobs.enqueue_forgotten()
            limits += [each.timeout for each in queue.get_jobs()]
            queue.empty()
    assert limits == [15 * 60, 3 * 60 * 60]


def test_a_job_that_somebody_waits_for_goes_before_the_others(
    app: Flask, group: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "JOBS_BY_HAND", False)
    queues, lengths = app.extensions["queues"], []
    with app.app_context():
        for waited_for in (False, True):
            monkeypatch.setitem(jobs._jobs, "rename_group", replace(jobs._jobs["rename_group"], waited_for=waited_for))
            jobs.enqueue_forgotten()
            jobs.enqueue_forgotten()
            lengths.append({name: len(queue) for name, queue in queues.items()})
            for queue in queues.values():
                queue.empty()
    assert lengths == [{"charterway-first": 0, "charterway": 1}, {"charterway-first": 1, "charterway": 0}]
    assert list(queues) == ["charterway-first", "charterway"]
