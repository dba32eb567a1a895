"""The round over the regions makes each quarter's report, and who reads it gets one mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from assessment.queries.board_reports import list_reports
from saas import clock, jobs, rounds
from tests.conftest import InScope
from tests.factories.board_reports import make_quarterly, make_report
from tests.factories.invitations import Postbox
from tests.factories.tenants import MadeRegion, make_region, make_user

NOVEMBER = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
JANUARY = datetime(2027, 1, 4, 7, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def only_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other daily job of the house runs here."""
    monkeypatch.setattr(rounds, "_daily", {"make_due_report": rounds.MORNING})


def test_officers_and_viewers_hear_of_a_report_that_made_itself(
    app: Flask, region: MadeRegion, postbox: Postbox, in_scope: InScope
) -> None:
    officer, viewer, decider = (make_user(app, region, f"region_{role}") for role in ("officer", "viewer", "decider"))
    elsewhere = make_region(app)
    with clock.at(NOVEMBER):
        make_quarterly(app, region)
    postbox.empty()
    with app.app_context(), clock.at(JANUARY):
        assert len(rounds.start_rounds()) >= 2
        assert rounds.start_rounds() == []
        jobs.run_all()
        mails = postbox.empty()
    assert [f"To: {each.email}" in mails for each in (officer, viewer, decider)] == [True, True, False]
    assert mails.count(f"Subject: Board report of {region.name} to 31 December 2026") == 2
    assert f"http://localhost/regions/{region.slug}/board-reports/1" in mails
    assert "No councils held an award on 31 December 2026." in mails.replace("\n", " ")
    with in_scope(region.scope()):
        assert [each.number for each in list_reports(region.id)] == [1]
    with in_scope(elsewhere.scope()):
        assert list_reports(elsewhere.id) == []


def test_nobody_is_mailed_a_report_that_somebody_made(app: Flask, region: MadeRegion, postbox: Postbox) -> None:
    make_user(app, region, "region_viewer")
    postbox.empty()
    make_report(app, region)
    assert postbox.empty() == ""
