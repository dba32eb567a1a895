"""Comparisons for programs: a council shares its own figures one by one; groups below five stand nowhere."""

from __future__ import annotations

from typing import Any

from flask import Flask

from assessment.rules.benchmarks import years_to_compare
from assessment.rules.measures import MEASURES
from saas import clock
from saas.policy import Role
from tests.caller import Caller
from tests.factories.members import make_member
from tests.factories.sharing import FIGURE, make_sharing, share_figure
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def test_an_own_figure_is_shared_and_taken_back(
    app: Flask, caller: Caller, council: MadeCouncil, lead: MadeUser
) -> None:
    figures = f"/councils/{council.slug}/comparisons/figures"
    nothing = caller.post(f"{figures}/{FIGURE}/share")
    assert nothing.status_code == 409
    make_member(app, council)
    shared = caller.post(f"{figures}/{FIGURE}/share")
    year = years_to_compare(clock.today())[0]
    assert shared.json is not None
    assert (shared.status_code, shared.json | {"released_at": ""}) == (
        201,
        {
            "figure": FIGURE, "year": year, "numerator": 1, "denominator": 1, "released_at": "",
            "released_by_name": lead.name,
        },
    )  # fmt: skip
    assert caller.post(f"{figures}/{FIGURE}/share").status_code == 409
    own: Any = caller.get(figures).json
    assert {each["figure"]: (each["shared"], each["shared_numerator"]) for each in own["items"]} == {
        code: (code == FIGURE, 1 if code == FIGURE else None) for code in MEASURES
    }
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    assert editor.call("DELETE", f"{figures}/{FIGURE}/{year}").status_code == 403
    assert caller.call("DELETE", f"{figures}/{FIGURE}/{year}").status_code == 204
    assert caller.call("DELETE", f"{figures}/{FIGURE}/{year}").status_code == 404
    assert caller.post(f"{figures}/age/share").status_code == 404


def test_groups_of_four_stand_nowhere_and_of_five_on_both_sides(
    app: Flask, caller: Caller, council: MadeCouncil
) -> None:
    officer = Caller.of(app, make_user(app, council.region, Role.REGION_OFFICER), council.region)
    sides = (
        (caller, f"/councils/{council.slug}/comparisons"),
        (officer, f"/regions/{council.region.slug}/comparisons"),
    )
    make_sharing(app, council.region, 3)
    share_figure(app, council, 77)
    for each, address in sides:
        assert each.get(address).json == {"items": [], "next": None}
    make_sharing(app, council.region, 1, first=90)
    year, before = years_to_compare(clock.today())
    for each, address in sides:
        told: Any = each.get(f"{address}?year={year}").json
        assert told["items"][0] | {"shown_at": ""} == {
            "key": f"{FIGURE}//", "figure": FIGURE, "title": MEASURES[FIGURE].title, "year": year, "council_kind": "",
            "size_band": "", "councils": 5, "lower": None, "median": 30, "upper": None, "shown_at": "",
        }  # fmt: skip
        assert each.get(f"{address}?year={before}").json == {"items": [], "next": None}
        assert each.get(f"{address}?year=1999-00").status_code == 404
