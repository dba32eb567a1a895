"""The list of jobs: which state each is in, what needs a look first, and how long work has waited."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock, job_list
from saas.db import new_id
from saas.events import Outbox
from saas.tenancy import Scope
from tests.conftest import InScope

NOW = clock.now()
MINUTE = timedelta(minutes=1)
ROWS: list[tuple[str, dict[str, Any]]] = [
    ("later", {"due_at": NOW + MINUTE}),
    ("queued", {"due_at": NOW - 3 * MINUTE}),
    ("retried", {"due_at": NOW - 2 * MINUTE, "failure": "TimeoutError"}),
    ("running", {"due_at": NOW - 9 * MINUTE, "attempts": 1, "leased_until": NOW + MINUTE}),
    ("failed", {"due_at": NOW + MINUTE, "attempts": 3, "failure": "TimeoutError"}),
    ("given_up", {"due_at": job_list.NEVER, "attempts": 12, "failure": "TimeoutError"}),
]


@pytest.fixture
def rows(app: Flask, in_scope: InScope) -> None:
    """One job in each state, named by it."""
    with in_scope(Scope.nobody()) as session:
        session.execute(sa.delete(Outbox))
        for state, values in ROWS:
            session.add(Outbox(event_id=new_id(), job=state, args={}, scope={}, **values))


def test_each_job_is_in_one_state_and_those_that_need_a_look_stand_first(rows: None, in_scope: InScope) -> None:
    with in_scope(Scope.nobody()), clock.at(NOW):
        listed, total = job_list.list_jobs()
        counts = job_list.count_jobs()
    assert [(job.name, job.state) for job in listed] == [(state, state) for state in job_list.STATES]
    assert (total, counts) == (6, dict.fromkeys(job_list.STATES, 1))


def test_one_state_alone_page_by_page(rows: None, in_scope: InScope) -> None:
    with in_scope(Scope.nobody()), clock.at(NOW):
        assert [job.name for job in job_list.list_jobs("failed")[0]] == ["failed"]
        assert job_list.list_jobs("failed", page=2) == ([], 1)


def test_work_has_waited_as_long_as_the_free_job_that_is_due_longest(rows: None, in_scope: InScope) -> None:
    with in_scope(Scope.nobody()) as session, clock.at(NOW):
        assert job_list.oldest_due_seconds() == 180.0
        session.execute(sa.delete(Outbox).where(Outbox.due_at <= NOW))
        assert job_list.oldest_due_seconds() == 0.0


def test_the_name_of_a_job_in_words() -> None:
    assert job_list.words_of("seal_submission") == "Seal submission"


def test_what_came_of_jobs_is_told_by_name_with_the_time_of_one_run() -> None:
    counts = {
        ("jobs", "seal_submission", "done"): 3.0,
        ("jobs", "seal_submission", "failed"): 1.0,
        ("job_seconds_sum", "seal_submission"): 6.0,
        ("jobs", "read_evidence", "given_up"): 1.0,
        ("requests", "home.show", "GET", "200"): 9.0,
    }
    assert job_list.came_of(counts) == [
        job_list.Came("Read evidence", 0, 0, 1, 0.0),
        job_list.Came("Seal submission", 3, 1, 0, 1.5),
    ]
