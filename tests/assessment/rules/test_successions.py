"""What is asked before a council ends, and what the page says will happen."""

from __future__ import annotations

from datetime import date

from assessment.rules.successions import problems_of, what_happens

TODAY = date(2026, 4, 1)


def test_two_different_councils_and_a_day_that_is_over() -> None:
    assert problems_of("a", "b", TODAY, TODAY) == {}
    assert problems_of("", "", None, TODAY) == {
        "council": ["Choose the council that ended."],
        "successor": ["Choose the council that succeeds it."],
        "ended_on": ["Enter the day on which the council ended."],
    }
    assert problems_of("a", "a", date(2026, 4, 2), TODAY) == {
        "successor": ["A council cannot succeed itself. Choose another one."],
        "ended_on": ["The day must not be in the future. Come back when the council has ended."],
    }


def test_the_page_counts_what_ends_and_what_goes_on() -> None:
    assert what_happens("Ashby", "Newshire", 1, 2, 3)[1:3] + what_happens("Ashby", "Newshire", 1, 2, 3)[4:] == [
        "1 accreditation on the way will end, with the files of its assessors.",
        "2 awards will end, here and in the public register.",
        "3 open improvements will stand in the plan of Newshire, with the source.",
    ]
    assert len(what_happens("Ashby", "Newshire", 0, 0, 0)) == 2
