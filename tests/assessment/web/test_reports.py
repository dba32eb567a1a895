"""The report's pages: the region writes and opens, the council reads and says something, the region answers."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from flask import Flask

from assessment.queries.reports import find_draft, find_newest, list_versions
from assessment.services import reports
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.awards import SUMMARY, comment, draft_version, make_draft, make_fact_check, partly
from tests.factories.documents import word_plan
from tests.factories.scores import MadeCase, actor, make_moderated
from tests.factories.tenants import MadeCouncil, make_user


def case_url(case: MadeCase, rest: str = "report") -> str:
    """An address of the region's pages of this case."""
    return f"/regions/{case.region.slug}/cases/{case.accreditation_id}/{rest}"


def council_url(case: MadeCase, rest: str = "report") -> str:
    """An address of the council's pages of this accreditation."""
    return f"/councils/{case.council.slug}/accreditations/{case.accreditation_id}/{rest}"


def texts(page: Any) -> str:
    """The page's text with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))).split())


def draft_of(case: MadeCase, in_scope: InScope) -> Any:
    """The draft as it stands."""
    with in_scope(case.region.scope(case.officer.id)):
        return find_draft(case.accreditation_id)


def test_a_report_begins_with_one_button(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_moderated(app, council, council.region)
    client.sign_in(case.officer)
    assert "Begin the report" in texts(client.get(case_url(case)))
    for _ in range(2):
        assert client.post(case_url(case, "report/begin")).status_code == 303
    page = client.get(case_url(case))
    assert "Strengths: 1" in texts(page)
    assert "Strong on" in page.get_data(as_text=True)


def test_words_are_saved_and_a_slower_hand_sees_both_texts(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_draft(app, council)
    client.sign_in(case.officer)
    version = draft_version(app, case)
    typed = {
        "version": str(version),
        "summary": "First",
        "strengths_1": "Ours",
        **{f"strengths_{n}": "" for n in range(2, 6)},
    }
    assert client.post(case_url(case), data=typed).status_code == 303
    refused = client.post(case_url(case), data=typed | {"summary": "Second"})
    assert refused.status_code == 409
    assert "Second" in texts(refused)
    assert "First" in texts(refused)
    draft = draft_of(case, in_scope)
    assert (draft.summary, draft.strengths[0]["text"], draft.strengths[1]["text"]) == ("First", "Ours", "")
    again = client.post(case_url(case), data=typed | {"summary": "Second", "version": str(draft.version)})
    assert again.status_code == 303


def test_improvements_are_added_changed_moved_and_removed(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_draft(app, council, judge=partly("1.1.1"))
    client.sign_in(case.officer)
    new = case_url(case, "report/improvements/new")
    assert client.get(new).status_code == 200
    typed = {
        "version": str(draft_version(app, case)),
        "about": "criterion 2",
        "timescale": "by May 2027",
        "reason": "Why",
        "remark": "[So]",
    }
    wrong = client.post(new, data=typed)
    assert wrong.status_code == 422
    assert "Enter what the council should do" in texts(wrong)
    assert client.post(new, data=typed | {"action": "Name a champion", "mandatory": "true"}).status_code == 303
    draft = draft_of(case, in_scope)
    added = draft.improvements[1]
    assert {name: added[name] for name in ("number", "action", "timescale", "criterion_code", "mandatory")} == {
        "number": 2, "action": "Name a champion", "timescale": "by May 2027", "criterion_code": "2", "mandatory": True,
    }  # fmt: skip
    one = case_url(case, f"report/improvements/{added['key']}")
    shown = texts(client.get(one))
    assert "Read as: By 31 May 2027" in shown
    stale = client.post(one, data=typed | {"action": "Name nobody", "version": str(draft.version - 1)})
    assert stale.status_code == 409
    assert "Name nobody" in texts(stale)
    assert client.post(f"{one}/move", data={"version": str(draft.version), "to": "up"}).status_code == 303
    assert client.post(f"{one}/move", data={"version": str(draft.version), "to": "up"}).status_code == 409
    assert draft_of(case, in_scope).improvements[0]["action"] == "Name a champion"
    version = str(draft_of(case, in_scope).version)
    assert client.post(f"{one}/remove", data={"version": version}).status_code == 303
    assert [item["number"] for item in draft_of(case, in_scope).improvements] == [1]
    assert client.get(one).status_code == 404


def test_a_document_is_read_previewed_and_taken_in(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_draft(app, council)
    client.sign_in(case.officer)
    upload = case_url(case, "report/document")
    assert client.get(upload).status_code == 200
    version = str(draft_version(app, case))
    bad = client.post(upload, data={"version": version, "document": (io.BytesIO(b"nothing"), "plan.docx")})
    assert bad.status_code == 422
    assert "plan.docx" in texts(bad)
    sent = client.post(upload, data={"version": version, "document": (io.BytesIO(word_plan()), "plan.docx")})
    assert sent.headers["Location"] == f"{upload}/preview"
    preview = texts(client.get(f"{upload}/preview"))
    assert "8 rows. Nothing is taken in yet." in preview
    assert "ACTION PLAN" in preview
    assert len(draft_of(case, in_scope).improvements) == 0
    taken = client.post(f"{upload}/take-in", data={"version": str(draft_version(app, case))})
    assert taken.status_code == 303
    assert len(draft_of(case, in_scope).improvements) == 8
    assert "Other lines of plan.docx" in texts(client.get(case_url(case)))
    assert client.post(f"{upload}/discard", data={"version": str(draft_version(app, case))}).status_code == 303
    assert client.get(f"{upload}/preview").status_code == 404


def test_opening_says_what_will_happen_and_refuses_the_unfinished(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_draft(app, council)
    client.sign_in(case.officer)
    address = case_url(case, "report/fact-check")
    assert "It may comment once on this version, until" in texts(client.get(address))
    with in_scope(case.region.scope(case.officer.id)):
        version = find_draft(case.accreditation_id).version
        reports.save_words(case.accreditation_id, summary="", strengths={}, version=version, by=actor(case.officer))
    lacking = client.post(address, data={"version": str(draft_version(app, case))})
    assert lacking.status_code == 422
    assert "Write the summary." in texts(lacking)
    assert client.post(address, data={"version": "1"}).status_code == 409
    with in_scope(case.region.scope(case.officer.id)):
        version = find_draft(case.accreditation_id).version
        reports.save_words(
            case.accreditation_id, summary=SUMMARY, strengths={}, version=version, by=actor(case.officer)
        )
    assert client.post(address, data={"version": str(draft_version(app, case))}).status_code == 303
    assert "Version 1 is open to the council until" in texts(client.get(case_url(case)))


def test_the_council_reads_comments_and_gets_its_answer(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_draft(app, council, judge=partly("1.1.1"))
    lead = make_user(app, council, "council_lead")
    viewer = make_user(app, council, "council_viewer")
    client.sign_in(lead)
    assert "There is no report yet" in texts(client.get(council_url(case)))
    client.sign_in(case.officer)
    client.post(case_url(case, "report/fact-check"), data={"version": str(draft_version(app, case))})
    with in_scope(council.scope()):
        report_id = find_newest(case.accreditation_id, "fact_check").id
    client.sign_in(viewer)
    page = client.get(council_url(case))
    assert SUMMARY in texts(page)
    assert "Partly met" in texts(page)
    assert "Your fact check" not in texts(page)
    send = council_url(case, f"report/{report_id}")
    assert client.post(send, data={"has_none": "yes"}).status_code == 403
    client.sign_in(lead)
    assert "Your fact check" in texts(client.get(council_url(case)))
    empty = client.post(send, data={"has_none": "no", "words": " "})
    assert empty.status_code == 422
    assert "Enter what is factually wrong" in texts(empty)
    assert client.post(send, data={"has_none": "no", "words": "We have 48 members."}).status_code == 303
    assert client.post(send, data={"has_none": "yes"}).status_code == 409
    client.sign_in(case.officer)
    version = case_url(case, f"report/versions/{report_id}")
    assert f'<a class="govuk-link" href="{version}">Answer the comment</a>' in client.get(case_url(case, "report")).text
    assert "We have 48 members." in texts(client.get(version))
    assert client.post(f"{version}/answer", data={"words": ""}).status_code == 422
    assert client.post(f"{version}/answer", data={"words": "Corrected."}).status_code == 303
    client.sign_in(lead)
    assert "Corrected." in texts(client.get(council_url(case)))


def test_no_name_of_a_scorer_and_no_draft_reaches_the_council(
    app: Flask, council: MadeCouncil, client: CheckingClient
) -> None:
    case = make_fact_check(app, council, judge=partly("1.1.1"))
    client.sign_in(make_user(app, council, "council_lead"))
    page = texts(client.get(council_url(case)))
    assert not any(scorer.name in page for scorer in case.scorers)
    assert client.get(case_url(case)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_editor_asks_the_same_number_of_questions(
    app: Flask, council: MadeCouncil, client: CheckingClient, statements: Any, count: int
) -> None:
    codes = ("1.1.1", "1.2.1", "1.3.1")[:count]
    case = make_fact_check(app, council, judge=partly(*codes))
    comment(app, case, "One thing.")
    client.sign_in(case.officer)
    client.get(case_url(case))
    with statements() as sql:
        assert client.get(case_url(case)).status_code == 200
    assert len(sql) == 7


def test_versions_are_listed_with_comments_in_one_statement(
    app: Flask, council: MadeCouncil, in_scope: InScope, statements: Any
) -> None:
    case = make_fact_check(app, council)
    comment(app, case)
    with in_scope(council.scope()), statements() as sql:
        assert [each.comment.has_none for each in list_versions(case.accreditation_id)] == [True]
    assert len(sql) == 2  # the scope is set with the first
