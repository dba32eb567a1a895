"""The demo's council that is no more: it merged into another one, which goes on with what was left open."""

from __future__ import annotations

from assessment.demo.journeys import Journey
from assessment.demo.places import OFFICER
from assessment.demo.scene import opened
from assessment.services import successions
from saas import clock, jobs

SUCCESSOR = "tessen-bay"


def merge(journey: Journey) -> None:
    """The region records the end of the council; its successor takes the open improvements into its plan."""
    scene = journey.scene
    with opened(scene.in_region()):
        successions.record(
            scene.region_id,
            council=str(journey.council_id),
            successor=str(scene.councils[SUCCESSOR]),
            ended_on=clock.today(),
            by=scene.actor(OFFICER),
        )
    jobs.run_all()
