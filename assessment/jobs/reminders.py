"""The daily round over a council's dates."""

from __future__ import annotations

from uuid import UUID

from assessment.jobs.contributions import remind_contributor
from assessment.services import reminders
from saas.db import db
from saas.jobs import job, put
from saas.rounds import daily


@daily
@job()
def remind_of_dates(council_id: UUID) -> None:
    """Tell those concerned, and mail contributors their link again, each in a job of its own."""
    for request_id in reminders.remind(council_id):
        put(remind_contributor, request_id, db.session.info["scope"])
