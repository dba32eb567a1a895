"""Sending for programs: looked over, asked for, sealed by a job, read and taken home as a ZIP."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from assessment.rules.seal_checks import verify_archive
from saas import jobs
from saas.policy import Role
from tests.caller import Caller, refusal
from tests.factories.assessment import make_accreditation
from tests.factories.submissions import FILE_TITLE, LINK, answer_all, make_seal, make_submission
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user


@pytest.fixture
def accreditation_id(app: Flask, council: MadeCouncil) -> UUID:
    return make_accreditation(app, council)


@pytest.fixture
def journey(council: MadeCouncil, accreditation_id: UUID) -> str:
    return f"/councils/{council.slug}/accreditations/{accreditation_id}"


def read(caller: Caller, path: str) -> Any:
    """What stands at a path."""
    return caller.get(path).json


def test_a_plan_is_looked_over_sealed_and_read(
    app: Flask, council: MadeCouncil, caller: Caller, journey: str, accreditation_id: UUID, lead: MadeUser
) -> None:
    empty = read(caller, f"{journey}/check?kind=plan")
    assert (empty["complete"], empty["findings"][0]["kind"], empty["findings"][0]["requirement"]) == (
        False,
        "judgement",
        "1.1.1",
    )
    early = caller.post(f"{journey}/plan-submission", {"monitor": "Alex Reed"})
    assert (early.status_code, early.mimetype) == (409, "application/problem+json")
    answer_all(app, council, accreditation_id)
    assert read(caller, f"{journey}/check?kind=plan")["complete"]
    asked = caller.post(f"{journey}/plan-submission", {"monitor": "Alex Reed"}, key="send")
    assert asked.json is not None
    assert (asked.status_code, asked.json["state"], asked.json["submission_id"]) == (202, "sealing", None)
    assert asked.headers["Location"] == f"/api/v1{journey}/seals/{asked.json['id']}"
    assert caller.post(f"{journey}/plan-submission", {"monitor": "Alex Reed"}).status_code == 409
    with app.app_context():
        jobs.run_all()
    seal = read(caller, f"{journey}/seals/{asked.json['id']}")
    assert (seal["state"], seal["failure"]) == ("sealed", None)
    sent = read(caller, f"{journey}/submissions/{seal['submission_id']}")
    assert (sent["kind"], sent["number"], sent["sent_by_name"], sent["outcome"]) == ("plan", 1, lead.name, None)
    first = sent["answers"][0]
    assert (first["requirement"], first["judgement"], first["evidence"][1]["url"]) == ("1.1.1", "met", LINK)
    assert [each["title"] for each in sent["files"]] == [FILE_TITLE]
    [listed] = read(caller, f"{journey}/submissions")["items"]
    assert (listed["id"], listed["hash"]) == (sent["id"], sent["hash"])
    assert read(caller, journey)["submission_id"] == sent["id"]
    assert caller.post(f"{journey}/plan-submission", {"monitor": "Alex Reed"}, key="send").data == asked.data


def test_a_submission_is_sent_and_taken_home(
    app: Flask, council: MadeCouncil, caller: Caller, journey: str, accreditation_id: UUID
) -> None:
    assert caller.post(f"{journey}/self-assessment-submission").status_code == 409
    submission_id = make_submission(app, council, accreditation_id)
    sent = read(caller, f"{journey}/submissions/{submission_id}")
    answer = caller.get(f"{journey}/submissions/{submission_id}/archive")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert verify_archive(io.BytesIO(answer.data), sent["hash"]).ok


def test_the_submission_is_asked_for_without_a_body(
    app: Flask, council: MadeCouncil, caller: Caller, journey: str, accreditation_id: UUID
) -> None:
    answer_all(app, council, accreditation_id)
    make_seal(app, council, accreditation_id, "plan")
    with_body = caller.post(f"{journey}/self-assessment-submission", {"kind": "plan"})
    out_of_turn = caller.post(f"{journey}/self-assessment-submission")
    assert with_body.json is not None
    assert with_body.json["errors"] == [{"field": "", "message": "This operation takes no body."}]
    assert refusal(out_of_turn) == (409, "The submission cannot be sent at the stage “Plan sent”.")


def test_what_was_sent_is_found_through_its_own_journey_only(
    app: Flask, council: MadeCouncil, caller: Caller, journey: str, accreditation_id: UUID
) -> None:
    submission_id = make_submission(app, council, accreditation_id, "plan")
    sent = f"{journey}/submissions/{submission_id}"
    other = make_council(app, council.region)
    another = f"/councils/{other.slug}/accreditations/{make_accreditation(app, other)}"
    stranger = Caller.of(app, make_user(app, other, Role.COUNCIL_LEAD), other)
    for path in (sent, f"{another}/submissions/{submission_id}", f"{another}/submissions/{submission_id}/archive"):
        assert stranger.get(path).status_code == 404
    assert caller.get(f"{journey}/submissions/{uuid4()}").status_code == 404
    assert caller.get(f"{journey}/seals/{uuid4()}").status_code == 404
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    assert (editor.get(sent).status_code, editor.post(f"{journey}/self-assessment-submission").status_code) == (
        200,
        403,
    )
