"""Every answer of every route: its headers, whom it lets send a form, where it leads, and what a reading may write."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.routing import Rule

from saas.guard import declaration_of
from saas.policy import Role
from tests.factories.tenants import MadeCouncil, MadeUser, make_user
from tests.house.asking import Asker, address, methods_of, wrong_headers

EVIL = "evil.example"
OUTSIDE = (f"https://{EVIL}/", f"//{EVIL}/", f"/\\{EVIL}/", f"https:{EVIL}", f"/\t/{EVIL}/")
WRITE_WHEN_READ = {"interviews"}
"""Blueprints with a page whose reading is recorded: in a transaction of its own, before the page's."""
OPEN_THEIR_OWN = {
    "calendar", "contribution_links", "health", "identity_links", "invitations", "metrics", "places", "second_step",
    "second_steps", "sign_in", "signatures", "single_sign_on", "status",
}  # fmt: skip
"""Blueprints whose pages for everybody open their own transaction, because a secret says who asks."""
OF_NOBODY = {"/healthz", "/readyz", "/metrics", "/status", "/api/v1/openapi.json"}
"""What is the same for everybody and names no person, so that anybody may keep it."""


@pytest.fixture
def asker(built_app: Flask, app: Flask) -> Asker:
    return Asker(built_app, built_app.response_class)


def pages(app: Flask, method: str) -> Iterator[Rule]:
    """Routes that people meet with this method, not programs."""
    for rule in app.url_map.iter_rules():
        if method in methods_of(rule) and not hasattr(app.view_functions[rule.endpoint], "bearer"):
            yield rule


def test_every_answer_carries_the_headers_and_leads_nowhere_else(
    app: Flask, asker: Asker, council: MadeCouncil, lead: MadeUser
) -> None:
    wrong = {}
    people = ((None, council), (lead, council), (make_user(app, council.region, Role.REGION_OFFICER), council.region))
    place = {"council": council.slug, "region": council.region.slug, "slug": council.region.slug}
    for user, where in people:
        if user is not None:
            asker.become(user, where)
        for rule in app.url_map.iter_rules():
            if "GET" in methods_of(rule):
                path = f"{address(app, rule, place)}?next=https://{EVIL}/"
                answer = asker.ask(rule, path, "GET", headers={"X-Forwarded-Host": EVIL})
                told = wrong_headers(answer, signed_in=user is not None and rule.rule not in OF_NOBODY)
                if EVIL in answer.headers.get("Location", "").partition("?")[0]:
                    told.append("Location")
                if told:
                    wrong[f"{rule.rule} for {user and user.name}"] = told
    assert wrong == {}


def test_no_form_is_taken_from_another_site(
    app: Flask, asker: Asker, council: MadeCouncil, lead: MadeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    asker.become(lead, council)
    place = {"council": council.slug, "region": council.region.slug}
    taken = {}
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for rule in pages(app, method):
            forged = {"Origin": f"https://{EVIL}", "Referer": f"https://{EVIL}/"}
            answer = asker.ask(rule, address(app, rule, place), method, headers=forged, data={"csrf_token": "forged"})
            if answer.status_code != 400:
                taken[f"{method} {rule.rule}"] = answer.status_code
    assert taken == {}


def test_no_operation_knows_a_session(app: Flask, asker: Asker, council: MadeCouncil, lead: MadeUser) -> None:
    """A cookie is sent by a browser on anybody's behalf; a token is not."""
    asker.become(lead, council)
    asker.tokens = {}
    place = {"council": council.slug, "region": council.region.slug}
    known = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        told = declaration_of(view)
        if hasattr(view, "bearer") and told and told.kind != "public":
            for method in methods_of(rule):
                status = asker.ask(rule, address(app, rule, place), method).status_code
                if status != 401:
                    known[f"{method} {rule.rule}"] = status
    assert known == {}


@pytest.mark.parametrize("outside", OUTSIDE)
def test_what_leads_on_after_a_form_stays_on_this_site(app: Flask, asker: Asker, lead: MadeUser, outside: str) -> None:
    typed = {"email": lead.email, "password": lead.password, "next": outside}
    answer = asker.post("/sign-in", data=typed)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    for path in ("/sign-in/second-step", "/sign-out", "/forgotten-password"):
        leads = asker.post(path, data=typed, query_string={"next": outside}).headers.get("Location", "/")
        parts = urlsplit(leads)
        assert (parts.scheme, parts.netloc, leads[:2] in ("//", "/\\")) == ("", "", False)


def test_every_reading_is_read_only_but_of_these(app: Flask) -> None:
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in pages(app, "GET")}
    declared = {endpoint: declaration_of(view) for endpoint, view in views.items()}
    own = {name.partition(".")[0] for name, told in declared.items() if told and told.own_transaction}
    reading = {name.partition(".")[0] for name, told in declared.items() if told and told.reading}
    assert own - OPEN_THEIR_OWN == set()
    assert reading == WRITE_WHEN_READ
    assert [name for name, told in declared.items() if told and told.own_transaction and told.kind != "public"] == []


def test_the_session_cookie_cannot_be_read_or_sent_from_elsewhere(app: Flask, asker: Asker, lead: MadeUser) -> None:
    answer = asker.post("/sign-in", data={"email": lead.email, "password": lead.password, "next": "/"})
    (cookie,) = answer.headers.getlist("Set-Cookie")
    name, *attributes = [part.strip() for part in cookie.split(";")]
    assert name.startswith("charterway=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)
    assert not [each for each in attributes if each.startswith("Domain")]
