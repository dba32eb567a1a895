"""What happens is told to the webhooks of those who may read it, signed, tried again, and given up at last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock, events, jobs
from saas.events import Outbox
from saas.tenancy import Actor, Scope
from saas.transaction import within
from tenants.models.councils import Council
from tenants.models.notices import Notice
from tenants.models.webhooks import Webhook, WebhookDelivery
from tenants.queries.webhooks import find_webhook
from tenants.services import webhooks
from tests.conftest import InScope
from tests.factories.invitations import Postbox
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user
from tests.factories.webhooks import Receiver, make_webhook, receiving


@pytest.fixture
def receiver(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with app.app_context():
        jobs.run_all()
    with receiving(app, monkeypatch) as opened:
        yield opened


def happen(app: Flask, council: MadeCouncil, who: MadeUser, verb: str, audience: str = "council") -> None:
    """Record an event of the council, without any secret in what a message tells."""
    with app.app_context(), within(council.scope(who.id)) as session:
        row = session.get_one(Council, council.id)
        events.record(verb, row, by=Actor(who.id, who.name), audience=audience, payload={"title": "Not to be sent"})


def work(app: Flask, after: timedelta = timedelta(0)) -> None:
    """Run what is due then."""
    with app.app_context(), clock.at(clock.now() + after):
        jobs.run_all()


def states(in_scope: InScope, council: MadeCouncil) -> list[tuple[str, str, int, int | None, str]]:
    """(verb, state, attempts, status, failure) of every message, in their order."""
    with in_scope(council.scope()) as session:
        rows = session.scalars(sa.select(WebhookDelivery).order_by(WebhookDelivery.made_at))
        return [(row.verb, row.state, row.attempts, row.status, row.failure) for row in rows]


def test_a_message_is_thin_signed_and_sent_once(
    app: Flask, council: MadeCouncil, lead: MadeUser, receiver: Receiver, in_scope: InScope
) -> None:
    webhook, secret = make_webhook(app, council, lead, receiver.url, ("plan.added",))
    happen(app, council, lead, "plan.added")
    happen(app, council, lead, "plan.removed")
    work(app)
    (message,) = receiver.messages
    assert message.signed_by(secret)
    assert not message.signed_by(secret + "x")
    assert {name: message.headers[name] for name in ("Content-Type", "Charterway-Event")} == {
        "Content-Type": "application/json",
        "Charterway-Event": "plan.added",
    }
    with in_scope(council.scope()) as session:
        delivery = session.scalars(sa.select(WebhookDelivery)).one()
        event = session.scalars(sa.select(events.Event).filter_by(verb="plan.added")).one()
        assert message.headers["Charterway-Delivery"] == str(delivery.id)
        assert set(message.document) == {
            "id", "at", "verb", "subject", "subject_id", "council_id", "region_id", "accreditation_id",
        }  # fmt: skip
        assert message.document["id"] == str(event.id)
        assert message.document["council_id"] == str(council.id)
        assert webhook.secret not in (secret, "")
    assert b"Not to be sent" not in message.body
    assert lead.name.encode() not in message.body
    assert states(in_scope, council) == [("plan.added", "delivered", 1, 204, "")]
    work(app, timedelta(days=1))
    assert len(receiver.messages) == 1


def test_each_place_is_told_of_what_it_may_read_itself(
    app: Flask, council: MadeCouncil, lead: MadeUser, officer: MadeUser, receiver: Receiver
) -> None:
    other = make_council(app, council.region)
    stranger = make_user(app, other, "council_lead")
    make_webhook(app, council, lead, receiver.url)
    make_webhook(app, council.region, officer, receiver.url)
    make_webhook(app, other, stranger, receiver.url)
    work(app)
    receiver.messages.clear()
    for audience in ("council", "shared", "region"):
        happen(app, council, lead, f"{audience}.test", audience)
    work(app)
    assert sorted(message.headers["Charterway-Event"] for message in receiver.messages) == [
        "council.test", "region.test", "shared.test", "shared.test",
    ]  # fmt: skip


def test_what_fails_is_tried_again_and_given_up_after_three_days_with_a_pause_and_a_notice(
    app: Flask, council: MadeCouncil, lead: MadeUser, receiver: Receiver, in_scope: InScope
) -> None:
    webhook, _ = make_webhook(app, council, lead, receiver.url, ("plan.added",))
    receiver.status = 302
    happen(app, council, lead, "plan.added")
    work(app)
    work(app, timedelta(seconds=59))
    assert states(in_scope, council) == [("plan.added", "waiting", 1, 302, "It answered with 302.")]
    for minutes in (2, 8, 25, 90, 280, 700):
        work(app, timedelta(minutes=minutes))
    assert len(receiver.messages) == 7
    for half_days in range(3, 5):
        work(app, timedelta(hours=12 * half_days))
    assert states(in_scope, council) == [("plan.added", "waiting", 9, 302, "It answered with 302.")]
    with in_scope(council.scope()):
        assert (find_webhook(webhook.id) or webhook).paused_at is None
    work(app, timedelta(hours=70))
    assert states(in_scope, council) == [("plan.added", "given_up", 10, 302, "It answered with 302.")]
    with in_scope(council.scope()) as session:
        paused = session.get_one(Webhook, webhook.id)
        assert paused.pause_reason == "Nothing got through for 3 days."
        notice = session.scalars(sa.select(Notice)).one()
        assert (notice.user_id, notice.words, notice.path) == (
            lead.id,
            "The webhook to localhost was paused: nothing got through for 3 days",
            f"/councils/{council.slug}/webhooks/{webhook.id}",
        )
    count = len(receiver.messages)
    happen(app, council, lead, "plan.added")
    work(app, timedelta(days=5))
    assert len(receiver.messages) == count


def test_the_officers_of_a_region_hear_of_a_pause_by_mail(
    app: Flask, council: MadeCouncil, officer: MadeUser, receiver: Receiver, postbox: Postbox, in_scope: InScope
) -> None:
    region = council.region
    make_user(app, region, "region_viewer")
    webhook, _ = make_webhook(app, region, officer, receiver.url)
    postbox.empty()
    with in_scope(region.scope()) as session:
        webhooks.pause(
            session.get_one(Webhook, webhook.id), by=Actor(None, "Charterway"), reason="Nothing got through."
        )
    (mail,) = postbox.empty().split("To: ")[1:]
    assert mail.startswith(officer.email)
    assert f"http://localhost/regions/{region.slug}/webhooks/{webhook.id}" in mail


def test_a_receiver_that_fails_is_left_in_peace_for_a_minute(
    app: Flask, council: MadeCouncil, lead: MadeUser, receiver: Receiver, in_scope: InScope
) -> None:
    make_webhook(app, council, lead, receiver.url, ("plan.added",))
    receiver.status = 500
    for _ in range(3):
        happen(app, council, lead, "plan.added")
    work(app)
    assert len(receiver.messages) == 1
    receiver.status = 200
    work(app, timedelta(minutes=5))
    assert [state[1:3] for state in states(in_scope, council)] == [
        ("delivered", 2), ("delivered", 1), ("delivered", 1),
    ]  # fmt: skip


def test_what_waits_for_a_webhook_that_was_removed_is_not_sent(
    app: Flask, council: MadeCouncil, lead: MadeUser, receiver: Receiver, in_scope: InScope
) -> None:
    webhook, _ = make_webhook(app, council, lead, receiver.url, ("plan.added",))
    happen(app, council, lead, "plan.added")
    with in_scope(council.scope(lead.id)) as session:
        row = session.get_one(Webhook, webhook.id)
        webhooks.remove(row, by=Actor(lead.id, lead.name))
        assert row.secret == ""
    work(app)
    assert receiver.messages == []
    assert states(in_scope, council) == [("plan.added", "given_up", 0, None, "The webhook was removed.")]


def test_an_address_that_came_to_lie_inside_is_never_asked(
    app: Flask, council: MadeCouncil, lead: MadeUser, receiver: Receiver, in_scope: InScope
) -> None:
    webhook, _ = make_webhook(app, council, lead, receiver.url, ("plan.added",))
    with in_scope(council.scope(lead.id)) as session:
        session.get_one(Webhook, webhook.id).url = "https://169.254.169.254/latest"
    happen(app, council, lead, "plan.added")
    work(app)
    assert states(in_scope, council) == [
        ("plan.added", "waiting", 1, None, "“169.254.169.254” is not an address of the public internet.")
    ]


def test_no_other_scope_sees_a_webhook_or_its_messages(
    app: Flask, council: MadeCouncil, lead: MadeUser, receiver: Receiver, in_scope: InScope
) -> None:
    make_webhook(app, council, lead, receiver.url)
    happen(app, council, lead, "plan.added")
    seen: dict[str, tuple[int, int]] = {}
    other = make_council(app, council.region)
    for name, scope in {
        "own": council.scope(),
        "other": other.scope(),
        "region": council.region.scope(),
        "person": Scope.person(lead.id),
        "platform": Scope.operator(None),
        "nobody": Scope.nobody(),
    }.items():
        with in_scope(scope) as session:
            one, two = (
                session.scalar(sa.select(sa.func.count()).select_from(table)) for table in (Webhook, WebhookDelivery)
            )
            seen[name] = (one or 0, two or 0)
    assert seen.pop("own")[0] == 1
    assert set(seen.values()) == {(0, 0)}


def waiting_jobs(in_scope: InScope) -> list[UUID]:
    with in_scope(Scope.nobody()) as session:
        return list(session.scalars(sa.select(Outbox.id)))


def test_nothing_is_left_in_the_outbox_once_a_message_has_ended(
    app: Flask, council: MadeCouncil, lead: MadeUser, receiver: Receiver, in_scope: InScope
) -> None:
    make_webhook(app, council, lead, receiver.url, ("plan.added",))
    happen(app, council, lead, "plan.added")
    assert len(waiting_jobs(in_scope)) == 1
    work(app)
    assert waiting_jobs(in_scope) == []
