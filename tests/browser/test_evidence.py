"""Evidence in a real browser: twenty files dropped at once, looked into beside the page, and tagged later."""

from __future__ import annotations

import base64
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from assessment.demo.papers import pdf
from tests.browser.acts import begin_council, sign_in
from tests.browser.looking import look_at

DROP = """(zone, files) => {
    const dropped = new DataTransfer();
    for (const [name, content] of files) {
        dropped.items.add(new File([Uint8Array.from(atob(content), (each) => each.charCodeAt(0))], name));
    }
    for (const kind of ["dragenter", "dragover", "drop"]) {
        zone.dispatchEvent(new DragEvent(kind, { dataTransfer: dropped, bubbles: true, cancelable: true }));
    }
}"""


def drop(page: Page, files: list[tuple[str, bytes]]) -> None:
    """Let somebody drop these files on the page's drop zone."""
    coded = [[name, base64.b64encode(content).decode()] for name, content in files]
    page.locator("[data-uploads] .govuk-file-upload-button").evaluate(DROP, coded)


def test_twenty_files_are_dropped_two_are_refused_and_one_is_looked_into(console: Flask, someone: Any) -> None:
    page = someone()
    begin_council(console, page, region="tarn", council="ashby", lead="ivy")
    page.goto("/councils/ashby/evidence/upload")
    look_at(page, "evidence, upload")
    papers = [(f"paper-{number:02}.pdf", pdf([f"Paper number {number}."])) for number in range(18)]
    drop(page, [*papers[:7], ("empty.pdf", b""), *papers[7:], ("macro.docm", b"words")])
    expect(page.locator("[data-uploads-words]")).to_have_text(
        "18 of 20 files arrived. 2 were not added; why stands beside each name.", timeout=60_000
    )
    items = page.locator(".uploads__item")
    expect(items).to_have_count(20)
    expect(items.nth(7)).to_contain_text("“empty.pdf” is empty.")
    expect(items.nth(19)).to_contain_text("may contain macros")
    expect(page.locator(".uploads__item progress")).to_have_count(0)
    look_at(page, "evidence, twenty files sent")

    drop(page, [("again.pdf", papers[0][1])])
    expect(items.nth(20)).to_contain_text("In the library already, as “paper-00.pdf”.")

    page.goto("/councils/ashby/evidence?sort=title")
    expect(page.locator("tbody tr")).to_have_count(18)
    look_at(page, "evidence, library")
    page.get_by_role("link", name="Look inside paper-00.pdf").click()
    expect(page.locator("img.preview__page")).to_have_js_property("naturalWidth", 1000)
    expect(page.locator(".preview__lines")).to_have_text("Paper number 0.")
    look_at(page, "evidence, inside a PDF")


def test_without_a_connection_a_file_can_be_tried_again(console: Flask, someone: Any) -> None:
    page = someone()
    sign_in(page, "ivy@example.org")
    page.goto("/councils/ashby/evidence/upload")
    page.context.set_offline(True)
    drop(page, [("late.txt", b"It came late.")])
    expect(page.locator(".uploads__item")).to_contain_text("The connection broke off.")
    look_at(page, "evidence, not sent")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again late.txt").click()
    expect(page.locator("[data-uploads-words]")).to_have_text("1 of 1 file arrived.")
