"""Tokens on pages: shown once, listed with their place, ended by their owner, by who manages access, or with access."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.policy import Role
from tenants.models.access import Access
from tenants.models.tokens import Token
from tests.caller import Caller
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

SECRET = re.compile(r'value="(cw_[\w-]{43})"')


def form(council: MadeCouncil, **changes: str) -> dict[str, str]:
    """What is typed."""
    return {"place": f"council:{council.slug}", "name": "Figures", "days": "30"} | changes


def made(client: CheckingClient, council: MadeCouncil, **changes: str) -> str:
    """Make a token; its secret."""
    answer = client.post("/account/tokens", data=form(council, **changes))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    found = SECRET.search(answer.text)
    assert found
    return found[1]


def test_a_token_is_shown_once_works_and_is_ended(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    client.sign_in(lead)
    assert "No token of yours works at present." in client.get("/account/tokens").text
    caller = Caller(app, f"Bearer {(secret := made(client, council, read_only='true'))}")
    told = caller.get("/me").json
    assert told is not None
    assert (told["read_only"], told["place"]["slug"]) == (True, council.slug)
    page = client.get("/account/tokens").text
    assert secret not in page
    assert all(words in page for words in ("Figures", council.name, "Only read"))
    token_id = re.search(r"/account/tokens/([\w-]{36})/revoke", page)
    assert token_id
    assert client.post(f"/account/tokens/{token_id[1]}/revoke").status_code == 303
    assert caller.get("/me").status_code == 401
    assert f"by {lead.name}" in client.get("/account/tokens").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"place": "council:none"}, "Choose one of the places where you have a role."),
        ({"name": ""}, "Say what it is for."),
        ({"days": "0"}, "Days until it ends"),
        ({"days": "367"}, "Days until it ends"),
    ],
)
def test_what_cannot_be_a_token_is_said_beside_the_field(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, changes: dict[str, str], words: str
) -> None:
    client.sign_in(lead)
    answer = client.post("/account/tokens", data=form(council, **changes))
    assert answer.status_code == 422
    assert words in answer.text


def test_nobody_makes_a_token_for_a_place_without_a_role_there_or_ends_anothers(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    other = make_council(app, council.region)
    client.sign_in(lead)
    assert client.post("/account/tokens", data=form(other)).status_code == 422
    made(client, council)
    with in_scope(council.scope()) as session:
        token_id = session.scalars(sa.select(Token.id)).one()
    client.sign_in(make_user(app, council, Role.COUNCIL_EDITOR))
    assert client.post(f"/account/tokens/{token_id}/revoke").status_code == 404
    assert client.post(f"/councils/{council.slug}/access/tokens/{token_id}/revoke").status_code == 403
    client.sign_in(make_user(app, other, Role.COUNCIL_LEAD))
    assert client.post(f"/councils/{other.slug}/access/tokens/{token_id}/revoke").status_code == 404


def test_who_manages_access_sees_and_ends_the_tokens_of_the_place(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    editor = make_user(app, council, Role.COUNCIL_EDITOR)
    caller = Caller(app, f"Bearer {made(client.sign_in(editor), council)}")
    client.sign_in(lead)
    page = client.get(f"/councils/{council.slug}/access").text
    found = re.search(r"/access/tokens/([\w-]{36})/revoke", page)
    assert found
    assert editor.name in page
    assert client.post(f"/councils/{council.slug}/access/tokens/{found[1]}/revoke").status_code == 303
    assert caller.get("/me").status_code == 401
    assert "Nobody has made a token for this place" in client.get(f"/councils/{council.slug}/access").text


def test_with_the_last_role_in_a_place_end_the_tokens_made_for_it_and_a_new_role_revives_none(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    editor = make_user(app, council, Role.COUNCIL_EDITOR)
    secret = made(client.sign_in(editor), council)
    client.sign_in(lead)
    with in_scope(council.scope()) as session:
        role = session.scalars(sa.select(Access.id).where(Access.user_id == editor.id)).one()
    assert "end the tokens" in client.get(f"/councils/{council.slug}/access/{role}/end").text
    assert client.post(f"/councils/{council.slug}/access/{role}/end").status_code == 303
    with in_scope(council.scope()) as session:
        token = session.scalars(sa.select(Token)).one()
        assert (token.revoked_at is not None, token.revoked_by_name) == (True, lead.name)
        session.execute(sa.update(Access).where(Access.id == role).values(ended_at=None))
    assert Caller(app, f"Bearer {secret}").get("/me").status_code == 401
