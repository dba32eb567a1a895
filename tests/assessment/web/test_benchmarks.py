"""The comparison page: own figures shared one by one; a group of four stands in no page, table, chart or document."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO

import docx
from flask import Flask
from python_calamine import CalamineWorkbook

from saas.files import text_pages
from tests.checking_client import CheckingClient
from tests.factories.members import make_member
from tests.factories.sharing import FIGURE, make_sharing, share_figure
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_user

Counted = Callable[[], AbstractContextManager[list[str]]]


def everything(client: CheckingClient, address: str) -> dict[str, str]:
    """The words of page (chart included), CSV, Word, PDF and Excel."""
    files = {kind: client.get(f"{address}.{kind}").data for kind in ("csv", "docx", "pdf", "xlsx")}
    word = docx.Document(BytesIO(files["docx"]))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    book = CalamineWorkbook.from_filelike(BytesIO(files["xlsx"]))
    sheets = [
        str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
    ]
    return {
        "page": client.get(address).get_data(as_text=True),
        "csv": files["csv"].decode(),
        "docx": "\n".join([*(each.text for each in word.paragraphs), *cells]),
        "pdf": "\n".join(text_pages(BytesIO(files["pdf"]), "application/pdf")),
        "xlsx": "\n".join(sheets),
    }


def test_a_group_of_four_stands_nowhere_and_one_of_five_everywhere(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    officer = make_user(app, council.region, "region_officer")
    places = {lead: f"/councils/{council.slug}/comparisons", officer: f"/regions/{council.region.slug}/comparisons"}
    make_sharing(app, council.region, 3, first=11)
    share_figure(app, council, 77)
    for user, address in places.items():
        for where, words in everything(client.sign_in(user), address).items():
            found = [secret for secret in ("All that share", "11%", "21%", "31%", "26%", "41%") if secret in words]
            assert (where, found) == (where, [])
            assert '<svg class="benchmark' not in words
            assert ("77 of 100" in words) == (user is lead)
    make_sharing(app, council.region, 1, first=91)
    for user, address in places.items():
        for where, words in everything(client.sign_in(user), address).items():
            parts = ("All that share it", "30%", "Not shown", "(77%)", "11%", "21%", "31%", "91%", "20%", "75%", "80%")
            seen = [part for part in parts if part in words]
            own = user is lead
            shown = ["All that share it", "30%", "Not shown", *(["(77%)"] if own else [])]
            assert (where, own, seen) == (where, own, shown)
    assert 'class="benchmark__bar"' in client.get(places[officer]).get_data(as_text=True)


def test_a_lead_shares_a_figure_and_takes_it_back(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    page = f"/councils/{council.slug}/comparisons"
    editor = make_user(app, council, "council_editor")
    make_member(app, council, group="Independents")
    client.sign_in(lead)
    before = client.get(page).get_data(as_text=True)
    assert "Not shared. Your figure now: 1 of 1 (100%)." in before
    for words in ("Who will see them:", "District councils", "Up to 39 councillors", "by the members recorded"):
        assert words in before
    assert client.post(f"{page}/{FIGURE}/share").status_code == 303
    make_member(app, council, group="Independents")
    shared = client.get(page).get_data(as_text=True)
    assert "Shared: 1 of 1 (100%)" in shared
    assert "No group may be shown yet." in shared
    again = client.post(f"{page}/{FIGURE}/share")
    assert (again.status_code, "already. Take it back first" in again.get_data(as_text=True)) == (409, True)
    assert client.sign_in(editor).post(f"{page}/{FIGURE}/share").status_code == 403
    year = client.get(page).get_data(as_text=True).split("Financial year ")[1][:7]
    client.sign_in(lead)
    assert client.post(f"{page}/{FIGURE}/take-back", data={"year": year}).status_code == 303
    assert "Shared:" not in client.get(page).get_data(as_text=True)
    empty = client.post(f"{page}/answers_met/share")
    assert (empty.status_code, "nothing to count yet" in empty.get_data(as_text=True)) == (409, True)
    assert client.post(f"{page}/nothing/share").status_code == 404
    assert client.get(f"{page}?year=1999-00").status_code == 404


def test_both_pages_take_the_same_statements_for_any_number(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements: Counted
) -> None:
    officer = make_user(app, council.region, "region_officer")
    counts = []
    for number in (1, 6):
        make_sharing(app, council.region, number)
        for user, address in ((lead, f"/councils/{council.slug}"), (officer, f"/regions/{council.region.slug}")):
            client.sign_in(user).get(f"{address}/comparisons")
            with statements() as sql:
                client.get(f"{address}/comparisons")
            counts.append(len(sql))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 10


def test_another_region_sees_nothing_of_it(
    app: Flask, client: CheckingClient, region: MadeRegion, council: MadeCouncil, lead: MadeUser
) -> None:
    viewer = make_user(app, region, "region_viewer")
    make_sharing(app, region, 5)
    assert "All that share it" in client.sign_in(viewer).get(f"/regions/{region.slug}/comparisons").get_data(
        as_text=True
    )
    own = client.sign_in(lead).get(f"/councils/{council.slug}/comparisons").get_data(as_text=True)
    assert "All that share it" not in own
    assert "Councils that share this figure see the groups." in own
