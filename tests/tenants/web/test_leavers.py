"""Whoever manages access takes the names of people out who left; and one empties one's own account."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask import Flask

from saas.db import db
from saas.tenancy import CONSOLE, Scope
from tenants.models.access import User
from tenants.models.members import Member
from tenants.queries.access import Target, list_access
from tenants.services import access, members
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.members import make_member
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_user


def end_access(in_scope: InScope, council: MadeCouncil, user: MadeUser) -> None:
    target = Target("council", council.region.id, council.id, council.name)
    with in_scope(council.scope()):
        (row,) = (row for row in list_access(target) if row.user_id == user.id)
        access.end(target, row, by=CONSOLE)


def test_a_lead_anonymises_a_member_and_a_colleague_who_left(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    page = f"/councils/{council.slug}/leavers"
    assert "No former member is still named." in client.sign_in(lead).get(page).text
    gone, member_id = make_user(app, council, "council_editor"), make_member(app, council, family_name="Left")
    assert client.get(f"{page}/members/{member_id}").status_code == 409
    assert client.get(f"{page}/people/{gone.id}").status_code == 409
    end_access(in_scope, council, gone)
    with in_scope(council.scope()):
        member = db.session.get_one(Member, (council.id, member_id))
        members.end_term(member, ended_on=date(2026, 5, 4), reason="resigned", by=CONSOLE)
    listed = client.get(page).text
    assert (gone.name in listed, gone.email in listed, "Cllr Ann Left" in listed) == (True, True, True)
    for path in (f"{page}/members/{member_id}", f"{page}/people/{gone.id}"):
        assert "It cannot be undone." in client.get(path).text
        assert (client.post(path).status_code, client.post(path).status_code) == (303, 303)
    after = client.get(page).text
    assert (gone.name in after, "Cllr Ann Left" in after) == (False, False)


def test_only_whoever_manages_access_here(
    client: CheckingClient, app: Flask, council: MadeCouncil, region: MadeRegion, officer: MadeUser, in_scope: InScope
) -> None:
    gone = make_user(app, council, "council_editor")
    end_access(in_scope, council, gone)
    page = f"/councils/{council.slug}/leavers"
    for stranger in (officer, make_user(app, make_council(app, region), "council_lead")):
        client.sign_in(stranger)
        assert (client.get(page).status_code, client.post(f"{page}/people/{gone.id}").status_code) == (404, 404)
    client.sign_in(make_user(app, council, "council_viewer"))
    assert (client.get(page).status_code, client.post(f"{page}/people/{gone.id}").status_code) == (403, 403)
    assert client.sign_in(officer).get(f"/regions/{region.slug}/leavers/people/{gone.id}").status_code == 404


def test_somebody_without_a_role_empties_the_own_account_and_is_out(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    gone = make_user(app, council, "council_editor")
    client.sign_in(gone)
    assert "Empty your account" not in client.get("/account").text
    assert f"still opens {council.name}" in client.get("/account/empty").text
    assert client.post("/account/empty").status_code == 409
    end_access(in_scope, council, gone)
    account = client.get("/account").text
    assert ('href="/account/empty"' in account, "If you should have one, ask" in account) == (True, True)
    assert "You can make one where you have a role, and you have none now." in client.get("/account/tokens").text
    emptied = client.post("/account/empty")
    assert (emptied.status_code, emptied.location) == (303, "/sign-in")
    assert client.get("/account").status_code == 303
    with in_scope(Scope.person(gone.id)):
        assert db.session.scalar(sa.select(User.name)) == "Somebody who left"
