"""A council lead says when the council is reminded and how its mails begin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from saas import clock, jobs, rounds
from saas.events import Event
from saas.transaction import within
from tenants.models.notices import ReminderSettings
from tenants.queries.reminder_settings import settings_of
from tenants.rules.reminder_settings import DEFAULT, Reminders
from tenants.services.notices import tell
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.invitations import Postbox
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

TYPED = {
    "version": "0",
    "before": "7, 21",
    "after": "",
    "digest_words": "Ring <me>.\r\n\r\nKim",
    "contributor_words": "We need you.",
}
MORNING = datetime(2031, 5, 5, 7, 0, tzinfo=UTC)


def page_of(council: MadeCouncil) -> str:
    return f"/councils/{council.slug}/reminders"


def held(in_scope: InScope, council: MadeCouncil) -> Reminders:
    with in_scope(council.scope()):
        return settings_of(council.id)


def test_a_lead_changes_days_and_words(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    page = page_of(council)
    notices = client.sign_in(lead).get(f"/councils/{council.slug}/notices").text
    assert f'href="{page}"' in notices
    text = client.get(page).text
    assert ('value="14, 3"' in text, 'value="1, 8, 15, 22"' in text) == (True, True)
    saved = client.post(page, data=TYPED)
    assert (saved.status_code, saved.location) == (303, page)
    held_now = held(in_scope, council)
    assert (held_now.before, held_now.after, held_now.contributor_words) == ((21, 7), (), "We need you.")
    text = client.get(page).text
    assert ('value="21, 7"' in text, f"Changed last by {lead.name}" in text) == (True, True)
    assert client.post(page, data=TYPED | {"version": "1", "after": "2"}).status_code == 303
    assert held(in_scope, council).after == (2,)
    with in_scope(council.scope()) as session:
        verbs = session.scalars(select(Event.verb).where(Event.verb == "reminders.changed")).all()
        assert verbs == ["reminders.changed"] * 2


def test_who_comes_second_is_shown_both_and_loses_nothing(
    client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    client.sign_in(lead).post(page_of(council), data=TYPED)
    stale = client.post(page_of(council), data=TYPED | {"before": "30"})
    assert stale.status_code == 409
    for words in (f"{lead.name} saved this on", "21, 7", 'value="30"', 'name="version" value="1"'):
        assert words in stale.text
    assert held(in_scope, council).before == (21, 7)


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"before": ""}, "before", "Enter at least one number of days before a date."),
        ({"before": " , "}, "before", "Enter at least one number of days before a date."),
        ({"before": "soon"}, "before", "Enter whole numbers of days with commas between, for example 14, 3."),
        ({"before": "5, 4, 3, 2, 1"}, "before", "Enter at most 4 days."),
        ({"after": "61"}, "after", "Each day must be a number from 1 to 60."),
        ({"after": "2, 2"}, "after", "Enter each day once."),
        ({"digest_words": "x" * 501}, "digest_words", "500 characters"),
        ({"contributor_words": "x" * 501}, "contributor_words", "500 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_changes(
    client: CheckingClient,
    council: MadeCouncil,
    lead: MadeUser,
    in_scope: InScope,
    changed: dict[str, str],
    field: str,
    words: str,
) -> None:
    refused = client.sign_in(lead).post(page_of(council), data=TYPED | changed)
    assert (refused.status_code, f'id="{field}-error"' in refused.text, words in refused.text) == (422, True, True)
    assert held(in_scope, council) == DEFAULT


def test_only_a_lead_of_the_own_council(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser, officer: MadeUser, in_scope: InScope
) -> None:
    page = page_of(council)
    client.sign_in(lead).post(page, data=TYPED)
    other = make_council(app, council.region)
    for stranger in (make_user(app, other, "council_lead"), officer):
        client.sign_in(stranger)
        assert (client.get(page).status_code, client.post(page, data=TYPED).status_code) == (404, 404)
    client.sign_in(make_user(app, council, "council_editor"))
    assert (client.get(page).status_code, client.post(page, data=TYPED).status_code) == (403, 403)
    for scope, rows in ((council.scope(), 1), (other.scope(), 0), (council.region.scope(), 0)):
        with in_scope(scope) as session:
            assert session.scalar(select(func.count()).select_from(ReminderSettings)) == rows


def test_the_daily_mail_begins_with_the_words(
    client: CheckingClient, app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox
) -> None:
    client.sign_in(lead).post(page_of(council), data=TYPED)
    postbox.empty()
    with app.app_context(), clock.at(MORNING - timedelta(hours=1)), within(council.scope()):
        path = f"/councils/{council.slug}/members"
        tell(council.id, lead.id, key="one", kind="reminder", words="About one", path=path)
    with app.app_context(), clock.at(MORNING):
        rounds.start_rounds()
        jobs.run_all()
    (mail,) = postbox.empty().split("To: ")[1:]
    assert f"Hello {lead.name},\n\nRing <me>." in mail.replace("\r", "")
    assert mail.index("Ring <me>.") < mail.index("this is new for you")
