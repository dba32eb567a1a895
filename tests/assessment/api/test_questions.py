"""Questions to a council for programs: asked by an assessor or by the region, with the answers."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.caller import Caller
from tests.factories.clarifications import ANSWER, make_answer, make_question
from tests.factories.scores import MadeCase, make_declared
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser

ASKED = {"requirement": "1.1.1", "question": "Which groups took part?"}


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    return make_declared(app, council, region)


def test_an_assessor_and_the_region_ask_and_read_all(app: Flask, case: MadeCase) -> None:
    scorer, officer = Caller.of(app, case.scorers[0], case.region), Caller.of(app, case.officer, case.region)
    of_file = f"/files/{case.accreditation_id}/clarifications"
    of_case = f"/regions/{case.region.slug}/accreditations/{case.accreditation_id}/clarifications"
    asked = scorer.post(of_file, ASKED)
    assert asked.json is not None
    assert (asked.status_code, asked.json["number"], asked.json["asked_as"]) == (201, 1, "assessor")
    second = officer.post(of_case, ASKED)
    assert second.json is not None
    assert (second.status_code, second.json["number"], second.json["asked_as"]) == (201, 2, "region")
    assert scorer.get(of_file).json == officer.get(of_case).json == {
        "items": [asked.json, second.json], "next": None,
    }  # fmt: skip


def test_an_answer_is_read(app: Flask, case: MadeCase, lead: MadeUser) -> None:
    question_id = make_question(app, case)
    make_answer(app, case, question_id, lead)
    scorer = Caller.of(app, case.scorers[1], case.region)
    read = scorer.get(f"/files/{case.accreditation_id}/clarifications").json
    assert read is not None
    assert [(each["id"], each["words"]) for each in read["items"]] == [(str(question_id), ANSWER)]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"requirement": "9.9", "question": "What?"}, "/requirement"),
        ({"requirement": "1.1.1", "question": ""}, "/question"),
        ({"requirement": "1.1.1", "question": "   "}, "/question"),
    ],
)
def test_what_cannot_be_asked_is_named(app: Flask, case: MadeCase, sent: dict[str, str], field: str) -> None:
    scorer = Caller.of(app, case.scorers[0], case.region)
    answer = scorer.post(f"/files/{case.accreditation_id}/clarifications", sent)
    assert answer.json is not None
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
