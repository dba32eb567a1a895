"""Every component in a real browser under the strict policy: axe finds nothing, the phone has no sideways scroll."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Response
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from tests.browser.looking import look_at
from tests.saas.pattern_pages import build_app


@pytest.fixture(scope="module")
def patterns() -> Iterator[str]:
    """The pattern pages on this machine, with the policy of the product."""
    app = build_app()

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = "default-src 'self'"
        return response

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.mark.parametrize(
    "path",
    [
        "/form?scope=council",
        "/wrong?scope=region&accent=crimson",
        "/list?scope=region&accent=teal",
        "/parts?scope=file&accent=plum",
        "/errors/404?scope=public",
        "/errors/403?scope=platform",
    ],
)
def test_components_are_for_everybody(browser: Browser, patterns: str, path: str) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(patterns + path)
    page.wait_for_selector("body.govuk-frontend-supported")
    look_at(page, path)
    page.close()
    assert [text for text in complaints if "404" not in text] == []


def test_the_caption_of_cards_takes_the_width_of_a_phone(browser: Browser, patterns: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(f"{patterns}/list?scope=region")
    box = page.locator("caption", has_text="Awards of the councils by region").bounding_box()
    page.close()
    assert box is not None
    assert box["width"] > 250


def test_a_reason_shows_while_its_answer_is_chosen(browser: Browser, patterns: str) -> None:
    page = browser.new_page()
    page.goto(f"{patterns}/form")
    page.wait_for_selector("body.govuk-frontend-supported")
    seen = [page.get_by_label("Why it does not apply").is_visible()]
    page.get_by_label("Not applicable").check()
    seen.append(page.get_by_label("Why it does not apply").is_visible())
    page.get_by_label("Not yet met").check()
    seen.append(page.get_by_label("Why it does not apply").is_visible())
    page.close()
    assert seen == [False, True, False]


def test_a_key_leads_to_the_search_box_unless_somebody_types_or_switched_it_off(
    browser: Browser, patterns: str
) -> None:
    page = browser.new_page()
    page.goto(f"{patterns}/form")
    page.wait_for_selector("body.govuk-frontend-supported")

    def after(key: str) -> str:
        page.keyboard.press(key)
        return str(page.evaluate("document.activeElement.id"))

    seen = [after("/"), page.input_value("#search-box"), after("/"), page.input_value("#search-box")]
    page.locator("#target_on-day").focus()
    seen += [after("/"), after("Control+k")]
    page.evaluate("localStorage.setItem('search-key', 'off')")
    page.reload()
    page.wait_for_selector("body.govuk-frontend-supported")
    seen += [after("/"), after("Control+k"), page.get_attribute("#search-box", "aria-keyshortcuts") or ""]
    page.evaluate("localStorage.clear()")
    page.set_viewport_size({"width": 320, "height": 700})
    page.reload()
    page.wait_for_selector("body.govuk-frontend-supported")
    page.keyboard.press("Control+k")
    page.wait_for_url("**/councils/anytown/search")
    page.close()
    assert seen == ["search-box", "", "search-box", "/", "target_on-day", "search-box", "", "search-box", "Control+K"]


def test_without_scripts_everything_stands_open(browser: Browser, patterns: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=patterns)
    page = context.new_page()
    page.goto("/form")
    assert page.get_by_label("Why it does not apply").is_visible()
    assert page.get_by_role("button", name="Save and next").is_visible()
    context.close()
