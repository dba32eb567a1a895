"""An assessor's file and scores for programs: opened by a declaration, saved one by one, submitted for good."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from tests.caller import Caller
from tests.factories.scores import MadeCase, make_declared, make_scored, make_team, score_all
from tests.factories.scoring import make_file_to_score
from tests.factories.tenants import MadeCouncil, MadeRegion, make_user

WHOLE = {"judgement": "met", "reason": "The minutes show it."}


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    return make_declared(app, council, region)


@pytest.fixture
def scorer(app: Flask, case: MadeCase) -> Caller:
    return Caller.of(app, case.scorers[0], case.region)


def scores_of(case: MadeCase) -> str:
    return f"/files/{case.accreditation_id}/scores"


def test_a_declaration_opens_the_file(app: Flask, council: MadeCouncil, region: MadeRegion) -> None:
    case = make_team(app, council, region)
    scorer = Caller.of(app, case.scorers[0], region)
    listed = scorer.get(f"/regions/{region.slug}/files").json
    assert listed is not None
    assert [(each["file"], each["council"], each["interest"]) for each in listed["items"]] == [
        (str(case.accreditation_id), council.name, None)
    ]
    file = f"/files/{case.accreditation_id}"
    assert (scorer.get(f"{file}/submission").status_code, scorer.get(f"{file}/scores").status_code) == (404, 404)
    wrong = scorer.post(f"{file}/interests", {"interest": "conflict"})
    assert wrong.status_code == 422
    assert wrong.json is not None
    assert wrong.json["errors"] == [{"field": "/words", "message": "Say what the interest is, in a sentence."}]
    declared = scorer.post(f"{file}/interests", {"interest": "none"})
    assert declared.json is not None
    assert (declared.status_code, declared.json["interest"]) == (200, "none")
    assert scorer.post(f"{file}/interests", {"interest": "none"}).status_code == 409
    sent = scorer.get(f"{file}/submission").json
    assert sent is not None
    assert (sent["kind"], len(sent["answers"])) == ("readiness", 28)
    download = scorer.get(f"{file}/sealed-files/{sent['files'][0]['id']}")
    assert (download.status_code, download.mimetype) == (200, "application/pdf")


def test_who_declares_a_conflict_or_cannot_take_part_reads_nothing(
    app: Flask, council: MadeCouncil, region: MadeRegion
) -> None:
    case = make_team(app, council, region)
    file = f"/files/{case.accreditation_id}"
    first, second = (Caller.of(app, each, region) for each in case.scorers)
    answer = first.post(f"{file}/interests", {"interest": "conflict", "words": "My sister works there."})
    assert (answer.status_code, first.get(f"{file}/submission").status_code) == (200, 404)
    left = second.post(f"{file}/interests", {"interest": "cannot"})
    assert left.json is not None
    assert left.json["withdrawn_at"] is not None
    assert second.get(f"{file}/submission").status_code == 404


def test_a_late_conflict_closes_the_file(app: Flask, case: MadeCase, scorer: Caller) -> None:
    answer = scorer.post(f"/files/{case.accreditation_id}/interests/changed", {"words": "I was elected there."})
    assert (answer.status_code, scorer.get(scores_of(case)).status_code) == (200, 404)


def test_a_score_is_saved_and_nobodys_work_is_lost(case: MadeCase, scorer: Caller) -> None:
    listed = scorer.get(f"{scores_of(case)}?limit=200").json
    assert listed is not None
    assert {(each["standing"], each["version"]) for each in listed["items"]} == {("not_scored", 0)}
    code = listed["items"][0]["requirement"]
    one = f"{scores_of(case)}/{code}"
    assert scorer.call("PUT", one, json=WHOLE).status_code == 428
    unwritten = scorer.call("PUT", one, json=WHOLE, match='"3"')
    assert (unwritten.status_code, unwritten.headers["ETag"]) == (412, '"0"')
    saved = scorer.call("PUT", one, json=WHOLE, headers={"If-None-Match": "*"})
    assert (saved.status_code, saved.headers["ETag"]) == (200, '"1"')
    stale = scorer.call("PUT", one, json=WHOLE | {"judgement": "not_met"}, headers={"If-None-Match": "*"})
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"1"')
    again = scorer.call("PUT", one, json=WHOLE | {"note": "Ask for the list."}, match='"1"')
    read = scorer.get(one)
    assert read.headers["ETag"] == again.headers["ETag"] == '"2"'
    assert read.json is not None
    assert again.json is not None
    assert {name: read.json[name] for name in again.json} == again.json
    assert (read.json["note"], read.json["others"], read.json["answer"]["requirement"]) == (
        "Ask for the list.", [], code,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"reason": "Because."}, "/judgement"),
        ({"judgement": "met"}, "/reason"),
        ({"judgement": "splendid", "reason": "Because."}, "/judgement"),
        (WHOLE | {"good_practice": True}, "/strength"),
        (WHOLE | {"version": 1}, "/version"),
    ],
)
def test_what_is_not_whole_is_named(case: MadeCase, scorer: Caller, sent: dict[str, object], field: str) -> None:
    answer = scorer.call("PUT", f"{scores_of(case)}/1.1.1", json=sent, headers={"If-None-Match": "*"})
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"][0]["field"] == field


def test_what_is_unfinished_is_kept_when_that_is_said(case: MadeCase, scorer: Caller) -> None:
    sent = {"note": "Look again", "unfinished": True}
    answer = scorer.call("PUT", f"{scores_of(case)}/1.1.1", json=sent, headers={"If-None-Match": "*"})
    assert answer.json is not None
    assert (answer.status_code, answer.json["standing"]) == (200, "begun")


def test_scores_are_submitted_once_and_whole(app: Flask, case: MadeCase, scorer: Caller) -> None:
    submission = f"{scores_of(case)}/submission"
    early = scorer.post(submission)
    assert early.status_code == 422
    assert early.json is not None
    assert len(early.json["errors"]) == 28
    score_all(app, case, 0, submit=False)
    done = scorer.post(submission)
    assert done.json is not None
    assert (done.status_code, done.json["scored"], done.json["submitted_at"] is not None) == (200, 28, True)
    assert scorer.post(submission).status_code == 409
    assert scorer.call("PUT", f"{scores_of(case)}/1.1.1", json=WHOLE, match='"1"').status_code == 409


def test_nobody_else_reads_them(app: Flask, case: MadeCase, council: MadeCouncil) -> None:
    score_all(app, case, 0)
    code = "1.1.1"
    other = Caller.of(app, case.scorers[1], case.region)
    read = other.get(f"{scores_of(case)}/{code}")
    assert read.json is not None
    assert (read.json["reason"], read.json["others"]) == ("", [])
    officer = Caller.of(app, case.officer, case.region)
    assert officer.get(scores_of(case)).status_code == 404


def test_the_others_are_shown_when_all_have_submitted(app: Flask, council: MadeCouncil, region: MadeRegion) -> None:
    case = make_scored(app, council, region)
    scorer = Caller.of(app, case.scorers[0], region)
    read = scorer.get(f"{scores_of(case)}/1.1.1").json
    assert read is not None
    assert [(each["name"], each["judgement"]) for each in read["others"]] == [(case.scorers[1].name, "met")]


def test_a_file_is_open_to_its_own_scorers_alone(app: Flask, council: MadeCouncil, region: MadeRegion) -> None:
    case = make_file_to_score(app, council, region)
    stranger = Caller.of(app, make_user(app, region, "assessor"), region)
    assert stranger.get(scores_of(case)).status_code == 404
    reader = Caller.of(app, case.scorers[0], region, read_only=True)
    answer = reader.call("PUT", f"{scores_of(case)}/1.1.1", json=WHOLE, headers={"If-None-Match": "*"})
    assert (reader.get(scores_of(case)).status_code, answer.status_code) == (200, 403)
    assert Caller.of(app, case.scorers[0], region).get(f"{scores_of(case)}/{UUID(int=1)}").status_code == 404
