"""A name that somebody chose is carried to every place where he or she has a role, and to no other name there."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from saas import jobs
from saas.db import db
from saas.tenancy import CONSOLE, Actor, Scope
from saas.transaction import within
from tenants.models.access import Access
from tenants.services import councils
from tenants.services.names import rename
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_user


def give_role(app: Flask, user: MadeUser, place: MadeCouncil | MadeRegion, role: str) -> None:
    """One more role, elsewhere."""
    with app.app_context(), within(Scope.operator(None)):
        councils.add_user(email=user.email, name=user.name, scope_slug=place.slug, role=role, hashed=None, by=CONSOLE)


def test_colleagues_in_every_place_see_the_name(
    app: Flask, in_scope: InScope, council: MadeCouncil, lead: MadeUser
) -> None:
    other = make_council(app, council.region)
    for place, role in ((other, "council_viewer"), (council.region, "region_viewer")):
        give_role(app, lead, place, role)
    colleague = make_user(app, other, "council_lead")
    with in_scope(Scope.person(lead.id)):
        rename(lead.id, "Ada Archer", by=Actor(lead.id, lead.name))
    with app.app_context():
        jobs.run_all()
    seen = []
    for place in (council, other, council.region):
        with in_scope(place.scope()):
            rows = db.session.execute(sa.select(Access.user_id, Access.display_name))
            seen.append({row.user_id: row.display_name for row in rows if row.user_id in (lead.id, colleague.id)})
    carried = {lead.id: "Ada Archer"}
    assert seen == [carried, carried | {colleague.id: colleague.name}, carried]
