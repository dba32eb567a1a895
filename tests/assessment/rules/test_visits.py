"""The visit: timetables by process and length, moving slots, days that need a reason, groups nobody speaks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from assessment.rules import visits
from assessment.rules.processes import DEFAULT, Period
from assessment.rules.stages import Stage
from assessment.rules.visits import Slot, TimetableError
from assessment.rules.working_days import Nation

WELCOME = Slot("s1", time(9, 0), 30, "Welcome", "Leader")
LEADERS = Slot("s2", time(9, 30), 45, "Group leaders", "All groups")
LUNCH = Slot("s3", time(12, 0), 60, "Lunch", "")
DAY = (WELCOME, LEADERS, LUNCH)


@pytest.mark.parametrize(
    ("length", "lines", "ends"), [("full", 12, time(16, 5)), ("half", 8, time(12, 50)), ("short", 6, time(11, 20))]
)
def test_a_template_fills_its_length_without_gaps(length: str, lines: int, ends: time) -> None:
    slots = visits.template(DEFAULT, length, time(9, 20))
    assert (len(slots), slots[0].at, slots[-1].until) == (lines, time(9, 20), ends)
    assert [slot.begins for slot in slots[1:]] == [slot.ends for slot in slots[:-1]]


def test_a_template_names_whom_the_process_names() -> None:
    process = replace(DEFAULT, signatories=("Leader", "Chief Executive"), evidence_expected=False)
    half = {slot.title: slot.who for slot in visits.template(process, "half", time(10))}
    assert (half["Welcome"], half["The team arrives"]) == ("Leader and Chief Executive", "The team of 3")
    assert "Papers that were not sent beforehand" in half
    assert "Papers and evidence" in {slot.title for slot in visits.template(DEFAULT, "half", time(10))}


def test_a_template_that_would_pass_midnight_is_refused() -> None:
    with pytest.raises(TimetableError, match="must end on the day"):
        visits.template(DEFAULT, "full", time(20))


def test_a_timetable_is_kept_and_read_back() -> None:
    kept = visits.to_document(DAY)
    assert kept[0] == {"key": "s1", "at": "09:00", "minutes": 30, "title": "Welcome", "who": "Leader"}
    assert visits.read(kept) == DAY


def test_a_longer_slot_moves_what_follows_only_when_asked() -> None:
    longer = {"at": time(9, 10), "minutes": 35, "title": "Welcome", "who": "Leader"}
    moved = visits.change(DAY, "s1", **longer, following=True)
    assert [(slot.key, slot.at) for slot in moved] == [("s1", time(9, 10)), ("s2", time(9, 45)), ("s3", time(12, 15))]
    stayed = visits.change(DAY, "s1", **longer)
    assert [slot.at for slot in stayed] == [time(9, 10), time(9, 30), time(12, 0)]
    assert visits.clashes(stayed) == {"s2": "Welcome"}
    assert visits.clashes(moved) == {}


def test_slots_stand_in_the_order_of_time() -> None:
    later = visits.change(DAY, "s1", at=time(13), minutes=30, title="Welcome", who="")
    assert [slot.key for slot in later] == ["s2", "s3", "s1"]
    added = visits.add(DAY, at=time(11), minutes=15, title="Break", who="")
    assert [(slot.key, slot.title) for slot in added] == [
        ("s1", "Welcome"),
        ("s2", "Group leaders"),
        ("s4", "Break"),
        ("s3", "Lunch"),
    ]


def test_no_slot_leaves_its_day() -> None:
    with pytest.raises(TimetableError, match="“Lunch” would end after midnight"):
        visits.change(DAY, "s1", at=time(20, 0), minutes=60, title="Welcome", who="", following=True)
    with pytest.raises(TimetableError, match="“Lunch” would no longer be on this day"):
        visits.change(DAY, "s1", at=time(22, 0), minutes=60, title="Welcome", who="", following=True)
    with pytest.raises(TimetableError, match="at least one line"):
        visits.remove((LUNCH,), "s3")
    with pytest.raises(TimetableError, match="at most 30"):
        visits.add(
            tuple(replace(LUNCH, key=f"s{number}") for number in range(30)),
            at=time(9),
            minutes=5,
            title="x",
            who="",
        )
    assert visits.remove(DAY, "s2") == (WELCOME, LUNCH)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("9:30", time(9, 30)),
        ("09.30", time(9, 30)),
        (" 23:59 ", time(23, 59)),
        ("24:00", None),
        ("9", None),
        ("", None),
    ],
)
def test_times_are_read_as_people_type_them(words: str, found: time | None) -> None:
    assert visits.read_time(words) == found


@pytest.mark.parametrize(
    ("day", "nation", "words"),
    [
        (date(2027, 3, 3), Nation.ENGLAND, ()),
        (date(2027, 3, 6), Nation.ENGLAND, ("6 March 2027 is a Saturday.",)),
        (date(2027, 8, 30), Nation.ENGLAND, ("30 August 2027 is a bank holiday in England.",)),
        (date(2027, 3, 17), Nation.ENGLAND, ()),
        (date(2027, 3, 17), Nation.NORTHERN_IRELAND, ("17 March 2027 is a bank holiday in Northern Ireland.",)),
        (
            date(2027, 5, 3),
            Nation.ENGLAND,
            (
                "3 May 2027 is a bank holiday in England.",
                "3 May 2027 lies in a pre-election period (22 March 2027 to 6 May 2027).",
            ),
        ),
    ],
)
def test_what_speaks_against_a_day(day: date, nation: Nation, words: tuple[str, ...]) -> None:
    process = replace(DEFAULT, nation=nation, pre_election_periods=(Period(date(2027, 3, 22), date(2027, 5, 6)),))
    assert visits.warnings(day, process) == words


def test_the_groups_nobody_speaks_for() -> None:
    people = [{"group": "Green"}, {"group": ""}, {"group": "labour"}]
    assert visits.missing_groups(["Green", "Independent", "Labour"], people) == ("Independent",)


def test_when_a_visit_is_planned_and_interviews_are_noted() -> None:
    assert [stage for stage in Stage if visits.may_plan(stage)] == [Stage.SUBMITTED, Stage.ASSESSING, Stage.MODERATING]
    assert [stage for stage in Stage if visits.may_note(stage) and not visits.may_plan(stage)] == [
        Stage.REPORTING,
        Stage.FACT_CHECK,
    ]
