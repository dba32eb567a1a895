"""Board reports for programs: made for good, read by the board, and by themselves after each quarter."""

from __future__ import annotations

import pytest
from flask import Flask

from saas import clock
from saas.policy import Role
from tests.caller import Caller
from tests.factories.board_reports import make_quarterly, make_report
from tests.factories.tenants import MadeRegion, MadeUser, make_region, make_user


@pytest.fixture
def caller(app: Flask, region: MadeRegion, officer: MadeUser) -> Caller:
    return Caller.of(app, officer, region)


@pytest.fixture
def reports(region: MadeRegion) -> str:
    return f"/regions/{region.slug}/board-reports"


def test_a_report_is_made_listed_read_and_downloaded(
    app: Flask, caller: Caller, region: MadeRegion, reports: str, officer: MadeUser
) -> None:
    today = clock.today().isoformat()
    made = caller.post(reports, {"period_from": "2026-01-01", "period_to": today})
    assert made.json is not None
    told = {name: made.json[name] for name in ("number", "period_from", "period_to", "made_by_name")}
    assert (made.status_code, made.headers["Location"], told) == (
        201,
        f"/api/v1{reports}/1",
        {"number": 1, "period_from": "2026-01-01", "period_to": today, "made_by_name": officer.name},
    )
    assert caller.get(f"{reports}/1").json == made.json
    listed = {name: value for name, value in made.json.items() if name != "document"}
    assert caller.get(reports).json == {"items": [listed], "next": None}
    board = Caller.of(app, make_user(app, region, Role.REGION_VIEWER), region)
    for kind, starts in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        file = board.get(f"{reports}/1/file?kind={kind}")
        assert (file.status_code, file.data[: len(starts)]) == (200, starts)
    assert board.post(reports, {"period_from": today, "period_to": today}).status_code == 403
    assert board.get(f"{reports}/2").status_code == 404


def test_a_period_that_is_none_is_refused(caller: Caller, reports: str) -> None:
    for first, last, field in (
        ("2026-02-01", "2026-01-01", "/period_to"),
        ("2026-01-01", "2199-01-01", "/period_to"),
        ("0001-01-01", "0001-02-01", "/period_from"),
        ("2020-01-01", "2025-01-01", "/period_from"),
    ):
        answer = caller.post(reports, {"period_from": first, "period_to": last})
        assert answer.json is not None
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert caller.get(reports).json == {"items": [], "next": None}


def test_reports_make_themselves_or_no_longer(
    app: Flask, caller: Caller, region: MadeRegion, officer: MadeUser
) -> None:
    unset = {"quarterly": False, "next_on": None, "set_at": None, "set_by_name": ""}
    schedule = f"/regions/{region.slug}/board-report-schedule"
    assert caller.get(schedule).json == unset
    quarterly = caller.post(schedule, {"quarterly": True})
    assert quarterly.json is not None
    next_on = make_quarterly(app, region)
    assert next_on is not None
    assert (quarterly.status_code, quarterly.json | {"set_at": None}) == (
        200, {"quarterly": True, "next_on": next_on.isoformat(), "set_at": None, "set_by_name": officer.name},
    )  # fmt: skip
    assert caller.get(schedule).json == quarterly.json


def test_another_region_sees_none(app: Flask, region: MadeRegion, reports: str) -> None:
    make_report(app, region)
    elsewhere = make_region(app)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.REGION_OFFICER), elsewhere)
    assert stranger.get(f"{reports}/1").status_code == 404
    assert stranger.get(f"/regions/{elsewhere.slug}/board-reports").json == {"items": [], "next": None}
