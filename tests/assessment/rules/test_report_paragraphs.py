"""Paragraphs keep their keys while the words round them change, in both formats of the document."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from assessment.rules.report_paragraphs import MOST, keyed, paragraphs_of, split

FIRST = "It has 47 members and asked them all.\n\nIt meets in spring.\n\nIt spends what it plans."


def test_blank_lines_set_paragraphs_apart() -> None:
    assert split("One\nstill one\r\n\r\n\r\nTwo\n \n- a\n- b\n") == ["One\nstill one", "Two", "- a\n- b"]


@pytest.mark.parametrize(
    ("later", "order"),
    [
        (FIRST, [0, 1, 2]),
        ("It has 48 members and asked them all.\n\nIt meets in spring.\n\nIt spends what it plans.", [0, 1, 2]),
        ("It meets in spring.\n\nIt spends what it plans.", [1, 2]),
        ("New at the top, about something else.\n\n" + FIRST, [None, 0, 1, 2]),
        ("It has 47 members and asked them all.\n\nOther words altogether.\n\nIt spends what it plans.", [0, None, 2]),
    ],
)
def test_what_stayed_or_was_reworded_keeps_its_key(later: str, order: list[int | None]) -> None:
    before = keyed(FIRST, "summary")
    keys = [each["key"] for each in before]
    now = [each["key"] for each in keyed(later, "summary", before)]
    assert [keys.index(key) if key in keys else None for key in now] == order
    assert len(set(now)) == len(now)


def calls_of(work: Callable[[], object]) -> int:
    """How many functions are called while this is done, those written in C too."""
    counted = [0]

    def count(_frame: object, event: str, _argument: object) -> None:
        counted[0] += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted[0]


@pytest.mark.parametrize("shared", [0, 1])
def test_twice_as_many_paragraphs_are_twice_the_work(shared: int) -> None:
    def reworded(number: int) -> int:
        before = [{"key": str(place), "words": "same" if shared else f"old {place}"} for place in range(number)]
        text = "\n\n".join(["first", *("same" if shared else f"new {place}" for place in range(number)), "last"])
        return calls_of(lambda: keyed(text, "summary", before[1:]))

    assert reworded(2000) < 2.2 * reworded(1000)
    assert reworded(MOST) < 10 * MOST * MOST


def test_one_long_paragraph_is_compared_by_its_words_alone() -> None:
    def of(number: int) -> int:
        one = " ".join(f"a{place % 7} b{place % 5}" for place in range(number))
        return calls_of(lambda: keyed(f"{one} end", "summary", [{"key": "k", "words": f"begin {one}"}]))

    assert of(4000) < 2.2 * of(2000)


def test_among_very_many_paragraphs_what_stayed_keeps_its_key() -> None:
    before = [{"key": str(place), "words": f"Paragraph {place}"} for place in range(MOST + 50)]
    words = [each["words"] for each in before]
    words[3], words[-2] = "Quite another", "Again another"
    now = [each["key"] for each in keyed("\n\n".join(words), "summary", before)]
    assert [each for each in now if not each.startswith("summary")] == [
        each["key"] for place, each in enumerate(before) if place not in (3, MOST + 48)
    ]


def test_the_same_words_twice_have_two_keys() -> None:
    one, two = keyed("Good.\n\nGood.", "summary")
    assert (two["key"], one["words"], two["words"]) == (f"{one['key']}-2", "Good.", "Good.")


def test_a_document_of_the_first_format_is_divided_as_it_would_be_today() -> None:
    document = {
        "format": 1,
        "summary": "One.\n\nTwo.",
        "criteria": [
            {
                "code": "1",
                "title": "Commitment",
                "strengths": "Clear lead",
                "judgements": [{"code": "1.1.1", "words": "Met", "reason": "Seen"}],
            }
        ],
        "improvements": [{"number": 1, "action": "Do it", "timescale": "May", "reason": "", "remark": "[So]"}],
    }
    found = paragraphs_of(document)
    assert [(each.place, each.words) for each in found.values()] == [
        ("Summary, paragraph 1", "One."),
        ("Summary, paragraph 2", "Two."),
        ("1 Commitment, strengths", "Clear lead"),
        ("Requirement 1.1.1", "Met. Seen"),
        ("Improvement 1", "Do it\n\nMay\n\n[So]"),
    ]
    assert list(found)[3:] == ["judgement-1.1.1", "improvement-1"]
