"""Which themes a text suggests, and how a theme's words are read."""

from __future__ import annotations

import pytest

from assessment.rules.themes import LONGEST_WORD, MOST_WORDS, STARTERS, problem_of_words, read_words, suggest

THEMES = {"mentors": ("mentor", "coach"), "plans": ("PDP", "personal development"), "empty": ("", "  ")}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Offer mentoring to every new member.", ["mentors"]),
        ("Ask commentors.", []),
        ("MENTORS and coaches; a PDP for each.", ["mentors", "plans"]),
        ("A Personal-Development   plan: mentor?", ["mentors", "plans"]),
        ("PDPs, (personal development), mentors", ["plans", "mentors"]),
        ("", []),
    ],
)
def test_a_theme_is_suggested_where_a_word_begins_with_one_of_its_own(text: str, keys: list[str]) -> None:
    assert suggest(text, THEMES) == keys


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", []),
        ("mentor, coach", ["mentor", "coach"]),
        (" role   profile;coach\n\ncoach, ", ["role profile", "coach"]),
    ],
)
def test_words_stand_apart_by_commas_semicolons_or_lines(typed: str, words: list[str]) -> None:
    assert read_words(typed) == words


def test_words_have_limits_that_are_named() -> None:
    assert problem_of_words(["mentor"] * MOST_WORDS) is None
    assert problem_of_words(["a"] * (MOST_WORDS + 1)) == f"Enter at most {MOST_WORDS} words or phrases."
    long = problem_of_words(["x" * (LONGEST_WORD + 1)])
    assert long is not None
    assert "Put commas between the phrases." in long


def test_every_theme_to_begin_from_suggests_itself_and_passes_the_limits() -> None:
    themes = {each.title: each.words for each in STARTERS}
    for each in STARTERS:
        assert problem_of_words(each.words) is None
        assert all(each.title in suggest(f"Look at {word}ing again.", themes) for word in each.words)
    assert len(themes) == len(STARTERS)
