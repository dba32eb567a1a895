"""The library's pages: adding, refusing, correcting, removing, and another council's eyes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

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


def test_an_empty_library_tells_the_next_step(editor: CheckingClient, base: str) -> None:
    page = editor.get(base).text
    assert "No evidence yet." in page
    assert f'href="{base}/upload"' in page


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
