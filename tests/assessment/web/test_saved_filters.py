"""Saved filters: kept from the address, one's own or shared, deleted by whoever saved them."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.checking_client import CheckingClient
from tests.factories.assessment import make_accreditation
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_user

pytestmark = pytest.mark.usefixtures("council")


def save(client: CheckingClient, region: MadeRegion, query: str, name: str, *, shared: bool = False) -> object:
    form = {"name": name} | ({"shared": "true"} if shared else {})
    return client.post(f"/regions/{region.slug}/saved-filters/pipeline?{query}", data=form)


def test_a_filter_is_kept_sorted_and_without_the_page_and_opens_the_same_list(
    client: CheckingClient, region: MadeRegion, officer: MadeUser
) -> None:
    client.sign_in(officer)
    start = f"/regions/{region.slug}/pipeline"
    saving = f"/regions/{region.slug}/saved-filters/pipeline"
    page = client.get(f"{start}?stage=&sort=-days&page=2&kind=district").get_data(as_text=True)
    assert f'href="{saving}?kind=district&amp;sort=-days">Save these filters' in page
    answer = client.post(f"{saving}?sort=-days&page=2&stage=&kind=district", data={"name": "Slow ones"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{start}?kind=district&sort=-days")
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert '<strong aria-current="page">Slow ones</strong>' in page
    assert "Save these filters" not in page
    assert f'href="{start}?kind=district&amp;sort=-days">Slow ones</a>' in client.get(start).get_data(as_text=True)


def test_a_shared_filter_is_read_by_colleagues_and_deleted_by_its_owner_alone(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser
) -> None:
    decider = make_user(app, region, "region_decider", name="Vic Lane")
    client.sign_in(decider)
    save(client, region, "late=true", "Late")
    save(client, region, "stage=none", "Not begun", shared=True)
    client.sign_in(officer)
    listed = f"/regions/{region.slug}/saved-filters/pipeline"
    page = client.get(listed).get_data(as_text=True)
    assert ("Not begun" in page, ">Late<" in page, "/delete" in page) == (True, False, False)
    client.sign_in(decider)
    page = client.get(listed).get_data(as_text=True)
    addresses = [part.split('"')[0] for part in page.split('action="')[1:] if "/delete" in part.split('"')[0]]
    assert len(addresses) == 2
    client.sign_in(officer)
    assert [client.post(address).status_code for address in addresses] == [404, 404]
    client.sign_in(decider)
    assert [client.post(address).status_code for address in addresses] == [303, 303]
    assert "Nothing is saved yet" in client.get(listed).get_data(as_text=True)


@pytest.mark.parametrize(
    ("listing", "query"),
    [("matrix", "by=element&county=Northshire"), ("improvements", "by=weight"), ("improvements", "state=open")],
)
def test_the_matrix_and_the_improvements_offer_their_own(
    client: CheckingClient,
    region: MadeRegion,
    officer: MadeUser,
    council: MadeCouncil,
    app: Flask,
    listing: str,
    query: str,
) -> None:
    make_accreditation(app, council)
    client.sign_in(officer)
    save(client, region, "stage=none", "Of the pipeline")
    start, saving = f"/regions/{region.slug}/{listing}", f"/regions/{region.slug}/saved-filters/{listing}"
    address = query.replace("&", "&amp;")
    page = client.get(f"{start}?{query}").get_data(as_text=True)
    assert f'href="{saving}?{address}">Save these filters' in page
    client.post(f"{saving}?{query}", data={"name": "Mine"})
    assert '<strong aria-current="page">Mine</strong>' in client.get(f"{start}?{query}").get_data(as_text=True)
    page = client.get(start).get_data(as_text=True)
    assert (f'href="{start}?{address}">Mine</a>' in page, "Of the pipeline" in page) == (True, False)


def test_a_viewer_keeps_filters_for_oneself_alone(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser
) -> None:
    client.sign_in(make_user(app, region, "region_viewer"))
    saving = f"/regions/{region.slug}/saved-filters/pipeline?late=true"
    page = client.get(saving).get_data(as_text=True)
    assert ("Share it with" in page, "you alone" in page) == (False, True)
    assert client.post(saving, data={"name": "For all", "shared": "true"}).status_code == 403
    assert client.post(saving, data={"name": "Mine"}).status_code == 303
    page = client.get(saving).get_data(as_text=True)
    assert (">Mine<" in page, ">For all<" in page) == (True, False)
    client.sign_in(officer)
    page = client.get(saving).get_data(as_text=True)
    assert ("Share it with" in page, ">Mine<" in page) == (True, False)


@pytest.mark.parametrize(
    ("query", "name", "words"),
    [
        ("late=true", " ", "Enter a name"),
        ("late=true", "Taken", "You have a filter named “Taken”."),
        ("page=3&stage=", "Nothing", "Choose filters or an order on the page first"),
        ("words=" + "a" * 1000, "Long", "Choose filters or an order on the page first"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_what_was_typed_stays(
    client: CheckingClient, region: MadeRegion, officer: MadeUser, query: str, name: str, words: str
) -> None:
    client.sign_in(officer)
    save(client, region, "stage=none", "Taken")
    answer = client.post(f"/regions/{region.slug}/saved-filters/pipeline?{query}", data={"name": name})
    text = answer.get_data(as_text=True)
    assert (answer.status_code, words in text) == (422, True)
    assert "Saved by" in text
    assert client.get(f"/regions/{region.slug}/saved-filters/calendar").status_code == 404
