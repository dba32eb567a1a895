"""The interim return: when it opens, what it lacks, and the letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assessment.rules.interim import Cited, Line, Problem, changed_since, letter_of, opens_on, problems_of, states_of

LINE = Line(1, None, "accepted", None, "in_progress", "The induction is written.")


def test_it_opens_months_before_it_is_due() -> None:
    assert [opens_on(date(2026, 5, 31), months) for months in (0, 3)] == [date(2026, 5, 31), date(2026, 2, 28)]


def test_what_progress_was_reported_of_has_begun() -> None:
    assert states_of(None) == ("not_begun", "in_progress", "claimed_complete")
    assert states_of("in_progress") == ("in_progress", "claimed_complete")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (LINE, []),
        (replace(LINE, state=""), [Problem(1, "Say how far it is.")]),
        (replace(LINE, state="not_begun", told="in_progress"), [Problem(1, "Say how far it is.")]),
        (replace(LINE, words=" "), [Problem(1, "Say what has been done.")]),
        (replace(LINE, answer=None, state="", words=""), [Problem(1, "Reply to it first.")]),
        (replace(LINE, cited=(Cited("Policy", removed=True),)), [
            Problem(1, "“Policy” was removed from the library. Take it out.")
        ]),
        (replace(LINE, cited=(Cited("Policy", quarantined=True),)), [
            Problem(1, "“Policy” is in quarantine. Take it out.")
        ]),
    ],
)  # fmt: skip
def test_every_improvement_that_is_open_is_accounted_for(line: Line, expected: list[Problem]) -> None:
    assert problems_of([line], "") == expected


def test_what_is_closed_or_decided_against_speaks_for_itself_but_something_is_said() -> None:
    closed = replace(LINE, ending="verified", state="", words="")
    against = replace(LINE, number=2, answer="decided_against", state="", words="")
    assert problems_of([closed, against], "") == [Problem(0, "Say how your council keeps the standard.")]
    assert problems_of([closed, against], "We keep training.") == []


def test_the_letter_begins_with_what_was_verified_and_what_is_open() -> None:
    assert letter_of("Ashby Council", "Charter", [1, 3, 4], [2]) == (
        "Thank you for the interim return of Ashby Council on its award, Charter.\n\n"
        "We verified improvements 1, 3 and 4.\n\n"
        "Still open: improvement 2. We look at it again when your council is reassessed."
    )
    assert letter_of("Ashby Council", "Charter", [], []).endswith("No improvement is open.")


@pytest.mark.parametrize(
    ("checked", "words"),
    [
        ({0: "a", 1: "b", 2: "c"}, ""),
        ({}, "Check what you send first: it stands below."),
        ({0: "a", 1: "b", 2: "x"}, "Improvement 2 changed after you opened this page. Check it again, then send it."),
        ({0: "a"}, "Improvement 1 and improvement 2 changed after you opened this page. Check it again, then send it."),
        ({0: "x", 1: "b", 2: "c"}, "The return as a whole changed after you opened this page. "
         "Check it again, then send it."),
    ],
)  # fmt: skip
def test_what_is_not_as_it_was_checked_is_named(checked: dict[int, str], words: str) -> None:
    assert changed_since(checked, {0: "a", 1: "b", 2: "c"}) == words
