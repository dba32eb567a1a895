"""The daily mail: what is new for one person, once, in one message; tried again without repeating the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock, jobs, rounds
from saas.events import Outbox
from saas.tenancy import Scope
from saas.transaction import within
from tenants.models.access import Access
from tenants.models.notices import Notice
from tenants.queries.notices import list_notices
from tenants.services.notices import mark_all_read, tell
from tests.conftest import InScope
from tests.factories.invitations import Postbox
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

MORNING = datetime(2031, 5, 5, 7, 0, tzinfo=UTC)  # eight in London


def told(app: Flask, council: MadeCouncil, who: MadeUser, key: str, *, at: datetime = MORNING) -> None:
    """Tell somebody something an hour before."""
    with app.app_context(), clock.at(at - timedelta(hours=1)), within(council.scope()):
        path = f"/councils/{council.slug}/members"
        tell(council.id, who.id, key=key, kind="reminder", words=f"About {key}", path=path)


def morning(app: Flask, postbox: Postbox, at: datetime = MORNING) -> list[str]:
    """The mails of the daily round at this moment, each without what is before its recipient."""
    with app.app_context(), clock.at(at):
        rounds.start_rounds()
        jobs.run_all()
    return postbox.empty().split("To: ")[1:]


def test_one_mail_carries_everything_that_is_new_and_only_once(
    app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox
) -> None:
    postbox.empty()
    told(app, council, lead, "one")
    told(app, council, lead, "two")
    (mail,) = morning(app, postbox)
    page = f"http://localhost/councils/{council.slug}"
    for words in (lead.email, f"Subject: 2 things to look at in {council.name}", lead.name, f"{page}/notices"):
        assert words in mail
    assert f"- About one\n  {page}/members" in mail
    assert "- About two" in mail
    assert morning(app, postbox, MORNING + timedelta(days=1)) == []
    told(app, council, lead, "three", at=MORNING + timedelta(days=2))
    (later,) = morning(app, postbox, MORNING + timedelta(days=2))
    assert "Subject: 1 thing to look at" in later
    assert "About one" not in later


def test_each_person_and_each_council_has_a_mail_of_its_own(
    app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox
) -> None:
    other = make_council(app, council.region)
    elsewhere, editor = make_user(app, other, "council_lead"), make_user(app, council, "council_editor")
    postbox.empty()
    told(app, council, lead, "one")
    told(app, council, editor, "one")
    told(app, other, elsewhere, "one")
    mails = morning(app, postbox)
    assert sorted(mail.split("\n")[0] for mail in mails) == sorted([lead.email, editor.email, elsewhere.email])
    assert [other.name in mail for mail in mails] == [mail.startswith(elsewhere.email) for mail in mails]


def test_what_was_read_meanwhile_or_is_old_is_not_mailed(
    app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox
) -> None:
    postbox.empty()
    told(app, council, lead, "read")
    with app.app_context(), clock.at(MORNING), within(council.scope(lead.id)):
        mark_all_read(council.id, lead.id)
    told(app, council, lead, "old", at=MORNING - timedelta(days=15))
    assert morning(app, postbox) == []


def test_who_has_left_gets_no_mail(app: Flask, council: MadeCouncil, postbox: Postbox, in_scope: InScope) -> None:
    leaver = make_user(app, council, "council_editor")
    postbox.empty()
    told(app, council, leaver, "one")
    with in_scope(council.scope()) as session:
        session.execute(sa.update(Access).where(Access.user_id == leaver.id).values(ended_at=clock.now()))
    assert morning(app, postbox) == []


def test_a_server_that_is_away_is_tried_again_under_the_same_message_id(
    app: Flask,
    council: MadeCouncil,
    lead: MadeUser,
    postbox: Postbox,
    monkeypatch: pytest.MonkeyPatch,
    in_scope: InScope,
) -> None:
    postbox.empty()
    told(app, council, lead, "one")
    server, environment = app.extensions["charterway_mail"]
    away = replace(server, scheme="smtp", host="127.0.0.1", port=1)
    with monkeypatch.context() as patched:
        patched.setitem(app.extensions, "charterway_mail", (away, environment))
        assert morning(app, postbox) == []
    with in_scope(council.scope()):
        assert [notice.mailed_at for notice in list_notices(council.id, lead.id)] == [None]
    with in_scope(Scope.nobody()) as session:
        assert session.scalars(sa.select(Outbox.job)).all() == ["send_digest"]
    (mail,) = morning(app, postbox, MORNING + timedelta(minutes=5))
    with in_scope(council.scope()) as session:
        session.execute(sa.update(Notice).values(mailed_at=None))
    with app.app_context(), clock.at(MORNING + timedelta(hours=1)), within(council.scope()) as session:
        jobs.put(jobs._jobs["send_digest"].run, lead.id, council.scope(lead.id))
    (again,) = morning(app, postbox, MORNING + timedelta(hours=2))
    identity = [line for line in mail.split("\n") if line.startswith("Message-ID")]
    assert identity == [line for line in again.split("\n") if line.startswith("Message-ID")]
