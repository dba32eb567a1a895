"""Papers of a plan: what each version holds, the same plan read back, and a cover for a committee."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import docx
import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask
from python_calamine import CalamineWorkbook

from saas.db import new_id
from saas.policy import Role
from tenants.models.action_details import ActionEvidence, ActionNote, ActionOwner
from tenants.models.meetings import MeetingItem
from tenants.models.plans import Action
from tenants.rules.action_plans import read_document
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.evidence import make_link
from tests.factories.meetings import make_meeting
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]
NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
WHEN = (
    "May 2027",
    "Before Cabinet Meeting on 2nd December",
    "2018-19",
    "By end of March annually",
    "tbc",
    "2019",
    "Q2",
)
WHO = ("Ann Example, Head of Policy", "Chair of Panel/Director of HRD", "AG/ZW", "Steering group and Clerk", "")
DONE = ("", "Ongoing", "Completed January 2016", "Outstanding", "The group will soon begin.\nIt has a date.", "85%")


@pytest.fixture
def papers(council: MadeCouncil, client: CheckingClient, lead: MadeUser) -> Callable[[UUID], str]:
    """The address of a plan's papers; the council's lead is signed in."""
    client.sign_in(lead)
    return lambda plan: f"/councils/{council.slug}/plans/{plan}/papers"


def hundred(app: Flask, council: MadeCouncil) -> tuple[UUID, list[dict[str, str]]]:
    """A plan of 100 lines with texts as people write them."""
    plan = make_plan(app, council, "Charter action plan")
    lines = []
    for number in range(1, 101):
        line = {
            "action": f"Write role description {number}, “as agreed” – see *minute* & note_1",
            "reason": f"=Assessors asked for it ({number}).\nThe group agreed, +1 vote.",
            "timescale": WHEN[number % len(WHEN)],
            "responsibility": WHO[number % len(WHO)],
            "status_text": DONE[number % len(DONE)],
            "remark": "The panel would like to see this done well before the next visit." if number % 9 == 0 else "",
        }
        make_action(app, council, plan, **line)
        lines.append(line)
    return plan, lines


def detail(in_scope: InScope, council: MadeCouncil, action: UUID, **changed: Any) -> None:
    """A note on the line, its owners, and what else is changed in its row."""
    owners = changed.pop("owners", [("person", "Ann Example, Head of Policy")])
    with in_scope(council.scope()) as session:
        session.execute(sa.update(Action).where(Action.id == action).values(**changed) if changed else sa.select(1))
        session.add(
            ActionNote(
                council_id=council.id, id=new_id(), action_id=action, meeting_id=None, noted_on=date(2026, 5, 4),
                words="Secret progress.", minute="7.2", written_at=NOW, written_by=None, written_by_name="Ann",
            )
        )  # fmt: skip
        for position, (kind, name) in enumerate(owners, 1):
            session.add(
                ActionOwner(
                    council_id=council.id, id=new_id(), action_id=action, position=position, kind=kind, name=name,
                    accountable=position == 2,
                )
            )  # fmt: skip


def word_tables(data: bytes) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(io.BytesIO(data)).tables
    ]


def pdf_words(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    found = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    return found


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_plan_of_a_hundred_actions_is_read_back_as_it_was(
    app: Flask, client: CheckingClient, council: MadeCouncil, papers: Callable[[UUID], str], kind: str
) -> None:
    plan, lines = hundred(app, council)
    data = client.get(f"{papers(plan)}/restricted/timescales.{kind}").data
    reading = read_document(data, f"plan.{kind}")
    read = [
        {
            "action": row.action, "reason": row.reason, "timescale": row.timescale,
            "responsibility": row.responsibility, "status_text": row.status, "remark": row.remark,
        }
        for row in reading.rows
    ]  # fmt: skip
    assert [row.ref for row in reading.rows] == [str(number) for number in range(1, 101)]
    assert read == lines


def test_the_public_version_leaves_out_what_is_restricted_and_counts_it(
    app: Flask, client: CheckingClient, council: MadeCouncil, papers: Callable[[UUID], str], in_scope: InScope
) -> None:
    plan = make_plan(app, council, "Our plan")
    shown = make_action(
        app, council, plan, action="Write roles.", timescale="May 2027", reason="Asked for.", status_text="Ongoing",
        responsibility="Ann Example and Clerk", officer_days=Decimal("2.5"),
    )  # fmt: skip
    hidden = make_action(app, council, plan, action="Pay off somebody.", timescale="2027")
    owners = [("person", "Ann Example"), ("post", "Clerk"), ("person", "Bo Example, Head of Policy")]
    detail(in_scope, council, shown, remark="They are slow.", owners=owners)
    detail(in_scope, council, hidden, restricted=True)
    facts, table = word_tables(client.get(f"{papers(plan)}/public/timescales.docx").data)
    assert table == [
        ["No.", "Action", "Timescale", "Source/Reason", "Responsibility", "Completed"],
        ["1", "Write roles.", "May 2027", "Asked for.", "Clerk; A named officer; Head of Policy", "Ongoing"],
    ]
    assert ["Actions", "1 action: 1 with no confirmed status."] in facts
    pages = pdf_words(client.get(f"{papers(plan)}/public/timescales.pdf").data)
    assert "1 restricted action is left out." in pages[0]
    assert ["Public version" in page for page in pages] == [True] * len(pages)
    assert not [word for word in ("Ann", "Bo ", "Secret", "slow", "Pay off", "2.5") if word in " ".join(pages)]
    _, table, details = word_tables(client.get(f"{papers(plan)}/restricted/timescales.docx").data)
    assert table[1] == [
        "1",
        "Write roles.",
        "May 2027",
        "Asked for.",
        "Ann Example and Clerk",
        "Ongoing",
    ]
    assert details == [
        ["No.", "Source", "Remark", "Officer days", "Cost", "Progress notes"],
        ["1", "", "They are slow.", "2.5", "", "4 May 2026 (minute 7.2): Secret progress."],
        ["2", "", "", "", "", "4 May 2026 (minute 7.2): Secret progress."],
    ]


def test_the_evidence_index_of_a_plan(
    app: Flask, client: CheckingClient, council: MadeCouncil, papers: Callable[[UUID], str], in_scope: InScope
) -> None:
    plan = make_plan(app, council)
    action = make_action(app, council, plan, source="Report 3", reason="Asked for.", responsibility="Clerk")
    link = make_link(app, council, url="https://example.org/policy", title="Policy")
    with in_scope(council.scope()) as session:
        session.add(
            ActionEvidence(
                council_id=council.id, id=new_id(), action_id=action, evidence_id=link, pinpoint="page 3",
                linked_at=NOW, linked_by_name="Ann",
            )
        )  # fmt: skip
    data = client.get(f"{papers(plan)}/public/evidence.xlsx").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Evidence").to_python()
    assert [rows[0], [*rows[1][:3], *rows[1][4:]]] == [
        ["No.", "Evidence", "Kind", "Date", "Where it is cited", "Link"],
        ["1", "Policy", "Web page", "Action 1, page 3", "Open the web page"],
    ]
    assert client.get(f"{papers(plan)}/restricted/evidence.pdf").status_code == 200


def test_a_plan_that_no_requirement_asks_for_is_not_offered_in_the_templates_order(
    app: Flask, client: CheckingClient, council: MadeCouncil, papers: Callable[[UUID], str]
) -> None:
    plan = make_plan(app, council)
    make_action(app, council, plan)
    page = client.get(papers(plan)).text
    assert ["template&#39;s order" in page, "template's order" in page, "/elements." in page] == [False] * 3
    assert client.get(f"{papers(plan)}/restricted/elements.docx").status_code == 404
    client.post(f"{papers(plan)}/cover")
    assert client.get(f"{papers(plan)}/public/committee-elements.docx").status_code == 404


def test_why_a_meeting_decided_against_a_line_is_in_its_papers(
    app: Flask, client: CheckingClient, council: MadeCouncil, papers: Callable[[UUID], str], in_scope: InScope
) -> None:
    plan = make_plan(app, council)
    decided, typed, _ = (make_action(app, council, plan, status_text=text) for text in ("Ongoing", "No money.", ""))
    meeting = make_meeting(app, council, plan)
    with in_scope(council.scope()) as session:
        session.execute(sa.update(Action).where(Action.id.in_([decided, typed])).values(status="decided_against"))
        session.add(
            MeetingItem(
                council_id=council.id, id=new_id(), meeting_id=meeting, action_id=decided, recorded_at=NOW,
                decision="No money until 2028.", minute="14/2027", recorded_by_name="Ann",
            )
        )  # fmt: skip
    for version in ("public", "restricted"):
        _, table = word_tables(client.get(f"{papers(plan)}/{version}/timescales.docx").data)
        assert [row[-1] for row in table[1:]] == [
            "Decided against: No money until 2028 (minute 14/2027)", "Decided against: No money.", "",
        ]  # fmt: skip


def test_every_download_has_a_name_of_its_own(
    app: Flask, client: CheckingClient, council: MadeCouncil, papers: Callable[[UUID], str]
) -> None:
    plan = make_plan(app, council, "Our plan")
    make_action(app, council, plan)
    client.post(f"{papers(plan)}/cover")
    names = [
        client.get(f"{papers(plan)}/{version}/{paper}.docx").headers["Content-Disposition"]
        for version in ("public", "restricted")
        for paper in ("timescales", "evidence", "committee-timescales")
    ]
    assert len(set(names)) == 6
    assert ["list%20of%20actions" in name or "list of actions" in name for name in names] == [True, False, True] * 2
    assert ["committee paper" in name or "committee%20paper" in name for name in names] == [False, False, True] * 2


def test_a_cover_is_written_and_the_plan_follows_it_as_an_appendix(
    app: Flask, client: CheckingClient, council: MadeCouncil, papers: Callable[[UUID], str]
) -> None:
    plan = make_plan(app, council, "Our plan")
    make_action(app, council, plan)
    home = papers(plan)
    assert client.get(f"{home}/public/committee-timescales.docx").status_code == 404
    cover = client.post(f"{home}/cover").location
    assert client.post(f"{home}/cover").location == cover
    assert "Note the progress so far." in client.get(cover).text
    typed = {
        "version": "1", "title": "Charter action plan", "committee": "Standards", "meets_on-day": "2",
        "meets_on-month": "12", "meets_on-year": "2026", "author": "Clerk", "purpose": "To agree it.",
        "recommendations": "Agree the plan.\n\nNote it.", "financial": "None.", "other_heading": "Climate",
        "other": "Few journeys.",
    }  # fmt: skip
    assert client.post(cover, data=typed).location == home
    stale = client.post(cover, data=typed | {"purpose": "Mine."})
    assert (stale.status_code, "To agree it." in stale.text, "Mine." in stale.text) == (409, True, True)
    bad = client.post(cover, data=typed | {"version": "2", "title": " ", "purpose": "Kept."})
    assert (bad.status_code, "Kept." in bad.text) == (422, True)
    document = docx.Document(io.BytesIO(client.get(f"{home}/public/committee-timescales.docx").data))
    assert [(part.style.name, part.text) for part in document.paragraphs if part.text][:16] == [
        ("Title", "Charter action plan"),
        ("Heading 1", "Purpose"), ("Normal", "To agree it."),
        ("Heading 1", "Recommendations"), ("Normal", "1.\tAgree the plan."), ("Normal", "2.\tNote it."),
        ("Heading 1", "Implications"), ("Heading 2", "Financial"), ("Normal", "None."),
        ("Heading 2", "Climate"), ("Normal", "Few journeys."),
        ("Heading 1", "Appendices"), ("Normal", "Appendix 1: Our plan (1 action)"),
        ("Heading 1", "Appendix 1: Our plan"),
        ("Normal", "This is the public version. No action is left out. Owners are named by their post."
         " Progress notes, officer time, costs and internal remarks are left out."),
    ][:16]  # fmt: skip
    assert [cell.text for cell in document.tables[0].columns[1].cells] == ["Standards", "2 December 2026", "Clerk"]
    pages = pypdfium2.PdfDocument(client.get(f"{home}/public/committee-timescales.pdf").data)
    assert [page.get_width() > page.get_height() for page in pages] == [False, True]
    pages.close()


def test_papers_of_another_council_are_not_there_and_readers_download_but_write_no_cover(
    app: Flask, client: CheckingClient, council: MadeCouncil, papers: Callable[[UUID], str]
) -> None:
    plan = make_plan(app, council)
    theirs = make_plan(app, make_council(app, council.region))
    assert client.get(papers(theirs)).status_code == 404
    assert client.get(f"{papers(theirs)}/public/timescales.docx").status_code == 404
    client.sign_in(make_user(app, council, Role.COUNCIL_VIEWER))
    assert "Write a cover" not in client.get(papers(plan)).text
    assert client.get(f"{papers(plan)}/public/timescales.pdf").status_code == 200
    assert client.post(f"{papers(plan)}/cover").status_code == 403


@pytest.mark.parametrize("lines", [1, 3])
def test_a_paper_takes_the_same_statements_for_one_line_and_for_three(
    app: Flask, client: CheckingClient, council: MadeCouncil, papers: Callable[[UUID], str], statements: Statements,
    in_scope: InScope, lines: int,
) -> None:  # fmt: skip
    plan = make_plan(app, council)
    for _ in range(lines):
        detail(in_scope, council, make_action(app, council, plan))
    client.get(papers(plan))
    with statements() as sent:
        client.get(f"{papers(plan)}/restricted/timescales.docx")
    assert len([one for one in sent if one.lstrip().lower().startswith("select")]) == 12
