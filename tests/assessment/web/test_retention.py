"""A council lead and a region officer say how long records are kept, and see first what that would remove."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock
from saas.events import Event
from tenants.models.data_protection import RetentionRule
from tenants.models.notices import Notice
from tenants.queries.retention import Keeper, list_terms
from tenants.rules.retention import Side, kinds_of
from tenants.services.notices import tell
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_user

OF_COUNCIL = {kind.code: str(kind.usual) for kind in kinds_of(Side.COUNCIL)} | {"version": "0"}
OF_REGION = OF_COUNCIL | {kind.code: str(kind.usual) for kind in kinds_of(Side.REGION)}


def page_of(place: MadeCouncil | MadeRegion) -> str:
    return f"/{'councils' if isinstance(place, MadeCouncil) else 'regions'}/{place.slug}/retention"


def months(in_scope: InScope, council: MadeCouncil) -> dict[str, int]:
    with in_scope(council.scope()):
        return {term.kind.code: term.months for term in list_terms(Keeper(council.region.id, council.id))}


def test_a_lead_looks_first_and_saves_then(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    with in_scope(council.scope()), clock.at(datetime.now(UTC) - timedelta(days=100)):
        tell(council.id, lead.id, key="old", kind="mention", words="Ann mentioned you", path="/councils/a/x")
    page = page_of(council)
    people = client.sign_in(lead).get(f"/councils/{council.slug}/access").text
    assert f'href="{page}"' in people
    assert 'value="12"' in client.get(page).text
    looked = client.post(page, data=OF_COUNCIL | {"notices": "2", "step": "look"})
    assert (looked.status_code, "Nothing is saved yet" in looked.text) == (200, True)
    assert "Would remove <strong>1 record</strong>" in looked.text
    assert months(in_scope, council)["notices"] == 12
    saved = client.post(page, data=OF_COUNCIL | {"notices": "2"})
    assert (saved.status_code, saved.location) == (303, page)
    text = client.get(page).text
    for words in ("Saved: other months for 1 kind of record.", f"Set by {lead.name}", "Tonight: <strong>1 record"):
        assert words in text
    with in_scope(council.scope()) as session:
        payload = session.scalars(sa.select(Event.payload).where(Event.verb == "retention.set")).all()
        assert payload == [{"by": lead.name, "kind": "notices", "months": 2}]
        assert session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 1


def test_a_regions_months_are_the_most_a_council_can_choose(
    client: CheckingClient,
    council: MadeCouncil,
    region: MadeRegion,
    lead: MadeUser,
    officer: MadeUser,
    in_scope: InScope,
) -> None:
    client.sign_in(lead).post(page_of(council), data=OF_COUNCIL | {"notices": "30"})
    assert client.sign_in(officer).post(page_of(region), data=OF_REGION | {"notices": "6"}).status_code == 303
    assert months(in_scope, council)["notices"] == 6
    client.sign_in(lead)
    assert "From 1 to 6 months. Set by your region" in client.get(page_of(council)).text
    refused = client.post(page_of(council), data=OF_COUNCIL | {"notices": "7", "version": "1"})
    assert (refused.status_code, "Enter a number of months from 1 to 6." in refused.text) == (422, True)
    assert client.post(page_of(council), data=OF_COUNCIL | {"notices": "3", "version": "1"}).status_code == 303
    assert months(in_scope, council)["notices"] == 3


@pytest.mark.parametrize("typed", ["", "0", "37", "soon", "-1"])
def test_what_is_wrong_is_said_beside_it_and_nothing_changes(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope, typed: str
) -> None:
    before = months(in_scope, council)
    for step in ("save", "look"):
        refused = client.sign_in(lead).post(page_of(council), data=OF_COUNCIL | {"notices": typed, "step": step})
        assert (refused.status_code, 'id="notices-error"' in refused.text) == (422, True)
    assert months(in_scope, council) == before


def test_who_comes_second_is_told_and_nothing_is_lost(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    client.sign_in(lead).post(page_of(council), data=OF_COUNCIL | {"notices": "2"})
    stale = client.post(page_of(council), data=OF_COUNCIL | {"notices": "5"})
    row = re.search(r"<tr[^>]*><th[^>]*>(.*?)</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td></tr>", stale.text, re.DOTALL)
    assert row is not None
    cells = [re.sub(r"<.*?>", "", cell).strip() for cell in row.groups()]
    assert (stale.status_code, cells) == (409, ["Notices", "5", "2"])
    assert f"{lead.name} saved this" in stale.text
    assert ('value="5"' in stale.text, 'name="version" value="1"' in stale.text) == (True, True)
    assert months(in_scope, council)["notices"] == 2


def test_only_whoever_manages_access_in_the_own_place(
    client: CheckingClient, app: Flask, council: MadeCouncil, region: MadeRegion, lead: MadeUser, officer: MadeUser,
    in_scope: InScope,
) -> None:  # fmt: skip
    other = make_council(app, region)
    for stranger in (make_user(app, other, "council_lead"), officer):
        client.sign_in(stranger)
        assert (client.get(page_of(council)).status_code, client.post(page_of(council)).status_code) == (404, 404)
    for user, place in (
        (make_user(app, council, "council_editor"), council),
        (make_user(app, region, "region_viewer"), region),
    ):
        client.sign_in(user)
        assert (client.get(page_of(place)).status_code, client.post(page_of(place)).status_code) == (403, 403)
    client.sign_in(lead).post(page_of(council), data=OF_COUNCIL | {"notices": "2"})
    for scope, rows in ((council.scope(), 1), (other.scope(), 0), (region.scope(), 0)):
        with in_scope(scope) as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(RetentionRule)) == rows
