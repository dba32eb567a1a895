"""What changed in one requirement between two seals."""

from dataclasses import replace
from typing import Any

import pytest

from assessment.rules.seal_differences import Change, Difference, Sealed, differ

POLICY = {"title": "Policy", "filename": "policy.pdf", "sha256": "a" * 64, "url": None, "pinpoint": "Page 2", "why": ""}
PAGE = {
    "title": "Programme",
    "url": "https://council.example/programme",
    "sha256": None,
    "pinpoint": "",
    "why": "Open.",
}
TAKE_UP = {"title": "Take-up", "measure": {"code": "take-up", "numerator": 30, "denominator": 40}}
ACTION = {
    "ref": "1",
    "action": "Write it",
    "responsibility": "Panel",
    "timescale": "May 2027",
    "status": "not_started",
}
BEFORE = Sealed("partly_met", "We do.", "", [POLICY, PAGE, TAKE_UP], [ACTION])


def test_the_same_answer_differs_in_nothing() -> None:
    found = differ(BEFORE, replace(BEFORE, evidence=[PAGE, TAKE_UP, POLICY]))
    assert (found, found.is_any) == (Difference(), False)


def test_judgement_and_words_stand_side_by_side() -> None:
    after = replace(BEFORE, judgement="not_applicable", narrative="We did.", not_applicable_reason="No such body.")
    found = differ(BEFORE, after)
    assert found == Difference(
        ("partly_met", "not_applicable"), ("We do.", "We did."), ("", "No such body."), evidence=(), actions=()
    )
    assert found.is_any


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ([], [POLICY], [Change("added", "Policy", now="Page 2")]),
        ([POLICY], [], [Change("removed", "Policy", was="Page 2")]),
        (
            [POLICY],
            [{**POLICY, "sha256": "b" * 64, "filename": "policy-2.pdf"}],
            [Change("version", "Policy", "policy.pdf", "policy-2.pdf")],
        ),
        ([POLICY], [{**POLICY, "pinpoint": "Page 3"}], [Change("words", "Policy", "Page 2", "Page 3")]),
        (
            [POLICY],
            [{**POLICY, "title": "Our policy"}],
            [Change("words", "Our policy", "Policy. Page 2", "Our policy. Page 2")],
        ),
        ([PAGE], [{**PAGE, "url": "https://council.example/2"}], [Change("added", "Programme", now="Open."),
                                                                 Change("removed", "Programme", was="Open.")]),
        (
            [TAKE_UP],
            [{**TAKE_UP, "measure": {"code": "take-up", "numerator": 32, "denominator": 40}}],
            [Change("words", "Take-up", "30 of 40", "32 of 40")],
        ),
        ([POLICY, {**POLICY, "title": "A copy"}], [{**POLICY, "title": "A copy"}, POLICY], []),
    ],
)  # fmt: skip
def test_evidence_is_added_removed_replaced_or_worded_anew(
    before: list[dict[str, Any]], after: list[dict[str, Any]], changes: list[Change]
) -> None:
    assert differ(replace(BEFORE, evidence=before), replace(BEFORE, evidence=after)).evidence == tuple(changes)


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ([], [ACTION], [Change("added", "Write it", now="Panel, May 2027. not started")]),
        ([ACTION], [], [Change("removed", "Write it", was="Panel, May 2027. not started")]),
        (
            [ACTION],
            [{**ACTION, "status": "completed"}],
            [Change("words", "Write it", "Panel, May 2027. not started", "Panel, May 2027. completed")],
        ),
        (
            [ACTION],
            [{**ACTION, "action": "Write and adopt it", "status": None}],
            [
                Change(
                    "words",
                    "Write and adopt it",
                    "Write it. Panel, May 2027. not started",
                    "Write and adopt it. Panel, May 2027",
                )
            ],
        ),
    ],
)
def test_actions_are_told_apart_by_number_and_words(
    before: list[dict[str, Any]], after: list[dict[str, Any]], changes: list[Change]
) -> None:
    assert differ(replace(BEFORE, actions=before), replace(BEFORE, actions=after)).actions == tuple(changes)
