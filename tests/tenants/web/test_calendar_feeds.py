"""One's own calendar feed: its address is shown once, replaced, and ended; and it is nobody else's."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.security import digest
from saas.tenancy import Scope
from tenants.models.notices import CalendarFeed
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

ADDRESS = re.compile(r"http://localhost/calendar/([\w-]{43})\.ics")


def made(client: CheckingClient, council: MadeCouncil) -> str:
    """Make an address; its secret."""
    answer = client.post(f"/councils/{council.slug}/calendar")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    found = ADDRESS.search(answer.text)
    assert found
    return found[1]


def states(in_scope: InScope, council: MadeCouncil, who: MadeUser) -> list[tuple[str, bool]]:
    """The hashes that are kept, and whether each still works."""
    with in_scope(council.scope(who.id)) as session:
        rows = session.scalars(sa.select(CalendarFeed).order_by(CalendarFeed.made_at))
        return [(feed.key_hash, feed.revoked_at is None) for feed in rows]


def test_an_address_is_shown_once_replaced_and_ended(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    page = f"/councils/{council.slug}/calendar"
    client.sign_in(lead)
    assert "Make an address" in client.get(page).text
    first = made(client, council)
    assert first not in client.get(page).text
    assert states(in_scope, council, lead) == [(digest(first), True)]
    second = made(client, council)
    assert states(in_scope, council, lead) == [(digest(first), False), (digest(second), True)]
    assert client.post(f"{page}/revoke").status_code == 303
    assert states(in_scope, council, lead) == [(digest(first), False), (digest(second), False)]
    assert client.get(f"{page}/revoke").status_code == 404


def test_a_feed_is_seen_by_its_person_and_by_who_bears_its_secret(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    secret = made(client.sign_in(lead), council)
    colleague = make_user(app, council, "council_editor")
    other = make_council(app, council.region)
    seen = []
    for scope in (
        council.scope(lead.id),
        Scope.bearer(key_hash=digest(secret)),
        council.scope(colleague.id),
        council.scope(),
        other.scope(lead.id),
        Scope.person(lead.id),
        council.region.scope(),
        Scope.bearer(key_hash="0" * 64),
    ):
        with in_scope(scope) as session:
            seen.append(session.scalar(sa.select(sa.func.count()).select_from(CalendarFeed)))
    assert seen == [1, 1, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("role", ["member", "group_leader"])
def test_who_may_not_read_accreditations_has_no_feed(
    client: CheckingClient, app: Flask, council: MadeCouncil, role: str
) -> None:
    client.sign_in(make_user(app, council, role))
    assert client.get(f"/councils/{council.slug}/calendar").status_code == 403
    assert client.post(f"/councils/{council.slug}/calendar").status_code == 403
    assert "Deadlines in your calendar" not in client.get(f"/councils/{council.slug}/notices").text
