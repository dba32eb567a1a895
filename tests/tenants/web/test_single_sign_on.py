"""Sign-in through one's organisation, against a real provider: who gets in, who must prove it first, who does not."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from saas import clock
from saas.tenancy import Actor, Scope
from saas.transaction import within
from tenants.queries.access import list_access
from tenants.queries.single_sign_on import find_provider
from tenants.services import access as access_services
from tenants.services import single_sign_on as service
from tenants.services.councils import add_user
from tests.conftest import InScope
from tests.factories.invitations import Postbox, make_invitation, target_of
from tests.factories.second_factors import app_code, demand_factor, make_app
from tests.factories.single_sign_on import Site, asked, come_back, go, make_provider
from tests.factories.tenants import (
    PASSWORD,
    MadeCouncil,
    MadeRegion,
    MadeUser,
    make_council,
    make_token,
    make_user,
)

LINK = "/sign-in/link"


@pytest.fixture
def editor(app: Flask, council: MadeCouncil, lead: MadeUser) -> MadeUser:
    """Somebody of the council who does not manage access."""
    return make_user(app, council, "council_editor")


def know(site: Site, user: MadeUser, **more: object) -> str:
    """Let the site know this user; the subject."""
    subject = f"subject-of-{user.id}"
    site.know(subject, email=user.email, email_verified=True, name=user.name, **more)
    return subject


def link(app: Flask, user: MadeUser, provider_id: UUID, subject: str) -> None:
    """Link the two, as somebody who proved to be both."""
    with app.app_context():
        with within(Scope.nobody()):
            provider = find_provider(provider_id)
        assert provider is not None
        with within(Scope.person(user.id)):
            service.link_identity(user.id, provider, subject, by=Actor(user.id, user.name))


def there(provider_id: UUID, following: str = "/account") -> str:
    """The link that leads to the other site."""
    return f"/sign-in/with/{provider_id}?next={following}"


def test_the_address_says_where_to_sign_in(
    app: Flask, client: FlaskClient, council: MadeCouncil, editor: MadeUser, site: Site
) -> None:
    provider_id = make_provider(app, council, site.issuer)
    assert "Sign in through your organisation" in client.get("/sign-in").text
    page = client.post("/sign-in/organisation", data={"email": "anybody@Example.org", "next": "/account"})
    assert "Continue to Westmere staff sign-in" in page.text
    assert council.name in page.text
    assert f"/sign-in/with/{provider_id}?next=/account&amp;email=anybody@Example.org" in page.text
    typed = client.post("/sign-in", data={"email": editor.email, "password": "", "next": "", "region": ""})
    assert "Continue to Westmere staff sign-in" in typed.text
    unknown = client.post("/sign-in/organisation", data={"email": "a@elsewhere.example", "next": ""})
    assert unknown.status_code == 422
    assert "No organisation signs in here with addresses at elsewhere.example." in unknown.text


def test_whoever_goes_there_takes_what_a_safe_sign_in_needs(
    app: Flask, client: FlaskClient, council: MadeCouncil, editor: MadeUser, site: Site
) -> None:
    provider_id = make_provider(app, council, site.issuer)
    sent = client.get(f"/sign-in/with/{provider_id}?email={editor.email}")
    assert sent.status_code == 303
    taken = asked(sent.location)
    assert sent.location.startswith(f"{site.issuer}/oauth2/authorize?")
    assert {name: taken[name] for name in ("client_id", "response_type", "scope", "redirect_uri", "login_hint")} == {
        "client_id": "charterway",
        "response_type": "code",
        "scope": "openid email profile",
        "redirect_uri": f"http://localhost/sign-in/return/{council.id}",
        "login_hint": editor.email,
    }
    assert taken["code_challenge_method"] == "S256"
    assert [len(taken[name]) for name in ("state", "nonce", "code_challenge")] == [43, 43, 43]


def test_the_first_time_a_known_person_proves_it_by_the_password_and_then_never_again(
    app: Flask, client: FlaskClient, council: MadeCouncil, editor: MadeUser, site: Site, postbox: Postbox
) -> None:
    provider_id = make_provider(app, council, site.issuer)
    subject = know(site, editor)
    assert go(client, site, there(provider_id), subject).location == LINK
    assert client.get("/account").location.startswith("/sign-in?")  # nobody yet
    page = client.get(LINK).text
    assert f"Westmere staff sign-in says that you are {editor.email}." in page
    assert "Not your account?" in page
    wrong = client.post(LINK, data={"password": "a wrong password"})
    assert (wrong.status_code, "The password is not right." in wrong.text) == (422, True)
    assert client.get("/account").status_code == 303
    assert client.post(LINK, data={"password": PASSWORD}).location == "/account"
    assert editor.name in client.get("/account").text
    assert "Your account was linked to your organisation’s sign-in" in postbox.empty()
    client.post("/sign-out")
    assert go(client, site, there(provider_id), subject).location == "/account"
    assert editor.name in client.get("/account").text


def test_the_first_time_a_mailed_link_proves_it_too_in_the_browser_that_began(
    app: Flask, client: FlaskClient, council: MadeCouncil, editor: MadeUser, site: Site, postbox: Postbox
) -> None:
    provider_id = make_provider(app, council, site.issuer)
    subject = know(site, editor)
    go(client, site, there(provider_id), subject)
    postbox.empty()
    assert client.post(f"{LINK}/mail").location == LINK
    mailed = postbox.link()
    elsewhere = app.test_client()
    assert elsewhere.get(mailed).status_code == 422
    assert elsewhere.post(mailed).status_code == 422
    shown = client.get(mailed)
    assert "opens the account of" in shown.text
    assert shown.headers["Referrer-Policy"] == "strict-origin"
    assert client.post(mailed).location == "/account"
    assert editor.name in client.get("/account").text
    client.post("/sign-out")
    assert go(client, site, there(provider_id), subject).location == "/account"
    client.post("/sign-out")
    assert client.post(mailed).status_code == 422


def test_the_proof_waits_half_an_hour(
    app: Flask, client: FlaskClient, council: MadeCouncil, editor: MadeUser, site: Site
) -> None:
    provider_id = make_provider(app, council, site.issuer)
    go(client, site, there(provider_id), know(site, editor))
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert client.get(LINK).status_code == 422
        assert client.post(LINK, data={"password": PASSWORD}).status_code == 422
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"email_verified": False}, "did not say that your email address is verified"),
        ({"email_verified": "true"}, "did not say that your email address is verified"),
        ({"email": "user@elsewhere.example"}, "user@elsewhere.example is not an address of Westmere"),
        ({"email": "nobody-known@example.org"}, "nobody-known@example.org has no access here yet"),
    ],
)
def test_who_is_not_surely_somebody_here_stays_outside(
    app: Flask,
    client: FlaskClient,
    council: MadeCouncil,
    editor: MadeUser,
    site: Site,
    claims: dict[str, object],
    words: str,
) -> None:
    provider_id = make_provider(app, council, site.issuer)
    site.know("odd", **({"email": editor.email, "email_verified": True} | claims))
    answer = go(client, site, there(provider_id), "odd")
    assert answer.status_code == 422
    assert words in answer.text
    assert client.get("/account").status_code == 303


def test_a_council_s_site_opens_nobody_who_has_access_elsewhere_alone(
    app: Flask, client: FlaskClient, region: MadeRegion, council: MadeCouncil, lead: MadeUser, site: Site
) -> None:
    provider_id = make_provider(app, council, site.issuer)
    stranger = make_user(app, make_council(app, region), "council_lead")
    answer = go(client, site, there(provider_id), know(site, stranger))
    assert (answer.status_code, "has no access here yet" in answer.text) == (422, True)


def test_when_access_ends_so_does_the_way_in(
    app: Flask, client: FlaskClient, region: MadeRegion, council: MadeCouncil, editor: MadeUser, site: Site
) -> None:
    provider_id = make_provider(app, council, site.issuer)
    subject = know(site, editor)
    link(app, editor, provider_id, subject)
    with app.app_context(), within(council.scope()):
        target = target_of(council)
        row = next(row for row in list_access(target) if row.user_id == editor.id)
        access_services.end(target, row, by=Actor(None, "For a test"))
    answer = go(client, site, there(provider_id), subject)
    assert "You no longer have access in the place" in answer.text
    assert client.get("/account").status_code == 303


def test_an_answer_is_taken_once_by_the_browser_that_asked(
    app: Flask, client: FlaskClient, council: MadeCouncil, editor: MadeUser, site: Site
) -> None:
    provider_id = make_provider(app, council, site.issuer)
    subject = know(site, editor)
    link(app, editor, provider_id, subject)
    answer = site.answer(client.get(there(provider_id)).location, subject)
    other = app.test_client()
    other.get(there(provider_id))
    assert "was not begun here" in come_back(other, answer).text
    assert come_back(app.test_client(), answer).status_code == 422
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert "That took too long." in come_back(client, answer).text
    answer = site.answer(client.get(there(provider_id)).location, subject)
    assert come_back(client, answer).location == "/account"
    client.post("/sign-out")
    assert "That took too long." in come_back(client, answer).text
    state = asked(client.get(there(provider_id)).location)["state"]
    refused = client.get(f"/sign-in/return/{council.id}?error=access_denied&state={state}")
    assert "broken off or refused" in refused.text


def test_an_answer_for_one_place_is_not_taken_for_another(
    app: Flask, client: FlaskClient, region: MadeRegion, council: MadeCouncil, editor: MadeUser, site: Site
) -> None:
    provider_id = make_provider(app, council, site.issuer)
    elsewhere = make_council(app, region)
    answer = site.answer(client.get(there(provider_id)).location, know(site, editor))
    assert come_back(client, answer.replace(str(council.id), str(elsewhere.id))).status_code == 422


def test_a_second_step_is_still_asked_for(
    app: Flask, client: FlaskClient, council: MadeCouncil, editor: MadeUser, site: Site
) -> None:
    provider_id = make_provider(app, council, site.issuer)
    subject = know(site, editor, amr=["pwd", "mfa"])
    link(app, editor, provider_id, subject)
    make_app(app, editor)
    assert go(client, site, there(provider_id), subject).location == "/sign-in/second-step"
    assert client.get("/account").status_code == 303
    assert client.post("/sign-in/second-step", data={"code": app_code(), "next": "/"}).location == "/account"


@pytest.mark.parametrize(("methods", "elsewhere", "status"), [
    (["pwd", "mfa"], False, 200),
    (["pwd"], False, 303),
    ("mfa", False, 422),
    (None, False, 303),
    (["pwd", "mfa"], True, 303),
])  # fmt: skip
def test_a_demanded_second_step_may_be_the_site_s_but_only_for_work_in_its_own_place(
    app: Flask,
    client: FlaskClient,
    region: MadeRegion,
    council: MadeCouncil,
    editor: MadeUser,
    site: Site,
    methods: object,
    elsewhere: bool,
    status: int,
) -> None:
    provider_id = make_provider(app, council, site.issuer)
    demand_factor(app, region, "council_editor")
    subject = know(site, editor, **({} if methods is None else {"amr": methods}))
    link(app, editor, provider_id, subject)
    if elsewhere:
        add_role(app, make_council(app, region), editor)
    answer = go(client, site, there(provider_id), subject)
    if status == 422:
        assert answer.status_code == 422
        return
    page = client.get(f"/councils/{council.slug}/plans")
    assert page.status_code == status
    assert status == 200 or page.location.startswith("/sign-in/second-step?")


def add_role(app: Flask, council: MadeCouncil, user: MadeUser) -> None:
    """A role in a further council."""
    with app.app_context(), within(Scope.operator(None)):
        by = Actor(None, "For a test")
        add_user(email=user.email, name=user.name, scope_slug=council.slug, role="council_viewer", hashed=None, by=by)


def test_an_invitation_is_accepted_through_the_organisation(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, site: Site, postbox: Postbox
) -> None:
    provider_id = make_provider(app, council, site.issuer)
    make_invitation(app, council, "council_editor", email="nia@example.org")
    mailed = postbox.link()
    assert "Accept with Westmere staff sign-in" in client.get(mailed).text
    site.know("nia", email="nia@example.org", email_verified=True, name="Nia Known")
    site.know("noel", email="noel@example.org", email_verified=True)
    begin = f"{mailed}/with/{provider_id}"
    wrong = go(client, site, begin, "noel")
    assert "You signed in as noel@example.org, but the invitation is for nia@example.org." in wrong.text
    assert go(client, site, begin, "nia").location == "/"
    assert "Nia Known" in client.get("/account").text
    client.post("/sign-out")
    assert go(client, site, there(provider_id), "nia").location == "/account"
    client.post("/sign-out")
    assert client.get(begin).status_code == 404


def test_an_invitation_elsewhere_is_not_accepted_through_this_site(
    app: Flask, client: FlaskClient, region: MadeRegion, council: MadeCouncil, lead: MadeUser, site: Site,
    postbox: Postbox,
) -> None:  # fmt: skip
    provider_id = make_provider(app, council, site.issuer)
    make_invitation(app, make_council(app, region), "council_editor", email="nia@example.org")
    mailed = postbox.link()
    assert "Accept with" not in client.get(mailed).text
    assert client.get(f"{mailed}/with/{provider_id}").status_code == 404


def test_where_it_is_demanded_no_password_opens_but_whoever_manages_access_keeps_one(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, editor: MadeUser, site: Site,
    postbox: Postbox,
) -> None:  # fmt: skip
    make_provider(app, council, site.issuer, required=True)
    typed = {"email": editor.email, "password": PASSWORD, "next": "/account", "region": ""}
    refused = client.post("/sign-in", data=typed)
    assert (refused.status_code, "Your password is not used." in refused.text) == (403, True)
    assert client.get("/account").status_code == 303
    assert client.post("/sign-in", data=typed | {"password": "a wrong one"}).status_code == 422
    assert client.post("/sign-in", data=typed | {"email": lead.email}).location == "/account"
    client.post("/sign-out")
    make_invitation(app, council, "council_editor", email="nia@example.org")
    mailed = postbox.link()
    shown = client.get(mailed).text
    assert ("Accept with Westmere" in shown, 'name="password"' in shown) == (True, False)
    assert client.post(mailed, data={"name": "Nia", "password": PASSWORD}).status_code == 403
    assert client.get("/account").status_code == 303


def test_where_it_is_demanded_people_of_other_domains_or_places_keep_their_password(
    app: Flask, client: FlaskClient, region: MadeRegion, council: MadeCouncil, lead: MadeUser, site: Site
) -> None:
    make_provider(app, council, site.issuer, required=True)
    elsewhere = make_user(app, make_council(app, region), "council_editor")
    typed = {"email": elsewhere.email, "password": PASSWORD, "next": "/account", "region": ""}
    assert client.post("/sign-in", data=typed).location == "/account"


def test_once_it_is_demanded_whoever_is_signed_in_by_a_password_is_led_through_it_and_goes_on(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, editor: MadeUser, site: Site
) -> None:
    client.sign_in(editor)
    leader = app.test_client().sign_in(lead)
    wanted = f"/councils/{council.slug}/plans"
    assert client.get(wanted).status_code == 200
    provider_id = make_provider(app, council, site.issuer, required=True)
    led = client.get(wanted)
    assert (led.status_code, led.location) == (303, there(provider_id, wanted))
    assert client.post("/account/sign-out-elsewhere").location == f"/sign-in/with/{provider_id}"
    assert leader.get(wanted).status_code == 200
    back = go(client, site, led.location, know(site, editor))
    assert back.location == wanted
    assert client.get(wanted).status_code == 200
    client.post("/sign-out")
    assert go(client, site, there(provider_id, wanted), know(site, editor)).location == wanted
    assert client.get(wanted).status_code == 200


def test_whoever_came_through_and_showed_a_code_too_goes_on(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, editor: MadeUser, site: Site
) -> None:
    make_app(app, editor)
    provider_id = make_provider(app, council, site.issuer, required=True)
    subject = know(site, editor)
    link(app, editor, provider_id, subject)
    assert go(client, site, there(provider_id), subject).location == "/sign-in/second-step"
    client.post("/sign-in/second-step", data={"code": app_code(), "next": "/account"})
    assert client.get(f"/councils/{council.slug}/plans").status_code == 200


def test_once_it_is_demanded_tokens_made_without_it_end(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, editor: MadeUser, site: Site
) -> None:
    provider_id = make_provider(app, council, site.issuer)
    without, through = make_token(app, editor, council), make_token(app, editor, council, provider_id=provider_id)
    of_lead = make_token(app, lead, council)

    def statuses() -> list[int]:
        asked = [{"Authorization": token} for token in (without, through, of_lead)]
        return [client.get("/api/v1/me", headers=headers).status_code for headers in asked]

    assert statuses() == [200, 200, 200]
    make_provider(app, council, site.issuer, required=True)
    assert statuses() == [401, 200, 200]


def test_a_site_that_is_away_is_said_so(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, site: Site
) -> None:
    provider_id = make_provider(app, council, "https://signin.invalid")
    answer = client.get(there(provider_id))
    assert answer.status_code == 422
    assert ("You are not signed in this way" in answer.text, 'href="/sign-in"' in answer.text) == (True, True)
    settings = f'href="/councils/{council.slug}/access/single-sign-on"'
    tried = client.sign_in(lead).get(there(provider_id)).text
    assert ("The single sign-on did not work" in tried, settings in tried) == (True, True)


def test_what_was_not_switched_on_or_was_removed_leads_nowhere(
    app: Flask, client: FlaskClient, council: MadeCouncil, lead: MadeUser, editor: MadeUser, site: Site
) -> None:
    provider_id = make_provider(app, council, site.issuer, switched_on=False)
    assert client.get(there(provider_id)).status_code == 404
    assert client.sign_in(editor).get(there(provider_id)).status_code == 404
    assert client.sign_in(lead).get(there(provider_id)).status_code == 303
    assert client.get("/sign-in/with/01900000-0000-7000-8000-000000000000").status_code == 404


def test_a_changed_issuer_opens_no_account_that_was_linked_to_the_one_before(
    app: Flask, client: FlaskClient, council: MadeCouncil, editor: MadeUser, site: Site, in_scope: InScope
) -> None:
    provider_id = make_provider(app, council, "https://before.example")
    subject = know(site, editor)
    link(app, editor, provider_id, subject)
    assert make_provider(app, council, site.issuer) == provider_id
    assert go(client, site, there(provider_id), subject).location == LINK
    with in_scope(Scope.person(editor.id)) as session:
        kept = session.scalar(sa.text("select client_secret from sign_in_providers"))
    assert kept is None
    with in_scope(council.scope()) as session:
        assert "a secret" not in str(session.scalar(sa.text("select client_secret from sign_in_providers")))


def test_a_person_sees_and_closes_this_way_in(
    app: Flask, client: FlaskClient, council: MadeCouncil, editor: MadeUser, lead: MadeUser, site: Site
) -> None:
    provider_id = make_provider(app, council, site.issuer)
    subject = know(site, editor)
    link(app, editor, provider_id, subject)
    client.sign_in(lead)
    page = "/account/organisation"
    assert page in client.get("/account/security").text
    assert "Westmere staff sign-in" not in client.get(page).text
    client.sign_in(editor)
    shown = client.get(page).text
    assert "Westmere staff sign-in" in shown
    action = shown.partition(f'action="{page}/')[2].partition('"')[0]
    assert client.sign_in(lead).post(f"{page}/{action}").status_code == 404
    assert client.sign_in(editor).post(f"{page}/{action}").location == page
    client.post("/sign-out")
    assert go(client, site, there(provider_id), subject).location == LINK
