"""What two states of a report's draft differ in."""

from __future__ import annotations

from assessment.rules import reports
from assessment.rules.report_differences import State, changed_parts, differences
from tests.factories.assessment import tree_of

TREE = tree_of("charter-2008")
FIRST = State(
    "The council learns.",
    [{"criterion_code": "1", "text": "A clear lead"}],
    [],
    reports.numbered([reports.improvement(action="Meet", timescale="by May", requirement_code="2.1.1")]),
)
THEN = State(
    "The council learns well.",
    FIRST.strengths,
    [reports.practice(text="A buddy", criterion_code="3")],
    reports.numbered([reports.improvement(action="Meet", timescale="by June", requirement_code="2.1.1")]),
)


def test_only_what_differs_is_named() -> None:
    assert changed_parts(FIRST, THEN, TREE) == ["Summary", "Good practice", "Improvements"]
    assert changed_parts(FIRST, FIRST, TREE) == []


def test_of_the_first_state_every_part_with_words_is_named() -> None:
    titled = f"Strengths: 1 {TREE.criteria[0].title}"
    assert changed_parts(None, FIRST, TREE) == ["Summary", titled, "Improvements"]


def test_each_part_says_its_difference_in_words() -> None:
    found = {part.name: [(piece.kind, piece.text) for piece in part.pieces] for part in differences(FIRST, THEN, TREE)}
    assert found["Good practice"] == [("added", "A buddy\nAbout: 3")]
    assert found["Improvements"] == [
        ("same", "1. Meet\nAbout: 2.1.1\nTimescale: by"),
        ("removed", " May"),
        ("added", " June"),
    ]
