"""Reports for programs: begun, written, opened for the facts, and each comment answered."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.caller import Caller
from tests.factories.awards import comment, make_fact_check, partly
from tests.factories.scores import MadeCase, make_moderated
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_user


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    judges = (partly("1.1.1"), partly("1.1.1"))
    return make_moderated(app, council, region, judges=judges)


@pytest.fixture
def caller(app: Flask, case: MadeCase) -> Caller:
    return Caller.of(app, case.officer, case.region)


def report_of(case: MadeCase) -> str:
    return f"/regions/{case.region.slug}/accreditations/{case.accreditation_id}/report"


def test_a_report_is_begun_from_the_scores_and_written(caller: Caller, case: MadeCase) -> None:
    report = report_of(case)
    assert caller.get(report).status_code == 404
    assert caller.call("PUT", report, json={}).status_code == 428
    begun = caller.call("PUT", report, json={"summary": "It learns."}, headers={"If-None-Match": "*"})
    assert begun.json is not None
    assert (begun.status_code, begun.headers["ETag"], begun.json["summary"]) == (200, '"2"', "It learns.")
    assert [each["requirement_code"] for each in begun.json["improvements"]] == ["1.1.1"]
    assert (begun.json["strengths"][0]["criterion_code"], begun.json["lacking"]) == ("1", [])
    again = caller.call("PUT", report, json={}, headers={"If-None-Match": "*"})
    assert (again.status_code, again.headers["ETag"]) == (412, '"2"')
    kept: dict[str, Any] = begun.json["improvements"][0]
    kept = {name: kept[name] for name in kept if name not in ("number", "extra")}
    written = {
        "improvements": [{"action": "Publish it", "criterion_code": "1"}, kept | {"mandatory": True}],
        "strengths": [{"criterion_code": "1", "text": "Leadership."}],
        "good_practice": [{"text": "The mentoring.", "requirement_code": "1.2.1"}],
    }
    saved = caller.call("PUT", report, json=written, match='"2"')
    assert saved.json is not None
    assert saved.status_code == 200
    assert [(each["number"], each["action"], each["mandatory"]) for each in saved.json["improvements"]] == [
        (1, "Publish it", False),
        (2, kept["action"], True),
    ]
    assert saved.json["improvements"][1]["key"] == kept["key"]
    assert (saved.json["summary"], saved.json["strengths"][0]["text"], saved.json["good_practice"][0]["text"]) == (
        "It learns.", "Leadership.", "The mentoring.",
    )  # fmt: skip
    assert caller.call("PUT", report, json=written, match='"2"').status_code == 412
    assert caller.get(report).json == saved.json


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"strengths": [{"criterion_code": "77", "text": "x"}]}, "/strengths"),
        ({"improvements": [{"action": "x", "criterion_code": "77"}]}, ""),
        ({"improvements": [{"action": "x", "key": "mine"}]}, "/improvements/0/key"),
        ({"improvements": [{"action": "x", "number": 3}]}, "/improvements/0/number"),
        ({"summary": 7}, "/summary"),
    ],
)
def test_what_names_nothing_is_refused_and_nothing_begun(
    caller: Caller, case: MadeCase, sent: dict[str, Any], field: str
) -> None:
    answer = caller.call("PUT", report_of(case), json=sent, headers={"If-None-Match": "*"})
    assert answer.json is not None
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert caller.get(report_of(case)).status_code == 404


def test_the_council_checks_what_was_read(app: Flask, caller: Caller, case: MadeCase, lead: MadeUser) -> None:
    report, council = report_of(case), Caller.of(app, lead, case.council)
    of_council = f"/councils/{case.council.slug}/accreditations/{case.accreditation_id}/reports"
    caller.call("PUT", report, json={}, headers={"If-None-Match": "*"})
    early = caller.post(f"{report}/fact-check", headers={"If-Match": '"1"'})
    assert early.json is not None
    assert (early.status_code, early.json["errors"]) == (422, [{"field": "", "message": "Write the summary."}])
    caller.call("PUT", report, json={"summary": "It learns."}, match='"1"')
    assert council.get(of_council).json == {"items": [], "next": None}
    assert caller.post(f"{report}/fact-check", headers={"If-Match": '"1"'}).status_code == 412
    opened = caller.post(f"{report}/fact-check", headers={"If-Match": '"2"'})
    assert opened.json is not None
    assert (opened.status_code, opened.json["kind"], opened.json["number"]) == (201, "fact_check", 1)
    read = council.get(of_council).json
    assert read is not None
    assert [each["hash"] for each in read["items"]] == [opened.json["hash"]]
    assert read["items"][0]["document"]["summary"]


def test_a_comment_is_answered_once(app: Flask, council: MadeCouncil, region: MadeRegion) -> None:
    case = make_fact_check(app, council)
    caller = Caller.of(app, case.officer, region)
    comment_id = comment(app, case, "The group has nine members.")
    answer = f"{report_of(case)}/comments/{comment_id}/answer"
    without = caller.post(answer, {"changed": False})
    assert without.json is not None
    assert (without.status_code, without.json["errors"][0]["field"]) == (422, "/words")
    assert caller.post(answer, {"changed": True}).status_code == 201
    assert caller.post(answer, {"changed": True}).status_code == 409
    versions = caller.get(f"{report_of(case)}/versions").json
    assert versions is not None
    said = versions["items"][0]["comments"][0]
    assert (said["words"], said["answer"]["changed"]) == ("The group has nine members.", True)


def test_a_draft_is_its_writers_alone(app: Flask, caller: Caller, case: MadeCase) -> None:
    caller.call("PUT", report_of(case), json={}, headers={"If-None-Match": "*"})
    decider = Caller.of(app, make_user(app, case.region, "region_decider"), case.region)
    assert decider.get(report_of(case)).status_code == 403
    assert decider.get(f"{report_of(case)}/versions").json == {"items": [], "next": None}
    assert Caller.of(app, case.scorers[0], case.region).get(report_of(case)).status_code == 403
