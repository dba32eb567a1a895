"""Behind the secret link: one request, writing, sending and declining; plain pages for links that have ended."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from assessment.rules.contributions import State, state_of
from assessment.services import contributions
from assessment.web import contribution_links
from saas import clock
from saas.security import Throttle
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.checking_client import CheckingClient
from tests.factories.assessment import make_accreditation
from tests.factories.contributions import QUESTION, make_contribution, make_secret, read_contribution
from tests.factories.tenants import MadeCouncil, MadeUser


@pytest.fixture
def asked(app: Flask, council: MadeCouncil) -> UUID:
    """A request for a text."""
    return make_contribution(app, council, make_accreditation(app, council))


@pytest.fixture
def link(app: Flask, council: MadeCouncil, asked: UUID) -> str:
    """Its address."""
    return f"/contribute/{make_secret(app, council, asked)}"


def state(app: Flask, council: MadeCouncil, request_id: UUID) -> State:
    """How it stands."""
    return state_of(read_contribution(app, council, request_id), clock.now())


def test_the_page_says_what_is_asked_by_whom_and_who_will_see_it(
    client: CheckingClient, council: MadeCouncil, link: str, app: Flask, asked: UUID
) -> None:
    page = client.get(link)
    for words in (QUESTION, council.name, "Console asks for your help", "1.1.1", "Who will see this", "works until"):
        assert words in page.text
    assert {name: page.headers[name] for name in ("Referrer-Policy", "Cache-Control", "X-Robots-Tag")} == {
        "Referrer-Policy": "strict-origin",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
    }
    assert f"/councils/{council.slug}" not in page.text
    assert client.head(link).status_code == 200
    assert state(app, council, asked) is State.ASKED


def test_a_draft_is_kept_and_then_sent_once(
    client: CheckingClient, app: Flask, council: MadeCouncil, link: str, asked: UUID
) -> None:
    assert client.post(link, data={"words": "Half.", "seen": "", "do": "save"}).status_code == 303
    page = client.get(link).text
    assert "It is not sent yet" in page
    assert "Half.</textarea>" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    answer = client.post(link, data={"words": "A whole one.", "seen": seen, "do": "send"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (303, "no-store")
    done = client.get(link)
    assert done.status_code == 200
    assert "Thank you for your text" in done.text
    assert "What you sent</span></summary>" in done.text
    assert "A whole one.</p>" in done.text
    assert read_contribution(app, council, asked).words == "A whole one."
    again = client.post(link, data={"words": "Another.", "seen": "", "do": "send"})
    assert again.status_code == 410
    assert "Another.</textarea>" in again.text
    assert read_contribution(app, council, asked).words == "A whole one."


def test_declining_needs_a_reason(
    client: CheckingClient, app: Flask, council: MadeCouncil, link: str, asked: UUID
) -> None:
    refused = client.post(link, data={"words": "Kept.", "reason": " ", "do": "decline"})
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.text
    assert "Kept.</textarea>" in refused.text
    assert client.post(link, data={"reason": "I was not there.", "do": "decline"}).status_code == 303
    done = client.get(link).text
    assert ("you cannot help" in done, "I was not there.</p>" in done) == (True, True)
    row = read_contribution(app, council, asked)
    assert (row.decline_reason, row.words) == ("I was not there.", "")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"do": "send", "words": "  "}, "words-error"),
        ({"do": "save", "words": "x" * 20_001}, "words-error"),
        ({"do": "fly", "words": "Kept."}, "There is a problem"),
        ({"do": "send", "words": "Kept.", "taken_at": "2026-01-01"}, "There is a problem"),
    ],
)
def test_what_is_wrong_changes_nothing(
    client: CheckingClient, app: Flask, council: MadeCouncil, link: str, asked: UUID, data: dict[str, str], error: str
) -> None:
    answer = client.post(link, data=data)
    assert answer.status_code == 422
    assert error in answer.text
    row = read_contribution(app, council, asked)
    assert (row.words, row.sent_at, row.taken_at) == ("", None, None)


def test_two_windows_lose_no_words(
    client: CheckingClient, app: Flask, council: MadeCouncil, link: str, asked: UUID
) -> None:
    client.post(link, data={"words": "First window.", "seen": "", "do": "save"})
    refused = client.post(link, data={"words": "Second window.", "seen": "", "do": "send"})
    assert refused.status_code == 409
    assert "First window.</p>" in refused.text
    assert "Second window.</textarea>" in refused.text
    assert state(app, council, asked) is State.ASKED
    seen = refused.text.split('name="seen" value="')[1].split('"')[0]
    assert client.post(link, data={"words": "Both.", "seen": seen, "do": "send"}).status_code == 303
    assert read_contribution(app, council, asked).words == "Both."


def test_ended_and_unknown_links_say_so_and_keep_what_was_typed(
    client: CheckingClient, app: Flask, council: MadeCouncil, link: str, asked: UUID
) -> None:
    unknown = client.get("/contribute/" + "x" * 43)
    assert (unknown.status_code, unknown.headers["Cache-Control"]) == (404, "no-store")
    assert "This link does not work" in unknown.text
    assert council.name not in unknown.text
    with clock.at(clock.now() + timedelta(days=15)):
        expired = client.get(link)
    assert expired.status_code == 410
    assert "for more time" in expired.text
    with app.app_context(), within(council.scope()):
        contributions.withdraw(contributions.get_request(council.id, asked, lock=True), by=CONSOLE)
    ended = client.post(link, data={"words": "Too late.", "do": "send"})
    assert ended.status_code == 410
    assert "does not need your text any more" in ended.text
    assert "Too late.</textarea>" in ended.text


def test_a_secret_opens_no_page_of_the_council(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser, link: str
) -> None:
    client.get(link)
    for path in ("", "notices", "accreditations"):
        answer = client.get(f"/councils/{council.slug}/{path}")
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in")


def test_one_client_cannot_try_without_end(
    client: CheckingClient, app: Flask, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contribution_links, "BY_CLIENT", Throttle("contribution-client", 2, 900))
    assert [client.get(link).status_code for _ in range(3)] == [200, 200, 429]
    assert client.post(link, data={"words": "x", "do": "send"}).status_code == 429


def test_the_log_names_no_secret(app: Flask, link: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger=app.logger.name):
        app.logger.error("Exception on %s [%s]", link, "POST")
    assert [record.getMessage() for record in caplog.records] == ["Exception on /contribute/… [POST]"]
