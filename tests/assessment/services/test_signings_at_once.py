"""Two sign at the same moment: threads with connections of their own that really commit."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.models.accreditations import DeclarationSignature
from assessment.queries.accreditations import get_accreditation
from assessment.queries.signings import get_request
from assessment.services import signings
from saas import jobs
from saas.events import Event
from saas.tenancy import Actor
from saas.transaction import within
from tests.factories.signings import CHIEF, LEADER, NAMES, commit_by_asking, make_holder, requests_of
from tests.factories.tenants import MadeCouncil, make_council, make_region

PATIENCE_SECONDS = 30.0


@pytest.fixture
def committed(built_app: Flask, owner: sa.Engine) -> tuple[MadeCouncil, UUID]:
    """A council whose commitment waits for both signatures."""
    council = make_council(built_app, make_region(built_app))
    for office in (LEADER, CHIEF):
        make_holder(built_app, council, office)
    return council, commit_by_asking(built_app, council)


def test_the_last_of_two_who_sign_at_once_opens_the_self_assessment_exactly_once(
    built_app: Flask, committed: tuple[MadeCouncil, UUID]
) -> None:
    council, made = committed
    asked = requests_of(built_app, council, made)
    start = threading.Barrier(2)

    def sign(office: str) -> None:
        with built_app.app_context():
            start.wait(PATIENCE_SECONDS)
            with within(council.scope()):
                by = Actor(None, NAMES[office])
                signings.sign(get_request(asked[office], lock=True), name=NAMES[office], by=by)
            start.wait(PATIENCE_SECONDS)
            jobs.run_all()  # both take up what follows at the same moment

    threads = [threading.Thread(target=sign, args=(office,)) for office in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    with built_app.app_context():
        jobs.run_all()
        with within(council.scope(), read_only=True) as session:
            moved = session.scalar(
                sa.select(sa.func.count()).where(Event.accreditation_id == made, Event.verb == "accreditation.moved")
            )
            kept = session.scalar(sa.select(sa.func.count()).select_from(DeclarationSignature))
            assert (get_accreditation(made).stage, moved, kept) == ("self_assessing", 1, 2)
