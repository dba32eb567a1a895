"""Notes of interviews for programs: the team's alone, and whoever reads them is recorded."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.events import Event
from tests.caller import Caller
from tests.conftest import InScope
from tests.factories.scores import MadeCase, make_declared
from tests.factories.tenants import MadeCouncil, make_user


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    return make_declared(app, council, council.region)


def of_file(case: MadeCase, rest: str = "") -> str:
    return f"/files/{case.accreditation_id}/visit/notes{rest}"


def of_lead(case: MadeCase, rest: str = "") -> str:
    return f"/regions/{case.region.slug}/accreditations/{case.accreditation_id}/visit/notes{rest}"


def readings(in_scope: InScope, case: MadeCase) -> list[str]:
    """Who read the notes, oldest first."""
    with in_scope(case.region.scope()) as session:
        rows = session.scalars(sa.select(Event).where(Event.verb == "interview.read").order_by(Event.at))
        return [str(row.payload["by"]) for row in rows if row.payload]


def test_the_team_reads_all_and_each_writes_the_own(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    one, other = (Caller.of(app, each, case.region) for each in case.scorers)
    leading = Caller.of(app, case.officer, case.region)
    begun = one.post(of_file(case), {"person": "Cllr Moss"})
    assert begun.json is not None
    assert (begun.status_code, begun.json["person"], begun.json["words"], begun.json["name"]) == (
        201, "Cllr Moss", "", case.scorers[0].name,
    )  # fmt: skip
    note = f"/{begun.json['id']}"
    saved = one.call("PATCH", of_file(case, note), json={"words": "Well run."}, match='"1"')
    assert saved.json is not None
    assert (saved.status_code, saved.json["words"], saved.json["version"]) == (200, "Well run.", 2)
    stale = one.call("PATCH", of_file(case, note), json={"words": "Badly run."}, match='"1"')
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"2"')
    assert other.call("PATCH", of_file(case, note), json={"words": "x"}, match='"2"').status_code == 404
    assert other.call("DELETE", of_file(case, note)).status_code == 404
    whole = {"items": [saved.json], "next": None}
    assert (other.get(of_file(case)).json, leading.get(of_lead(case)).json) == (whole, whole)
    assert readings(in_scope, case) == [case.scorers[1].name, case.officer.name]
    own = leading.post(of_lead(case), {"person": "Chief Executive"}).json
    assert own is not None
    kept = leading.call("PATCH", of_lead(case, f"/{own['id']}"), json={"person": "The Leader"}, match='"1"').json
    assert kept is not None
    assert (kept["person"], kept["words"]) == ("The Leader", "")
    assert leading.call("DELETE", of_lead(case, f"/{own['id']}")).status_code == 204
    assert one.call("DELETE", of_file(case, note)).status_code == 204
    assert one.get(of_file(case)).json == {"items": [], "next": None}


def test_who_does_not_lead_reads_none(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    colleague = Caller.of(app, make_user(app, case.region, "region_officer"), case.region)
    assert colleague.get(of_lead(case)).status_code == 404
    assert colleague.post(of_lead(case), {"person": "Cllr Moss"}).status_code == 404
    assert readings(in_scope, case) == []
