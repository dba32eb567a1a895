"""The page of corporate priorities."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.checking_client import CheckingClient
from tests.factories.plans import make_action, make_plan, make_priority, serve
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


@pytest.fixture
def page(council: MadeCouncil) -> str:
    """Where the priorities are."""
    return f"/councils/{council.slug}/priorities"


@pytest.fixture
def editor(client: CheckingClient, lead: MadeUser) -> CheckingClient:
    """The council's lead, signed in."""
    return client.sign_in(lead)


def titles(text: str) -> list[str]:
    """The priorities of the table."""
    return [part.split("</th>")[0].split(" <")[0] for part in text.split('<th scope="row">')[1:]]


def test_a_priority_is_added_once_and_worded_otherwise(editor: CheckingClient, page: str) -> None:
    assert "No priorities yet." in editor.get(page).text
    assert editor.post(page, data={"title": " Safer  roads "}).status_code == 303
    again = editor.post(page, data={"title": "Safer roads"})
    assert (again.status_code, "in the list already" in again.text) == (422, True)
    assert editor.post(page, data={"title": ""}).status_code == 422
    assert titles(editor.get(page).text) == ["Safer roads"]


def test_one_that_is_past_stays_with_its_actions_and_is_not_chosen_anew(
    app: Flask, editor: CheckingClient, page: str, council: MadeCouncil
) -> None:
    roads = make_priority(app, council, "Roads")
    plan = make_plan(app, council)
    had, other = make_action(app, council, plan), make_action(app, council, plan)
    serve(app, council, had, roads)
    seen = {"seen_title": "Roads"}
    assert editor.post(f"{page}/{roads}", data=seen | {"title": "Roads", "past": "true"}).status_code == 303
    assert "(past)" in editor.get(page).text
    base = f"/councils/{council.slug}/actions"
    assert "(no longer a priority)" in editor.get(f"/councils/{council.slug}/plans/{plan}/actions/{had}").text
    assert ["Roads" in editor.get(f"{base}/{each}/priorities").text for each in (had, other)] == [True, False]
    refused = editor.post(f"{page}/{roads}/remove")
    assert (refused.status_code, "Actions serve this priority" in refused.text) == (409, True)


def test_two_people_on_one_priority_see_both_texts(
    app: Flask, editor: CheckingClient, page: str, council: MadeCouncil
) -> None:
    roads = make_priority(app, council, "Roads")
    seen = {"seen_title": "Roads"}
    assert editor.post(f"{page}/{roads}", data=seen | {"title": "Theirs"}).status_code == 303
    stale = editor.post(f"{page}/{roads}", data=seen | {"title": "Mine"})
    assert (stale.status_code, "“Theirs”" in stale.text, 'value="Mine"' in stale.text) == (409, True, True)
    assert titles(editor.get(page).text) == ["Theirs"]
    assert editor.post(f"{page}/{roads}/remove").status_code == 303
    assert titles(editor.get(page).text) == []


def test_readers_read(app: Flask, client: CheckingClient, page: str, council: MadeCouncil) -> None:
    make_priority(app, council, "Roads")
    client.sign_in(make_user(app, council, "council_viewer"))
    assert (titles(client.get(page).text), "Add a priority" in client.get(page).text) == (["Roads"], False)
    assert client.post(page, data={"title": "Homes"}).status_code == 403
