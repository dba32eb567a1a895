"""Invitations: by mail, single use, expiring; the secret opens nothing more than was offered."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from saas import clock
from saas.tenancy import Scope
from tests.conftest import InScope
from tests.factories.invitations import Postbox, make_invitation, read_invitation
from tests.factories.tenants import PASSWORD, MadeCouncil, MadeRegion, MadeUser, make_council, make_user

NEW_PASSWORD = "violet tractor hums at midnight"
INVITED = {"name": "Nia New", "email": "New@Example.org", "role": "council_editor"}
ANSWER = {"name": "Nia Newly", "password": NEW_PASSWORD}


def roles_in(in_scope: InScope, place: MadeRegion | MadeCouncil) -> list[tuple[str, str, str]]:
    """Every current role in the place: address, role, name."""
    with in_scope(place.scope()) as session:
        rows = "select email, role, display_name from access where ended_at is null order by id"
        return [tuple(row) for row in session.execute(sa.text(rows))]


def verbs_in(in_scope: InScope, place: MadeRegion | MadeCouncil) -> list[str]:
    """What happened in the place about access."""
    with in_scope(place.scope()) as session:
        return list(session.scalars(sa.text("select verb from events where verb ~ '^(access|invitation)' order by at")))


def test_inviting_and_accepting_as_somebody_new(
    client: FlaskClient, council: MadeCouncil, lead: MadeUser, postbox: Postbox, in_scope: InScope
) -> None:
    people = f"/councils/{council.slug}/access"
    assert client.sign_in(lead).post(f"{people}/invite", data=INVITED).location == people
    assert "Not sent yet" in client.get(people).text
    link = postbox.link()
    waiting = client.get(people).text
    assert "new@example.org" in waiting
    assert "Works until" in waiting
    client.post("/sign-out")
    page = client.get(link)
    assert (page.status_code, page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == (
        200,
        "strict-origin",
        "no-store",
    )
    for words in (council.name, "Council editor", 'value="Nia New"', "new@example.org", lead.name):
        assert words in page.text
    assert client.get(link).status_code == 200  # looking uses nothing up
    answer = client.post(link, data=ANSWER)
    assert answer.status_code == 303
    assert f"You have joined {council.name} as council editor." in client.get("/places").text
    assert roles_in(in_scope, council)[1:] == [("new@example.org", "council_editor", "Nia Newly")]
    assert verbs_in(in_scope, council) == ["access.invited", "access.granted"]
    for answer in (client.get(link), client.post(link, data=ANSWER)):
        assert answer.status_code == 410
        assert "This invitation does not work any more" in answer.text
    client.post("/sign-out")
    back = client.post("/sign-in", data={"email": "new@example.org", "password": NEW_PASSWORD})
    assert back.status_code == 303


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    client: FlaskClient, council: MadeCouncil, lead: MadeUser, app: Flask
) -> None:
    path = f"/councils/{council.slug}/access/invite"
    client.sign_in(lead)
    empty = client.post(path, data={})
    assert empty.status_code == 422
    for field in ("name", "email", "role"):
        assert f'id="{field}-error"' in empty.text
    wrong = client.post(path, data={"name": "Nia New", "email": "nobody", "role": "region_officer"})
    assert 'value="Nia New"' in wrong.text
    assert 'value="nobody"' in wrong.text
    assert "correct format" in wrong.text
    above = client.post(path, data=INVITED | {"role": "region_officer"})
    assert above.status_code == 422
    assert "region_officer is not a role here" in above.text
    assert client.post(path, data=INVITED).status_code == 303
    assert "is waiting. Send that one again" in client.post(path, data=INVITED).text
    member = make_user(app, council, "member")
    again = client.post(path, data={"name": "Max", "email": member.email.upper(), "role": "member"})
    assert f"{member.email} has this role already" in again.text
    assert again.status_code == 422


def test_a_weak_password_is_refused_and_the_invitation_still_works(
    client: FlaskClient, council: MadeCouncil, app: Flask, postbox: Postbox
) -> None:
    make_invitation(app, council, "member")
    link = postbox.link()
    answer = client.post(link, data={"name": "Nia", "password": "short"})
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text
    assert 'value="Nia"' in answer.text
    assert "short" not in answer.text
    nameless = client.post(link, data={"name": "", "password": "short"}).text
    assert "Enter your name" in nameless
    assert "Use at least 12 characters" in nameless
    assert client.post(link, data=ANSWER).status_code == 303


def test_somebody_known_signs_in_first_and_then_presses_one_button(
    client: FlaskClient, app: Flask, council: MadeCouncil, region: MadeRegion, postbox: Postbox, in_scope: InScope
) -> None:
    known = make_user(app, region, "assessor", "Asa Assessor")
    make_invitation(app, council, "member", email=known.email)
    link = postbox.link()
    page = client.get(link).text
    assert f'href="/sign-in?next={link}"' in page
    assert 'name="password"' not in page
    refused = client.post(link, data=ANSWER)
    assert refused.status_code == 409
    sign_in = client.get(f"/sign-in?next={link}")
    assert "Sign in to accept your invitation." in sign_in.text
    there = client.post("/sign-in", data={"email": known.email, "password": PASSWORD, "next": link})
    assert there.location == link
    assert 'name="password"' not in client.get(link).text
    assert client.post(link).status_code == 303
    assert roles_in(in_scope, council) == [(known.email, "member", "Asa Assessor")]


def test_an_invitation_for_somebody_else_is_not_accepted_by_who_is_signed_in(
    client: FlaskClient, app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox, in_scope: InScope
) -> None:
    make_invitation(app, council, "council_lead")
    link = postbox.link()
    before = roles_in(in_scope, council)
    page = client.sign_in(lead).get(link).text
    assert f"You are signed in as {lead.email}, but this invitation is for new@example.org." in page
    assert client.post(link, data=ANSWER).status_code == 409
    assert roles_in(in_scope, council) == before
    assert client.post("/sign-out", data={"next": link}).location == link
    assert 'name="password"' in client.get(link).text


def test_expired_used_withdrawn_and_unknown_secrets_look_the_same(
    client: FlaskClient, app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox
) -> None:
    with clock.at(clock.now() - timedelta(days=14, minutes=1)):
        make_invitation(app, council, "member", email="expired@example.org")
        expired = postbox.link()
    make_invitation(app, council, "member", email="used@example.org")
    used = postbox.link()
    assert client.post(used, data=ANSWER).status_code == 303
    client.post("/sign-out")
    client.get("/sign-in")
    withdrawn_id = make_invitation(app, council, "member", email="withdrawn@example.org")
    withdrawn = postbox.link()
    app.test_client().sign_in(lead).post(f"/councils/{council.slug}/invitations/{withdrawn_id}/withdraw")
    pages = [client.get(path) for path in (expired, used, withdrawn, "/invitations/" + "x" * 43)]
    assert [page.status_code for page in pages] == [410] * 4
    assert len({page.text for page in pages}) == 1
    assert "ask the person who invited you to send it again" in pages[0].text
    for path in (expired, used, withdrawn):
        assert client.post(path, data=ANSWER).status_code == 410


def test_sending_again_makes_a_new_link_and_ends_the_old_one(
    client: FlaskClient, app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox, in_scope: InScope
) -> None:
    with clock.at(clock.now() - timedelta(days=20)):
        invitation_id = make_invitation(app, council, "member")
        old = postbox.link()
    client.sign_in(lead)
    assert "Expired" in client.get(f"/councils/{council.slug}/access").text
    client.post(f"/councils/{council.slug}/invitations/{invitation_id}/resend")
    new = postbox.link()
    client.post("/sign-out")
    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 200
    assert verbs_in(in_scope, council) == ["access.invited", "invitation.resent"]


def test_a_withdrawn_invitation_cannot_be_sent_again(
    client: FlaskClient, app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox
) -> None:
    invitation_id = make_invitation(app, council, "member")
    path = f"/councils/{council.slug}/invitations/{invitation_id}"
    client.sign_in(lead)
    assert client.post(f"{path}/withdraw").status_code == 303
    assert client.post(f"{path}/resend").status_code == 409
    assert client.post(f"{path}/withdraw").status_code == 409
    assert postbox.empty() == ""


def test_an_invitation_of_another_council_does_not_exist(
    client: FlaskClient, app: Flask, region: MadeRegion, council: MadeCouncil, lead: MadeUser, officer: MadeUser
) -> None:
    other = make_council(app, region)
    make_user(app, other, "council_lead")
    invitation_id = make_invitation(app, other, "member")
    for user, place in ((lead, f"/councils/{council.slug}"), (officer, f"/regions/{region.slug}")):
        client.sign_in(user)
        for what in ("resend", "withdraw"):
            assert client.post(f"{place}/invitations/{invitation_id}/{what}").status_code == 404
    assert read_invitation(app, other, invitation_id).withdrawn_at is None


def test_a_region_cannot_reach_into_a_council_that_somebody_has_joined(
    client: FlaskClient, app: Flask, region: MadeRegion, officer: MadeUser, council: MadeCouncil, lead: MadeUser
) -> None:
    client.sign_in(officer)
    path = f"/regions/{region.slug}/access/councils/{council.id}/invite"
    assert client.get(path).status_code == 404
    assert client.post(path, data={"name": "Me", "email": officer.email}).status_code == 404


def test_a_region_invites_again_for_a_council_that_nobody_has_joined(
    client: FlaskClient, app: Flask, region: MadeRegion, officer: MadeUser, postbox: Postbox, in_scope: InScope
) -> None:
    empty = make_council(app, region, name="Empty Council")
    foreign = make_council(app, region)
    path = f"/regions/{region.slug}/access/councils/{empty.id}/invite"
    client.sign_in(officer)
    assert "Empty Council" in client.get(path).text
    assert client.post(path, data={"name": "", "email": ""}).status_code == 422
    assert client.post(path, data={"name": "Lea", "email": "lea@example.org"}).status_code == 303
    first = postbox.link()
    page = client.get(f"/regions/{region.slug}/access").text
    assert "lea@example.org" in page
    (resend,) = re.findall(r'action="([^"]+/resend)"', page)
    assert client.post(resend).status_code == 303
    second = postbox.link()
    client.post("/sign-out")
    assert client.get(first).status_code == 410
    assert client.post(second, data=ANSWER).status_code == 303
    assert roles_in(in_scope, empty) == [("lea@example.org", "council_lead", "Nia Newly")]
    client.sign_in(officer)
    listed = client.get(f"/regions/{region.slug}/access").text
    assert "Empty Council" not in listed
    assert foreign.name in listed


def test_the_secret_is_nowhere_but_in_the_mail(
    client: FlaskClient, app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox, in_scope: InScope
) -> None:
    make_invitation(app, council, "member")
    secret = postbox.link().rpartition("/")[2]
    with in_scope(council.scope()) as session:
        rows = "select cast(i as text) from invitations i union all select cast(e as text) from events e"
        kept = "".join(session.execute(sa.text(rows)).scalars())
    assert "access.invited" in kept
    assert secret not in kept
    assert secret not in client.sign_in(lead).get(f"/councils/{council.slug}/access").text


def test_the_log_names_no_secret(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger=app.logger.name):
        app.logger.error("Exception on %s [%s]", "/invitations/" + "s" * 43, "GET")
        app.logger.error("Exception on %s [%s]", "/reset-password/" + "s" * 43, "POST")
    assert [record.getMessage() for record in caplog.records] == [
        "Exception on /invitations/… [GET]",
        "Exception on /reset-password/… [POST]",
    ]


def test_a_disabled_person_does_not_come_back_by_invitation(
    client: FlaskClient, app: Flask, council: MadeCouncil, in_scope: InScope, postbox: Postbox
) -> None:
    gone = make_user(app, council, "member")
    with in_scope(Scope.person(gone.id)) as session:
        session.execute(sa.text("update users set disabled_at = now()"))
    make_invitation(app, council, "council_lead", email=gone.email)
    link = postbox.link()
    assert client.post(link, data=ANSWER).status_code in {409, 410}
    assert [role for _, role, _ in roles_in(in_scope, council)] == ["member"]


@pytest.mark.parametrize("kind", ["region", "platform"])
def test_regions_and_the_platform_invite_to_their_own_roles(
    client: FlaskClient, app: Flask, region: MadeRegion, postbox: Postbox, kind: str
) -> None:
    role, granting = ("assessor", "region_officer") if kind == "region" else ("operator", "operator")
    place: Any = region if kind == "region" else "platform"
    base = f"/regions/{region.slug}" if kind == "region" else "/platform"
    client.sign_in(make_user(app, place, granting))
    assert 'value="council_lead"' not in client.get(f"{base}/access/invite").text
    sent = client.post(f"{base}/access/invite", data={"name": "Asa", "email": "asa@example.org", "role": role})
    assert sent.location == f"{base}/access"
    link = postbox.link()
    client.post("/sign-out")
    assert client.post(link, data=ANSWER).status_code == 303
    expected = "/platform" if kind == "platform" else "/places"
    assert client.get("/").location in {expected, "/files"}


def test_the_form_is_taken_from_a_browser_that_tells_no_more_than_the_sites_name(
    client: FlaskClient, app: Flask, council: MadeCouncil, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over https the check against forged forms wants a referrer; the secret need not be in it."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    make_invitation(app, council, "member")
    link = postbox.link()
    page = client.get(link, base_url="https://localhost")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    sent = ANSWER | {"csrf_token": token}
    assert client.post(link, data=sent, base_url="https://localhost").status_code == 400
    site = {"Referer": "https://localhost/"}
    assert client.post(link, data=sent, base_url="https://localhost", headers=site).status_code == 303
