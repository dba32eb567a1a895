"""The pool's pages, the neighbours, and an assessor's own page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import uuid4

from flask import Flask

from saas import clock
from tests.checking_client import CheckingClient
from tests.factories.assessors import enter, make_assessor, neighbours, serve
from tests.factories.scores import make_team
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]
ENTRY = {"capacity": "officer", "most_at_once": "3", "version": "0"}


def pool(region: MadeRegion, user: MadeUser | None = None, rest: str = "") -> str:
    """The address of the pool or of one person of it."""
    return f"/regions/{region.slug}/assessors" + (f"/{user.id}{rest}" if user else "")


def day(name: str, value: date) -> dict[str, str]:
    """A day as it is typed."""
    return {f"{name}-day": str(value.day), f"{name}-month": str(value.month), f"{name}-year": str(value.year)}


def test_somebody_with_access_is_entered_in_the_pool_step_by_step(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    officer = make_user(app, region, "region_officer")
    ann = make_user(app, region, "assessor", "Ann Bell")
    client.sign_in(officer)
    assert "They are not entered in the pool." in client.get(pool(region)).text
    page = client.get(pool(region, ann)).text
    assert ("Enter in the pool" in page, "<textarea" in page) == (True, False)  # no words about a person
    wrong = client.post(pool(region, ann), data=ENTRY | {"capacity": "", "most_at_once": "many"})
    assert (wrong.status_code, 'value="many"' in wrong.text) == (422, True)
    assert "Choose in which capacity this person sits in a team." in wrong.text
    answer = client.post(pool(region, ann), data=ENTRY | day("trained_until_on", date(2099, 3, 27)))
    assert (answer.status_code, answer.location) == (303, pool(region, ann))
    assert "Their own council is not recorded." in client.get(pool(region)).text
    wrong = client.post(pool(region, ann, "/councils"), data={"name": "", "relation": "officer"})
    assert wrong.status_code == 422
    assert "Choose a council of your region, or enter the name of another." in wrong.text
    client.post(pool(region, ann, "/councils"), data={"council_id": str(council.id), "relation": "officer"})
    page = client.get(pool(region)).text
    assert council.name in page
    assert "27 March 2099" in page
    assert "0 of 3" in page
    assert "Yes" in page
    rows = client.get(pool(region) + ".csv?sort=-name").get_data(as_text=True).splitlines()
    assert rows[1] == f"Ann Bell,Officer,{council.name},2099-03-27,0,3,0,,Yes"


def test_a_stale_entry_shows_both_and_keeps_what_was_typed(
    app: Flask, region: MadeRegion, client: CheckingClient
) -> None:
    officer = make_user(app, region, "region_officer")
    ann = make_user(app, region, "assessor")
    enter(app, region, ann, "councillor", most_at_once=7)
    answer = client.sign_in(officer).post(pool(region, ann), data=ENTRY)
    assert answer.status_code == 409
    assert "at most 7 files" in answer.text
    assert 'name="most_at_once" type="text" value="3"' in answer.text
    assert 'name="version" value="1"' in answer.text
    assert client.post(pool(region, ann), data=ENTRY | {"version": "1"}).status_code == 303
    assert 'name="most_at_once" type="text" value="3"' in client.get(pool(region, ann)).text


def test_councils_end_and_go_and_absences_come_and_go(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    ann = make_assessor(app, region, "officer", council)
    row = serve(app, region, ann, "Far Shore")
    client.sign_in(make_user(app, region, "region_officer"))
    ending = pool(region, ann, f"/councils/{row}")
    assert "No longer at Far Shore" in client.get(ending).text
    assert client.post(ending, data={}).status_code == 422
    assert client.post(ending, data=day("ended_on", date(2026, 5, 4))).status_code == 303
    assert "4 May 2026" in client.get(pool(region, ann)).text
    client.post(f"{ending}/remove")
    assert "Far Shore" not in client.get(pool(region, ann)).text
    assert client.get(ending).status_code == 404
    today = clock.today()
    wrong = day("away_from_on", today) | day("away_to_on", today - timedelta(3))
    refused = client.post(pool(region, ann, "/absences"), data=wrong)
    assert refused.status_code == 422
    assert "The last day must not come before the first." in refused.text
    client.post(pool(region, ann, "/absences"), data=day("away_from_on", today) | day("away_to_on", today))
    assert "They are away until" in client.get(pool(region)).text
    page = client.get(pool(region, ann)).text
    remove = next(part for part in page.split('"') if part.endswith("/remove") and "/absences/" in part)
    client.post(remove)
    assert "They are away until" not in client.get(pool(region)).text


def test_the_pool_is_the_region_officers_alone(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    ann = make_assessor(app, region, "officer", council)
    for role, status in (("region_viewer", 403), ("region_decider", 403), ("assessor", 403)):
        client.sign_in(make_user(app, region, role))
        assert client.get(pool(region, ann)).status_code == status
    client.sign_in(make_user(app, make_region(app), "region_officer"))
    assert client.get(pool(region)).status_code == 404
    client.sign_in(make_user(app, region, "region_officer"))
    stranger = make_user(app, make_region(app), "assessor")
    assert client.get(pool(region, stranger)).status_code == 404
    assert client.post(pool(region, stranger), data=ENTRY).status_code == 404
    assert client.post(pool(region, ann, f"/councils/{uuid4()}/remove")).status_code == 404


def test_neighbours_are_declared_and_taken_out(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    other = make_council(app, region)
    page = f"/regions/{region.slug}/neighbours"
    client.sign_in(make_user(app, region, "region_officer"))
    assert "No councils are declared neighbours yet." in client.get(page).text
    same = client.post(page, data={"one": str(council.id), "other": str(council.id)})
    assert (same.status_code, "Choose two different councils." in same.text) == (422, True)
    typed = {"one": str(council.id), "other": str(other.id)}
    assert client.post(page, data=typed).location == page
    assert client.post(page, data=typed).status_code == 409
    end = next(part for part in client.get(page).text.split('"') if part.endswith("/end"))
    client.post(end)
    assert "No councils are declared neighbours yet." in client.get(page).text
    assert client.post(end).status_code == 404


def test_an_assessor_says_when_he_or_she_is_away(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    ann = make_assessor(app, region, "councillor", council)
    client.sign_in(make_user(app, region, "assessor"))
    assert "No region has entered you" in client.get("/availability").text
    page = client.sign_in(ann).get("/availability").text
    assert council.name in page
    entry = page.split('name="assessor" value="')[1].split('"')[0]
    tomorrow = clock.today() + timedelta(1)
    days = day("away_from_on", tomorrow) | day("away_to_on", tomorrow)
    assert client.post("/availability", data=days | {"assessor": str(uuid4())}).status_code == 404
    assert client.post("/availability", data={"assessor": entry}).status_code == 422
    assert client.post("/availability", data=days | {"assessor": entry}).location == "/availability"
    remove = next(part for part in client.get("/availability").text.split('"') if part.endswith("/remove"))
    client.sign_in(make_user(app, region, "assessor"))
    assert client.post(remove).status_code == 404
    client.sign_in(ann).post(remove)
    assert "None ahead." in client.get("/availability").text


def test_the_pool_takes_the_same_statements_with_one_person_and_with_three(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient, statements: Statements
) -> None:
    officer = make_user(app, region, "region_officer")
    first = make_assessor(app, region, "officer", council)
    other = make_council(app, region)
    counts = []
    for more in (False, True):
        if more:
            make_team(app, council, region, officer=officer)
            make_assessor(app, region, "councillor", other)
            neighbours(app, council, other)
            serve(app, region, first, "Far Shore")
        client.sign_in(officer)
        for path in (pool(region), pool(region, first), f"/regions/{region.slug}/neighbours"):
            with statements() as seen:
                client.get(path)
            counts.append(len(seen))
        client.sign_in(first)
        with statements() as seen:
            client.get("/availability")
        counts.append(len(seen))
    assert counts[:4] == counts[4:]
