"""A self-assessment is read in a process apart, to the same result as here."""

from __future__ import annotations

import pytest

from assessment.rules import template_rows
from assessment.services import template_readings
from saas.documents import apart
from tenants.rules import documents
from tenants.rules.grids import UnreadableDocument
from tests.factories.documents import word_document

ROWS = [["Area", "Requirements", "Evidence", "Gap"], ["1.1", "Leaders", "Signed.", "Renew."]]
CONTENT = word_document("Self-assessment", ROWS)


def test_what_is_read_apart_is_what_is_read_here() -> None:
    document = documents.open_document(CONTENT, "own.docx")
    opened = template_readings.read(CONTENT, "own.docx")
    assert (opened.reading, opened.nothing) == (template_rows.read(document), "")
    said = {(1, 3): "action"}
    again = template_readings.read_again(opened.grid, "own.docx", said)
    assert (again.reading, again.reading.rows[0].action) == (template_rows.read(document, said), "Renew.")


def test_without_rows_the_columns_come_back_with_the_reason() -> None:
    opened = template_readings.read_again({"blocks": [], "warnings": []}, "own.docx", {})
    assert (opened.reading.rows, opened.reading.tables) == ((), ())
    assert opened.nothing.startswith("No self-assessment was found.")


def test_it_is_read_within_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LARGEST_FILE", 4)
    with pytest.raises(UnreadableDocument, match=r"own\.docx is larger than 0 MB"):
        template_readings.read_again({"blocks": [], "warnings": []}, "own.docx", {})
