"""A visit as region, council and team read it: the timetable with its people, and the calendar entry."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Response, current_app, request

from assessment.models.accreditations import Accreditation
from assessment.models.visits import Visit, VisitPeople
from assessment.rules import visits as rules
from assessment.rules.visits import Slot
from assessment.services import visits
from assessment.services.visit_calendar import calendar_of
from saas import clock
from saas.downloads import CALENDAR, file_response


@dataclass(frozen=True, slots=True)
class Meeting:
    """A line of the timetable with the people named for it, whether one is missing, and what it overlaps with."""

    slot: Slot
    people: list[str]
    is_empty: bool
    clash: str


@dataclass(frozen=True, slots=True)
class About:
    """A visit as every side reads it."""

    meetings: list[Meeting]
    people: list[dict[str, str]]
    missing: tuple[str, ...]
    changed: bool
    state: str
    is_past: bool


def about(visit: Visit | None, people: VisitPeople | None) -> About:
    """The visit with its people put into the timetable."""
    slots = rules.read(visit.timetable) if visit else ()
    named = people.people if people else []
    clashes = rules.clashes(slots)
    titles = {slot.key: f"{slot.at:%H:%M} {slot.title}" for slot in slots}
    of_slot = {
        slot.key: [f"{each['name']}, {each['role']}" for each in named if each["slot"] == slot.key] for slot in slots
    }
    return About(
        meetings=[
            Meeting(slot, of_slot[slot.key], slot.needs_people and not of_slot[slot.key], clashes.get(slot.key, ""))
            for slot in slots
        ],
        people=[each | {"slot_words": titles.get(each["slot"], "")} for each in named],
        missing=rules.missing_groups(people.groups, named) if people else (),
        changed=visits.is_changed(visit) if visit else False,
        state=rules.STATES[visit.state] if visit else "",
        is_past=visit is not None and visit.held_on < clock.today(),
    )


def calendar_response(accreditation: Accreditation, visit: Visit, path: str) -> Response:
    """The entry to be downloaded; `path` is the page of the visit on the side that asks."""
    base_url = current_app.config["CHARTERWAY"].base_url
    site = urlsplit(base_url).hostname or "localhost"
    entry = calendar_of(visit, council=accreditation.council_name, link=base_url + path, site=site)
    return file_response(entry, "visit.ics", CALENDAR)


def seen_version() -> int:
    """The version that a form of one button alone carries; 0 for anything that is none."""
    typed = request.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
