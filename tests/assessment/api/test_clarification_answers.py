"""Clarifications for programs of the council: read, and answered once with the files that show it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.clarifications import get_item
from assessment.services import clarifications
from saas.policy import Role
from saas.tenancy import CONSOLE
from tests.caller import Caller
from tests.conftest import InScope
from tests.factories.clarifications import ANSWER, QUESTION, make_question
from tests.factories.evidence import make_file, make_link
from tests.factories.scores import MadeCase, make_declared
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    return make_declared(app, council, council.region)


@pytest.fixture
def question_id(app: Flask, case: MadeCase) -> UUID:
    return make_question(app, case)


@pytest.fixture
def questions(council: MadeCouncil, case: MadeCase) -> str:
    return f"/councils/{council.slug}/accreditations/{case.accreditation_id}/clarifications"


def asked(caller: Caller, questions: str) -> dict[str, Any]:
    """The one question."""
    told: Any = caller.get(questions).json
    [only] = told["items"]
    return dict(only)


def test_a_question_is_answered_once_with_its_files(
    app: Flask, council: MadeCouncil, caller: Caller, questions: str, question_id: UUID, lead: MadeUser
) -> None:
    before = asked(caller, questions)
    assert (before["question"], before["requirement"], before["words"], before["draft"]) == (
        QUESTION,
        "1.1.1",
        "",
        None,
    )
    file_id = make_file(app, council, title="Minutes")
    one = f"{questions}/{question_id}/answer"
    done = caller.post(one, {"words": ANSWER, "evidence": [str(file_id)]})
    assert done.json is not None
    told = {name: done.json[name] for name in ("words", "answered_by_name")}
    assert (done.status_code, told) == (201, {"words": ANSWER, "answered_by_name": lead.name})
    assert ([each["title"] for each in done.json["files"]], len(done.json["hash"])) == (["Minutes"], 64)
    assert asked(caller, questions) == done.json
    assert caller.post(one, {"words": ANSWER}).status_code == 409


def test_a_colleagues_draft_is_not_written_over_unseen(
    caller: Caller, questions: str, question_id: UUID, case: MadeCase, in_scope: InScope
) -> None:
    with in_scope(case.council.scope()):
        accreditation = get_accreditation(case.accreditation_id, share=True)
        item = get_item(case.accreditation_id, question_id)
        clarifications.save_draft(accreditation, item, words="We are asking.", version=0, by=CONSOLE)
    one = f"{questions}/{question_id}/answer"
    refused = caller.post(one, {"words": ANSWER})
    assert refused.json is not None
    assert (refused.status_code, "has begun an answer" in refused.json["detail"]) == (409, True)
    draft = asked(caller, questions)["draft"]
    assert (draft["words"], draft["version"]) == ("We are asking.", 1)
    assert caller.post(one, {"words": ANSWER, "draft_version": 0}).status_code == 409
    assert caller.post(one, {"words": ANSWER, "draft_version": 1}).status_code == 201


def test_what_cannot_be_sent_is_named(
    app: Flask, council: MadeCouncil, caller: Caller, questions: str, question_id: UUID
) -> None:
    one = f"{questions}/{question_id}/answer"
    for given, field in (
        ({"words": ""}, "/words"),
        ({"words": "   "}, "/words"),
        ({"words": ANSWER, "evidence": [str(uuid4())]}, "/evidence"),
        ({"words": ANSWER, "evidence": [str(make_link(app, council))]}, "/evidence"),
        ({"words": ANSWER, "hash": "x"}, "/hash"),
    ):
        answer = caller.post(one, given)
        assert answer.json is not None
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert (asked(caller, questions)["answered_at"], asked(caller, questions)["draft"]) == (None, None)


def test_who_reads_does_not_answer_and_another_council_sees_nothing(
    app: Flask, council: MadeCouncil, questions: str, question_id: UUID
) -> None:
    reader = Caller.of(app, make_user(app, council, Role.COUNCIL_VIEWER), council)
    one = f"{questions}/{question_id}/answer"
    assert (reader.get(questions).status_code, reader.post(one, {"words": ANSWER}).status_code) == (200, 403)
    elsewhere = make_council(app, council.region)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.COUNCIL_LEAD), elsewhere)
    own = questions.replace(council.slug, elsewhere.slug)
    assert [stranger.get(path).status_code for path in (questions, own)] == [404, 404]
    assert stranger.post(f"{own}/{question_id}/answer", {"words": ANSWER}).status_code == 404
