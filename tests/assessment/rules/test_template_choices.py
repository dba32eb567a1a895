"""What a document says of each requirement beside what is answered, and which words then stand."""

from __future__ import annotations

import pytest

from assessment.rules.template_choices import Choice, proposals
from assessment.rules.template_rows import TemplateRow
from tests.factories.assessment import tree_of

REQUIREMENTS = tree_of("charter-2017").requirements


def row(code: str, evidence: str, action: str = "") -> TemplateRow:
    return TemplateRow("row 2", "", "", evidence, action, "", "", code=code, how="code")


def test_rows_of_one_requirement_are_one_proposal_in_the_frameworks_order() -> None:
    rows = [row("1.1.2", "Second."), row("1.1.1", "First.", "Do."), row("", "Nobody's."), row("1.1.2", "Third.", "n/a")]
    found = proposals(rows, REQUIREMENTS, {}, {})
    assert [(each.requirement.code, each.words, [action.action for action in each.actions]) for each in found] == [
        ("1.1.1", "First.", ["Do."]),
        ("1.1.2", "Second.\n\nThird.", []),
    ]


@pytest.mark.parametrize(
    ("ours", "is_open", "expected"),
    [
        ("", True, ("New.", "New.", "New.")),
        ("Ours.", True, (None, "New.", "Ours.\n\nNew.")),
        (" New. ", True, (None, None, None)),
        ("", False, (None, None, None)),
    ],
)
def test_ours_stay_unless_somebody_chooses_otherwise(
    ours: str, is_open: bool, expected: tuple[str | None, ...]
) -> None:
    [proposal] = proposals([row("1.1.1", "New.")], REQUIREMENTS, {"1.1.1": ours}, {"1.1.1": is_open})
    assert tuple(proposal.text(choice) for choice in Choice) == expected
