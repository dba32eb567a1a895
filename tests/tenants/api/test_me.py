"""Who calls, and the door: a token is worth what its user may do in its one place, for as long as it lives."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock
from saas.policy import Role
from saas.tenancy import Actor
from tenants.models.access import Access
from tenants.models.tokens import Token
from tenants.queries.access import Target
from tenants.services import tokens
from tests.caller import Caller
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_token, make_user


def test_a_token_tells_whose_it_is_and_where(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    told = Caller.of(app, lead, council).get("/me").json
    assert told is not None
    permissions = told["place"].pop("permissions")
    assert told == {
        "id": str(lead.id),
        "name": lead.name,
        "email": lead.email,
        "read_only": False,
        "place": {
            "kind": "council",
            "slug": council.slug,
            "id": str(council.id),
            "name": council.name,
            "region": council.region.slug,
            "roles": ["council_lead"],
        },
    }
    assert "action:write" in permissions


@pytest.mark.parametrize("sent", [None, "", "Bearer ", "Bearer cw_nonsense", "Basic bWU6bWU=", "cw_nonsense"])
def test_without_a_token_that_is_known_nothing_is_told(app: Flask, sent: str | None) -> None:
    answer = Caller(app, sent).get("/me")
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer realm=")


def test_a_session_is_no_token(client: CheckingClient, lead: MadeUser) -> None:
    client.sign_in(lead)
    assert client.get("/api/v1/me").status_code == 401


def test_a_token_ends_with_its_days(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    with clock.at(clock.now() - timedelta(days=tokens.USUAL_DAYS, minutes=1)):
        over = Caller.of(app, lead, council)
    with clock.at(clock.now() - timedelta(days=tokens.USUAL_DAYS) + timedelta(minutes=1)):
        last_minute = Caller.of(app, lead, council)
    assert (over.get("/me").status_code, last_minute.get("/me").status_code) == (401, 200)


def test_a_revoked_token_is_worth_nothing(app: Flask, in_scope: InScope, council: MadeCouncil, lead: MadeUser) -> None:
    caller = Caller.of(app, lead, council)
    assert caller.get("/me").status_code == 200
    with in_scope(council.scope(lead.id)) as session:
        token = session.scalars(sa.select(Token)).one()
        assert token.last_used_on == clock.today()
        tokens.revoke(
            Target("council", council.region.id, council.id, council.name), token, by=Actor(lead.id, lead.name)
        )
    assert caller.get("/me").status_code == 401


def test_a_token_is_worth_nothing_when_its_users_access_has_ended(
    app: Flask, in_scope: InScope, council: MadeCouncil
) -> None:
    leaver = make_user(app, council, Role.COUNCIL_EDITOR)
    caller = Caller.of(app, leaver, council)
    assert caller.get(f"/councils/{council.slug}/plans").status_code == 200
    with in_scope(council.scope()) as session:
        session.execute(sa.update(Access).where(Access.user_id == leaver.id).values(ended_at=clock.now()))
    assert caller.get(f"/councils/{council.slug}/plans").status_code == 404
    assert caller.get("/me").json["place"] is None  # type: ignore[index]


def test_a_token_opens_its_own_place_and_no_other_of_its_user(app: Flask, council: MadeCouncil) -> None:
    other = make_council(app, council.region)
    someone = make_user(app, council, Role.COUNCIL_LEAD)
    here = Caller.of(app, someone, council)
    there = Caller(app, make_token(app, someone, other))
    assert here.get(f"/councils/{council.slug}/plans").status_code == 200
    assert here.get(f"/councils/{other.slug}/plans").status_code == 404
    assert there.get(f"/councils/{council.slug}/plans").status_code == 404


def test_a_token_that_only_reads_changes_nothing(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    caller = Caller.of(app, lead, council, read_only=True)
    assert caller.get(f"/councils/{council.slug}/plans").status_code == 200
    refused = caller.post(f"/councils/{council.slug}/plans/{council.id}/actions", {"action": "Do it"})
    assert (refused.status_code, refused.json["detail"]) == (403, "This token only reads.")  # type: ignore[index]
