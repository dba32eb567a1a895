"""Meetings for tests, made through the service."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Flask

from saas import clock
from saas.tenancy import CONSOLE
from saas.transaction import within
from tenants.queries.meetings import get_meeting
from tenants.queries.plans import get_plan
from tenants.services import meetings
from tests.factories.tenants import MadeCouncil


def make_meeting(
    app: Flask, council: MadeCouncil, plan_id: UUID, body: str = "Steering group", held_on: date | None = None
) -> UUID:
    """A meeting about the plan, today unless another day is given; its id."""
    with app.app_context(), within(council.scope()):
        plan, day = get_plan(council.id, plan_id), held_on or clock.today()
        return meetings.plan_meeting(plan, body=body, held_on=day, by=CONSOLE).id


def close_meeting(app: Flask, council: MadeCouncil, plan_id: UUID, meeting_id: UUID) -> None:
    """Its record is closed."""
    with app.app_context(), within(council.scope()):
        meeting = get_meeting(get_plan(council.id, plan_id), meeting_id, lock=True)
        meetings.close_meeting(meeting, version=meeting.version, by=CONSOLE)
