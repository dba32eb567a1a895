"""A quote is kept with who said it and the day of consent; a case study says something before it is shared."""

from __future__ import annotations

from datetime import date
from typing import Any

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


def test_a_draft_keeps_incomplete_quotes_but_no_consent_to_come() -> None:
    typed = [("", "Leader", None), ("Good.", "", TODAY), ("Good.", "Leader", date(2026, 11, 23))]
    assert quotes_of(typed, TODAY) == (
        [
            {"words": "", "who": "Leader", "consented_on": ""},
            {"words": "Good.", "who": "", "consented_on": "2026-11-22"},
        ],
        {2: ("consented_on", "The day of consent cannot be in the future.")},
    )


def test_what_a_case_study_lacks() -> None:
    names = ("at_a_glance", "for_councillors", "for_council", "for_communities", "contact")
    empty: dict[str, Any] = dict.fromkeys(names, "") | {"quotes": []}
    assert lacking(empty) == [
        "Write what it is at a glance.",
        "Write at least one of the benefits.",
        "Say who can be asked.",
    ]
    whole = {**empty, "at_a_glance": "It works.", "for_council": "Time.", "contact": "Us"}
    assert lacking(whole) == []
    said = {"words": "Good.", "who": "Leader", "consented_on": "2026-11-22"}
    assert lacking({**whole, "quotes": [said]}) == []
    assert lacking({**whole, "quotes": [said, dict.fromkeys(said, "")]}) == [
        "Quote 2 lacks its words, who said it and the day on which this person agreed."
        " Add it, or empty the whole quote."
    ]
