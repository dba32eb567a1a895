"""A plan's lines by status, by month, and on one page."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from tenants.rules.plan_views import BriefLine, Section, by_month, by_status, rooms, section, shorten, undated


def line(ref: str, **values: Any) -> Any:
    """A line with the names of an action's columns."""
    usual = {"status": None, "status_proposed": None, "earliest_on": None, "latest_on": None, "timescale": ""}
    usual |= {"timescale_kind": "none", "timescale_reason": ""}
    return SimpleNamespace(**{**usual, "id": ref, "ref": ref, "position": int(ref), **values})


def test_a_line_stands_under_its_confirmed_status_or_else_the_proposed_one() -> None:
    lines = [
        line("1", status="completed", status_proposed="blocked"),
        line("2", status_proposed="outstanding"),
        line("3"),
    ]
    found = {column.label: [each.ref for each in column.lines] for column in by_status(lines) if column.lines}
    assert found == {"No status yet": ["3"], "Not started": ["2"], "Completed": ["1"]}
    assert len(by_status([])) == 8


def test_months_have_what_ends_begins_and_goes_on() -> None:
    lines = [
        line("1", earliest_on=date(2027, 4, 1), latest_on=date(2028, 3, 31)),
        line("2", latest_on=date(2027, 6, 30)),
        line("3", earliest_on=date(2027, 6, 1), latest_on=date(2027, 6, 12)),
        line("4", earliest_on=date(2027, 4, 9)),
        line("5"),
    ]
    found = [
        (month.begins_on, *([each.ref for each in part] for part in (month.due, month.begin, month.going_on)))
        for month in by_month(lines)
    ]
    assert found == [
        (date(2027, 4, 1), [], ["1", "4"], []),
        (date(2027, 6, 1), ["3", "2"], [], ["1"]),
        (date(2028, 3, 1), ["1"], [], []),
    ]


def test_a_line_without_a_last_day_says_why() -> None:
    lines = [
        line("1"),
        line("2", timescale="ongoing", timescale_kind="ongoing"),
        line("3", timescale="from May 2027", earliest_on=date(2027, 5, 1), timescale_kind="range"),
        line("4", timescale="Q2", timescale_kind="tbc", timescale_reason="No year is written."),
        line("5", latest_on=date(2027, 5, 1)),
    ]
    assert [(each.line.ref, each.why) for each in undated(lines)] == [
        ("1", "No timescale is written."),
        ("2", "Ongoing."),
        ("3", "From 1 May 2027, with no last day."),
        ("4", "To be settled. No year is written."),
    ]


def test_room_on_the_page_is_shared_out() -> None:
    assert rooms([40, 40, 40, 40, 40], 16) == (4, 3, 3, 3, 3)
    assert rooms([1, 0, 40, 2, 0], 16) == (1, 0, 13, 2, 0)
    assert rooms([0, 0], 16) == (0, 0)


def test_a_section_counts_what_had_no_room() -> None:
    lines = [BriefLine(str(number), "word " * 40, "detail") for number in range(3)]
    found = section("Overdue", "Open.", lines, 1)
    assert found == Section("Overdue", "Open.", (BriefLine("0", shorten("word " * 40, 110), "detail"),), 3)
    assert found.more == 2


def test_long_texts_are_cut_after_a_word() -> None:
    assert shorten("Write  role\ndescriptions, now", 26) == "Write role descriptions…"
    assert shorten("Write", 24) == "Write"
    assert shorten("W" * 30, 10) == "W" * 9 + "…"
