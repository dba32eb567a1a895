"""Decisions for programs: proposed by the rule, decided by an outsider, released by the region."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from saas import clock, jobs
from tests.caller import Caller, refusal
from tests.factories.awards import comment, draft_version, make_decided, make_fact_check
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeRegion, make_user


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    """A report whose fact check the council has ended."""
    case = make_fact_check(app, council)
    comment(app, case)
    return case


@pytest.fixture
def decider(app: Flask, region: MadeRegion, case: MadeCase) -> Caller:
    return Caller.of(app, make_user(app, region, "region_decider"), region)


def decision_of(case: MadeCase) -> str:
    return f"/regions/{case.region.slug}/accreditations/{case.accreditation_id}/decision"


def test_an_outsider_decides_what_the_rule_proposes(decider: Caller, case: MadeCase) -> None:
    before = decider.get(decision_of(case)).json
    assert before is not None
    assert (before["refusal"], before["proposed"], before["decision"]) == (None, "awarded", None)
    assert all(line["holds"] for line in before["rule_lines"])
    made = decider.post(decision_of(case), {"outcome": "awarded"})
    assert made.json is not None
    assert (made.status_code, made.json["outcome"], made.json["number"]) == (201, "awarded", 1)
    after = decider.get(decision_of(case)).json
    assert after is not None
    assert after["decision"] == made.json
    assert decider.post(decision_of(case), {"outcome": "awarded"}).status_code == 409


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"outcome": "splendid"}, ["/outcome"]),
        ({"outcome": "awarded", "conditions": "Write it down."}, ["/conditions"]),
        ({"outcome": "awarded_with_conditions"}, ["/conditions"]),
        ({"outcome": "not_yet"}, ["/reason", "/words"]),
    ],
)
def test_what_does_not_go_together_is_named(
    decider: Caller, case: MadeCase, sent: dict[str, str], fields: list[str]
) -> None:
    answer = decider.post(decision_of(case), sent)
    assert answer.json is not None
    assert (answer.status_code, [each["field"] for each in answer.json["errors"]]) == (422, fields)


def test_an_award_with_conditions_is_an_outcome_of_its_own(decider: Caller, case: MadeCase) -> None:
    made = decider.post(decision_of(case), {"outcome": "awarded_with_conditions", "conditions": "Within a year."})
    assert made.json is not None
    assert (made.json["outcome"], made.json["conditions"]) == ("awarded_with_conditions", "Within a year.")


def test_nobody_decides_early_or_from_within(app: Flask, council: MadeCouncil, region: MadeRegion) -> None:
    case = make_fact_check(app, council)
    decider = Caller.of(app, make_user(app, region, "region_decider"), region)
    officer = Caller.of(app, case.officer, region)
    early, within = (refusal(each.post(decision_of(case), {"outcome": "awarded"})) for each in (decider, officer))
    assert (early[0], early[1].startswith("The council may correct the facts until ")) == (409, True)
    assert within[0] == 403


def test_decided_outcomes_go_out_together(app: Flask, council: MadeCouncil, region: MadeRegion) -> None:
    case = make_decided(app, council)
    officer, releases = Caller.of(app, case.officer, region), f"/regions/{region.slug}/releases"
    waiting = officer.get(f"{releases}/waiting").json
    assert waiting is not None
    version = draft_version(app, case)
    assert [(each["council"], each["report_version"], each["release_at"]) for each in waiting["items"]] == [
        (council.name, version, None)
    ]
    chosen = [{"accreditation_id": str(case.accreditation_id), "report_version": version}]
    passed = {"outcomes": chosen, "release_at": (clock.now() - timedelta(hours=1)).isoformat()}
    wrong = officer.post(releases, passed)
    assert wrong.json is not None
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "/release_at")
    far = officer.post(releases, passed | {"release_at": "9999-12-31T23:59:59-14:00"})
    assert far.json is not None
    assert (far.status_code, far.json["errors"][0]["field"]) == (422, "/release_at")
    seen = officer.post(releases, {"outcomes": [chosen[0] | {"report_version": version + 1}]})
    assert seen.json is not None
    assert (seen.status_code, seen.json["errors"][0]["field"]) == (422, "/outcomes")
    later = officer.post(releases, {"outcomes": chosen, "release_at": (clock.now() + timedelta(days=2)).isoformat()})
    path = later.headers["Location"].removeprefix("http://localhost").removeprefix("/api/v1")
    assert officer.get(path).json == later.json
    called_off = officer.post(f"{path}/call-off")
    assert called_off.json is not None
    assert (called_off.status_code, called_off.json["called_off_at"] is not None) == (200, True)
    now = officer.post(releases, {"outcomes": chosen})
    with app.app_context():
        jobs.run_all()
    done = officer.get(now.headers["Location"].removeprefix("http://localhost").removeprefix("/api/v1")).json
    assert done is not None
    assert [(each["released_at"] is not None, each["failure"]) for each in done["outcomes"]] == [(True, "")]
