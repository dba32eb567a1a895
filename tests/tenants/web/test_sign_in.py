"""Sign-in, sign-out, and the way back in: the same for known and unknown addresses, nothing left behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from saas import clock
from saas.security import SIGN_IN_FAILED
from saas.tenancy import Scope
from tests.conftest import InScope
from tests.factories.invitations import Postbox
from tests.factories.tenants import PASSWORD, MadeCouncil, MadeRegion, MadeUser, make_user

NEW_PASSWORD = "violet tractor hums at midnight"


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """Fill in the sign-in page."""
    return client.post("/sign-in", data={"email": email, "password": password, "next": "/", "region": "", **more})


def session_ids(app: Flask) -> set[bytes]:
    """Every session in the store."""
    return set(app.extensions["redis"].keys("session:*"))


def cookie(client: FlaskClient) -> str | None:
    """The session's id as the browser holds it."""
    found = client.get_cookie("charterway")
    return found.value if found else None


def who(client: FlaskClient) -> str | None:
    """The user that the session believes in."""
    with client.session_transaction() as session:
        return session.get("_user_id")


def test_signing_in_leads_to_where_one_wanted_to_go(client: FlaskClient, council: MadeCouncil, lead: MadeUser) -> None:
    wanted = f"/councils/{council.slug}/access?sort=name"
    asked = client.get(wanted)
    assert asked.location == f"/sign-in?next={wanted.replace('=', '%3D')}"
    page = client.get(asked.location)
    assert f'name="next" value="{wanted}"' in page.text
    answer = sign_in(client, lead.email.upper(), next=wanted)
    assert (answer.status_code, answer.location) == (303, wanted)
    assert client.get(wanted).status_code == 200
    assert client.get("/sign-in?next=/account").location == "/account"


@pytest.mark.parametrize("away", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(client: FlaskClient, lead: MadeUser, away: str) -> None:
    assert 'name="next" value="/"' in client.get("/sign-in", query_string={"next": away}).text
    assert sign_in(client, lead.email, next=away).location == "/"


def test_the_session_changes_its_id_and_the_old_one_is_gone(app: Flask, client: FlaskClient, lead: MadeUser) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    before = cookie(client)
    sign_in(client, lead.email)
    after = cookie(client)
    assert before != after
    assert session_ids(app) == {f"session:{after}".encode()}
    with client.session_transaction() as session:
        assert "planted" not in session


def test_an_id_that_was_never_given_out_is_not_taken(app: Flask, client: FlaskClient, lead: MadeUser) -> None:
    client.set_cookie("charterway", "x" * 43)
    sign_in(client, lead.email)
    assert cookie(client) != "x" * 43
    assert b"session:" + b"x" * 43 not in session_ids(app)


def test_known_and_unknown_addresses_are_refused_alike(client: FlaskClient, lead: MadeUser) -> None:
    pages = []
    for email in (lead.email, "nobody@example.org"):
        answer = sign_in(client, email, "wrong password")
        assert answer.status_code == 422
        assert f'value="{email}"' in answer.text
        assert "wrong password" not in answer.text
        pages.append(answer.text.replace(email, "…"))
    assert pages[0] == pages[1]
    assert SIGN_IN_FAILED in pages[0]
    assert who(client) is None


def test_both_addresses_cost_the_same_statements(client: FlaskClient, lead: MadeUser, statements) -> None:
    counts = []
    for email in (lead.email, "nobody@example.org"):
        with statements() as sql:
            sign_in(client, email, "wrong password")
        counts.append(sql)
    assert counts[0] == counts[1]


def test_what_is_missing_is_said_beside_the_field(client: FlaskClient) -> None:
    answer = sign_in(client, "", "")
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert 'id="password-error"' in answer.text


@pytest.mark.parametrize("known", [True, False])
def test_guessing_is_braked_for_known_and_unknown_addresses(client: FlaskClient, lead: MadeUser, known: bool) -> None:
    email = lead.email if known else "nobody@example.org"
    answers = [sign_in(client, email, f"guess {number}") for number in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert sign_in(client, email).status_code == 429
    assert who(client) is None


def test_a_right_password_forgets_the_wrong_ones(client: FlaskClient, lead: MadeUser) -> None:
    for _ in range(2):
        for number in range(9):
            sign_in(client, lead.email, f"guess {number}")
        assert sign_in(client, lead.email).status_code == 303


def test_one_client_is_braked_over_many_addresses(client: FlaskClient) -> None:
    codes = {sign_in(client, f"guess{number}@example.org", "wrong").status_code for number in range(100)}
    assert codes == {422}
    assert sign_in(client, "another@example.org", "wrong").status_code == 429


def test_signing_out_ends_the_session_in_the_store(app: Flask, client: FlaskClient, lead: MadeUser) -> None:
    sign_in(client, lead.email)
    stolen = cookie(client)
    assert client.get("/sign-out").status_code == 404
    assert client.post("/sign-out").location == "/sign-in"
    assert f"session:{stolen}".encode() not in session_ids(app)
    thief = app.test_client()
    thief.set_cookie("charterway", stolen or "")
    assert thief.get("/account").status_code == 303
    assert "You are signed out." in client.get("/sign-in").text


def test_a_disabled_user_cannot_sign_in_and_an_open_session_ends(
    client: FlaskClient, lead: MadeUser, in_scope: InScope
) -> None:
    sign_in(client, lead.email)
    assert client.get("/account").status_code == 200
    with in_scope(Scope.person(lead.id)) as session:
        session.execute(sa.text("update users set disabled_at = now()"))
    assert client.get("/account").location == "/sign-in?next=/account"
    assert who(client) is None
    assert SIGN_IN_FAILED in sign_in(client, lead.email).text


def test_a_form_from_elsewhere_is_refused(
    app: Flask, client: FlaskClient, lead: MadeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert sign_in(client, lead.email).status_code == 400
    assert who(client) is None
    page = client.get("/sign-in").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert sign_in(client, lead.email, csrf_token=token).status_code == 303


def test_the_sign_in_page_names_the_region_one_comes_from(client: FlaskClient, region: MadeRegion) -> None:
    assert region.name in client.get(f"/sign-in?region={region.slug}").text
    assert region.name in client.get(f"/sign-in?next=/regions/{region.slug}/access").text
    assert region.name not in client.get("/sign-in?region=nowhere").text
    assert region.name in sign_in(client, "nobody@example.org", "wrong", region=region.slug).text


def test_a_region_that_no_address_could_name_is_none(client: FlaskClient, region: MadeRegion) -> None:
    assert client.get("/sign-in?region=No%20Slug").status_code == 200
    assert sign_in(client, "nobody@example.org", "wrong", region="\0").status_code == 422
    assert client.get("/regions/%00/welcome").status_code == 404
    assert client.get(f"/regions/{region.slug}%00/welcome").status_code == 404


def test_a_forgotten_password_is_chosen_anew_by_mail(
    client: FlaskClient, lead: MadeUser, app: Flask, postbox: Postbox
) -> None:
    elsewhere = app.test_client()
    sign_in(elsewhere, lead.email)
    assert client.post("/forgotten-password", data={"email": lead.email}).location == "/forgotten-password/sent"
    link = postbox.link()
    for _ in range(2):  # a scanner that looks at the link first uses nothing up
        page = client.get(link)
        assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "strict-origin")
    weak = client.post(link, data={"password": "short"})
    assert weak.status_code == 422
    assert 'id="password-error"' in weak.text
    assert client.post(link, data={"password": NEW_PASSWORD}).location == "/sign-in"
    assert elsewhere.get("/account").status_code == 303
    assert sign_in(client, lead.email).status_code == 422
    assert sign_in(client, lead.email, NEW_PASSWORD).status_code == 303
    used = client.get(link)
    assert used.status_code == 410
    assert "Ask for a new link" in used.text
    assert client.post(link, data={"password": "another violet tractor hums"}).status_code == 410


def test_known_and_unknown_addresses_see_the_same_after_asking(
    client: FlaskClient, lead: MadeUser, postbox: Postbox
) -> None:
    answers = [client.post("/forgotten-password", data={"email": email}) for email in (lead.email, "no@example.org")]
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/forgotten-password/sent")}
    assert postbox.empty().count("To: ") == 1


def test_asking_for_links_is_braked(client: FlaskClient, lead: MadeUser) -> None:
    for email in (lead.email, "no@example.org"):
        codes = [client.post("/forgotten-password", data={"email": email}).status_code for _ in range(6)]
        assert codes == [303] * 5 + [429]


def test_a_link_expires_after_an_hour_and_an_unknown_one_looks_the_same(
    client: FlaskClient, lead: MadeUser, postbox: Postbox
) -> None:
    with clock.at(clock.now() - timedelta(minutes=59)):
        client.post("/forgotten-password", data={"email": lead.email})
        fresh = postbox.link()
    with clock.at(clock.now() - timedelta(minutes=61)):
        client.post("/forgotten-password", data={"email": lead.email})
        old = postbox.link()
    assert client.get(fresh).status_code == 200
    expired, unknown = client.get(old), client.get("/reset-password/" + "x" * 43)
    assert (expired.status_code, unknown.status_code) == (410, 410)
    assert expired.text == unknown.text
    assert client.post(old, data={"password": NEW_PASSWORD}).status_code == 410


def test_using_one_link_ends_the_others(client: FlaskClient, lead: MadeUser, postbox: Postbox) -> None:
    links = []
    for _ in range(2):
        client.post("/forgotten-password", data={"email": lead.email})
        links.append(postbox.link())
    assert client.post(links[0], data={"password": NEW_PASSWORD}).status_code == 303
    assert client.get(links[1]).status_code == 410


def test_a_disabled_user_gets_no_link(client: FlaskClient, lead: MadeUser, in_scope: InScope, postbox: Postbox) -> None:
    with in_scope(Scope.person(lead.id)) as session:
        session.execute(sa.text("update users set disabled_at = now()"))
    client.post("/forgotten-password", data={"email": lead.email})
    assert postbox.empty() == ""


def test_the_secret_of_a_link_is_nowhere_but_in_the_mail(
    client: FlaskClient, lead: MadeUser, postbox: Postbox, in_scope: InScope
) -> None:
    client.post("/forgotten-password", data={"email": lead.email})
    secret = postbox.link().rpartition("/")[2]
    with in_scope(Scope.person(lead.id)) as session:
        rows = "select cast(l as text) from links l union all select cast(e as text) from events e"
        kept = "".join(session.execute(sa.text(rows)).scalars())
    assert "password_reset.asked" in kept
    assert secret not in kept


def test_a_member_of_nothing_still_reaches_the_account(client: FlaskClient, app: Flask, council: MadeCouncil) -> None:
    member = make_user(app, council, "member")
    sign_in(client, member.email)
    assert client.get("/account").status_code == 200
