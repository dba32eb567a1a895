"""Names that are the same, texts, and what of a document is signed."""

from datetime import date

import pytest

from assessment.rules.signings import (
    changed_codes,
    commitment_text,
    in_words,
    is_same_name,
    keep_measures,
    readiness_text,
    signed_part,
)

ANSWER = {
    "requirement_code": "1.1",
    "narrative": "We do.",
    "evidence": [{"title": "Policy", "file_id": "1", "measure": None}],
    "actions": [{"status": "open"}],
}
DOCUMENT = {
    "kind": "readiness",
    "number": 1,
    "framework": {"code": "a"},
    "level": {"code": "charter"},
    "council": {"name": "Fenmoor"},
    "accreditation": {"cycle": 1},
    "sent": {"by": "Alex"},
    "signatures": [],
    "plan": None,
    "answers": [ANSWER],
}


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("Zoë O’Neill-Grant", True),
        ("zoe o'neill grant", True),
        ("  Cllr. Zoe ONEILL-GRANT ", True),
        ("Zoe Grant", False),
        ("Grant Zoe O'Neill", False),
        ("Cllr", False),
        ("", False),
    ],
)
def test_a_name_is_the_same_whatever_its_case_accents_and_title(typed: str, same: bool) -> None:
    assert is_same_name(typed, "Cllr Zoë O’Neill-Grant") is same


def test_a_name_that_is_a_title_is_still_a_name() -> None:
    assert is_same_name("Lord", "Lord")


def test_what_only_the_seal_knows_and_what_goes_on_is_not_signed() -> None:
    assert signed_part(DOCUMENT) == {
        "framework": {"code": "a"},
        "level": {"code": "charter"},
        "council": {"name": "Fenmoor"},
        "accreditation": {"cycle": 1},
        "answers": [
            {"requirement_code": "1.1", "narrative": "We do.", "evidence": [{"title": "Policy", "measure": None}]}
        ],
    }


def test_a_measure_stays_as_it_was_read() -> None:
    signed = {"answers": [{"requirement_code": "1.1", "evidence": [{"measure": {"numerator": 3}}]}]}
    now = [
        {"requirement_code": "1.1", "evidence": [{"measure": {"numerator": 4}}, {"measure": None}]},
        {"requirement_code": "1.2", "evidence": [{"measure": {"numerator": 9}}]},
    ]
    keep_measures(now, signed)
    assert [[item["measure"] for item in each["evidence"]] for each in now] == [
        [{"numerator": 3}, None],
        [{"numerator": 9}],
    ]


def test_what_changed_is_named() -> None:
    before = {"answers": [{"requirement_code": "1"}, {"requirement_code": "2", "narrative": "a"}]}
    after = {"answers": [{"requirement_code": "2", "narrative": "b"}, {"requirement_code": "3"}]}
    assert changed_codes(after, before) == ["1", "2", "3"]


def test_texts_name_who_what_and_when() -> None:
    text = commitment_text("Fenmoor Council", "Charter", "The Standard (2017)", date(2027, 5, 4))
    assert text.startswith("Fenmoor Council commits itself to Charter, under “The Standard (2017)”.")
    assert text.endswith("We aim to be assessed by 4 May 2027.")
    assert "aim to be" not in commitment_text("Fenmoor Council", "Charter", "The Standard (2017)", None)
    text = readiness_text("Fenmoor Council", "Charter", "The Standard (2017)", 28, "ab" * 32, date(2027, 5, 4))
    assert "as it stood on 4 May 2027" in text
    assert text.endswith("ab" * 32)


@pytest.mark.parametrize(
    ("names", "words"), [([], ""), (["1.1"], "1.1"), (["1", "2"], "1 and 2"), (["1", "2", "3"], "1, 2 and 3")]
)
def test_several_are_told_in_words(names: list[str], words: str) -> None:
    assert in_words(names) == words
