"""Themes for programs: the region's list, and improvements put under them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.policy import Role
from saas.tenancy import Scope
from tests.assessment.web.test_themes import ids, stand
from tests.caller import Caller
from tests.conftest import InScope
from tests.factories.awards import make_award
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_region, make_user

MENTORS = {"title": "Mentors", "words": ["mentor, coach", "buddy"], "training": "A pool of mentors."}


@pytest.fixture
def caller(app: Flask, region: MadeRegion, officer: MadeUser) -> Caller:
    return Caller.of(app, officer, region)


@pytest.fixture
def themes(region: MadeRegion) -> str:
    return f"/regions/{region.slug}/themes"


def made(caller: Caller, themes: str, **changes: object) -> dict[str, Any]:
    """A new theme."""
    answer = caller.post(themes, MENTORS | changes)
    assert answer.json is not None
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/api/v1{themes}/{answer.json['id']}")
    return dict(answer.json)


def test_a_theme_is_added_changed_and_put_away(caller: Caller, themes: str, officer: MadeUser) -> None:
    first = made(caller, themes)
    told = {name: first[name] for name in ("title", "words", "training", "position", "past", "updated_by_name")}
    assert told == {
        "title": "Mentors", "words": ["mentor", "coach", "buddy"], "training": "A pool of mentors.", "position": 1,
        "past": False, "updated_by_name": officer.name,
    }  # fmt: skip
    one = f"{themes}/{first['id']}"
    assert caller.call("PUT", one, json={"title": "Mentoring"}).status_code == 428
    saved = caller.call("PUT", one, json={"title": " Mentoring "}, match='"1"')
    assert saved.json is not None
    assert (saved.status_code, saved.json["title"], saved.json["words"]) == (200, "Mentoring", [])
    stale = caller.call("PUT", one, json={"title": "Others"}, match='"1"')
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"2"')
    away = caller.post(f"{one}/put-away", {"past": True}, match='"2"')
    assert away.json is not None
    assert (away.status_code, away.json["past"]) == (200, True)
    assert caller.get(one).json == away.json
    assert caller.get(themes).json == {"items": [away.json], "next": None}


def test_a_name_is_taken_once(caller: Caller, themes: str) -> None:
    made(caller, themes)
    for wrong, field in (
        (MENTORS, "/title"),
        ({"title": "  "}, "/title"),
        ({"title": "New", "words": ["x" * 101]}, "/words/0"),
    ):
        answer = caller.post(themes, wrong)
        assert answer.json is not None
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)


def test_improvements_are_put_under_themes_and_taken_out(
    app: Flask, council: MadeCouncil, region: MadeRegion, caller: Caller, themes: str, in_scope: InScope
) -> None:
    make_award(app, council, improvements=2)
    numbered, theme = ids(in_scope, region), made(caller, themes)
    both = {"improvements": [numbered[1], numbered[2]], "themes": [theme["id"]]}
    assert caller.post(f"{themes}/assignments", both).json == {"changed": 2}
    assert caller.post(f"{themes}/assignments", both).json == {"changed": 0}
    assert stand(in_scope, region) == [(1, "Mentors"), (2, "Mentors")]
    out = caller.post(f"{themes}/removals", {"improvements": [numbered[2]], "themes": [theme["id"]]})
    assert (out.status_code, out.json) == (200, {"changed": 1})
    assert stand(in_scope, region) == [(1, "Mentors")]
    unknown = both | {"themes": ["01900000-0000-7000-8000-000000000000"]}
    assert caller.post(f"{themes}/assignments", unknown).status_code == 404
    caller.post(f"{themes}/{theme['id']}/put-away", {"past": True}, match='"1"')
    assert caller.post(f"{themes}/assignments", both).status_code == 409


def test_many_improvements_are_put_under_many_themes_at_once(
    app: Flask, council: MadeCouncil, region: MadeRegion, caller: Caller, themes: str, in_scope: InScope
) -> None:
    """More rows than one statement can name."""
    make_award(app, council, improvements=82)
    numbered, first = ids(in_scope, region), made(caller, themes)["id"]
    more = sa.text(
        "insert into themes"
        " (id, region_id, title, words, training, position, past, updated_at, updated_by_name, version)"
        " select gen_random_uuid(), region_id, 'Theme ' || number, words, '', number, false, now(), '', 1"
        " from themes, generate_series(2, 100) number where id = :id returning id"
    )
    with in_scope(Scope.region(region.id)) as session:
        others = [str(each) for each in session.scalars(more, {"id": first})]
    every = {"improvements": list(numbered.values()), "themes": [first, *others]}
    assert caller.post(f"{themes}/assignments", every).json == {"changed": 82}


def test_only_officers_of_the_region_see_its_themes(
    app: Flask, region: MadeRegion, caller: Caller, themes: str
) -> None:
    theme = made(caller, themes)
    viewer = Caller.of(app, make_user(app, region, Role.REGION_VIEWER), region)
    assert (viewer.get(themes).status_code, viewer.post(themes, MENTORS).status_code) == (403, 403)
    elsewhere = make_region(app)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.REGION_OFFICER), elsewhere)
    own = f"/regions/{elsewhere.slug}/themes/{theme['id']}"
    assert (stranger.get(f"{themes}/{theme['id']}").status_code, stranger.get(own).status_code) == (404, 404)
    assert stranger.call("PUT", own, json={"title": "Mine"}, match='"1"').status_code == 404
