"""The page of notices: one's own, the newest first; opening one marks it as read and leads on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from flask import Flask

from saas import clock
from saas.transaction import within
from tenants.models.notices import Notice
from tenants.queries.notices import list_notices
from tenants.services.notices import tell
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]


def told(app: Flask, council: MadeCouncil, who: MadeUser, words: str, *, hour: int = 9) -> str:
    """Tell somebody something that leads to the list of members; the address of its button."""
    path = f"/councils/{council.slug}/members"
    with app.app_context(), clock.at(datetime(2026, 5, 4, hour, tzinfo=UTC)), within(council.scope()):
        tell(council.id, who.id, key=words, kind="mention", words=words, path=path)
        notice = next(each for each in list_notices(council.id, who.id) if each.words == words)
        return f"/councils/{council.slug}/notices/{notice.id}/open"


def states(in_scope: InScope, council: MadeCouncil, who: MadeUser) -> list[tuple[str, bool]]:
    """What somebody was told, and whether it is read."""
    with in_scope(council.scope()):
        notices: list[Notice] = list_notices(council.id, who.id)
        return [(notice.words, notice.read_at is not None) for notice in notices]


def test_the_header_counts_what_is_new_and_the_page_shows_the_newest_first(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser
) -> None:
    page = f"/councils/{council.slug}/notices"
    client.sign_in(lead)
    empty = client.get(page).text
    assert "Nothing yet." in empty
    assert f'<a href="{page}">Notices</a>' in empty
    told(app, council, lead, "The first thing", hour=9)
    told(app, council, lead, "The second <thing>", hour=10)
    told(app, council, make_user(app, council, "council_editor"), "Nothing of mine")
    text = client.get(page).text
    assert f'<a href="{page}">2 new notices</a>' in text
    assert text.index("The second &lt;thing&gt;") < text.index("The first thing")
    assert "Nothing of mine" not in text


def test_opening_one_marks_it_and_leads_on_and_looking_marks_nothing(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    told(app, council, lead, "Another")
    button = told(app, council, lead, "A thing")
    client.sign_in(lead)
    client.get(f"/councils/{council.slug}/notices")
    assert client.get(button).status_code == 404
    assert {read for _, read in states(in_scope, council, lead)} == {False}
    answer = client.post(button)
    assert (answer.status_code, answer.location) == (303, f"/councils/{council.slug}/members")
    assert sorted(states(in_scope, council, lead)) == [("A thing", True), ("Another", False)]
    assert client.post(f"/councils/{council.slug}/notices/read").status_code == 303
    assert {read for _, read in states(in_scope, council, lead)} == {True}


def test_what_somebody_else_was_told_does_not_exist(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    colleague = make_user(app, council, "council_editor")
    other = make_council(app, council.region)
    elsewhere = make_user(app, other, "council_lead")
    theirs = told(app, council, colleague, "Theirs")
    foreign = told(app, other, elsewhere, "Foreign")
    client.sign_in(lead)
    assert client.post(theirs).status_code == 404
    assert client.post(foreign).status_code == 404
    assert client.post(foreign.replace(other.slug, council.slug)).status_code == 404
    assert client.post(f"/councils/{council.slug}/notices/read").status_code == 303
    assert states(in_scope, council, colleague) == [("Theirs", False)]


def test_the_number_of_statements_does_not_grow(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser, statements: Statements
) -> None:
    client.sign_in(lead)
    counts = []
    for number in (1, 2, 3):
        told(app, council, lead, f"Thing {number}")
        with statements() as sql:
            client.get(f"/councils/{council.slug}/notices")
        counts.append(len(sql))
    assert counts == [4, 4, 4]
