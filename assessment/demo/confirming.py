"""The chair of the steering group confirms a plan of the demo, in the one council whose process asks for it."""

from __future__ import annotations

from assessment.demo.journeys import Journey
from assessment.demo.places import PEOPLE
from assessment.demo.scene import opened
from assessment.queries.accreditations import get_accreditation
from assessment.services import chair_confirmations
from saas import jobs
from saas.policy import Role

CONFIRMED = "tessen-bay"
"""The council whose chair confirms what is sent; it alone, so that every other journey stays as the region has it."""
CHAIR = next(each for each in PEOPLE if (each.scope, each.role) == (CONFIRMED, Role.STEERING_CHAIR))
WORDS = "The steering group went through the plan in its last meeting and agrees with every action."


def agree(journey: Journey) -> None:
    """The process this accreditation is pinned to asks for the chair's confirmation."""
    with opened(journey.council_scope):
        accreditation = get_accreditation(journey.accreditation_id, lock=True)
        accreditation.process = {**accreditation.process, "chair_confirms": True}


def ask(journey: Journey) -> None:
    """The lead asks the chair to confirm the plan."""
    with opened(journey.council_scope):
        accreditation = get_accreditation(journey.accreditation_id, lock=True)
        chair_confirmations.ask(accreditation, "plan", by=journey.lead)
    jobs.run_all()


def confirm(journey: Journey) -> None:
    """The chair confirms it."""
    with opened(journey.scene.in_council(CONFIRMED, CHAIR)):
        accreditation = get_accreditation(journey.accreditation_id, lock=True)
        chair_confirmations.confirm(accreditation, about="plan", words=WORDS, by=journey.scene.actor(CHAIR))
    jobs.run_all()
