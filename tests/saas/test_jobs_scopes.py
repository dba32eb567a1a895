"""A job may work in the scope that its event's council stands for: the region never writes there itself."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import events, jobs
from saas.events import Outbox
from saas.tenancy import SERVICE, Scope
from saas.transaction import current_scope
from tenants.models.councils import Council, Region
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil

ran: list[tuple[UUID, Scope]] = []


@jobs.job(runs_in=Scope.council)
def note_own_scope(subject_id: UUID) -> None:
    """Note in which scope it ran."""
    ran.append((subject_id, current_scope()))


@pytest.fixture(autouse=True)
def reaction() -> None:
    """The job runs after every event of this verb."""
    ran.clear()
    events.react("trial.council_told", note_own_scope.__name__, runs_in=jobs.runs_in(note_own_scope.__name__))


def test_what_the_region_did_is_gone_on_with_in_the_council_without_a_user(
    app: Flask, council: MadeCouncil, officer, in_scope: InScope
) -> None:
    with in_scope(council.region.scope(officer.id)) as session:
        subject = session.scalar(sa.select(Council).where(Council.id == council.id))
        events.record("trial.council_told", subject, by=SERVICE, audience="shared")
    with in_scope(Scope.nobody()) as session:
        kept = session.scalars(sa.select(Outbox.scope).where(Outbox.job == "note_own_scope")).all()
    assert kept == [{"council_id": str(council.id), "home_region_id": str(council.region.id)}]
    with app.app_context():
        jobs.run_all()
    assert ran == [(council.id, council.scope())]


def test_an_event_about_no_council_starts_no_such_job(council: MadeCouncil, in_scope: InScope) -> None:
    with (
        pytest.raises(ValueError, match=r"trial\.council_told starts a job in its council"),
        in_scope(council.region.scope()) as session,
    ):
        subject = session.scalar(sa.select(Region).where(Region.id == council.region.id))
        events.record("trial.council_told", subject, by=SERVICE, audience="region")
