"""Files of the library: many at once, one by one, refusals beside each name, new versions, the quota."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from tenants.models.evidence import Evidence, EvidenceVersion
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.evidence import make_file, make_link, pdf
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]
Sent = tuple[bytes, str]


@pytest.fixture
def base(council: MadeCouncil) -> str:
    """Where the library is."""
    return f"/councils/{council.slug}/evidence"


@pytest.fixture
def editor(client: CheckingClient, lead: MadeUser) -> CheckingClient:
    """The council's lead, signed in."""
    return client.sign_in(lead)


def send(client: CheckingClient, base: str, *files: Sent, **fields: str) -> TestResponse:
    """Upload files as the form without scripts does."""
    sent = [(io.BytesIO(content), name) for content, name in files]
    return client.post(f"{base}/upload", data={"file": sent, **fields})


def send_one(client: CheckingClient, base: str, content: bytes, filename: str, **fields: str) -> TestResponse:
    """Upload one file as the page does."""
    return client.post(f"{base}/files", data={"file": (io.BytesIO(content), filename), **fields})


def kept(in_scope: InScope, council: MadeCouncil) -> list[tuple[Any, ...]]:
    """(title, file name, version, in the library) of everything the council has."""
    with in_scope(council.scope()) as session:
        rows = session.scalars(sa.select(Evidence).order_by(Evidence.title))
        return [(row.title, row.filename, row.file_number, row.removed_at is None) for row in rows]


def bomb() -> bytes:
    """A Word document that would unpack to far more than is allowed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(300 * 1024 * 1024))
    return packed.getvalue()


REFUSED = [
    (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(200), "report.pdf", "“report.pdf” is not a PDF"),
    (b"", "empty.pdf", "“empty.pdf” is empty."),
    (b"words", "macro.docm", "may contain macros"),
    (b"words", "page.html", "ends in .html, which is not accepted"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "logo.svg", "ends in .svg"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "logo.png", "is not a PNG image"),
]


def test_of_twenty_files_two_are_refused_by_name_and_eighteen_arrive(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    good = [(pdf(f"paper {number}"), f"paper-{number:02}.pdf") for number in range(18)]
    answer = send(editor, base, *good[:9], (b"", "empty.pdf"), *good[9:], (b"words", "macro.docm"))
    assert (answer.status_code, answer.location) == (303, f"{base}/upload")
    page = editor.get(answer.location).text
    assert "18 of 20 files arrived. 2 were not added; why stands beside each name." in page
    items = page.split('<li class="uploads__item">')[1:]
    refused = [" ".join(item.split("</li>")[0].split()) for item in items if "Not added" in item]
    assert len(items) == 20
    assert [("“empty.pdf” is empty." in line, "may contain macros" in line) for line in refused] == [
        (True, False),
        (False, True),
    ]
    assert [row[0] for row in kept(in_scope, council)] == [name for _, name in good]
    assert "files arrived" not in editor.get(f"{base}/upload").text


def test_dates_hold_for_every_file_that_is_sent(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    day = {"speaks_for_on-day": "4", "speaks_for_on-month": "5", "speaks_for_on-year": "2026"}
    send(editor, base, (pdf("a"), "a.pdf"), (pdf("b"), "b.pdf"), **day)
    with in_scope(council.scope()) as session:
        assert {str(day) for day in session.scalars(sa.select(Evidence.speaks_for_on))} == {"2026-05-04"}
    wrong = send(
        editor, base, (pdf("c"), "c.pdf"), **day,
        **{"valid_until_on-day": "3", "valid_until_on-month": "5", "valid_until_on-year": "2026"},
    )  # fmt: skip
    assert wrong.status_code == 422
    assert "It cannot end before the date it speaks for" in wrong.text
    assert len(kept(in_scope, council)) == 2


@pytest.mark.parametrize(("content", "filename", "words"), [*REFUSED, (None, "bomb.docx", "unpack")])
def test_what_is_no_evidence_is_refused_in_words(
    editor: CheckingClient,
    base: str,
    council: MadeCouncil,
    in_scope: InScope,
    content: bytes | None,
    filename: str,
    words: str,
) -> None:
    content = bomb() if content is None else content
    answer = send(editor, base, (content, filename))
    assert answer.status_code == 422
    assert words in answer.text.split('id="file-error"')[1].split("</p>")[0]
    alone = send_one(editor, base, content, filename)
    assert (alone.status_code, alone.json["outcome"], words in alone.json["words"]) == (422, "refused", True)  # type: ignore[index]
    assert kept(in_scope, council) == []


def test_the_same_content_is_kept_once_and_the_page_says_so(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    row = make_file(app, council, content=pdf("once"), title="First")
    answer = send_one(editor, base, pdf("once"), "second.pdf")
    assert answer.json == {
        "name": "second.pdf",
        "outcome": "there",
        "words": "In the library already, as “First”. Nothing was added.",
        "href": f"{base}/{row}",
        "link": "Open",
        "id": str(row),
    }
    assert kept(in_scope, council) == [("First", "strategy.pdf", 1, True)]


def test_a_removed_file_is_offered_back_and_not_doubled(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    row = make_file(app, council, content=pdf("again"), title="Before")
    editor.post(f"{base}/{row}/remove")
    answer = send_one(editor, base, pdf("again"), "again.pdf").json or {}
    assert (answer["outcome"], answer["words"]) == ("removed", "It was removed from the library, as “Before”.")
    assert f'action="{base}/{row}/restore"' in editor.get(answer["href"]).text
    assert kept(in_scope, council) == [("Before", "strategy.pdf", 1, False)]


def test_a_file_that_is_shorter_than_announced_is_torn(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    whole = pdf("whole")
    torn = send_one(editor, base, whole[:-9], "whole.pdf", size=str(len(whole)))
    assert (torn.status_code, torn.json) == (
        422,
        {"outcome": "refused", "words": "“whole.pdf” did not arrive completely. Please send it again."},
    )
    assert send_one(editor, base, whole, "whole.pdf", size=str(len(whole))).status_code == 200
    assert [row[0] for row in kept(in_scope, council)] == ["whole.pdf"]


@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")  # the parser drops the half it has
def test_a_torn_upload_keeps_nothing(
    editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    body = (
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF-1.4 and then the line"
    )
    options = {"data": body, "content_type": "multipart/form-data; boundary=edge"}
    answer = editor.post(f"{base}/upload", **options)
    assert answer.status_code == 422
    assert "The file did not arrive completely." in answer.text.split('id="file-error"')[1].split("</p>")[0]
    assert editor.post(f"{base}/files", **options).status_code == 422
    assert kept(in_scope, council) == []


@pytest.mark.parametrize(("over", "status"), [(1, 422), (2 * 1024 * 1024, 413)])
def test_a_file_over_the_limit_is_refused_with_the_limit(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope, over: int, status: int
) -> None:
    limit = app.config["CHARTERWAY"].upload_limit_mb
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="large.pdf"\r\n\r\n'
    body = head + pdf("") + bytes(limit * 1024 * 1024 + over) + b"\r\n--edge--\r\n"
    options = {"data": body, "content_type": "multipart/form-data; boundary=edge"}
    alone = editor.post(f"{base}/files", **options)
    assert (alone.status_code, f"larger than {limit} MB, the limit" in alone.json["words"]) == (status, True)  # type: ignore[index]
    among_many = editor.post(f"{base}/upload", **options)
    assert among_many.status_code == 422
    assert f"larger than {limit} MB, the limit" in among_many.text.split('id="file-error"')[1].split("</p>")[0]
    assert kept(in_scope, council) == []


def test_an_upload_takes_six_statements_and_a_download_four(
    editor: CheckingClient, base: str, statements: Statements
) -> None:
    with statements() as sql:
        made = send_one(editor, base, pdf("counted"), "counted.pdf").json or {}
    told = [line for line in sql if not line.startswith("select set_config")]
    assert len(told) == 5  # who it is, the hold, what is there, the row, its event; life adds the scope, told once
    with statements() as sql:
        assert editor.get(f"{made['href']}/file").data == pdf("counted")
    assert len([line for line in sql if not line.startswith("select set_config")]) <= 3


def test_a_new_version_keeps_the_earlier_ones(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    row = f"{base}/{make_file(app, council, content=pdf('one'), title='Strategy')}"
    assert "version 1, strategy.pdf" in editor.get(f"{row}/replace").text
    day = {"speaks_for_on-day": "1", "speaks_for_on-month": "6", "speaks_for_on-year": "2026"}
    answer = editor.post(f"{row}/replace", data={"file": (io.BytesIO(pdf("two")), "strategy-2026.pdf"), **day})
    assert (answer.status_code, answer.location) == (303, row)
    page = editor.get(row).text
    assert "“Strategy” is now version 2." in page
    assert "1 June 2026" in page
    assert [editor.get(f"{row}/versions/{number}").data for number in (1, 2)] == [pdf("one"), pdf("two")]
    assert editor.get(f"{row}/file").data == pdf("two")
    assert editor.get(f"{row}/versions/3").status_code == 404
    with in_scope(council.scope()) as session:
        versions = session.scalars(sa.select(EvidenceVersion).order_by(EvidenceVersion.number)).all()
        assert [(each.number, each.filename, each.added_by_name) for each in versions] == [
            (1, "strategy.pdf", "Console"),
            (2, "strategy-2026.pdf", lead.name),
        ]
    earlier = send_one(editor, base, pdf("one"), "old.pdf").json or {}
    assert earlier["words"] == "In the library already: it is version 1 of “Strategy”. Nothing was added."


def test_replacing_by_what_is_there_already_changes_nothing(
    app: Flask, editor: CheckingClient, base: str, council: MadeCouncil, in_scope: InScope
) -> None:
    row = f"{base}/{make_file(app, council, content=pdf('one'), title='Strategy')}"
    make_file(app, council, content=pdf("other"), title="Survey")
    for content, words in ((pdf("one"), "is the same as the newest version"), (pdf("other"), "already, as “Survey”")):
        answer = editor.post(f"{row}/replace", data={"file": (io.BytesIO(content), "new.pdf")})
        assert answer.status_code == 422
        assert words in answer.text.split('id="file-error"')[1].split("</p>")[0]
    assert kept(in_scope, council) == [("Strategy", "strategy.pdf", 1, True), ("Survey", "strategy.pdf", 1, True)]
    link = make_link(app, council)
    assert editor.get(f"{base}/{link}/replace").status_code == 404
    assert editor.post(f"{base}/{link}/replace", data={"file": (io.BytesIO(pdf("x")), "x.pdf")}).status_code == 409


def test_beyond_the_quota_a_file_is_refused_with_what_is_left(
    app: Flask,
    editor: CheckingClient,
    base: str,
    council: MadeCouncil,
    in_scope: InScope,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "CHARTERWAY", replace(app.config["CHARTERWAY"], evidence_quota_mb=1))
    half = pdf("half") + bytes(700_000)
    row = make_file(app, council, content=half, title="Half")
    assert "700 kB of 1 MB used." in editor.get(base).text
    answer = send_one(editor, base, pdf("more") + bytes(500_000), "more.pdf").json or {}
    assert answer["words"] == "“more.pdf” (500 kB) does not fit: your council has 300 kB left of 1 MB."
    refused = editor.post(
        f"{base}/{row}/replace", data={"file": (io.BytesIO(pdf("more") + bytes(500_000)), "more.pdf")}
    )
    assert "does not fit" in refused.text.split('id="file-error"')[1].split("</p>")[0]
    assert kept(in_scope, council) == [("Half", "strategy.pdf", 1, True)]


def test_another_council_sees_no_version_and_replaces_nothing(
    app: Flask, client: CheckingClient, council: MadeCouncil, base: str, officer: MadeUser
) -> None:
    row = make_file(app, council)
    other = make_council(app, council.region)
    client.sign_in(make_user(app, other, "council_lead"))
    elsewhere = f"/councils/{other.slug}/evidence/{row}"
    paths = [f"{start}{end}" for start in (f"{base}/{row}", elsewhere) for end in ("/replace", "/versions/1")]
    assert [client.get(path).status_code for path in paths] == [404] * 4
    assert client.post(f"{elsewhere}/replace", data={"file": (io.BytesIO(pdf("x")), "x.pdf")}).status_code == 404
    assert client.sign_in(officer).get(f"{base}/{row}/versions/1").status_code == 404


def test_who_only_reads_sends_nothing(app: Flask, client: CheckingClient, council: MadeCouncil, base: str) -> None:
    row = make_file(app, council)
    client.sign_in(make_user(app, council, "council_viewer"))
    assert send_one(client, base, pdf("x"), "x.pdf").status_code == 403
    assert client.get(f"{base}/{row}/replace").status_code == 403
    assert client.get(f"{base}/{row}/versions/1").status_code == 200
