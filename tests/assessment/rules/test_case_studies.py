"""A quote is kept with who said it and the day of consent; a case study says something before it is shared."""

from __future__ import annotations

from datetime import date

from assessment.rules.case_studies import lacking, quotes_of

TODAY = date(2026, 11, 22)


def test_whole_quotes_are_kept_and_empty_places_left_out() -> None:
    typed = [(" Good. ", "Leader ", TODAY), ("", "", None), ("Better.", "A resident", date(2026, 1, 2))]
    assert quotes_of(typed, TODAY) == (
        [
            {"words": "Good.", "who": "Leader", "consented_on": "2026-11-22"},
            {"words": "Better.", "who": "A resident", "consented_on": "2026-01-02"},
        ],
        {},
    )


def test_what_is_wrong_with_a_quote() -> None:
    typed = [
        ("", "Leader", None),
        ("Good.", "", TODAY),
        ("Good.", "Leader", None),
        ("Good.", "Leader", date(2026, 11, 23)),
    ]
    assert quotes_of(typed, TODAY) == (
        [],
        {
            0: ("words", "Enter the words of the quote, or leave the whole quote empty."),
            1: ("who", "Enter who said it."),
            2: ("consented_on", "Enter the day on which this person agreed to be quoted."),
            3: ("consented_on", "The day of consent cannot be in the future."),
        },
    )


def test_what_a_case_study_lacks() -> None:
    empty = dict.fromkeys(("at_a_glance", "for_councillors", "for_council", "for_communities", "contact"), "")
    assert lacking(empty) == [
        "Write what it is at a glance.",
        "Write at least one of the benefits.",
        "Say who can be asked.",
    ]
    assert lacking({**empty, "at_a_glance": "It works.", "for_council": "Time.", "contact": "Us"}) == []
