"""Once a day accounts that have opened nothing for long are emptied, and their names go where they had a role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from saas import clock, jobs, rounds
from saas.db import db
from saas.tenancy import CONSOLE, Scope
from tenants.models.access import Access, User
from tenants.queries.access import Target, list_access
from tenants.services import access
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeUser, make_user

MORNING = datetime(2031, 5, 5, 7, 0, tzinfo=UTC)


def test_an_account_that_opens_nothing_for_two_years(
    app: Flask, in_scope: InScope, council: MadeCouncil, lead: MadeUser
) -> None:
    long_gone, gone = (make_user(app, council, "council_editor") for _ in range(2))
    target = Target("council", council.region.id, council.id, council.name)
    for user, days in ((long_gone, 740), (gone, 700)):
        with in_scope(council.scope()), clock.at(MORNING - timedelta(days=days)):
            (row,) = (row for row in list_access(target) if row.user_id == user.id)
            access.end(target, row, by=CONSOLE)
    with app.app_context(), clock.at(MORNING):
        rounds.start_rounds()
        jobs.run_all()
    names = {}
    for user in (long_gone, gone, lead):
        with in_scope(Scope.person(user.id)):
            names[user.id] = db.session.scalar(sa.select(User.name))
    assert names == {long_gone.id: "Somebody who left", gone.id: gone.name, lead.id: lead.name}
    with in_scope(council.scope()):
        rows = db.session.execute(sa.select(Access.user_id, Access.display_name))
        assert {row.user_id: row.display_name for row in rows} == {
            long_gone.id: "A former colleague",
            gone.id: gone.name,
            lead.id: lead.name,
        }
