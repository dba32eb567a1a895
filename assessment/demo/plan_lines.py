"""What the demo's main council does with the lines of its own plan: owners, notes, evidence and priorities."""

from __future__ import annotations

from datetime import timedelta

from assessment.demo.journeys import Journey
from assessment.demo.scene import opened
from assessment.demo.words import PINPOINTS
from saas import clock
from tenants.models.plans import Action
from tenants.queries.evidence import list_evidence
from tenants.queries.plan_lines import list_actions
from tenants.queries.plans import find_plan, get_action
from tenants.queries.priorities import list_priorities
from tenants.rules import timescales
from tenants.services import action_details, action_notes, action_owners, priorities, timescale_choices

PRIORITIES = ("A council that listens", "Homes that people can afford", "Streets to be proud of")
NOTES = (
    "A first draft went round the groups. Two of them have replied.",
    "The date was moved once, because the room was taken.",
    "The panel has seen the figures and is content.",
)


def look_after(journey: Journey) -> None:
    """Most lines get confirmed owners, others a note, evidence or a priority, and one of several readings is chosen."""
    with opened(journey.council_scope):
        plan = find_plan(journey.council_id, "own")
        if plan is None:
            raise RuntimeError(f"{journey.council.name} has no plan of its own")
        _enter_priorities(journey)
        library = list_evidence(journey.council_id, sort="title")
        served = list_priorities(journey.council_id)
        for number, line in enumerate(list_actions(plan), start=1):
            row = get_action(journey.council_id, line.id, lock=True)
            if number % 3:
                action_owners.confirm(row, action_owners.propose(row), by=journey.lead)
            if number % 2:
                day = clock.today() - timedelta(number)
                action_notes.add_note(row, noted_on=day, words=NOTES[number % len(NOTES)], by=journey.lead)
            if not number % 3 and library:
                item, pinpoint = library[number % len(library)], PINPOINTS[number % len(PINPOINTS)]
                action_details.link_evidence(row, item, pinpoint=pinpoint, by=journey.lead)
            if not number % 4 and served:
                action_details.set_priorities(row, [served[number % len(served)].id], by=journey.lead)
            _choose_reading(row, journey)


def _enter_priorities(journey: Journey) -> None:
    there = {each.title for each in list_priorities(journey.council_id)}
    for title in PRIORITIES:
        if title not in there:
            priorities.add_priority(journey.council_id, title=title, by=journey.lead)


def _choose_reading(row: Action, journey: Journey) -> None:
    """Where a timescale may mean several things, the second is what was meant."""
    found = timescales.readings(row.timescale)
    if len(found) > 1:
        key = timescales.key_of(found[1].kind, found[1].earliest, found[1].latest)
        timescale_choices.choose(row, reading=key, document_on=None, version=row.version, by=journey.lead)
