"""From a document's row to an action's columns, every word kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import orjson
import pytest

from tenants.rules.action_plans import read_document
from tenants.rules.import_rows import columns_of, figure_of, kept, title_of
from tests.factories.documents import word_document

HEADINGS = ("No", "Action", "By when", "Who", "Status", "Officer days", "Cost", "Risk")


def test_a_row_survives_its_time_as_json_with_every_word() -> None:
    row = ("4", "Ask members.", "May 2027", "Panel", "Outstanding", "half a day", "£1,250", "low")
    reading = read_document(word_document([HEADINGS, row]), "plan.docx")
    stored = orjson.loads(orjson.dumps([kept(one) for one in reading.rows]))
    assert columns_of(stored[0]) == {
        "ref": "4",
        "action": "Ask members.",
        "reason": "",
        "remark": "Officer days: half a day\nRisk: low",
        "responsibility": "Panel",
        "timescale": "May 2027",
        "earliest_on": date(2027, 5, 1),
        "latest_on": date(2027, 5, 31),
        "timescale_kind": "month",
        "timescale_confidence": "high",
        "timescale_reason": "",
        "status_text": "Outstanding",
        "status_proposed": "outstanding",
        "source": "",
        "officer_days": None,
        "cost": Decimal(1250),
    }


def test_a_status_in_figures_keeps_the_per_cent_sign_of_its_heading() -> None:
    reading = read_document(word_document([("No", "Action", "Progress %"), ("1", "Ask members.", "75")]), "plan.docx")
    assert columns_of(kept(reading.rows[0]))["status_text"] == "75%"


@pytest.mark.parametrize(
    ("text", "figure"),
    [("3", "3"), ("£1,250.50", "1250.50"), ("2.5", "2.5"), ("3 days", None), ("1,25", None), ("", None), ("-4", None)],
)
def test_only_plain_numbers_are_figures(text: str, figure: str | None) -> None:
    assert figure_of(text) == (Decimal(figure) if figure else None)


@pytest.mark.parametrize(
    ("filename", "title"), [("Action_plan 2017.docx", "Action plan 2017"), (".docx", ".docx"), ("plan", "plan")]
)
def test_a_plan_is_called_after_its_document(filename: str, title: str) -> None:
    assert title_of(filename) == title
