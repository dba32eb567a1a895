"""Visits in the demo: planned, with people to meet from nearly every group, invited to, noted and held."""

from __future__ import annotations

from datetime import date, time, timedelta

from assessment.demo.journeys import Journey
from assessment.demo.places import OFFICER, SignIn
from assessment.demo.region_work import team_of
from assessment.demo.scene import opened
from assessment.queries import visits as queries
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.rules.processes import Process
from assessment.rules.visits import read, warnings
from assessment.services import interviews, visit_people, visits
from saas import clock
from tenants.queries.members import list_members

IN_DAYS = 13
"""From planning to the visit, or to the first day after it against which nothing speaks."""
NOTES = (
    "Sees the point of the programme and says so to the group. New members were paired with older ones; that works. "
    "Would like sessions in the evening.",
    "Knows what each councillor asked for and what became of it. The budget is small but spent on what was asked.",
    "Reports to the steering group four times a year. Feedback forms come back from about half of those who attend.",
)


def plan(journey: Journey) -> None:
    """The region's officer plans half a day at the council."""
    with opened(journey.scene.in_region()):
        accreditation = get_accreditation(journey.accreditation_id)
        visits.plan(
            accreditation,
            held_on=_free_day(process_of(accreditation)),
            place=f"Civic offices, {journey.council.name}",
            length="half",
            begins_at=time(9, 30),
            by=journey.scene.actor(OFFICER),
        )


def name_people(journey: Journey) -> None:
    """The council names one member of every group but its smallest by name, and the officer who does the work."""
    with opened(journey.council_scope):
        members = list_members(journey.council_id, today=clock.today())
        visit = queries.get_visit(journey.accreditation_id)
    leaders = {line.group: line.name for line in members if line.group}
    groups = sorted(leaders)
    slots = [slot.key for slot in read(visit.timetable)]
    wanted = [(leaders[group], "Group leader", group, slots[2]) for group in groups[: max(1, len(groups) - 1)]]
    wanted.append((journey.lead.name, "Officer for member development", "", slots[5]))
    for number, (person, role, group, slot) in enumerate(wanted):
        with opened(journey.council_scope):
            visit_people.name(
                get_accreditation(journey.accreditation_id),
                person=person,
                role=role,
                group=group,
                slot=slot,
                version=number,
                by=journey.lead,
            )


def invite(journey: Journey) -> None:
    """The officer invites."""
    with opened(journey.scene.in_region()):
        visit = queries.get_visit(journey.accreditation_id, lock=True)
        by = journey.scene.actor(OFFICER)
        visits.invite(get_accreditation(journey.accreditation_id), visit, version=visit.version, by=by)


def note_interviews(journey: Journey) -> None:
    """Both who score note what they heard."""
    for number, person in enumerate(team_of(journey)):
        with opened(journey.scene.in_file(journey.accreditation_id, person)):
            _note(journey, person, number)


def hold(journey: Journey) -> None:
    """The visit was held."""
    with opened(journey.scene.in_region()):
        visit = queries.get_visit(journey.accreditation_id, lock=True)
        by = journey.scene.actor(OFFICER)
        visits.hold(get_accreditation(journey.accreditation_id), visit, version=visit.version, by=by)


def _note(journey: Journey, person: SignIn, number: int) -> None:
    accreditation = get_accreditation(journey.accreditation_id)
    people = queries.find_people(accreditation.id)
    met = people.people[number % len(people.people)]["name"] if people else "The Leader"
    by = journey.scene.actor(person)
    note = interviews.begin(accreditation, person=met, by=by)
    words = journey.chance("interview", number).choice(NOTES)
    interviews.save(accreditation, note, person=met, words=words, version=note.version, by=by)


def _free_day(process: Process) -> date:
    day = clock.today() + timedelta(IN_DAYS)
    while warnings(day, process):
        day += timedelta(1)
    return day
