"""What was kept for a while is forgotten when the while is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock, jobs
from saas.db import new_id
from saas.repeated import KeptResponse
from saas.tenancy import Scope
from saas.transaction import within
from tenants.models.webhooks import Webhook, WebhookDelivery
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeUser

Kept = Callable[[], tuple[int, int]]


@pytest.fixture
def kept(council: MadeCouncil, lead: MadeUser, in_scope: InScope) -> Kept:
    """How many answers of repeated calls and messages to webhooks there are, of two each at first."""
    hook = Webhook(id=new_id(), region_id=council.region.id, council_id=council.id, url="https://example.org", verbs=[])
    now = clock.now()
    with in_scope(council.scope(lead.id)) as session:
        hook.secret, hook.made_at, hook.made_by_name = "", now, ""
        session.add(hook)
        session.flush()
        for key, hours in (("old", 25), ("new", 23)):
            before = now - timedelta(hours=hours)
            session.add(KeptResponse(user_id=lead.id, place="", key=key, fingerprint="", made_at=before))
        for days in (31, 29):
            row = WebhookDelivery(webhook_id=hook.id, region_id=council.region.id, council_id=council.id)
            row.event_id, row.verb, row.document, row.made_at = new_id(), "v", {}, now - timedelta(days=days)
            session.add(row)

    def count() -> tuple[int, int]:
        with in_scope(council.scope(lead.id)) as session:
            one, two = (
                session.scalar(sa.select(sa.func.count()).select_from(model))
                for model in (KeptResponse, WebhookDelivery)
            )
            return one or 0, two or 0

    return count


def test_what_is_old_goes_and_the_rest_stays(app: Flask, kept: Kept) -> None:
    assert kept() == (2, 2)
    with app.app_context():
        jobs.run_all()
        with within(Scope.operator(None)):
            jobs.put(jobs._jobs["forget_kept"].run, new_id(), Scope.operator(None))
        jobs.run_all()
    assert kept() == (1, 1)


def test_nobody_but_the_console_makes_anything_forgotten(
    app: Flask, kept: Kept, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    for scope in (Scope.nobody(), council.scope(lead.id), Scope.operator(lead.id)):
        with in_scope(scope) as session:
            values = {"before": clock.now()}
            session.execute(sa.text("select tenancy.forget_deliveries(:before)"), values)
            session.execute(sa.text("select tenancy.forget_kept_responses(:before)"), values)
    assert kept() == (2, 2)
