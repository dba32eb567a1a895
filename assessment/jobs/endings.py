"""Jobs after an ending: awards that run out are ended day by day, and what a lapsed council had begun is called off."""

from __future__ import annotations

from uuid import UUID

from assessment.queries.accreditations import get_accreditation
from assessment.services import endings
from saas.db import db
from saas.jobs import job, put
from saas.rounds import daily
from saas.tenancy import Scope


@job()
def expire_award(award_id: UUID) -> None:
    """End an award whose grace is over; in its region's scope, which alone writes awards and the register."""
    endings.expire(award_id)


@daily
@job()
def look_for_expired(council_id: UUID) -> None:
    """Invite to a reassessment that is open, and hand every award that has run out to its region."""
    endings.invite(council_id)
    region_id = db.session.info["scope"].home_region_id
    for award_id in endings.list_run_out(council_id):
        put(expire_award, award_id, Scope.region(region_id))


@job(runs_in=Scope.council)
def call_off_lapsed(accreditation_id: UUID) -> None:
    """The region let it lapse: the council's own signature requests end."""
    endings.end_signings(get_accreditation(accreditation_id), "The accreditation lapsed.")
