"""The operator's page of jobs: failed ones with their reason, tried again or ended."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from saas import clock, jobs
from saas.db import new_id
from saas.events import Event, Outbox
from saas.job_list import NEVER
from saas.tenancy import Scope
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


@pytest.fixture
def operator(app: Flask) -> MadeUser:
    """The operator."""
    return make_user(app, "platform", "operator")


@pytest.fixture
def failed(app: Flask, council: MadeCouncil, in_scope: InScope) -> UUID:
    """A job of the council that was given up; nothing else waits."""
    with app.app_context():
        jobs.run_all()
    with in_scope(council.scope()) as session:
        session.execute(sa.delete(Outbox))
        row = Outbox(
            event_id=new_id(),
            job="check_link",
            args={"subject_id": str(new_id()), "request_id": "asked-7"},
            scope=council.scope().to_json(),
            due_at=NEVER,
            attempts=12,
            failure="TimeoutError",
        )
        session.add(row)
        session.flush()
        return row.id


def states(page: str) -> dict[str, int]:
    """State → number, as the page's list says."""
    listed = re.findall(r'<li><a class="govuk-link" href="/platform/jobs[^"]*"[^>]*>([^<]+)</a>: (\d+)</li>', page)
    return {words: int(number) for words, number in listed}


def cells(page: str) -> list[str]:
    """The texts of the first row of the first table."""
    row = re.search(r"<tbody>\s*<tr>(.*?)</tr>", page, re.DOTALL)
    assert row is not None
    found = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row[1], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in found]


def test_a_job_that_was_given_up_stands_first_with_its_reason(
    client: FlaskClient, operator: MadeUser, council: MadeCouncil, failed: UUID
) -> None:
    page = client.sign_in(operator).get("/platform/jobs").text
    assert cells(page) == [
        "Check link", council.name, "Given up", "12", "Not again", "TimeoutError", "asked-7", "Try now Check link",
    ]  # fmt: skip
    assert states(page) == {
        "All that are not done": 1, "Given up": 1, "Failed, will be tried again": 0, "Running": 0,
        "Tried again by an operator": 0, "Queued": 0, "Due later": 0,
    }  # fmt: skip
    assert "Nothing waits here." in client.get("/platform/jobs?state=running").text


def test_it_is_tried_again_when_the_operator_says_so_and_that_is_recorded(
    client: FlaskClient, operator: MadeUser, failed: UUID, in_scope: InScope
) -> None:
    client.sign_in(operator)
    assert client.post(f"/platform/jobs/{failed}/retry").location == "/platform/jobs"
    assert states(client.get("/platform/jobs").text)["Tried again by an operator"] == 1
    with in_scope(Scope.operator(operator.id)) as session:
        told = session.execute(sa.select(Event.verb, Event.audience).where(Event.subject == "outbox")).all()
        row = session.execute(sa.select(Outbox.attempts, Outbox.failure, Outbox.due_at < sa.func.now())).one()
    assert ([tuple(item) for item in told], tuple(row)) == ([("job.retried", "platform")], (0, "TimeoutError", True))


def test_a_job_that_is_ended_is_not_run_but_given_up_by_the_worker(
    app: Flask, client: FlaskClient, operator: MadeUser, failed: UUID, in_scope: InScope
) -> None:
    client.sign_in(operator)
    client.post(f"/platform/jobs/{failed}/retry")
    client.post(f"/platform/jobs/{failed}/give-up")
    with app.app_context():
        assert jobs.run_all() == 1
    page = client.get("/platform/jobs").text
    assert cells(page)[2:6] == ["Given up", "13", "Not again", "an operator ended it"]
    assert client.post(f"/platform/jobs/{failed}/give-up").status_code == 409


def test_a_running_job_is_left_alone_and_one_that_is_done_is_not_found(
    client: FlaskClient, operator: MadeUser, failed: UUID, in_scope: InScope
) -> None:
    client.sign_in(operator)
    with in_scope(Scope.nobody()) as session:
        session.execute(sa.update(Outbox).values(due_at=clock.now(), leased_until=clock.now() + timedelta(seconds=20)))
    answer = client.post(f"/platform/jobs/{failed}/retry")
    assert (answer.status_code, "This job runs just now." in answer.text) == (409, True)
    assert client.post(f"/platform/jobs/{new_id()}/retry").status_code == 404


def test_jobs_are_the_operators_alone(client: FlaskClient, lead: MadeUser, failed: UUID) -> None:
    assert client.sign_in(lead).get("/platform/jobs").status_code == 404
    assert client.post(f"/platform/jobs/{failed}/retry").status_code == 404


def test_a_page_costs_the_same_statements_for_one_job_and_for_three(
    client: FlaskClient, operator: MadeUser, failed: UUID, in_scope: InScope, statements: object
) -> None:
    client.sign_in(operator)
    with statements() as few:  # type: ignore[operator]
        client.get("/platform/jobs")
    with in_scope(Scope.nobody()) as session:
        for _ in range(2):
            session.add(
                Outbox(event_id=new_id(), job="check_link", args={"subject_id": str(new_id())}, scope={}, due_at=NEVER)
            )
    with statements() as many:  # type: ignore[operator]
        client.get("/platform/jobs")
    assert len(many) == len(few)
