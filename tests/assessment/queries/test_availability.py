"""Who can be asked to assess today, and what stands against the others."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from assessment.queries.availability import list_available
from saas import clock
from tests.conftest import InScope
from tests.factories.assessors import away, enter, make_assessor
from tests.factories.tenants import MadeRegion, make_user


def test_everybody_stands_by_name_with_what_is_against_asking(
    app: Flask, region: MadeRegion, in_scope: InScope
) -> None:
    today = clock.today()
    make_assessor(app, region, "officer", "Northfield Borough Council", name="Wren Able")
    absent = make_assessor(app, region, "councillor", "Eastmoor District Council", name="Ash Away")
    away(app, region, absent, today, today + timedelta(days=3))
    homeless = make_user(app, region, "assessor", "Kim Homeless")
    enter(app, region, homeless)
    make_user(app, region, "assessor", "alex New")
    make_user(app, region, "region_officer", "Only Leads")
    with in_scope(region.scope()):
        found = [(person.name, why) for person, why in list_available(region.id)]
    assert [name for name, _ in found] == ["alex New", "Ash Away", "Kim Homeless", "Wren Able"]
    assert (found[0][1], found[2][1], found[3][1]) == (
        "They are not entered in the pool.", "Their own council is not recorded.", "",
    )  # fmt: skip
    assert "away" in found[1][1].casefold()
