"""Scoring again, for programs: open while the region waits for it, each new score above the earlier ones."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.caller import Caller
from tests.factories.awards import partly
from tests.factories.scores import MadeCase, make_scored, met
from tests.factories.tenants import MadeCouncil, MadeRegion

NEW = {"judgement": "met", "reason": "Page 9 shows it."}


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    return make_scored(app, council, region, judges=(met, partly("1.1.1")))


def test_a_new_score_stands_above_the_earlier_one(app: Flask, case: MadeCase, region: MadeRegion) -> None:
    officer = Caller.of(app, case.officer, region)
    scorer = Caller.of(app, case.scorers[1], region)
    again = f"/files/{case.accreditation_id}/scores/1.1.1/again"
    moderation = f"/regions/{region.slug}/accreditations/{case.accreditation_id}/moderation"
    officer.post(f"{moderation}/begin")
    closed = scorer.get(again).json
    assert closed is not None
    assert (closed["open"], closed["reason"], closed["version"]) == (False, "", 1)
    assert scorer.call("PUT", again, json=NEW, match='"1"').status_code == 409
    officer.post(f"{moderation}/requirements/1.1.1/again", {"reason": "Read page 9."})
    opened = scorer.get(again)
    assert opened.json is not None
    assert (opened.headers["ETag"], opened.json["open"], opened.json["reason"]) == ('"1"', True, "Read page 9.")
    assert scorer.call("PUT", again, json={"reason": "x"}, match='"1"').status_code == 422
    sent = scorer.call("PUT", again, json=NEW, match='"1"')
    assert (sent.status_code, sent.headers["ETag"]) == (200, '"2"')
    stale = scorer.call("PUT", again, json=NEW, match='"1"')
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"2"')
    after = scorer.get(again).json
    assert after is not None
    assert [each["judgement"] for each in after["given"]] == ["partly_met", "met"]


def test_there_is_nothing_before_the_scores_are_submitted(app: Flask, case: MadeCase, region: MadeRegion) -> None:
    assert (
        Caller.of(app, case.scorers[0], region).get(f"/files/{case.accreditation_id}/scores/9.9/again").status_code
        == 404
    )
