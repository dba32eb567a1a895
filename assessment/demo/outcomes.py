"""How outcomes of the demo go out at a set time, and the appeal of the council whose award was not made."""

from __future__ import annotations

from datetime import timedelta

from assessment.demo.journeys import Journey
from assessment.demo.places import OFFICER, SECOND_DECIDER
from assessment.demo.scene import opened
from assessment.queries.reports import find_draft
from assessment.services import appeals, releases
from saas import clock, jobs

AT_A_TIME = ("caddowell", "wyrrow-hills")
"""The councils whose outcome goes out at a time that was set the day before."""
GROUNDS = (
    "The report says that nobody leads on member development. The lead member's role is described on page 4 of the"
    " programme that was sent, and the minutes show three reports by that member in the year."
)
DISMISSED = (
    "The programme names a lead, and the team read it. What it missed were plans of members and how their learning was"
    " followed up, and on these the appeal says nothing. The decision stands."
)


def set_release(journey: Journey) -> None:
    """The officer sets the outcome to go out in a day."""
    with opened(journey.scene.in_region()):
        draft = find_draft(journey.accreditation_id)
        chosen = {journey.accreditation_id: draft.version if draft else 0}
        release_at = clock.now() + timedelta(days=1)
        releases.set_time(journey.scene.region_id, chosen, release_at=release_at, by=journey.scene.actor(OFFICER))


def go_out(_journey: Journey) -> None:
    """The time has come: what is due is done."""
    jobs.run_all()


def appeal(journey: Journey) -> None:
    """The council asks for the decision to be looked at again."""
    with opened(journey.council_scope):
        appeals.lodge(journey.accreditation_id, grounds=GROUNDS, by=journey.lead)


def decide_appeal(journey: Journey) -> None:
    """Another decider reads it all, and lets the decision stand."""
    by = journey.scene.actor(SECOND_DECIDER)
    with opened(journey.scene.in_region(SECOND_DECIDER)):
        appeals.decide(journey.accreditation_id, outcome="dismissed", reason=DISMISSED, by=by)
