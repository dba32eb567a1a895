"""What of the last cycle's answers goes where, and what an answer of several sources says."""

from dataclasses import replace

import pytest

from assessment.rules.carrying import Source, United, unite, ways, words_of
from assessment.rules.frameworks import Crossing, Framework
from tests.factories.assessment import tree_of

FIRST = Source("1.1", "Role profiles", "met", "Met", "We have them.")
SECOND = Source("1.2", "Induction", "met", "Met", "We do it.")


def codes(framework: Framework, level: str, theirs: Framework, their_level: str) -> dict[str, tuple[str, ...]]:
    found = ways(framework, level, theirs, their_level)
    return {way.requirement.code: tuple(each.code for each in way.forebears) for way in found.ways}


def test_the_same_framework_and_level_carry_each_answer_to_itself(small: Framework) -> None:
    assert codes(small, "charter", small, "charter") == {"1.1.1": ("1.1.1",), "1.1.2": ("1.1.2",), "1.10": ("1.10",)}
    assert ways(small, "charter", small, "charter").left == ()


def test_the_upper_level_starts_empty_where_the_lower_one_did_not_ask(small: Framework) -> None:
    found = ways(small, "plus", small, "charter")
    asked = {each.code for each in small.requirements_of("charter")}
    wanted = {each.code for each in small.requirements_of("plus")}
    assert {way.requirement.code for way in found.ways if not way.forebears} == wanted - asked
    assert {each.code for each in found.left} == asked - wanted
    assert (found.carried, found.fresh) == (len(wanted & asked), len(wanted - asked))


def test_a_newer_version_unites_splits_and_leaves_out_as_its_crosswalk_says(small: Framework) -> None:
    newer = replace(
        small,
        version="2",
        crosswalk=(
            Crossing(small.code, "1.1.1", ("1.1.1", "1.1.2")),
            Crossing(small.code, "1.1.2", ("1.1.2",)),
            Crossing(small.code, "9.9", ("1.10",)),
            Crossing("another", "1.10", ("1.10",)),
        ),
    )
    assert codes(newer, "charter", small, "charter") == {"1.1.1": ("1.1.1",), "1.1.2": ("1.1.1", "1.1.2"), "1.10": ()}
    assert [each.code for each in ways(newer, "charter", small, "charter").left] == ["1.10"]


def test_the_starters_carry_every_answer_of_2008_somewhere() -> None:
    found = ways(tree_of("charter-2017"), "charter", tree_of("charter-2008"), "charter")
    assert (found.left, found.carried, found.fresh) == ((), 20, 0)


@pytest.mark.parametrize(
    ("sources", "united"),
    [
        ([FIRST], United("met", "We have them.", "")),
        ([replace(FIRST, judgement="splendid")], United(None, "We have them.", "")),
        (
            [FIRST, SECOND],
            United("met", "From 1.1 Role profiles:\n\nWe have them.\n\nFrom 1.2 Induction:\n\nWe do it.", ""),
        ),
        (
            [FIRST, replace(SECOND, judgement="not_met", narrative=" ")],
            United(None, "From 1.1 Role profiles:\n\nWe have them.", ""),
        ),
        (
            [FIRST, replace(SECOND, narrative="We have them.")],
            United("met", "From 1.1 Role profiles; 1.2 Induction:\n\nWe have them.", ""),
        ),
        (
            [replace(FIRST, judgement="not_applicable", narrative="", not_applicable_reason="No such body.")],
            United("not_applicable", "", "No such body."),
        ),
    ],
)
def test_several_answers_are_united_and_none_is_picked(small: Framework, sources: list[Source], united: United) -> None:
    assert unite(sources, small) == united


@pytest.mark.parametrize(
    ("level", "their_level", "words"),
    [
        ("charter", "charter", "3 of its 3 requirements would start with answers of your last submission."),
        (
            "plus",
            "charter",
            "3 of its 4 requirements would start with answers of your last submission; 1 would start empty.",
        ),
        (
            "charter",
            "plus",
            "3 of its 3 requirements would start with answers of your last submission."
            " 1 answer would have no successor.",
        ),
    ],
)
def test_what_would_be_carried_is_said_in_words(small: Framework, level: str, their_level: str, words: str) -> None:
    assert words_of(ways(small, level, small, their_level)) == words


def test_a_framework_without_a_crosswalk_carries_nothing(small: Framework) -> None:
    found = ways(replace(small, code="another"), "charter", small, "charter")
    assert words_of(found) == "No answer of your last submission would be carried to it."
