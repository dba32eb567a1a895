"""Excel files: what can be chosen in the cells of a column."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

from saas.papers.blocks import Paper, Row, Table
from saas.papers.excel import write_excel

CREATED = datetime(2026, 5, 4, tzinfo=UTC)


def choices_of(*choices: tuple[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Cells and what can be chosen in them, as the file says it."""
    table = Table("Councils", ("Council", "Type"), (Row(("Alford", "Fire")),), choices=choices)
    data = write_excel(Paper("Councils", "", "Region", CREATED, (table,)))
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        sheet = held.read("xl/worksheets/sheet1.xml").decode()
    found = re.findall(r'<dataValidation type="list"[^>]*sqref="([^"]+)"><formula1>(.*?)</formula1>', sheet)
    return [(cells, words) for cells, words in found]


def test_a_column_offers_its_choices_below_its_heading() -> None:
    assert choices_of(("Type", ("Fire", "County & city"))) == [("B2:B2001", '"Fire,County &amp; city"')]


def test_what_excel_cannot_offer_is_left_to_be_typed() -> None:
    assert choices_of(("Type", ("One, or two",))) == []
    assert choices_of(("Type", tuple(f"A long name of a type {number}" for number in range(12)))) == []
    assert choices_of(("Type", ())) == []
