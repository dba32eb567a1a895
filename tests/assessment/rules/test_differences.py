"""Differences by words: what is told apart, what is not, and that no text is ever lost."""

from __future__ import annotations

from random import Random
from time import perf_counter

import pytest

from assessment.rules.differences import Piece, compare, takes_out_much


def pieces(before: str, after: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in compare(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("", "New words.", [("added", "New words.")]),
        ("Old words.", "", [("removed", "Old words.")]),
        ("Just so.", "Just so.", [("same", "Just so.")]),
        (
            "The panel meets twice a year.",
            "The panel meets four times a year.",
            [("same", "The panel meets"), ("removed", " twice"), ("added", " four times"), ("same", " a year.")],
        ),
        ("One.\n\nTwo.", "One.\n\nOne and a half.\n\nTwo.", [
            ("same", "One.\n\n"), ("added", "One and a half.\n\n"), ("same", "Two."),
        ]),
        ("Kept  as it\nwas.", "Kept as it was.", [("same", "Kept as it was.")]),
        ("One line.\r\nTwo.", "One line.\nTwo.", [("same", "One line.\nTwo.")]),
    ],
)  # fmt: skip
def test_words_that_came_and_went_are_told_apart(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert pieces(before, after) == expected


def test_a_word_that_happens_to_stay_between_changes_is_part_of_them() -> None:
    assert pieces("Induction covers the ethics framework", "Councillors learn the budget process") == [
        ("removed", "Induction covers the ethics framework"),
        ("added", "Councillors learn the budget process"),
    ]


def test_line_ends_alone_are_no_difference() -> None:
    assert compare("One two.", "One\n\ntwo.") == (Piece("same", "One\n\ntwo."),)
    assert compare("a", "b") == (Piece("removed", "a"), Piece("added", "b"))


def test_the_later_text_is_always_whole_and_the_earlier_loses_no_word() -> None:
    chance = Random(7)
    words = ["the", "panel", "meets", "again", "and", "decides", "\n", "\n\n", "- ", "training"]
    for _ in range(300):
        before, after = (" ".join(chance.choices(words, k=chance.randrange(25))) for _ in range(2))
        found = compare(before, after)
        assert "".join(piece.text for piece in found if piece.kind != "removed") == after
        earlier = "".join(piece.text for piece in found if piece.kind != "added")
        assert "".join(earlier.split()) == "".join(before.split())


def test_the_longest_texts_are_compared_at_once() -> None:
    began = perf_counter()
    compare("no " * 6000, "no yes " * 3000)
    compare("no yes " * 2800, "no yes perhaps " * 1300)
    every_third = " ".join(f"word{number} stays{number}" for number in range(900))
    compare(every_third, every_third.replace("word", "other"))
    assert perf_counter() - began < 5


@pytest.mark.parametrize(
    ("before", "after", "much"),
    [
        ("", "Anything", False),
        ("Half a sentence that goes on for a while", "Half a sentence", True),
        ("A first try", "Something else", False),
        ("x" * 1000, "x" * 800, False),
        ("x" * 1000, "x" * 799, True),
        ("x" * 1000, "y" * 1000, True),
        ("x" * 500 + "a" + "y" * 500, "x" * 500 + "b" + "y" * 500, False),
    ],
)
def test_what_counts_as_taking_out_much(before: str, after: str, much: bool) -> None:
    assert takes_out_much(before, after) is much


def test_texts_made_to_keep_us_busy_are_told_apart_in_time() -> None:
    before = " ".join(str(number // 2) for number in range(4000))
    after = " ".join(f"{number} x" for number in range(4000))
    begun = perf_counter()
    pieces = compare(before, after)
    assert perf_counter() - begun < 3
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after


def test_long_texts_with_many_changes_are_told_apart_to_the_end() -> None:
    words = [f"word{number}" for number in range(3000)]
    changed = ["new" if number % 10 == 5 else word for number, word in enumerate(words)]
    pieces = compare(" ".join(words), " ".join(changed))
    assert sum(piece.kind == "added" for piece in pieces) == 300
