"""Closing the assessors' files: when their last day has passed, and when an accreditation ends without a decision."""

from __future__ import annotations

from uuid import UUID

from assessment.queries.accreditations import get_accreditation, has_closed
from assessment.rules.stages import Stage, is_ended
from assessment.services import assignments
from saas.db import db
from saas.jobs import job, put
from saas.rounds import daily
from saas.tenancy import SERVICE, Scope


@daily
@job()
def close_files(council_id: UUID) -> None:
    """Have the region's own part done where a council has a file that may be due."""
    region_id = db.session.info["scope"].home_region_id
    if has_closed(council_id):
        put(close_due_files, council_id, Scope.region(region_id))


@job()
def close_due_files(council_id: UUID) -> None:
    """Close what is due of this council, and forget the notes."""
    assignments.close_due(council_id, by=SERVICE)


@job(runs_in=Scope.region_of_council)
def close_ended_file(accreditation_id: UUID) -> None:
    """After withdrawal, lapse or the council's end nobody reads the file any more.

    Every move starts this; one that goes on costs a look and waits for nobody. What has ended goes on no more.
    """
    if is_ended(Stage(get_accreditation(accreditation_id).stage)):
        assignments.close(get_accreditation(accreditation_id, lock=True), by=SERVICE)
