"""Looking inside a file: pages as images with their text, tables and texts as safe HTML, and nothing that runs."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image

from saas import jobs
from tests.checking_client import CheckingClient
from tests.factories.documents import excel_plan, word_plan
from tests.factories.evidence import make_file, make_link, pdf
from tests.factories.pages import pdf_of_pages
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user


@pytest.fixture
def base(council: MadeCouncil) -> str:
    """Where the library is."""
    return f"/councils/{council.slug}/evidence"


@pytest.fixture
def reader(app: Flask, client: CheckingClient, council: MadeCouncil) -> CheckingClient:
    """Somebody who may only read."""
    return client.sign_in(make_user(app, council, "council_viewer"))


@pytest.fixture
def strategy(app: Flask, council: MadeCouncil) -> UUID:
    """A PDF of three pages, read."""
    content = pdf_of_pages(["Aims & <means>."], ["Budget."], [])
    row = make_file(app, council, content=content, title="Strategy")
    with app.app_context():
        jobs.run_all()
    return row


def test_a_pdf_is_shown_page_by_page_with_its_text(reader: CheckingClient, base: str, strategy: UUID) -> None:
    first = reader.get(f"{base}/{strategy}/preview").text
    assert "Page 1 of 3" in " ".join(first.split())
    assert "Aims &amp; &lt;means&gt;." in first
    assert f'src="{base}/{strategy}/pages/1"' in first
    assert ('rel="next"' in first, 'rel="prev"' in first) == (True, False)
    last = reader.get(f"{base}/{strategy}/preview?page=99").text
    assert ("Page 3 of 3" in " ".join(last.split()), "No text found on this page." in last) == (True, True)
    assert ('rel="next"' in last, 'rel="prev"' in last) == (False, True)


def test_a_page_comes_as_an_image_that_only_its_reader_keeps(
    app: Flask, reader: CheckingClient, base: str, strategy: UUID
) -> None:
    image = reader.get(f"{base}/{strategy}/pages/2")
    assert (image.mimetype, Image.open(io.BytesIO(image.data)).width) == ("image/png", 1000)
    assert image.headers["Cache-Control"] == "private, no-cache"
    again = reader.get(f"{base}/{strategy}/pages/2", headers={"If-None-Match": image.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert reader.get(f"{base}/{strategy}/pages/4").status_code == 404
    assert reader.get(f"{base}/{strategy}/preview").headers["Cache-Control"] == "no-store"


def test_word_excel_csv_text_and_pictures_are_shown_safely(
    app: Flask, reader: CheckingClient, base: str, council: MadeCouncil
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(picture, "PNG")
    shown = {
        "plan.docx": (word_plan(), "Invite two further members"),
        "plan.xlsx": (excel_plan(), "Invite two further members"),
        "a.csv": (b"session,places\n<script>alert(1)</script>,20\n", "&lt;script&gt;"),
        "a.txt": (b"Line one\nLine two", "Line two"),
        "logo.png": (picture.getvalue(), "/pages/1"),
    }
    for filename, (content, words) in shown.items():
        row = make_file(app, council, content=content, filename=filename, title=filename)
        answer = reader.get(f"{base}/{row}/preview")
        assert (answer.status_code, words in answer.text) == (200, True), filename
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        if filename == "logo.png":
            assert reader.get(f"{base}/{row}/pages/1").mimetype.startswith("image/")


def test_what_cannot_be_shown_says_so_and_is_kept(
    app: Flask, reader: CheckingClient, base: str, council: MadeCouncil
) -> None:
    damaged = make_file(app, council, content=pdf("no page in it"), title="Damaged")
    calendar = make_file(app, council, content=b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", filename="a.ics")
    assert "This file" in reader.get(f"{base}/{damaged}/preview").text
    assert reader.get(f"{base}/{damaged}/pages/1").status_code == 404
    assert reader.get(f"{base}/{damaged}/file").status_code == 200
    assert "Files of this kind cannot be shown here." in reader.get(f"{base}/{calendar}/preview").text
    assert reader.get(f"{base}/{make_link(app, council)}/preview").status_code == 404


def test_nobody_else_looks_inside(
    app: Flask, client: CheckingClient, council: MadeCouncil, base: str, strategy: UUID, officer: MadeUser
) -> None:
    other = make_council(app, council.region)
    elsewhere = f"/councils/{other.slug}/evidence"
    client.sign_in(make_user(app, other, "council_lead"))
    paths = [f"{start}/{strategy}{end}" for start in (base, elsewhere) for end in ("/preview", "/pages/1", "/answers")]
    assert [client.get(path).status_code for path in paths] == [404] * 6
    client.sign_in(officer)
    assert [client.get(f"{base}/{strategy}{end}").status_code for end in ("/preview", "/pages/1")] == [404] * 2
