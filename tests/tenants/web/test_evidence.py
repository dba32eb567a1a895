"""The library's pages: adding, refusing, correcting, removing, and another council's eyes."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from saas.files import storage
from tenants.models.evidence import Evidence
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.evidence import make_file, make_link, pdf
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def base(council: MadeCouncil) -> str:
    """Where the library is."""
    return f"/councils/{council.slug}/evidence"


@pytest.fixture
def editor(client: CheckingClient, lead: MadeUser) -> CheckingClient:
    """The council's lead, signed in."""
    return client.sign_in(lead)


def kept(in_scope: InScope, council: MadeCouncil) -> list[tuple[Any, ...]]:
    """(kind, title, file name, address, in the library) of everything the council has."""
    with in_scope(council.scope()) as session:
        rows = session.scalars(sa.select(Evidence).order_by(Evidence.title))
        return [(row.kind, row.title, row.filename, row.url, row.removed_at is None) for row in rows]


def send(client: CheckingClient, base: str, content: bytes, filename: str, **fields: str) -> TestResponse:
    """Upload a file as the form does."""
    return client.post(f"{base}/upload", data={"file": (io.BytesIO(content), filename), **fields})


def test_an_empty_library_tells_the_next_step(editor: CheckingClient, base: str) -> None:
    page = editor.get(base).text
    assert "No evidence yet." in page
    assert f'href="{base}/upload"' in page


def test_a_file_is_kept_under_its_title_and_comes_back_as_it_was(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    day = {"speaks_for_on-day": "4", "speaks_for_on-month": "5", "speaks_for_on-year": "2026"}
    answer = send(editor, base, pdf("minutes"), "minutes.pdf", title="Minutes of the panel", **day)
    assert answer.status_code == 303
    assert kept(in_scope, council) == [("file", "Minutes of the panel", "minutes.pdf", None, True)]
    page = editor.get(answer.location).text
    assert "4 May 2026" in page
    download = editor.get(f"{answer.location}/file")
    assert (download.status_code, download.data) == (200, pdf("minutes"))
    assert download.headers["Content-Disposition"] == 'attachment; filename="minutes.pdf"'


def test_the_same_content_is_kept_once_and_the_page_says_so(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    send(editor, base, pdf("once"), "first.pdf", title="First")
    again = send(editor, base, pdf("once"), "second.pdf", title="Second")
    assert "This file is in the library already, as “First”. Nothing was added." in editor.get(again.location).text
    assert kept(in_scope, council) == [("file", "First", "first.pdf", None, True)]


@pytest.mark.parametrize(
    ("content", "filename", "words"),
    [
        (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(200), "report.pdf", "“report.pdf” is not a PDF"),
        (b"", "empty.pdf", "“empty.pdf” is empty."),
        (b"words", "macro.docm", "may contain macros"),
        (b"words", "page.html", "ends in .html, which is not accepted"),
    ],
)
def test_what_is_no_evidence_is_refused_beside_the_field(
    editor: CheckingClient,
    base: str,
    council: MadeCouncil,
    in_scope: InScope,
    content: bytes,
    filename: str,
    words: str,
) -> None:
    answer = send(editor, base, content, filename, title="Typed already")
    assert answer.status_code == 422
    assert words in answer.text.split('id="file-error"')[1].split("</p>")[0]
    assert 'value="Typed already"' in answer.text
    assert kept(in_scope, council) == []


@pytest.mark.parametrize(("over", "status"), [(1, 422), (2 * 1024 * 1024, 413)])
def test_a_file_over_the_limit_is_refused_with_the_limit(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope, over: int, status: int
) -> None:
    limit = app.config["CHARTERWAY"].upload_limit_mb
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="large.pdf"\r\n\r\n'
    body = head + pdf("") + bytes(limit * 1024 * 1024 + over) + b"\r\n--edge--\r\n"
    answer = editor.post(f"{base}/upload", data=body, content_type="multipart/form-data; boundary=edge")
    assert answer.status_code == status
    assert f"larger than {limit} MB, the limit" in answer.text.split('id="file-error"')[1].split("</p>")[0]
    assert kept(in_scope, council) == []


@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")  # the parser drops the half it has
def test_a_torn_upload_keeps_nothing(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    body = (
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF-1.4 and then the line"
    )
    answer = editor.post(f"{base}/upload", data=body, content_type="multipart/form-data; boundary=edge")
    assert answer.status_code == 422
    assert "The file did not arrive completely." in answer.text.split('id="file-error"')[1].split("</p>")[0]
    assert kept(in_scope, council) == []


def test_a_link_is_kept_and_others_than_web_addresses_are_refused(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    refused = editor.post(f"{base}/link", data={"url": "javascript:alert(1)", "title": "Bad"})
    assert refused.status_code == 422
    assert "The web address must begin with https:// or http://" in refused.text
    assert editor.post(f"{base}/link", data={"url": "https://www.example.gov.uk/a"}).status_code == 303
    assert kept(in_scope, council) == [
        ("link", "https://www.example.gov.uk/a", None, "https://www.example.gov.uk/a", True)
    ]


def test_title_and_dates_can_be_corrected_but_not_over_somebody_else(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    row = f"{base}/{make_file(app, council, title='Old')}"
    assert editor.post(f"{row}/edit", data={"version": "1", "title": "New"}).status_code == 303
    stale = editor.post(f"{row}/edit", data={"version": "1", "title": "Mine"})
    assert stale.status_code == 409
    assert "saved this on" in stale.text
    cells = stale.text.split("<tbody>")[1].split("</tbody>")[0]
    assert ("Mine" in cells, "New" in cells) == (True, True)
    assert 'name="version" value="2"' in stale.text
    assert editor.post(f"{row}/edit", data={"version": "2", "title": "Mine"}).status_code == 303
    assert kept(in_scope, council) == [("file", "Mine", "strategy.pdf", None, True)]


def test_removing_hides_it_keeps_the_content_and_can_be_undone(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    row = f"{base}/{make_file(app, council, content=pdf('kept'), title='Survey')}"
    answer = editor.post(f"{row}/remove")
    page = editor.get(answer.location).text
    assert "“Survey” was removed from the library." in page
    assert editor.get(row).status_code == editor.get(f"{row}/file").status_code == 404
    with in_scope(council.scope()) as session:
        sha256 = session.scalars(sa.select(Evidence.sha256)).one()
        assert storage().exists(str(council.id), sha256 or "")
    assert editor.post(f"{row}/restore").status_code == 303
    assert kept(in_scope, council) == [("file", "Survey", "strategy.pdf", None, True)]


def test_sending_a_removed_file_again_brings_back_the_one_there_was(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    row = make_file(app, council, content=pdf("again"), title="Before")
    editor.post(f"{base}/{row}/remove")
    answer = send(editor, base, pdf("again"), "again.pdf", title="After")
    assert answer.location == f"{base}/{row}"
    assert kept(in_scope, council) == [("file", "After", "strategy.pdf", None, True)]


def test_the_list_is_filtered_sorted_and_downloaded_as_shown(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil
) -> None:
    make_file(app, council, title="Survey", filename="b.pdf", speaks_for_on=date(2025, 1, 2))
    make_file(app, council, title="=Strategy", filename="a.pdf")
    make_link(app, council, title="Site")
    page = editor.get(f"{base}?kind=file&sort=title").text
    titles = [part.split("</a>")[0].split(">")[-1] for part in page.split('<th scope="row">')[1:]]
    assert titles == ["=Strategy", "Survey"]
    lines = editor.get(f"{base}.csv?kind=file&sort=title").data.decode("utf-8-sig").splitlines()
    assert [line.split(",")[:3] for line in lines] == [
        ["Title", "Kind", "File or address"],
        ["'=Strategy", "file", "a.pdf"],
        ["Survey", "file", "b.pdf"],
    ]


def test_another_council_and_its_region_see_nothing(
    app: Flask, client: CheckingClient, council: MadeCouncil, base: str, officer: MadeUser
) -> None:
    row = make_file(app, council)
    other = make_council(app, council.region)
    stranger = make_user(app, other, "council_lead")
    client.sign_in(stranger)
    assert [client.get(f"{base}/{row}{end}").status_code for end in ("", "/file", "/edit")] == [404] * 3
    elsewhere = f"/councils/{other.slug}/evidence/{row}"
    assert [client.get(f"{elsewhere}{end}").status_code for end in ("", "/file", "/edit")] == [404] * 3
    assert client.sign_in(officer).get(f"{base}/{row}/file").status_code == 404


def test_who_only_reads_may_not_write(app: Flask, client: CheckingClient, council: MadeCouncil, base: str) -> None:
    row = make_file(app, council)
    client.sign_in(make_user(app, council, "council_viewer"))
    assert client.get(f"{base}/{row}/file").status_code == 200
    assert f'href="{base}/upload"' not in client.get(base).text
    assert client.post(f"{base}/{row}/remove").status_code == 403
    assert client.post(f"{base}/link", data={"url": "https://www.example.gov.uk"}).status_code == 403


def test_the_list_takes_the_same_statements_for_one_and_for_three(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, statements: Statements
) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make_file(app, council)
        with statements() as sql:
            assert editor.get(base).status_code == 200
        counts.append(len(sql))
    assert counts[0] == counts[1] <= 5
