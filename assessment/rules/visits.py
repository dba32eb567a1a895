"""The visit: its timetable, what speaks against a day, groups nobody speaks for, and when it is open."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from assessment.rules.process_words import NATIONS, day_words, period_words
from assessment.rules.processes import Period, Process
from assessment.rules.stages import Stage
from assessment.rules.working_days import is_working_day

LENGTHS: Mapping[str, str] = {"full": "A whole day", "half": "Half a day", "short": "Two hours by video"}
STATES: Mapping[str, str] = {
    "planned": "Planned, invitations not sent",
    "invited": "Invitations sent",
    "held": "Held",
    "called_off": "Called off",
}
LONGEST_PLACE, LONGEST_JOINING = 300, 500
"""Characters of where a visit is, and of how to take part from afar."""
LONGEST_TITLE, LONGEST_WHO = 120, 200
"""Characters of what a line of the timetable is, and of whom the team meets in it."""
MOST_SLOTS = 30
MOST_MINUTES = 600
MINUTES_A_DAY = 24 * 60
OF_THE_TEAM = "The team"
"""How the words begin that say whom the team meets where it meets nobody of the council."""
TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", re.ASCII)


class TimetableError(ValueError):
    """A timetable that cannot be; the message says why in words for the page."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One line of a timetable: `at` and `minutes` say when, `who` whom the team meets. `key` stays through changes."""

    key: str
    at: time
    minutes: int
    title: str
    who: str

    @property
    def begins(self) -> int:
        """Minutes after midnight."""
        return self.at.hour * 60 + self.at.minute

    @property
    def ends(self) -> int:
        """Minutes after midnight; at most a whole day."""
        return self.begins + self.minutes

    @property
    def needs_people(self) -> bool:
        """Whether the council names people for it: not for a break, nor for what the team does alone."""
        return bool(self.who) and not self.who.startswith(OF_THE_TEAM)

    @property
    def until(self) -> time:
        """The time at which it ends; a slot that lasts until midnight ends at 23:59."""
        return time_of(min(self.ends, MINUTES_A_DAY - 1))


Timetable = tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Away:
    """Days, both included, on which somebody of the team cannot come."""

    name: str
    period: Period


def time_of(minutes: int) -> time:
    """The time so many minutes after midnight."""
    return time(minutes // 60, minutes % 60)


def read_time(words: str) -> time | None:
    """A time typed as 9:30, 09:30 or 9.30; None for anything else."""
    found = TIME.fullmatch(words.strip())
    return time(int(found[1]), int(found[2])) if found else None


def template(process: Process, length: str, begins_at: time) -> Timetable:
    """The usual timetable of a visit of this length ("full", "half" or "short") in a region's process.

    Raises TimetableError where it would run past midnight.
    """
    slots: list[Slot] = []
    minutes = begins_at.hour * 60 + begins_at.minute
    for number, (lasts, title, who) in enumerate(_usual(process, length), 1):
        if minutes + lasts > MINUTES_A_DAY:
            raise TimetableError("The visit must end on the day it begins.")
        slots.append(Slot(f"s{number}", time_of(minutes), lasts, title, who))
        minutes += lasts
    return tuple(slots)


def _usual(process: Process, length: str) -> list[tuple[int, str, str]]:
    team = f"The team of {sum(seat.number for seat in process.team)}"
    signed = " and ".join(process.signatories)
    steering = "Its chair and members" if process.chair_confirms else "Members of it, and the officers who serve it"
    papers = "Papers and evidence" if process.evidence_expected else "Papers that were not sent beforehand"
    if length == "full":
        return [
            (15, "The team arrives", team),
            (30, "Welcome", signed),
            (45, "Group leaders", "One of every political group"),
            (45, "Steering group for member development", steering),
            (15, "Break", ""),
            (45, "Councillors who are new", "Elected at the last election, from every group"),
            (45, "Lunch", "The team alone"),
            (45, "Councillors without a special post", "From every political group"),
            (45, "Officers who support councillors", "Democratic services, personnel, heads of service"),
            (30, papers, "The team alone"),
            (30, "The team compares notes", "The team alone"),
            (15, "First impressions", signed),
        ]
    if length == "half":
        return [
            (10, "The team arrives", team),
            (20, "Welcome", signed),
            (40, "Group leaders", "One of every political group"),
            (45, "Councillors", "New ones and those without a special post, from every group"),
            (10, "Break", ""),
            (40, "Steering group and officers", steering),
            (30, papers, "The team alone"),
            (15, "First impressions", signed),
        ]
    return [
        (5, "The team joins", team),
        (15, "Welcome", signed),
        (30, "Group leaders", "One of every political group"),
        (30, "Councillors", "From every political group"),
        (25, "Steering group and officers", steering),
        (15, "The team compares notes", "The team alone"),
    ]


def read(document: Iterable[Mapping[str, Any]]) -> Timetable:
    """The timetable as it is kept: [{key, at "09:30", minutes, title, who}]."""
    return tuple(
        Slot(line["key"], time.fromisoformat(line["at"]), line["minutes"], line["title"], line["who"])
        for line in document
    )


def to_document(slots: Timetable) -> list[dict[str, Any]]:
    """The timetable as values for JSON; `read` reads them back."""
    return [
        {"key": slot.key, "at": f"{slot.at:%H:%M}", "minutes": slot.minutes, "title": slot.title, "who": slot.who}
        for slot in slots
    ]


def add(slots: Timetable, *, at: time, minutes: int, title: str, who: str) -> Timetable:
    """The timetable with one more slot, in order of time. Raises TimetableError."""
    if len(slots) >= MOST_SLOTS:
        raise TimetableError(f"A timetable has at most {MOST_SLOTS} lines.")
    taken = max((int(slot.key[1:]) for slot in slots), default=0)
    return _in_order([*slots, Slot(f"s{taken + 1}", at, minutes, title, who)])


def change(
    slots: Timetable, key: str, *, at: time, minutes: int, title: str, who: str, following: bool = False
) -> Timetable:
    """The timetable with one slot changed; `following` moves those after it by as much as its end has moved.

    Raises TimetableError when a slot would end after midnight or begin before it; KeyError for an unknown key.
    """
    before = next((slot for slot in slots if slot.key == key), None)
    if before is None:
        raise KeyError(key)
    after = replace(before, at=at, minutes=minutes, title=title, who=who)
    moved = after.ends - before.ends if following else 0
    place = slots.index(before)
    later = [_moved(slot, moved) for slot in slots[place + 1 :]]
    return _in_order([*slots[:place], after, *later])


def remove(slots: Timetable, key: str) -> Timetable:
    """The timetable without one slot; the others stay where they are. Raises TimetableError for the last one."""
    left = tuple(slot for slot in slots if slot.key != key)
    if not left:
        raise TimetableError("A timetable has at least one line.")
    return left


def _moved(slot: Slot, minutes: int) -> Slot:
    begins = slot.begins + minutes
    if not 0 <= begins < MINUTES_A_DAY:
        raise TimetableError(f"“{slot.title}” would no longer be on this day.")
    return replace(slot, at=time_of(begins))


def _in_order(slots: Sequence[Slot]) -> Timetable:
    for slot in slots:
        if slot.ends > MINUTES_A_DAY:
            raise TimetableError(f"“{slot.title}” would end after midnight.")
    return tuple(sorted(slots, key=lambda slot: slot.begins))


def clashes(slots: Timetable) -> dict[str, str]:
    """Slots that begin before another has ended: key → title of that other. A team may split, so it is only said."""
    found = {}
    for number, slot in enumerate(slots):
        earlier = next((each for each in slots[:number] if each.ends > slot.begins), None)
        if earlier is not None:
            found[slot.key] = earlier.title
    return found


def warnings(day: date, process: Process, away: Iterable[Away] = ()) -> tuple[str, ...]:
    """What speaks against a visit on this day, in whole sentences; with a reason the day stands all the same.

    away: days on which somebody of the team cannot come.
    """
    found = []
    if day.weekday() >= 5:
        found.append(f"{day_words(day)} is a {day:%A}.")
    elif not is_working_day(day, process.nation):
        found.append(f"{day_words(day)} is a bank holiday in {NATIONS[process.nation]}.")
    found += [
        f"{day_words(day)} lies in a pre-election period ({period_words(period)})."
        for period in process.pre_election_periods
        if period.from_on <= day <= period.to_on
    ]
    return (*found, *away_on(day, away))


def away_on(day: date, away: Iterable[Away]) -> tuple[str, ...]:
    """Who of the team cannot come on this day, in whole sentences."""
    return tuple(
        f"{each.name} is away on {day_words(day)} ({period_words(each.period)})."
        for each in away
        if each.period.from_on <= day <= each.period.to_on
    )


def missing_groups(groups: Iterable[str], people: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The political groups nobody among the people speaks for, in the order given."""
    spoken = {str(person["group"]).casefold() for person in people}
    return tuple(group for group in groups if group.casefold() not in spoken)


def may_plan(stage: Stage) -> bool:
    """From the submission on until moderation is over."""
    return stage in (Stage.SUBMITTED, Stage.ASSESSING, Stage.MODERATING)


def may_note(stage: Stage) -> bool:
    """Interviews are noted until the outcome is decided, since the report is written from them."""
    return may_plan(stage) or stage in (Stage.REPORTING, Stage.FACT_CHECK)
