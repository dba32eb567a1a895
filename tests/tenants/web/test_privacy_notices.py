"""A region names controller and processor in its own words, and everybody reads it."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.events import Event
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_region, make_user

TYPED = {
    "version": "0",
    "controller": "North Employers Ltd",
    "contact": "1 High Street\r\nprivacy@example.org",
    "protection_officer": "",
    "processor": "Hosting <Co>",
    "words": "We keep it to run the Charter.",
}


def test_an_officer_writes_it_and_everybody_reads_it(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, in_scope: InScope
) -> None:
    page, public = f"/regions/{region.slug}/privacy-notice", f"/regions/{region.slug}/privacy"
    assert "has not written a notice of its own yet" in client.get(public).text
    assert f'value="{region.name}"' in client.sign_in(officer).get(page).text
    saved = client.post(page, data=TYPED)
    assert (saved.status_code, saved.location) == (303, page)
    assert f"Changed last by {officer.name}" in client.get(page).text
    assert client.post(page, data=TYPED).status_code == 409
    assert client.post(page, data=TYPED | {"version": "1", "contact": "By post"}).status_code == 303
    assert f'href="{public}"' in client.get("/privacy").text
    client.post("/sign-out")
    text = client.get(public).text
    for words in (
        "North Employers Ltd",
        "By post",
        "Hosting &lt;Co&gt;",
        "We keep it to run the Charter.",
        "Not named",
    ):
        assert words in text
    assert f'href="{public}"' not in client.get("/privacy").text
    with in_scope(region.scope()) as session:
        verbs = session.scalars(sa.select(Event.verb).where(Event.verb == "privacy_notice.changed")).all()
        assert len(verbs) == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"controller": " "}, "controller"), ({"contact": ""}, "contact"), ({"words": "x" * 5001}, "words")],
)
def test_what_is_wrong_is_said_beside_it(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, changed: dict[str, str], field: str
) -> None:
    page = f"/regions/{region.slug}/privacy-notice"
    refused = client.sign_in(officer).post(page, data=TYPED | changed)
    assert (refused.status_code, f'id="{field}-error"' in refused.text) == (422, True)
    assert "has not written" in client.get(f"/regions/{region.slug}/privacy").text


def test_only_the_regions_own_officer(
    client: CheckingClient, app: Flask, region: MadeRegion, council: MadeCouncil, lead: MadeUser
) -> None:
    page = f"/regions/{region.slug}/privacy-notice"
    for stranger in (lead, make_user(app, make_region(app), "region_officer")):
        client.sign_in(stranger)
        assert (client.get(page).status_code, client.post(page, data=TYPED).status_code) == (404, 404)
    client.sign_in(make_user(app, region, "region_viewer"))
    assert (client.get(page).status_code, client.post(page, data=TYPED).status_code) == (403, 403)


def test_the_privacy_page_says_how_long_each_kind_is_kept(client: CheckingClient) -> None:
    text = client.get("/privacy").text
    for words in ("Members who left", "The log in words", "84", "emptied after 24 months"):
        assert words in text


def test_who_comes_second_sees_both_texts_and_nothing_is_lost(
    client: CheckingClient, region: MadeRegion, officer: MadeUser
) -> None:
    page = f"/regions/{region.slug}/privacy-notice"
    client.sign_in(officer).post(page, data=TYPED)
    late = client.post(page, data=TYPED | {"contact": "By post"})
    rows = re.findall(r"<tr[^>]*><th[^>]*>(.*?)</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td></tr>", late.text, re.DOTALL)
    cells = [[" ".join(re.sub(r"<.*?>", " ", cell).split()) for cell in row] for row in rows]
    assert (late.status_code, cells) == (
        409,
        [["How to reach it", "By post", "1 High Street privacy@example.org"]],
    )
    assert f"{officer.name} saved this" in late.text
    assert client.post(page, data=TYPED | {"version": "1", "contact": "By post"}).status_code == 303
