"""The report as files: for the region, for the council, and for the team while its file is open."""

from __future__ import annotations

import io

import docx
import pypdfium2
import pytest
from flask import Flask

from assessment.queries.reports import find_issued, find_newest
from tests.assessment.web.test_reports import case_url, council_url, texts
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.awards import SUMMARY, make_award, make_fact_check
from tests.factories.tenants import MadeCouncil, make_council, make_user

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def text_of(data: bytes, kind: str) -> str:
    """The words of a Word file or a PDF."""
    if kind == "docx":
        return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)
    document = pypdfium2.PdfDocument(data)
    words = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return words


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_region_and_council_load_the_version_and_only_the_region_the_draft(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope, kind: str
) -> None:
    case = make_fact_check(app, council)
    with in_scope(council.scope()):
        report_id = find_newest(case.accreditation_id, "fact_check").id
    draft = case_url(case, f"report/draft.{kind}")
    client.sign_in(case.officer)
    answer = client.get(draft)
    assert (answer.status_code, answer.content_type) == (200, TYPES[kind])
    assert f'attachment; filename="{council.name} draft report.{kind}"' in answer.headers["Content-Disposition"]
    assert "Draft, as saved on" in text_of(answer.data, kind)
    opened = client.get(case_url(case, f"report/versions/{report_id}/report.{kind}"))
    assert "Version 1, opened to the council for its fact check" in text_of(opened.data, kind).replace("\r\n", " ")
    client.sign_in(make_user(app, council, "council_viewer"))
    mine = client.get(council_url(case, f"report/{report_id}/report.{kind}"))
    assert SUMMARY in text_of(mine.data, kind)
    assert client.get(draft).status_code == 404
    assert client.get(council_url(case, f"report/{case.accreditation_id}/report.{kind}")).status_code == 404


def test_the_team_reads_and_loads_the_issued_report_and_nothing_before(
    app: Flask, council: MadeCouncil, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_fact_check(app, council)
    client.sign_in(case.scorers[0])
    assert client.get(f"/files/{case.accreditation_id}/report").status_code == 404
    other = make_council(app, council.region)
    issued = make_award(app, other)
    client.sign_in(issued.scorers[0])
    page = client.get(f"/files/{issued.accreditation_id}/report")
    with in_scope(other.scope()):
        digits = find_issued(issued.accreditation_id).hash
    assert digits[:4] in texts(page)
    answer = client.get(f"/files/{issued.accreditation_id}/report.pdf")
    assert "Issued on" in text_of(answer.data, "pdf")
    client.sign_in(case.scorers[1])
    assert client.get(f"/files/{issued.accreditation_id}/report.pdf").status_code == 404
