"""What a report is made of: strengths in order, improvements without gaps, words instead of scores."""

from __future__ import annotations

import pytest

from assessment.rules import reports
from assessment.rules.reports import Judged
from tests.factories.assessment import tree_of

TREE = tree_of("charter-2008")
JUDGED = {
    **{requirement.code: Judged("met") for requirement in TREE.requirements},
    "1.1.1": Judged("met", ("Clear lead", "Clear lead", " "), ()),
    "1.2.1": Judged("met", ("Cross-party group",), ("Meet more often",), good_practice=("Cross-party group",)),
    "2.1.1": Judged(
        "partly_met",
        (),
        ("Write plans", "Write plans", "Ask everybody"),
        "Not for everybody yet.",
        mandatory=("Ask everybody",),
    ),
}


def test_strengths_stand_by_criterion_each_once() -> None:
    found = reports.begin_strengths(TREE, "charter", JUDGED)
    assert [entry["criterion_code"] for entry in found] == ["1", "2", "3", "4", "5"]
    assert found[0]["text"] == "Clear lead\n\nCross-party group"
    assert [entry["text"] for entry in found[1:]] == ["", "", "", ""]


def test_improvements_are_numbered_in_the_order_of_requirements_each_once() -> None:
    found = reports.begin_improvements(TREE, "charter", JUDGED)
    names = ("number", "requirement_code", "action", "reason", "mandatory")
    assert [tuple(item[name] for name in names) for item in found] == [
        (1, "1.2.1", "Meet more often", "", False),
        (2, "2.1.1", "Write plans", "Not for everybody yet.", False),
        (3, "2.1.1", "Ask everybody", "Not for everybody yet.", True),
    ]


def test_good_practice_is_what_was_ticked() -> None:
    assert reports.begin_good_practice(TREE, "charter", JUDGED) == [
        {"requirement_code": "1.2.1", "criterion_code": "", "text": "Cross-party group"}
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("2.1.1", ("2.1.1", "")), (" 3 ", ("", "3")), ("criterion 3", ("", "3")), ("", ("", ""))],
)
def test_one_code_says_what_it_is_about(typed: str, found: tuple[str, str]) -> None:
    assert tuple(reports.read_about(TREE, typed).values()) == found


def test_a_code_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match=r"This framework has no requirement or criterion 9\.9"):
        reports.read_about(TREE, "9.9")


@pytest.mark.parametrize(
    ("number", "by", "order"), [(1, 1, "bac"), (1, -1, "abc"), (3, -1, "acb"), (3, 1, "abc"), (2, -1, "bac")]
)
def test_moving_keeps_the_numbers_without_gaps(number: int, by: int, order: str) -> None:
    items = reports.numbered([reports.improvement(action=name) for name in "abc"])
    moved = reports.moved(items, number, by)
    assert ("".join(item["action"] for item in moved), [item["number"] for item in moved]) == (order, [1, 2, 3])


def test_a_document_says_every_agreed_judgement_in_words_and_where_each_improvement_belongs() -> None:
    items = reports.numbered(
        [
            reports.improvement(action="One", requirement_code="2.1.1", criterion_code="9"),
            reports.improvement(action="Two", criterion_code="3"),
            reports.improvement(action="Three", extra=[("Cost", "£5")]),
        ]
    )
    said = reports.document(
        TREE,
        "charter",
        JUDGED,
        council="Oakford",
        region="Mid",
        cycle=2,
        summary="Well done.",
        strengths=[{"criterion_code": "1", "text": "Clear lead"}],
        improvements=items,
    )
    assert len([line for criterion in said["criteria"] for line in criterion["judgements"]]) == 28
    first = said["criteria"][1]["judgements"][0]
    assert (first["words"], first["shape"], first["reason"]) == ("Partly met", "partly", "Not for everybody yet.")
    assert [each["words"] for each in (*said["summary"], *said["criteria"][0]["strengths"])] == [
        "Well done.",
        "Clear lead",
    ]
    assert [(item["criterion_code"], item["requirement_code"]) for item in said["improvements"]] == [
        ("2", "2.1.1"),
        ("3", ""),
        ("", ""),
    ]
    assert said["improvements"][2]["extra"] == [["Cost", "£5"]]
    assert reports.same_words(said, {**said, "result": {"outcome": "awarded"}})
    assert not reports.same_words(said, {**said, "summary": []})


def test_what_is_missing_is_said_in_sentences() -> None:
    items = reports.numbered([reports.improvement(action="Do"), reports.improvement(reason="Because")])
    assert reports.problems(" ", items) == ["Write the summary.", "Improvement 2 has no action written."]
    assert reports.problems("Done", items[:1]) == []
    assert reports.problems("Done", [], [reports.practice()]) == ["Good practice has an entry without words."]
