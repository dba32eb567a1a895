"""The real documents, read as their owners would: needs SAMPLES, the folder that holds them."""

import io
import json
import os
import re
import zipfile
from collections import Counter
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tenants.rules.action_plans import Reading, UnreadableDocument, read_document, read_grid, rows_as_json
from tenants.rules.timescales import read, readings

pytestmark = pytest.mark.samples
SAMPLES = Path(os.environ["SAMPLES"])
PLANS = ["see-action-plan.docx", "see-action-plan.xlsx"]
IMPORTS = sorted((SAMPLES / "imports").glob("*.json"))
KINDS = {"month_range": "range", "deadline_vague_year": "deadline"}


def reading_of(name: str) -> Reading:
    return read_document((SAMPLES / name).read_bytes(), name)


def raw_words(data: bytes) -> Counter[str]:
    """Every word in the parts that hold text, without any of the code that is tested."""
    words: list[str] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes)\.xml|xl/sharedStrings\.xml", name):
                text = re.sub(r"</(?:w:p|si)>", " ", archive.read(name).decode())
                words += unescape(re.sub(r"<[^>]*>", "", text)).split()
    return bare(words)


def bare(words: list[str]) -> Counter[str]:
    return Counter(word for raw in words if (word := raw.strip("[]().")))


@pytest.mark.parametrize("name", PLANS)
def test_the_plan_is_read_whole(name: str) -> None:
    rows = rows_as_json(reading_of(name))
    fields = ("ref", "timescale", "earliest", "latest", "kind", "confidence", "status_proposed")
    assert [tuple(row[field] for field in fields) for row in rows] == [
        ("1", "May 2017", "2017-05-01", "2017-05-31", "month", "high", "completed"),
        ("2", "December 2018", "2018-12-01", "2018-12-31", "month", "high", "in_progress"),
        ("3", "2018-19", "2018-04-01", "2019-03-31", "financial_year", "high", "unknown"),
        ("4", "March 2017", "2017-03-01", "2017-03-31", "month", "high", "completed"),
        ("5", "December 2017", "2017-12-01", "2017-12-31", "month", "high", "in_progress"),
        ("6", "2017-18", "2017-04-01", "2018-03-31", "financial_year", "high", "decided_against"),
        ("7", "2017-18", "2017-04-01", "2018-03-31", "financial_year", "high", "outstanding"),
        ("8", "2019", "2019-01-01", "2019-12-31", "calendar_year", "medium", "outstanding"),
    ]


@pytest.mark.parametrize("name", PLANS)
def test_the_row_over_the_page_break_is_one(name: str) -> None:
    row = reading_of(name).rows[5]
    assert row.reason.endswith("value for money in councillor development.")
    assert row.remark.startswith("Modern.gov do provide")
    assert row.remark.endswith("an upgrade to our current system at an approx. cost of £1000 per annum.")


@pytest.mark.parametrize("name", PLANS)
def test_the_assessors_remark_stands_apart(name: str) -> None:
    row = reading_of(name).rows[1]
    assert row.reason.endswith("'community engagement'.")
    assert row.remark.startswith("The Assessment Team did not support")
    assert row.remark.endswith("completion of their PDP.")


@pytest.mark.parametrize("name", PLANS)
def test_no_word_of_the_plan_is_lost(name: str) -> None:
    reading = reading_of(name)
    texts = [*reading.leftovers, *(heading for heading, _ in reading.columns)]
    texts += [text or "" for row in rows_as_json(reading) for text in row.values()]
    headings = bare(" ".join(heading for heading, _ in reading.columns).split())
    lost = raw_words((SAMPLES / name).read_bytes()) - bare(" ".join(texts).split())
    assert set(lost) - set(headings) == set()


def test_word_and_excel_agree() -> None:
    assert rows_as_json(reading_of(PLANS[0])) == rows_as_json(reading_of(PLANS[1]))


def test_a_programme_is_not_a_plan_of_actions() -> None:
    with pytest.raises(UnreadableDocument, match="No table of actions was found"):
        reading_of("kent-programme-2017-18.docx")


def imported() -> list[tuple[str, dict[str, Any]]]:
    return [(path.name, json.loads(path.read_text())) for path in IMPORTS]


def imported_reading(name: str) -> Reading:
    data = (SAMPLES / "imports" / name).with_suffix(".txt").read_bytes()
    return read_document(data, name.replace(".json", ".txt"))


@pytest.mark.parametrize(("name", "intended"), imported(), ids=lambda value: value if isinstance(value, str) else "")
def test_other_layouts_are_read_as_intended(name: str, intended: dict[str, Any]) -> None:
    reading = imported_reading(name)
    fields = ("ref", "section", "action", "timescale", "responsibility", "status")
    assert [tuple(getattr(row, field) for field in fields) for row in reading.rows] == [
        tuple(row[field] or "" for field in fields) for row in intended["rows"]
    ]


@pytest.mark.parametrize(("name", "intended"), imported(), ids=lambda value: value if isinstance(value, str) else "")
def test_their_dates_are_read_as_intended(name: str, intended: dict[str, Any]) -> None:
    readings = [read(row["timescale"]) for row in intended["rows"]]
    assert [
        (
            reading.kind,
            reading.earliest and reading.earliest.isoformat(),
            reading.latest and reading.latest.isoformat(),
        )
        for reading in readings
    ] == [(KINDS.get(row["date_kind"], row["date_kind"]), row["earliest"], row["latest"]) for row in intended["rows"]]


@pytest.mark.parametrize(("name", "intended"), imported(), ids=lambda value: value if isinstance(value, str) else "")
def test_their_columns_are_known(name: str, intended: dict[str, Any]) -> None:
    reading = imported_reading(name)
    assert [heading for heading, _ in reading.columns] == intended["layout"]["columns"]
    known = {meaning: heading for heading, meaning in reading.columns if meaning}
    meant = {meaning: heading for meaning, heading in intended["layout"]["map"].items() if heading}
    assert {meaning: known.get(meaning) for meaning in meant} == meant


@pytest.mark.parametrize(("name", "intended"), imported(), ids=lambda value: value if isinstance(value, str) else "")
def test_their_statuses_are_proposed_as_intended(name: str, intended: dict[str, Any]) -> None:
    """What repeats is in progress; what says nothing of progress stays open."""
    same = {"unknown": None, "recurring": "in_progress"}
    proposed = [row.status_proposed for row in imported_reading(name).rows]
    assert [same.get(proposal, proposal) for proposal in proposed] == [
        row.get("status_norm") for row in intended["rows"]
    ]


@pytest.mark.parametrize(("name", "intended"), imported(), ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_not_certain_is_not_told_as_certain(name: str, intended: dict[str, Any]) -> None:
    for row in intended["rows"]:
        found = readings(row["timescale"])
        if row["date_kind"] == "deadline_vague_year":
            assert (found[0].kind, found[0].confidence) == ("deadline", "low")
            offered = {reading.latest and reading.latest.isoformat() for reading in found}
            assert offered <= {row["latest"], *row["latest_alternatives"]}
            assert len(offered) > 1
        elif row["confidence"] == "high":
            assert found[0].confidence == "high"
            assert len(found) == 1


@pytest.mark.parametrize(("name", "intended"), imported(), ids=lambda value: value if isinstance(value, str) else "")
def test_no_word_of_theirs_is_lost(name: str, intended: dict[str, Any]) -> None:
    reading = imported_reading(name)
    texts = [*reading.leftovers, *(heading for heading, _ in reading.columns)]
    texts += [text or "" for row in rows_as_json(reading) for text in row.values()]
    texts += [text for row in reading.rows for _, text in row.extra]
    texts += [row.section for row in reading.rows]
    written = (SAMPLES / "imports" / name).with_suffix(".txt").read_text().split()
    assert set(bare(written) - bare(" ".join(texts).split())) == set()


@pytest.mark.parametrize("name", PLANS)
def test_the_plan_is_read_again_without_its_file(name: str) -> None:
    reading = reading_of(name)
    assert read_grid(json.loads(json.dumps(reading.grid))) == reading
