"""The region's cases for programs: where each stands, what was sent, and the decision on it."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests.caller import Caller
from tests.factories.assessment import make_accreditation
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_user


@pytest.fixture
def caller(app: Flask, region: MadeRegion, officer: MadeUser) -> Caller:
    return Caller.of(app, officer, region)


@pytest.fixture
def accreditation_id(app: Flask, council: MadeCouncil) -> UUID:
    return make_accreditation(app, council)


def path_of(region: MadeRegion, accreditation_id: UUID) -> str:
    return f"/regions/{region.slug}/accreditations/{accreditation_id}"


def test_cases_are_listed_by_their_state(
    caller: Caller, region: MadeRegion, council: MadeCouncil, accreditation_id: UUID
) -> None:
    cases = f"/regions/{region.slug}/accreditations"
    listed = caller.get(cases).json
    assert listed is not None
    assert [(each["id"], each["council"], each["state"], each["submission_id"]) for each in listed["items"]] == [
        (str(accreditation_id), council.name, "self_assessing", None)
    ]
    assert caller.get(f"{cases}?state=moderating").json == {"items": [], "next": None}
    assert caller.get(f"{cases}?state=somewhere").status_code == 422


def test_what_was_sent_is_read_as_it_was_sealed(
    app: Flask, caller: Caller, region: MadeRegion, council: MadeCouncil, accreditation_id: UUID
) -> None:
    submission_id = make_submission(app, council, accreditation_id)
    case = path_of(region, accreditation_id)
    read = caller.get(case).json
    assert read is not None
    assert (read["stage"], read["submission_id"]) == ("submitted", str(submission_id))
    assert [(each["kind"], each["number"]) for each in read["submissions"]] == [("readiness", 1), ("plan", 1)]
    sent = caller.get(f"{case}/submissions/{submission_id}").json
    assert sent is not None
    assert (sent["hash"], len(sent["answers"])) == (read["submissions"][0]["hash"], 28)
    assert (sent["answers"][0]["requirement"], sent["answers"][0]["judgement"]) == ("1.1.1", "met")
    file = sent["answers"][0]["evidence"][0]["file_id"] or sent["answers"][0]["evidence"][1]["file_id"]
    assert file in [each["id"] for each in sent["files"]]
    assert caller.get(f"{case}/sealed-files/{file}").data.startswith(b"%PDF")
    assert caller.get(f"{case}/submissions/{uuid4()}").status_code == 404


def test_something_sent_is_found_through_its_own_case_only(
    app: Flask, caller: Caller, region: MadeRegion, council: MadeCouncil, accreditation_id: UUID
) -> None:
    submission_id = make_submission(app, council, accreditation_id, "plan")
    other = make_accreditation(app, make_council(app, region))
    assert caller.get(f"{path_of(region, accreditation_id)}/submissions/{submission_id}").status_code == 200
    assert caller.get(f"{path_of(region, other)}/submissions/{submission_id}").status_code == 404


def test_cases_are_the_regions_own(app: Flask, region: MadeRegion, accreditation_id: UUID) -> None:
    elsewhere = make_region(app)
    foreign = Caller.of(app, make_user(app, elsewhere, "region_officer"), elsewhere)
    assert foreign.get(path_of(region, accreditation_id)).status_code == 404
    assert foreign.get(path_of(elsewhere, accreditation_id)).status_code == 404
    board = Caller.of(app, make_user(app, region, "region_viewer"), region)
    assert board.get(path_of(region, accreditation_id)).status_code == 403


def test_a_plan_is_returned_with_what_is_to_be_changed_and_then_approved(
    app: Flask, caller: Caller, region: MadeRegion, council: MadeCouncil, accreditation_id: UUID
) -> None:
    submission_id = make_submission(app, council, accreditation_id, "plan")
    decision = f"{path_of(region, accreditation_id)}/submissions/{submission_id}/plan-decision"
    without = caller.post(decision, {"outcome": "returned"})
    assert without.json is not None
    assert (without.status_code, without.json["errors"][0]["field"]) == (422, "/reason")
    unknown = {"outcome": "accepted", "requirements": [{"code": "9.9", "words": "What is it?"}]}
    answer = caller.post(decision, unknown)
    assert answer.json is not None
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "/requirements/0/code")
    returned = {"outcome": "returned", "reason": "One more.", "requirements": [{"code": "1.1.1", "words": "Say who."}]}
    done = caller.post(decision, returned)
    assert done.json is not None
    assert (done.status_code, done.json["outcome"], done.json["reason"]) == (201, "returned", "One more.")
    assert caller.post(decision, {"outcome": "accepted"}).status_code == 409


def test_a_submission_is_accepted_by_the_operation_of_its_kind(
    app: Flask, caller: Caller, region: MadeRegion, council: MadeCouncil, accreditation_id: UUID
) -> None:
    submission_id = make_submission(app, council, accreditation_id)
    sent = f"{path_of(region, accreditation_id)}/submissions/{submission_id}"
    assert caller.post(f"{sent}/plan-decision", {"outcome": "accepted"}).status_code == 404
    assert caller.post(f"{sent}/readiness-decision", {"outcome": "accepted"}).status_code == 201
    case = caller.get(path_of(region, accreditation_id)).json
    assert case is not None
    assert (case["stage"], case["submission_outcome"]) == ("submitted", "accepted")
    decider = Caller.of(app, make_user(app, region, "region_decider"), region)
    assert decider.post(f"{sent}/readiness-decision", {"outcome": "accepted"}).status_code == 403
