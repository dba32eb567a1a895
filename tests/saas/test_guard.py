"""The guard: what no row can be named by goes no further than the door, and a view knows where it is."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask, g

from saas.guard import place_id, region_id
from saas.policy import Place
from tests.checking_client import CheckingClient
from tests.factories.tenants import MadeRegion, MadeUser


@pytest.mark.parametrize("address", ["/regions/%00/welcome", "/certificates/a%00b"])
def test_a_path_that_no_row_can_be_named_by_leads_nowhere(client: CheckingClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/register?words=%00", "/register.csv?a%00b=1", "/sign-in?region=%00"])
def test_a_question_that_holds_what_no_row_can_is_refused(client: CheckingClient, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("address", ["/register", "/sign-in", "/places"])
def test_a_question_in_bytes_that_are_no_text_is_refused(client: CheckingClient, address: str) -> None:
    assert client.get(address, environ_overrides={"QUERY_STRING": "words=\xff\xfe"}).status_code == 400


def test_a_filter_or_a_number_beyond_every_row_breaks_nothing(
    client: CheckingClient, region: MadeRegion, officer: MadeUser
) -> None:
    client.sign_in(officer)
    narrowed = f"/regions/{region.slug}/improvements"
    assert client.get(f"{narrowed}?criterion=%00&council=%00").status_code == 400
    assert client.get(f"{narrowed}.csv?council=%00").status_code == 400
    beyond = f"/regions/{region.slug}/cases/{uuid4()}/improvements/{10**30}"
    assert (client.get(beyond).status_code, client.post(beyond).status_code) == (404, 404)


def test_a_view_knows_its_place_and_the_region_around_it(app: Flask) -> None:
    council, region = uuid4(), uuid4()
    around = ("North", "north", "#005a30", ())
    with app.test_request_context():
        g.place = Place("council", "harrowfen", "Harrowfen Council", council, region, *around)
        assert (place_id(), region_id()) == (council, region)
        g.place = Place("platform", "platform", "Platform", None, None, *around)
        with pytest.raises(RuntimeError, match="the platform is in no region"):
            region_id()
