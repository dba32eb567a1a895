"""The demo's pool of assessors: who is entered, who is away, which councils are neighbours, and files that close."""

from __future__ import annotations

from datetime import timedelta

from assessment.demo.journeys import Journey
from assessment.demo.places import ASSESSORS, HOMES, OFFICER, MadeUpCouncil
from assessment.demo.scene import Scene, opened
from assessment.queries.assessors import get_person, load_pool
from assessment.services import assessors, assignments
from assessment.services.assessors import Entry, ServedCouncil
from saas.tenancy import SERVICE

TRAINED_DAYS = 400
AWAY_IN_DAYS, AWAY_DAYS = 30, 14
NEIGHBOURS = ("wyrrow", "wyrrow-hills")


def enter(scene: Scene, played: tuple[MadeUpCouncil, ...]) -> None:
    """Enter the assessors with the councils they come from; one of them has a holiday ahead."""
    by = scene.actor(OFFICER)
    with opened(scene.in_region()):
        pool = load_pool(scene.region_id)
        for number, person in enumerate(ASSESSORS):
            councillor = person.name.startswith("Cllr ")
            entry = Entry(
                capacity="councillor" if councillor else "officer",
                trained_until_on=scene.today + timedelta(TRAINED_DAYS + 30 * number),
                most_at_once=3 if councillor else 4,
            )
            known = get_person(pool, scene.users[person.email])
            assessor = assessors.save_entry(scene.region_id, known, entry, version=0, by=by)
            served = ServedCouncil(name=HOMES[person], relation="member" if councillor else "officer")
            assessors.add_council(assessor, served, by=by)
        from_on = scene.today + timedelta(AWAY_IN_DAYS)
        assessors.add_absence(assessor, from_on=from_on, to_on=from_on + timedelta(AWAY_DAYS), by=by)
        if set(NEIGHBOURS) <= {council.slug for council in played}:
            one, other = (scene.councils[slug] for slug in NEIGHBOURS)
            assessors.declare_neighbours(scene.region_id, one, other, by=by)


def close_file(journey: Journey) -> None:
    """The file closes once its last day has passed."""
    with opened(journey.scene.in_region()):
        assignments.close_due(journey.scene.councils[journey.council.slug], by=SERVICE)
