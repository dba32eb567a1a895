"""The pages of board reports: make, read, download, schedule; who may, and what a mistake costs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask

from assessment.rules.board_report import read_sections
from saas import clock
from saas.templating import day
from tests.assessment.web.test_reports import texts
from tests.checking_client import CheckingClient
from tests.factories.awards import make_award
from tests.factories.board_reports import make_quarterly, make_report
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]


def page(region: MadeRegion, more: str = "") -> str:
    return f"/regions/{region.slug}/board-reports{more}"


def typed(name: str, text: str) -> dict[str, str]:
    """A date as its three fields send it."""
    return dict(zip((f"{name}-day", f"{name}-month", f"{name}-year"), text.split(), strict=True))


def test_a_report_is_made_and_reads_the_same_ever_after(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser, council: MadeCouncil
) -> None:
    make_award(app, council)
    client.sign_in(officer)
    today = clock.today()
    words = f"{today.day} {today.month} {today.year}"
    there = client.post(page(region), data=typed("period_from", words) | typed("period_to", words))
    assert (there.status_code, there.location) == (303, page(region, "/1"))
    first = client.get(page(region, "/1"))
    assert f"Board report 1: {day(today)} to {day(today)}" in texts(first)
    assert f"1 council held an award on {day(today)}: 1 at Charter." in texts(first)
    make_award(app, make_council(app, region))
    assert texts(client.get(page(region, "/1"))).split("Download:")[1] == texts(first).split("Download:")[1]


def test_page_has_every_sentence_and_a_picture_that_says_it(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser, council: MadeCouncil
) -> None:
    make_award(app, council)
    sections = read_sections(make_report(app, region).document)
    client.sign_in(officer)
    shown = client.get(page(region, "/1"))
    assert [each.code for each in sections if each.sentence not in texts(shown)] == []
    drawn = [each for each in sections if each.chart]
    assert [each.code for each in drawn] == ["holders", "pipeline"]
    for each in drawn:
        address = page(region, f"/1/charts/{each.code}.png")
        assert f'<img src="{address}" alt="{each.sentence}">' in shown.text
        answer = client.get(address)
        assert (answer.mimetype, answer.data[:4]) == ("image/png", b"\x89PNG")
        assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    for unknown in ("/1/charts/themes.png", "/1/charts/other.png", "/2", "/2.pdf", "/2/charts/holders.png"):
        assert client.get(page(region, unknown)).status_code == 404


@pytest.mark.parametrize(("kind", "start"), [("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_a_report_is_a_file_too(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser, kind: str, start: bytes
) -> None:
    make_report(app, region)
    client.sign_in(officer)
    answer = client.get(page(region, f"/1.{kind}"))
    assert answer.data.startswith(start)
    assert answer.headers["Content-Disposition"] == (f'attachment; filename="{region.slug}-board-report-1.{kind}"')


def test_a_mistake_stands_beside_its_field_and_nothing_is_made(
    client: CheckingClient, region: MadeRegion, officer: MadeUser
) -> None:
    client.sign_in(officer)
    ahead = clock.today() + timedelta(1)
    answer = client.post(
        page(region),
        data=typed("period_from", "31 2 2026") | typed("period_to", f"{ahead.day} {ahead.month} {ahead.year}"),
    )
    assert (answer.status_code, 'value="31"' in answer.text) == (422, True)
    answer = client.post(
        page(region),
        data=typed("period_from", "1 2 2026") | typed("period_to", f"{ahead.day} {ahead.month} {ahead.year}"),
    )
    assert (answer.status_code, "The last day must be today or earlier." in texts(answer)) == (422, True)
    assert "No report has been made yet." in texts(client.get(page(region)))


def test_the_schedule_is_set_and_taken_back(client: CheckingClient, region: MadeRegion, officer: MadeUser) -> None:
    client.sign_in(officer)
    assert "No report is made by itself." in texts(client.get(page(region)))
    assert f'href="/regions/{region.slug}/logo"' in client.get(page(region)).text
    assert client.post(page(region, "/schedule"), data={"quarterly": "true"}).status_code == 303
    assert "The next report is made by itself on" in texts(client.get(page(region)))
    assert client.post(page(region, "/schedule"), data={}).status_code == 303
    assert "No report is made by itself." in texts(client.get(page(region)))


def test_a_viewer_reads_and_makes_nothing_and_a_stranger_finds_nothing(
    app: Flask, client: CheckingClient, region: MadeRegion
) -> None:
    make_report(app, region)
    make_quarterly(app, region)
    client.sign_in(make_user(app, region, "region_viewer"))
    shown = client.get(page(region))
    assert ("Make a report" in texts(shown), "The next report is made" in texts(shown)) == (False, True)
    assert client.get(page(region, "/1")).status_code == 200
    assert client.post(page(region), data={}).status_code == 403
    assert client.post(page(region, "/schedule"), data={}).status_code == 403
    elsewhere = make_region(app)
    client.sign_in(make_user(app, elsewhere, "region_officer"))
    assert client.get(page(region, "/1")).status_code == 404
    assert client.get(page(elsewhere, "/1")).status_code == 404


def test_the_list_takes_as_many_statements_for_three_as_for_one(
    app: Flask, client: CheckingClient, region: MadeRegion, officer: MadeUser, statements: Statements
) -> None:
    client.sign_in(officer)
    counted = []
    for more in (1, 2):
        for _ in range(more):
            make_report(app, region)
        with statements() as sent:
            client.get(page(region))
        counted.append(len(sent))
    assert counted == [5, 5]
