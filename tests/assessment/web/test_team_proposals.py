"""Teams for several files in three steps: choose, change what is proposed, ask them all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
from flask import Flask

from assessment.queries.assignments import list_team
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessors import make_assessor, neighbours
from tests.factories.scores import MadeCase, make_accepted, make_team
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def two(app: Flask, council: MadeCouncil, region: MadeRegion) -> tuple[MadeCase, MadeCase]:
    """Two accepted files of one region, with nobody in their teams."""
    first = make_accepted(app, council, region)
    return first, make_accepted(app, make_council(app, region), region, officer=first.officer)


def page(region: MadeRegion, rest: str = "") -> str:
    """The address of a step."""
    return f"/regions/{region.slug}/teams{rest}"


def field(case: MadeCase, key: str) -> str:
    """The name of a place's field."""
    return f"{case.accreditation_id}_{key}_person"


def chosen(text: str) -> dict[str, list[str]]:
    """What the proposed page would send, unchanged."""
    found: dict[str, list[str]] = {}
    for select in text.split("<select")[1:]:
        name = select.split('name="')[1].split('"')[0]
        body = select.split("</select>")[0]
        found[name] = [
            part.split('value="')[1].split('"')[0] for part in body.split("<option")[1:] if "selected" in part
        ]
    for hidden in text.split('type="hidden" name="file" value="')[1:]:
        found.setdefault("file", []).append(hidden.split('"')[0])
    return found


def sits(in_scope: InScope, case: MadeCase) -> set[UUID]:
    """Who sits in the team."""
    with in_scope(case.region.scope(case.officer.id)):
        return {each.user_id for each in list_team(case.accreditation_id)}


def make_pool(app: Flask, region: MadeRegion) -> dict[str, MadeUser]:
    """Two officers and two councillors of councils outside the service."""
    return {
        name: make_assessor(app, region, capacity, f"{name}ville", name)
        for name, capacity in (("Ann", "officer"), ("Ben", "officer"), ("Cay", "councillor"), ("Dee", "councillor"))
    }


def test_two_files_get_their_teams_and_nothing_is_kept_before_the_last_step(
    app: Flask, two: tuple[MadeCase, MadeCase], region: MadeRegion, client: CheckingClient, in_scope: InScope
) -> None:
    people = make_pool(app, region)
    client.sign_in(two[0].officer)
    first = client.get(page(region)).text
    assert two[0].council.name in first
    assert two[1].council.name in first
    ids = [str(case.accreditation_id) for case in two]
    proposed = client.get(page(region, f"/proposed?file={ids[0]}&file={ids[1]}")).text
    data = chosen(proposed)
    assert {*data[field(two[0], "officer_1")], *data[field(two[1], "officer_1")]} == {
        str(people["Ann"].id),
        str(people["Ben"].id),
    }
    assert "They are not entered in the pool: their council is not known." in proposed
    swapped = data | {field(two[0], "councillor_1"): [str(people["Dee"].id)]}
    checked = client.post(page(region, "/proposed"), data=swapped | {"then": "check"})
    assert checked.status_code == 200
    assert "Dee, Deeville" in checked.text
    assert (sits(in_scope, two[0]), sits(in_scope, two[1])) == (set(), set())
    again = client.post(page(region, "/proposed"), data=swapped | {"then": "change"})
    assert chosen(again.text)[field(two[0], "councillor_1")] == [str(people["Dee"].id)]
    asked = client.post(page(region, "/proposed"), data=swapped | {"then": "ask"})
    assert (asked.status_code, asked.location) == (303, f"/regions/{region.slug}/cases")
    assert "2 councils have their teams. Asked" in client.get(asked.location).text
    assert people["Dee"].id in sits(in_scope, two[0])
    assert len(sits(in_scope, two[1])) == 3
    assert "Every team is complete." in client.get(page(region)).text


def test_a_declared_neighbour_is_never_offered_and_is_refused_when_sent(
    app: Flask, two: tuple[MadeCase, MadeCase], region: MadeRegion, client: CheckingClient, in_scope: InScope
) -> None:
    people = make_pool(app, region)
    beside = make_council(app, region)
    neighbours(app, two[0].council, beside)
    kept_away = make_assessor(app, region, "officer", beside, "Kim")
    client.sign_in(two[0].officer)
    proposed = client.get(page(region, f"/proposed?file={two[0].accreditation_id}")).text
    assert f'value="{kept_away.id}"' not in proposed
    assert "Kim: They come from a council that is declared a neighbour of this one." in proposed
    data = chosen(proposed) | {field(two[0], "officer_1"): [str(kept_away.id)]}
    for step in ("check", "ask"):
        refused = client.post(page(region, "/proposed"), data=data | {"then": step})
        assert refused.status_code == 422
        assert "Kim cannot assess this council." in refused.text
    assert sits(in_scope, two[0]) == set()
    assert chosen(refused.text)[field(two[0], "councillor_1")] == [str(people["Cay"].id)]


def test_a_file_left_empty_is_left_out_and_one_left_half_empty_is_named(
    app: Flask, two: tuple[MadeCase, MadeCase], region: MadeRegion, client: CheckingClient, in_scope: InScope
) -> None:
    make_pool(app, region)
    client.sign_in(two[0].officer)
    ids = [str(case.accreditation_id) for case in two]
    data = chosen(client.get(page(region, f"/proposed?file={ids[0]}&file={ids[1]}")).text)
    empty = {field(two[1], key): "" for key in ("officer_1", "councillor_1", "regional_1")}
    half = client.post(page(region, "/proposed"), data=data | {field(two[1], "officer_1"): "", "then": "ask"})
    assert (half.status_code, "Choose who sits as officer." in half.text) == (422, True)
    assert sits(in_scope, two[0]) == set()
    assert client.post(page(region, "/proposed"), data=data | empty | {"then": "ask"}).status_code == 303
    assert (len(sits(in_scope, two[0])), sits(in_scope, two[1])) == (3, set())


def test_what_cannot_be_chosen_is_said_and_changes_nothing(
    app: Flask, two: tuple[MadeCase, MadeCase], region: MadeRegion, client: CheckingClient
) -> None:
    client.sign_in(two[0].officer)
    none = client.get(page(region, "/proposed"))
    assert (none.status_code, "Choose at least one council." in none.text) == (422, True)
    gone = client.post(page(region, "/proposed"), data={"file": [str(uuid4())], "then": "ask"})
    assert (gone.status_code, "has its team already" in gone.text) == (422, True)
    client.sign_in(make_user(app, region, "region_viewer"))
    assert client.get(page(region)).status_code == 403


def test_the_steps_take_the_same_statements_with_one_file_and_with_three(
    app: Flask, two: tuple[MadeCase, MadeCase], region: MadeRegion, client: CheckingClient, statements: Statements
) -> None:
    make_pool(app, region)
    client.sign_in(two[0].officer)
    counts = []
    for files in (two[:1], two):
        query = "&".join(f"file={case.accreditation_id}" for case in files)
        with statements() as seen:
            data = chosen(client.get(page(region, f"/proposed?{query}")).text)
        counts.append(len(seen))
        with statements() as seen:
            client.post(page(region, "/proposed"), data=data | {"then": "check"})
        counts.append(len(seen))
    with statements() as seen:
        client.get(page(region))
    make_team(app, make_council(app, region), region)
    with statements() as more:
        client.get(page(region))
    assert counts[:2] == counts[2:]
    assert len(more) == len(seen)
