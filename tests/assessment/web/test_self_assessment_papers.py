"""Papers of a self-assessment: in the template's order and by action, the evidence index, and a committee's."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import urlsplit
from uuid import UUID

import docx
import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask
from python_calamine import CalamineWorkbook

from saas.policy import Role
from tenants.models.plans import Action
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.submissions import answer_all
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]
HEADINGS = ["Elements", "Requirements", "Evidence", "Action", "By when", "By whom"]
CITED = "Evidence cited: Policy on learning, Page 2; Programme of the year, Page 2"


@pytest.fixture
def made(app: Flask, council: MadeCouncil, lead: MadeUser, client: CheckingClient) -> UUID:
    """An accreditation answered throughout, with two actions at 1.2.1; the lead is signed in."""
    accreditation = make_accreditation(app, council)
    answer_all(app, council, accreditation)
    client.sign_in(lead)
    for version, who in (("1", "Ann Example, Clerk"), ("2", "Margaret")):
        typed = {
            "judgement": "not_met", "narrative": "=Not yet.\nSoon.", "version": version,
            "action": f"Write it down {version}.", "timescale": "May 2027", "responsibility": who,
        }  # fmt: skip
        answer = client.post(f"{home(council, accreditation)}/requirements/1.2.1", data=typed)
        assert answer.status_code == 303
    return accreditation


def home(council: MadeCouncil, accreditation: UUID) -> str:
    return f"/councils/{council.slug}/accreditations/{accreditation}"


def tables_of(data: bytes) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(io.BytesIO(data)).tables
    ]


def sheet(data: bytes, name: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python()


def test_the_order_of_the_template_has_a_row_for_every_action(
    client: CheckingClient, council: MadeCouncil, made: UUID
) -> None:
    papers = f"{home(council, made)}/papers"
    facts, table, judgements = tables_of(client.get(f"{papers}/restricted/elements.docx").data)
    assert table[0] == HEADINGS
    rows = [row for row in table if row[1].startswith("1.2.1 ")]
    assert [row[2:] for row in rows] == [
        [f"=Not yet.\nSoon.\n{CITED}", "Write it down 1.", "May 2027", "Ann Example, Clerk"],
        ["", "Write it down 2.", "May 2027", "Margaret"],
    ]
    assert {tuple(row[3:]) for row in table[1:] if row not in rows} == {("", "", "")}
    assert facts[-1] == ["Own judgements", "28 requirements: 27 met, 1 not yet met."]
    assert len(judgements) == 29
    public = sheet(client.get(f"{papers}/public/elements.xlsx").data, "Self-assessment")
    assert [row[5] for row in public if str(row[1]).startswith("1.2.1 ")] == ["Clerk", "A named officer"]


def test_by_action_each_says_which_requirement_needs_it(
    client: CheckingClient, council: MadeCouncil, made: UUID, in_scope: InScope
) -> None:
    with in_scope(council.scope()) as session:
        session.execute(sa.update(Action).where(Action.action == "Write it down 2.").values(restricted=True))
    papers = f"{home(council, made)}/papers"
    page = client.get(papers).text
    assert "1 restricted action is left out, and the paper says so." in page
    table = sheet(client.get(f"{papers}/public/timescales.xlsx").data, "Action plan")
    assert table[0] == ["No.", "Action", "Timescale", "Source/Reason", "Responsibility", "Completed"]
    assert [(row[1], str(row[3])[:6], row[4]) for row in table[1:]] == [("Write it down 1.", "1.2.1 ", "Clerk")]
    pages = pypdfium2.PdfDocument(client.get(f"{papers}/public/elements.pdf").data)
    words = [" ".join(page.get_textpage().get_text_bounded().split()) for page in pages]
    pages.close()
    assert ["Public version" in page and HEADINGS[1] in page for page in words[:2]] == [True, True]
    assert "Write it down 2." not in " ".join(words)


def test_the_evidence_index_says_where_each_is_cited(client: CheckingClient, council: MadeCouncil, made: UUID) -> None:
    papers = f"{home(council, made)}/papers"
    rows = sheet(client.get(f"{papers}/restricted/evidence.xlsx").data, "Evidence")
    assert [(row[0], row[1], row[2], str(row[4]).count("Page 2"), row[5]) for row in rows[1:]] == [
        ("1", "Policy on learning", "Document", 28, "Open in the library"),
        ("2", "Programme of the year", "Web page", 28, "Open the web page"),
    ]
    public = sheet(client.get(f"{papers}/public/evidence.xlsx").data, "Evidence")
    assert [row[5] for row in public[1:]] == ["Held by the council", "Open the web page"]
    document = docx.Document(io.BytesIO(client.get(f"{papers}/restricted/evidence.docx").data))
    kept, _ = sorted({each.target_ref for each in document.part.rels.values() if each.is_external})
    assert "Policy on learning" in client.get(urlsplit(kept).path).text


def test_a_committee_gets_one_document(client: CheckingClient, council: MadeCouncil, made: UUID) -> None:
    papers = f"{home(council, made)}/papers"
    assert client.get(f"{papers}/public/committee-elements.docx").status_code == 404
    cover = client.post(f"{papers}/cover").location
    assert "Self-assessment: Charter" in client.get(cover).text
    document = docx.Document(io.BytesIO(client.get(f"{papers}/public/committee-elements.docx").data))
    heads = [part.text for part in document.paragraphs if part.style.name == "Heading 1"]
    assert heads == [
        "Purpose", "Recommendations", "Appendices", "Appendix 1: Self-assessment: Charter", "Own judgements",
        "Appendix 2: Evidence index",
    ]  # fmt: skip
    assert client.get(f"{papers}/restricted/committee-timescales.pdf").status_code == 200
    assert client.get(f"{home(council, made)}/").text.count(f"{papers}") == 1


def test_another_council_and_a_viewer(app: Flask, client: CheckingClient, council: MadeCouncil, made: UUID) -> None:
    other = make_council(app, council.region)
    client.sign_in(make_user(app, other, Role.COUNCIL_LEAD))
    assert client.get(f"/councils/{other.slug}/accreditations/{made}/papers").status_code == 404
    client.sign_in(make_user(app, council, Role.COUNCIL_VIEWER))
    assert client.get(f"{home(council, made)}/papers/public/elements.pdf").status_code == 200
    assert client.post(f"{home(council, made)}/papers/cover").status_code == 403


def test_a_paper_takes_the_same_statements_whatever_was_answered(
    client: CheckingClient, council: MadeCouncil, made: UUID, statements: Statements
) -> None:
    counts = []
    for version in ("1", "2"):
        with statements() as sent:
            assert client.get(f"{home(council, made)}/papers/restricted/elements.docx").status_code == 200
        counts.append(len([one for one in sent if one.lstrip().lower().startswith("select")]))
        typed = {"judgement": "not_met", "narrative": "No.", "version": version, "action": "More.", "timescale": "2027"}
        assert client.post(f"{home(council, made)}/requirements/1.1.1", data=typed).status_code == 303
    assert counts[0] == counts[1] <= 14


def test_who_may_not_read_the_plan_has_the_public_version_alone(
    app: Flask, client: CheckingClient, council: MadeCouncil, made: UUID
) -> None:
    assert client.post(f"{home(council, made)}/papers/cover").status_code == 303
    client.sign_in(make_user(app, council, Role.SIGNATORY))
    papers = f"{home(council, made)}/papers"
    page = client.get(papers).get_data(as_text=True)
    assert ("public/elements.docx" in page, "restricted/" in page) == (True, False)
    files = ("elements.docx", "timescales.pdf", "evidence.xlsx", "committee-elements.docx")
    assert [client.get(f"{papers}/public/{name}").status_code for name in files] == [200] * 4
    assert [client.get(f"{papers}/restricted/{name}").status_code for name in files] == [403] * 4
