"""Questions and answers in the pages: asked beside a score or from the case, answered, sent once, read by all three."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from assessment.rules.clarifications import MOST_OPEN
from assessment.rules.sealing import canonical_json
from tenants.models.evidence import Evidence
from tenants.queries.evidence import list_evidence
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.clarifications import ANSWER, QUESTION, make_answer, make_question
from tests.factories.evidence import make_file, pdf
from tests.factories.scores import MadeCase, make_declared, make_moderated, make_team
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    """A declared team."""
    return make_declared(app, council, region)


def of_council(case: MadeCase, rest: str = "") -> str:
    return f"/councils/{case.council.slug}/accreditations/{case.accreditation_id}/questions{rest}"


def of_case(case: MadeCase, rest: str = "") -> str:
    return f"/regions/{case.region.slug}/cases/{case.accreditation_id}/questions{rest}"


def of_file(case: MadeCase, rest: str = "questions") -> str:
    return f"/files/{case.accreditation_id}/{rest}"


def test_an_assessor_asks_beside_the_score_and_the_council_answers_once(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser
) -> None:
    paper = make_file(app, case.council, title="Terms of reference")
    client.sign_in(case.scorers[0])
    asked = client.post(of_file(case, "requirements/1.1.1/questions"), data={"question": QUESTION})
    assert (asked.status_code, asked.location) == (303, of_file(case, "requirements/1.1.1#questions"))
    client.sign_in(lead)
    page = client.get(of_council(case)).text
    assert QUESTION in page
    one = page.split(f'href="{of_council(case)}/')[1].split('"')[0]
    page = client.get(of_council(case, f"/{one}")).text
    assert "your council while you write; the team and the region once you send it" in page
    added = client.post(
        of_council(case, f"/{one}"), data={"version": "0", "words": ANSWER, "add": str(paper), "do": "save"}
    )
    assert added.status_code == 303
    page = client.get(added.location).text
    assert "Terms of reference" in page
    assert ANSWER in page
    client.sign_in(case.scorers[0])
    assert ANSWER not in client.get(of_file(case)).text
    client.sign_in(lead)
    to_check = client.post(of_council(case, f"/{one}"), data={"version": "1", "words": ANSWER, "do": "check"})
    assert to_check.location == of_council(case, f"/{one}/check")
    checked = client.get(to_check.location).text
    assert "cannot be changed or sent again" in checked
    seen = {"version": "1", "files": re.findall(r'name="files" value="(\w{64})"', checked)[0]}
    unseen = client.post(of_council(case, f"/{one}/send"), data={"version": "1"})
    assert (unseen.status_code, unseen.location) == (303, to_check.location)
    sent = client.post(of_council(case, f"/{one}/send"), data=seen)
    assert (sent.status_code, sent.location) == (303, of_council(case, "#question-1"))
    assert client.post(of_council(case, f"/{one}/send"), data=seen).status_code == 409
    assert client.get(of_council(case, f"/{one}")).location == of_council(case, "#question-1")
    for user, place, get in (
        (lead, of_council(case), of_council(case, "/files/")),
        (case.officer, of_case(case), of_case(case, "/files/")),
        (case.scorers[1], of_file(case), of_file(case, "questions/files/")),
    ):
        page = client.sign_in(user).get(place).text
        assert ANSWER in page
        unfolded = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
        assert [words in page for words in ("Hash of the answer", "as JSON")] == [True, True]
        assert [words in unfolded for words in ("Hash of the answer", "as JSON")] == [False, False]
        file = client.get(get + page.split(f'href="{get}')[1].split('"')[0])
        assert (file.status_code, file.headers["Content-Disposition"][:10]) == (200, "attachment")
        record = json.loads(client.get(place + "/record.json").data)
        (entry,) = record["clarifications"]
        assert entry["hash"] == hashlib.sha256(canonical_json(entry["document"])).hexdigest()
        assert (entry["document"]["answer"]["words"], entry["document"]["files"][0]["title"]) == (
            ANSWER,
            "Terms of reference",
        )


def test_the_region_asks_from_the_case(client: CheckingClient, case: MadeCase) -> None:
    client.sign_in(case.officer)
    empty = client.post(of_case(case), data={"code": "1.2.1", "question": " "})
    assert (empty.status_code, "Enter your question." in empty.text) == (422, True)
    assert "Nothing has been asked yet." in client.get(of_case(case)).text
    strange = client.post(of_case(case), data={"code": "9.9", "question": QUESTION})
    assert (strange.status_code, "Choose the requirement you ask about." in strange.text) == (422, True)
    assert QUESTION in strange.text
    asked = client.post(of_case(case), data={"code": "1.2.1", "question": QUESTION})
    assert (asked.status_code, asked.location) == (303, of_case(case, "#question-1"))
    assert "of the region" in client.get(of_case(case)).text


def test_what_is_wrong_is_said_beside_the_field_and_kept(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser
) -> None:
    one = make_question(app, case)
    client.sign_in(case.scorers[0])
    long = client.post(of_file(case, "requirements/1.1.1/questions"), data={"question": "why " * 600})
    assert (long.status_code, "why why" in long.text) == (422, True)
    client.sign_in(lead)
    for data, words in (
        ({"version": "0", "words": " ", "do": "check"}, "Enter your answer."),
        ({"version": "0", "words": "x" * 8001, "do": "save"}, "8,000"),
        ({"version": "0", "words": "Kept", "add": str(case.accreditation_id)}, "no longer in your library"),
    ):
        refused = client.post(of_council(case, f"/{one}"), data=data)
        assert (refused.status_code, words in refused.text, data["words"].strip() in refused.text) == (422, True, True)
    assert client.get(of_council(case, f"/{one}/check")).status_code == 303


def test_a_file_is_uploaded_beside_the_answer_into_the_library(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, in_scope: InScope
) -> None:
    one = of_council(case, f"/{make_question(app, case)}")
    client.sign_in(lead)
    page = client.get(one).text
    assert ('enctype="multipart/form-data"' in page, 'type="file"' in page) == (True, True)
    sent = {"version": "0", "words": ANSWER, "file": (io.BytesIO(pdf("minutes")), "Minutes of May.pdf"), "do": "save"}
    assert client.post(one, data=sent).status_code == 303
    page = client.get(one).text
    assert (ANSWER in page, "Take out<span" in page, "Minutes of May.pdf" in page) == (True, True, True)
    again = {"version": "1", "words": ANSWER, "file": (io.BytesIO(pdf("minutes")), "copy.pdf"), "do": "check"}
    assert client.post(one, data=again).location == f"{one}/check"
    checked = client.get(f"{one}/check").text
    assert ("Minutes of May.pdf" in checked, "copy.pdf" in checked) == (True, False)
    with in_scope(case.council.scope()):
        kept = [(each.filename, each.added_by_name) for each in list_evidence(case.council.id)]
        assert [each for each in kept if each[1] == lead.name] == [("Minutes of May.pdf", lead.name)]


def test_a_file_that_is_refused_leaves_the_answer_as_it_was_typed(
    app: Flask,
    client: CheckingClient,
    case: MadeCase,
    lead: MadeUser,
    in_scope: InScope,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    megabyte = 1024 * 1024
    monkeypatch.setitem(app.config, "CHARTERWAY", replace(app.config["CHARTERWAY"], upload_limit_mb=1))
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 2 * megabyte)
    one = of_council(case, f"/{make_question(app, case)}")
    bad = make_file(app, case.council, content=pdf("bad"))
    with in_scope(case.council.scope()) as session:
        session.get_one(Evidence, (case.council.id, bad)).scan = "quarantined"
    client.sign_in(lead)
    for content, name, words in (
        (b"MZ\x90\x00", "tool.exe", "which is not accepted"),
        (pdf("bad"), "again.pdf", "is in quarantine and cannot be sent."),
        (pdf("large") + b"%" * 3 * megabyte, "large.pdf", "is larger than 1 MB"),
    ):
        sent = {
            "version": "0",
            "words": "Typed with care.",
            "file": FileStorage(io.BytesIO(content), name),
            "do": "save",
        }
        boundary, body = encode_multipart(sent)
        refused = client.post(one, data=body, content_type=f"multipart/form-data; boundary={boundary}")
        assert (refused.status_code, words in refused.text, "Typed with care." in refused.text) == (422, True, True)
        assert 'id="file-error"' in refused.text
    torn = client.post(one, data=b"--x\r\nContent-Dis", content_type="multipart/form-data; boundary=x")
    assert (torn.status_code, "did not arrive completely" in torn.text) == (422, True)
    saved = client.post(f"{one}/autosave", data={"version": "0", "words": "First words"})
    assert saved.get_json()["version"] == 1
    stale = {"version": "0", "words": "Mine", "file": (io.BytesIO(pdf("new")), "new.pdf")}
    both = client.post(one, data=stale)
    assert (both.status_code, "The file you chose is not added." in both.text, "Mine" in both.text) == (409, True, True)
    with in_scope(case.council.scope()):
        assert lead.name not in {each.added_by_name for each in list_evidence(case.council.id)}


def test_a_question_too_many_stays_typed_beside_the_reason(app: Flask, client: CheckingClient, case: MadeCase) -> None:
    for _ in range(MOST_OPEN):
        make_question(app, case)
    words = "40 questions wait for an answer. Ask more when the council has answered some."
    for user, place, data in (
        (case.scorers[0], of_file(case, "requirements/1.1.1/questions"), {"question": "One more?"}),
        (case.officer, of_case(case), {"question": "One more?", "code": "1.2.1"}),
    ):
        refused = client.sign_in(user).post(place, data=data)
        assert refused.status_code == 409
        assert 'id="question-error"' in refused.text
        assert (words in refused.text, ">\nOne more?</textarea>" in refused.text) == (True, True)
    assert '<option value="1.2.1" selected>' in refused.text


def test_words_are_saved_while_typed_and_two_people_see_both_texts(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser
) -> None:
    one = make_question(app, case)
    client.sign_in(lead)
    saved = client.post(of_council(case, f"/{one}/autosave"), data={"version": "0", "words": "First words"})
    assert (saved.status_code, saved.get_json()["version"]) == (200, 1)
    assert "First words" in client.get(of_council(case, f"/{one}")).text
    stale = client.post(of_council(case, f"/{one}/autosave"), data={"version": "0", "words": "Other words"})
    assert (stale.status_code, stale.get_json()["both"]) == (409, True)
    both = client.post(of_council(case, f"/{one}"), data={"version": "0", "words": "Other words", "do": "save"})
    assert (both.status_code, "First words" in both.text, "Other words" in both.text) == (409, True, True)
    mine = client.post(of_council(case, f"/{one}"), data={"version": "1", "words": "Other words"})
    assert mine.status_code == 303
    assert client.post(of_council(case, f"/{one}/send"), data={"version": "1"}).location.endswith("/check")
    too_long = client.post(of_council(case, f"/{one}/autosave"), data={"version": "2", "words": "x" * 8001})
    assert (too_long.status_code, too_long.get_json()["words"][:10]) == (422, "Not saved.")


def test_nothing_is_shown_or_asked_before_declaring_nor_from_elsewhere(
    app: Flask, client: CheckingClient, council: MadeCouncil, region: MadeRegion
) -> None:
    case = make_team(app, council, region)
    one = make_question(app, case, scorer=None)
    client.sign_in(case.scorers[0])
    assert client.get(of_file(case)).status_code == 404
    assert client.post(of_file(case, "requirements/1.1.1/questions"), data={"question": "?"}).status_code == 404
    other = make_council(app, region)
    client.sign_in(make_user(app, other, "council_lead"))
    there = of_council(case, f"/{one}").replace(council.slug, other.slug)
    assert client.get(there).status_code == 404
    client.sign_in(make_user(app, council, "council_viewer"))
    assert (client.get(of_council(case)).status_code, client.get(of_council(case, f"/{one}")).status_code) == (200, 403)


def test_after_moderation_nothing_is_asked_or_answered(
    app: Flask, client: CheckingClient, council: MadeCouncil, region: MadeRegion, lead: MadeUser
) -> None:
    case = make_moderated(app, council, region)
    client.sign_in(case.officer)
    assert "Choose a requirement" not in client.get(of_case(case)).text
    late = client.post(of_case(case), data={"code": "1.1.1", "question": QUESTION})
    assert (late.status_code, QUESTION in late.text, "are agreed" in late.text) == (409, True, True)
    client.sign_in(case.scorers[0])
    assert client.post(of_file(case, "requirements/1.1.1/questions"), data={"question": "?"}).status_code == 409


def test_lists_take_as_many_statements_for_three_questions_as_for_one(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, statements: Statements
) -> None:
    def counted() -> list[int]:
        counts = []
        for user, page in ((lead, of_council(case)), (case.officer, of_case(case)), (case.scorers[0], of_file(case))):
            client.sign_in(user).get(page)
            with statements() as run:
                client.get(page)
            counts.append(len(run))
        return counts

    paper = make_file(app, case.council, title="Minutes")
    make_answer(app, case, make_question(app, case), lead, evidence=[paper])
    before = counted()
    for code in ("1.1.1", "1.2.1"):
        make_answer(app, case, make_question(app, case, code), lead, evidence=[paper])
    assert counted() == before
