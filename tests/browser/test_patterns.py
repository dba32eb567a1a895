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


def test_without_scripts_everything_stands_open(browser: Browser, patterns: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=patterns)
    page = context.new_page()
    page.goto("/form")
    assert page.get_by_label("Why it does not apply").is_visible()
    assert page.get_by_role("button", name="Save and next").is_visible()
    context.close()
