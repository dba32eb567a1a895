"""What our own papers hold beside their lines is nothing to look at when they are read again."""

from __future__ import annotations

import pytest

from tenants.rules import documents, paper_tables
from tenants.rules.action_plans import read_document
from tests.factories.documents import word_document

PLAN = [("Action", "By when"), ("Write.", "May 2027")]
FACTS = [("As it stood on", "22 November 2026"), ("Actions", "1 action.")]
DETAILS = [("No.", "Source", "Remark", "Officer days", "Cost", "Progress notes"), ("1", "Report", "", "2", "", "Met.")]


@pytest.mark.parametrize("table", [FACTS, DETAILS])
def test_a_table_of_our_own_papers_is_no_place_to_look_at(table: list[tuple[str, ...]]) -> None:
    assert read_document(word_document(table, PLAN), "plan.docx").warnings == ()


def test_any_other_table_is() -> None:
    [table] = documents.open_document(word_document([("Version", "Date"), ("2", "May 2027")]), "a.docx").tables
    assert paper_tables.is_ours(table) is False
