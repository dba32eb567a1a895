"""The report's pages: the region writes and opens, the council reads and says something, the region answers."""

from __future__ import annotations

import html
import io
import re
from datetime import UTC, date, datetime
from typing import Any

import html5lib
import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.models.awards import Award
from assessment.queries.reports import find_draft, find_newest, list_versions
from assessment.services import reports
from assessment.services.awards import end
from assessment.services.retention_sweeps import report_drafts
from saas.tenancy import SERVICE
from tenants.queries.retention import Keeper
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.awards import (
    SUMMARY,
    comment,
    draft_version,
    make_decided,
    make_draft,
    make_fact_check,
    partly,
    release,
)
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


def typed_of(page: Any) -> dict[str, str]:
    """What the form of the draft would send as it stands on the page."""
    tree = html5lib.parse(page.get_data(as_text=True), namespaceHTMLElements=False)
    form = next(each for each in tree.iter("form") if each.find(".//textarea[@name='summary']") is not None)
    sent = {}
    for each in form.iter():
        written = each.tag in ("input", "textarea")
        if written and (each.get("type") != "checkbox" or each.get("checked") is not None):
            sent[each.attrib["name"]] = each.get("value", "") if each.tag == "input" else each.text or ""
    return sent


def test_the_whole_report_is_saved_at_once_and_a_slower_hand_sees_both_texts(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_draft(app, council, judge=partly("1.1.1"))
    client.sign_in(case.officer)
    typed = typed_of(client.get(case_url(case)))
    key = draft_of(case, in_scope).improvements[0]["key"]
    first = typed | {"summary": "First", "strengths_1": "Ours", f"action-{key}": "Do it", "practice-new": "A buddy"}
    assert client.post(case_url(case), data=first).status_code == 303
    refused = client.post(case_url(case), data=typed | {"summary": "Second"})
    assert refused.status_code == 409
    assert "Second" in texts(refused)
    assert "First" in texts(refused)
    draft = draft_of(case, in_scope)
    assert (draft.summary, draft.strengths[0]["text"], draft.improvements[0]["action"]) == ("First", "Ours", "Do it")
    assert [each["text"] for each in draft.good_practice] == ["A buddy"]
    again = client.post(case_url(case), data=typed | {"summary": "Second", "version": str(draft.version)})
    assert again.status_code == 303
    draft = draft_of(case, in_scope)
    assert (draft.summary, [each["text"] for each in draft.good_practice]) == ("Second", ["A buddy"])


def test_improvements_are_added_changed_moved_and_removed_in_the_same_form(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_draft(app, council, judge=partly("1.1.1"))
    client.sign_in(case.officer)
    new = {"about-new": "2", "timescale-new": "by May 2027", "reason-new": "Why", "remark-new": "[So]"}
    typed = typed_of(client.get(case_url(case))) | new
    wrong = client.post(case_url(case), data=typed)
    assert wrong.status_code == 422
    assert "Enter the words of what you add." in texts(wrong)
    unknown = client.post(case_url(case), data=typed | {"action-new": "Name a champion", "about-new": "9.9"})
    assert unknown.status_code == 422
    assert "This framework has no requirement or criterion 9.9" in texts(unknown)
    assert "Name a champion" in texts(unknown)
    whole = typed | {"action-new": "Name a champion", "mandatory-new": "true"}
    assert client.post(case_url(case), data=whole).status_code == 303
    first, added = draft_of(case, in_scope).improvements
    assert {name: added[name] for name in ("number", "action", "timescale", "criterion_code", "mandatory")} == {
        "number": 2, "action": "Name a champion", "timescale": "by May 2027", "criterion_code": "2", "mandatory": True,
    }  # fmt: skip
    page = client.get(case_url(case))
    assert "Read as: By 31 May 2027" in texts(page)
    moved = typed_of(page) | {"do": f"up {added['key']}", f"action-{added['key']}": "Name two"}
    assert client.post(case_url(case), data=moved).headers["Location"].endswith("#improvements")
    assert [each["action"] for each in draft_of(case, in_scope).improvements] == ["Name two", first["action"]]
    removed = typed_of(client.get(case_url(case))) | {"do": f"remove {first['key']}"}
    assert client.post(case_url(case), data=removed).status_code == 303
    assert [each["action"] for each in draft_of(case, in_scope).improvements] == ["Name two"]


def test_what_somebody_else_removed_is_not_lost_to_who_was_writing_it(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_draft(app, council, judge=partly("1.1.1"))
    client.sign_in(case.officer)
    typed = typed_of(client.get(case_url(case)))
    key = draft_of(case, in_scope).improvements[0]["key"]
    assert client.post(case_url(case), data=typed | {"do": f"remove {key}"}).status_code == 303
    mine = typed | {f"action-{key}": "Written long and well"}
    refused = client.post(case_url(case), data=mine)
    assert refused.status_code == 409
    assert "Written long and well" in texts(refused)
    version = str(draft_of(case, in_scope).version)
    assert client.post(case_url(case), data=mine | {"version": version}).status_code == 303
    assert [each["action"] for each in draft_of(case, in_scope).improvements] == ["Written long and well"]


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
    assert "It may comment on every paragraph of this version until" in texts(client.get(address))
    with in_scope(case.region.scope(case.officer.id)):
        version = find_draft(case.accreditation_id).version
        reports.save(case.accreditation_id, summary="", version=version, by=actor(case.officer))
    lacking = client.post(address, data={"version": str(draft_version(app, case))})
    assert lacking.status_code == 422
    assert "Write the summary." in texts(lacking)
    assert client.post(address, data={"version": "1"}).status_code == 409
    with in_scope(case.region.scope(case.officer.id)):
        version = find_draft(case.accreditation_id).version
        reports.save(case.accreditation_id, summary=SUMMARY, version=version, by=actor(case.officer))
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
    assert client.post(send, data={"words": "Wrong."}).status_code == 403
    assert client.post(f"{send}/end").status_code == 403
    client.sign_in(lead)
    assert "Your fact check" in texts(client.get(council_url(case)))
    with in_scope(council.scope()):
        key = find_newest(case.accreditation_id, "fact_check").document["summary"][0]["key"]
    assert 'name="paragraph" value="judgement-1.1.1"' not in client.get(f"{send}?paragraph=judgement-1.1.1").text
    alone = client.post(send, data={"paragraph": "judgement-1.1.1", "words": "It is met."})
    assert alone.status_code == 404
    empty = client.post(send, data={"paragraph": key, "words": " "})
    assert empty.status_code == 422
    assert "Enter what is factually wrong" in texts(empty)
    assert client.post(send, data={"paragraph": "nowhere", "words": "Wrong."}).status_code == 404
    sent = client.post(send, data={"paragraph": key, "words": "We have 48 members."})
    assert sent.headers["Location"] == f"{send}#p-{key}"
    assert client.post(send, data={"words": "Two dates are wrong."}).status_code == 303
    page = texts(client.get(f"{send}/end"))
    assert "Your council has sent 2 comments on version 1." in page
    assert "You cannot undo this." in page
    assert client.post(f"{send}/end").status_code == 303
    assert client.get(f"{send}/end").headers["Location"] == council_url(case)
    assert client.post(send, data={"words": "One more."}).status_code == 409
    client.sign_in(case.officer)
    version = case_url(case, f"report/versions/{report_id}")
    assert "Answer the 2 comments" in texts(client.get(case_url(case, "report")))
    page = texts(client.get(version))
    assert "We have 48 members." in page
    assert "The draft still says the same." in page
    assert client.post(f"{version}/answer", data={}).status_code == 422
    wordless = client.post(f"{version}/answer", data={"changed_1": "changed", "changed_2": "kept"})
    assert wordless.status_code == 422
    assert "Enter why the report stays as it is." in texts(wordless)
    assert client.post(f"{version}/answer", data={"changed_1": "changed", "words_1": "Corrected."}).status_code == 303
    assert "Answer the comment on version 1" in texts(client.get(case_url(case, "report")))
    assert client.post(f"{version}/answer", data={"changed_2": "kept", "words_2": "See minutes."}).status_code == 303
    client.sign_in(lead)
    page = texts(client.get(council_url(case)))
    assert "Corrected." in page
    assert "See minutes." in page


def test_the_council_reads_who_was_asked_and_no_score_and_no_draft(
    app: Flask, council: MadeCouncil, client: CheckingClient
) -> None:
    case = make_fact_check(app, council, judge=partly("1.1.1"))
    client.sign_in(make_user(app, council, "council_lead"))
    page = texts(client.get(council_url(case)))
    before, _, team = page.partition("The team and its interests")
    assert not any(scorer.name in before for scorer in case.scorers)
    assert all(f"{scorer.name} " in team for scorer in case.scorers)
    assert " on 1.1.1" not in page
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
        assert [each.is_finished for each in list_versions(case.accreditation_id)] == [True]
    assert len(sql) == 2  # the scope is set with the first


def test_where_the_draft_was_forgotten_after_the_award_what_left_is_still_read(
    app: Flask, client: CheckingClient, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_decided(app, council)
    release(app, case)
    with in_scope(case.region.scope()) as session:
        end(session.scalars(sa.select(Award)).one(), ending="surrendered", on=date(2026, 5, 4), by=SERVICE)
    with in_scope(case.region.scope()):
        assert report_drafts(Keeper(case.region.id, None), datetime(2026, 5, 5, tzinfo=UTC), True) == 1
        issued = find_newest(case.accreditation_id, "issued")
    page = client.sign_in(case.officer).get(f"/regions/{case.region.slug}/cases/{case.accreditation_id}/report")
    assert "The draft was deleted" in page.text
    assert issued is not None
    link = f"/regions/{case.region.slug}/cases/{case.accreditation_id}/report/versions/{issued.id}"
    assert link in page.text
    assert SUMMARY in client.get(link).text
