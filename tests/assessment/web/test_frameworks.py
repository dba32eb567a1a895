"""Frameworks as pages, for councils and their region."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from flask import Flask

from assessment.services.frameworks import publish_framework
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.checking_client import CheckingClient
from tests.factories.assessment import make_framework, tree_of
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_region, make_user


@pytest.mark.parametrize("kind", ["council", "region"])
def test_a_framework_reads_as_a_page(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, officer: MadeUser, kind: str
) -> None:
    made = make_framework(app, "charter-2017")
    place, user = (council, lead) if kind == "council" else (council.region, officer)
    page = client.sign_in(user).get(f"/{kind}s/{place.slug}/frameworks/{made}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    for words in (
        "This is a starter set, in words of our own.",
        "All key indicators are judged “Met”.",
        "Charter Plus: 27 requirements. Charter comes before it",
        "1.1.1 Leaders are committed",
        "Key indicator",
        "What this means in practice",
    ):
        assert words in text


def test_the_list_tells_starters_and_a_regions_own_apart(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    make_framework(app, "charter-2008")
    with app.app_context(), within(council.region.scope()):
        own = replace(tree_of("charter-2017"), code="our-2026", title="Our own", starter=False)
        publish_framework(own, region_id=council.region.id, by=CONSOLE)
    text = client.sign_in(lead).get(f"/councils/{council.slug}/frameworks").get_data(as_text=True)
    assert "Starter set" in text
    assert "Our own" in text
    assert f"<td>{council.region.name}</td>" in text


def test_another_regions_framework_does_not_exist(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser
) -> None:
    other = make_region(app)
    with app.app_context(), within(other.scope()):
        made = publish_framework(tree_of("charter-2008"), region_id=other.id, by=CONSOLE)[0].id
    client.sign_in(officer)
    assert client.get(f"/regions/{region.slug}/frameworks/{made}").status_code == 404
    assert "No framework is published yet" in client.get(f"/regions/{region.slug}/frameworks").get_data(as_text=True)


def test_who_may_not_read_accreditations_reads_no_frameworks(
    app: Flask, client: CheckingClient, council: MadeCouncil
) -> None:
    member = make_user(app, council, "member")
    assert client.sign_in(member).get(f"/councils/{council.slug}/frameworks").status_code == 403


def test_a_long_list_takes_no_more_statements(
    app: Flask,
    client: CheckingClient,
    region: MadeRegion,
    officer: MadeUser,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    counted = []
    client.sign_in(officer)
    for codes in (["one"], ["two", "three"]):
        with app.app_context(), within(region.scope()):
            for code in codes:
                publish_framework(replace(tree_of("charter-2008"), code=code), region_id=region.id, by=CONSOLE)
        with statements() as sent:
            client.get(f"/regions/{region.slug}/frameworks")
        counted.append(len(sent))
    assert counted[0] == counted[1]
