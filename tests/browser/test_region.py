"""A region's officer narrows the pipeline, keeps the filter, opens a number and takes the rows home."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook

from saas.policy import Role
from tests.browser.acts import fill, follow, press, sign_in
from tests.browser.looking import look_at
from tests.factories.assessment import make_accreditation
from tests.factories.awards import make_award
from tests.factories.tenants import PASSWORD, make_council, make_region, make_user


def _taken(page: Page, link: Locator) -> Path:
    with page.expect_download() as waiting:
        link.click()
    return Path(waiting.value.path())


def test_a_region_filters_opens_a_number_and_exports(console: Flask, someone: Any) -> None:
    region = make_region(console)
    holding = make_council(console, region, name="Yarrow District Council")
    begun = make_council(console, region, name="Yew District Council")
    make_council(console, region, name="Zelkova District Council")
    case = make_award(console, holding, improvements=2)
    make_accreditation(console, begun)
    officer = make_user(console, region, Role.REGION_OFFICER)

    page = someone()
    sign_in(page, officer.email, PASSWORD)
    page.goto(f"/regions/{case.region.slug}/pipeline")
    look_at(page, "the pipeline")
    names = page.locator(".work-table tbody th")
    expect(names).to_have_text(["Yarrow District Council", "Yew District Council", "Zelkova District Council"])
    follow(page.get_by_role("link", name="1 council on the way"))
    expect(names).to_have_text(["Yew District Council"])

    follow(page.get_by_role("link", name="Save these filters"))
    fill(page, name="On the way")
    look_at(page, "saving a filter")
    press(page, "Save")
    page.goto(f"/regions/{case.region.slug}/pipeline")
    follow(page.get_by_role("link", name="On the way", exact=True))
    expect(names).to_have_text(["Yew District Council"])
    rows = list(csv.reader(_taken(page, page.get_by_role("link", name="CSV")).read_text("utf-8-sig").splitlines()))
    assert [row[0] for row in rows[1:]] == ["Yew District Council"]

    follow(page.get_by_role("link", name="Board by stage"))
    look_at(page, "the pipeline as a board")
    page.goto(f"/regions/{case.region.slug}/pipeline")
    follow(page.get_by_role("link", name="2 open improvements", exact=True))
    look_at(page, "the improvements behind a number")
    expect(names).to_have_text(["Yarrow District Council"] * 2)
    book = CalamineWorkbook.from_path(_taken(page, page.get_by_role("link", name="Download as Excel")))
    words = [str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert [word for word in words if word.startswith("Do thing")] == ["Do thing 1", "Do thing 2"]

    page.goto(f"/regions/{case.region.slug}/matrix")
    look_at(page, "the matrix")
    expect(page.locator("main")).to_contain_text("Yarrow District Council")
