"""Councils that merge, for tests, made through the service."""

from __future__ import annotations

from uuid import UUID

from flask import Flask

from assessment.services import successions
from saas import clock, jobs
from saas.transaction import within
from tests.factories.scores import actor
from tests.factories.tenants import MadeCouncil, MadeUser


def merge(app: Flask, ended: MadeCouncil, heir: MadeCouncil, officer: MadeUser) -> UUID:
    """One council ends today and the other succeeds it, with all that follows; the succession's id."""
    with app.app_context():
        with within(ended.region.scope(officer.id)):
            made = successions.record(
                ended.region.id,
                council=str(ended.id),
                successor=str(heir.id),
                ended_on=clock.today(),
                by=actor(officer),
            )
            found = made.id
        jobs.run_all()
    return found
