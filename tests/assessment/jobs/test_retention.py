"""Every morning each council and each region removes what is older than its rules allow, and says how much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from saas import clock, jobs, rounds
from saas.db import db
from saas.tenancy import CONSOLE
from tenants.models.notices import Notice
from tenants.queries.access import Target
from tenants.queries.retention import Keeper, list_runs
from tenants.services import invitations
from tenants.services.notices import tell
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser

MORNING = datetime(2031, 5, 5, 7, 0, tzinfo=UTC)


def test_each_side_sweeps_its_own_and_the_page_says_what_was_removed(
    app: Flask,
    client: CheckingClient,
    in_scope: InScope,
    council: MadeCouncil,
    region: MadeRegion,
    lead: MadeUser,
) -> None:
    old = MORNING - timedelta(days=1500)
    with in_scope(council.scope()), clock.at(old):
        tell(council.id, lead.id, key="old", kind="mention", words="Ann mentioned you", path="/councils/a/x")
    with in_scope(region.scope()), clock.at(old):
        of_region = Target("region", region.id, None, region.name)
        invitations.invite(of_region, name="Old", email="old@example.org", role="assessor", by=CONSOLE)
    for _ in range(2):
        with app.app_context(), clock.at(MORNING):
            rounds.start_rounds()
            jobs.run_all()
    with in_scope(council.scope()):
        assert db.session.scalar(sa.select(sa.func.count()).where(Notice.key == "old")) == 0
        assert [run.counts for run in list_runs(Keeper(region.id, council.id))] == [{"notices": 1}]
    with in_scope(region.scope()):
        assert [run.counts for run in list_runs(Keeper(region.id, None))] == [{"invitations": 1}]
    assert "Notices: 1 record" in client.sign_in(lead).get(f"/councils/{council.slug}/retention").text
