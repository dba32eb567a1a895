"""Jobs that forget, once a day, what was only kept for a while."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from saas import clock, repeated
from saas.db import db
from saas.jobs import job
from saas.rounds import daily_on_platform

DELIVERIES_KEPT_FOR = timedelta(days=30)
FORGET_DELIVERIES = text("select tenancy.forget_deliveries(:before)")


@daily_on_platform
@job()
def forget_kept(_: UUID) -> None:
    """Forget the answers kept for repeated calls, and what was sent to webhooks weeks ago."""
    repeated.forget(clock.now() - repeated.KEPT_FOR)
    db.session.execute(FORGET_DELIVERIES, {"before": clock.now() - DELIVERIES_KEPT_FOR})
