"""Whatever is written under "when": it is read without a fault, and no date comes from nowhere.

`HYPOTHESIS=thorough` tries 100,000 texts for each property.
"""

import difflib
import os
import re
from calendar import monthrange
from datetime import date
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenants.rules.calendar_words import MISREAD, MONTHS, SEASONS, WEEKDAYS
from tenants.rules.timescales import KINDS, LONGEST, Timescale, read, readings

EXAMPLES = {"thorough": 100_000}.get(os.environ.get("HYPOTHESIS", ""), 1_000)
tried = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=EXAMPLES < 100_000,
    suppress_health_check=[HealthCheck.too_slow],  # a busy machine is no fault of the texts
)

YEARS = st.integers(1995, 2035).map(str)
FIGURES = st.integers(0, 99).map(str)
PADDED = st.integers(0, 99).map("{:02}".format)
MONTH_WORDS = st.sampled_from(
    [
        *MONTHS,
        *(name[:3] for name in MONTHS),
        *(name.title() for name in MONTHS),
        *MISREAD,
        "Sept",
        "Febuary",
        "Ocotber",
    ]
)
BESIDE = st.sampled_from(
    [
        *("by", "before", "after", "end of", "by the end of", "from", "until", "between", "and", "or", "to", "early"),
        *("mid", "late", "annually", "every", "ongoing", "TBC", "w/c", "week ending", "start of", "rest of", "of the"),
        *("financial year", "municipal year", "academic year", "FY", "FY ", "Q1", "Q2", "Q3", "Q4", "Q9", "quarter 2"),
        *("first quarter", "last quarter of", "Full Council", "Cabinet on", "the election", "within", "months", "term"),
        *(
            "completed",
            "outstanding",
            "overdue",
            "no later than",
            "onwards",
            "in time for",
            "9.30am",
            "(",
            ")",
            "%",
            "£",
        ),
    ]
)
JOINTS = st.sampled_from([" ", " ", " ", "", "-", "–", "/", ".", ", ", " & ", "\u00a0", "\n", "'", "’", "; ", ":"])
ORDINALS = st.builds("{}{}{}".format, FIGURES, st.sampled_from(["", " "]), st.sampled_from(["st", "nd", "rd", "th"]))
NUMERIC = st.builds("{0}{3}{1}{3}{2}".format, PADDED, PADDED, st.one_of(YEARS, PADDED), st.sampled_from("/.-"))
ISO = st.builds("{}-{}-{}".format, YEARS, PADDED, PADDED)
WORDS = st.one_of(
    YEARS, FIGURES, PADDED, MONTH_WORDS, MONTH_WORDS, BESIDE, ORDINALS, NUMERIC, ISO,
    st.sampled_from([*WEEKDAYS, *SEASONS, "Tue", "Weds"]), st.text(max_size=6),
)  # fmt: skip
PHRASES = st.lists(st.tuples(WORDS, JOINTS), min_size=1, max_size=7).map(lambda pairs: "".join(map("".join, pairs)))
TEXTS = st.one_of(PHRASES, PHRASES, PHRASES, st.text(max_size=60))
DOCUMENTS = st.none() | st.dates(date(1999, 1, 1), date(2031, 12, 31))


@tried
@given(TEXTS, DOCUMENTS)
def test_every_text_has_a_reading(text: str, document_on: date | None) -> None:
    found = readings(text, document_on=document_on)
    assert found[0] == read(text, document_on=document_on)
    for reading in found:
        assert reading.text == text
        assert reading.kind in KINDS
        assert reading.confidence in ("high", "medium", "low", "none")
        if reading.earliest and reading.latest:
            assert reading.earliest <= reading.latest
        if reading.kind in ("impossible", "none", "tbc", "recurring", "status_in_date_column"):
            assert (reading.earliest, reading.latest) == (None, None)
    spans = [(reading.kind, reading.earliest, reading.latest) for reading in found]
    assert len(set(spans)) == len(spans)


@tried
@given(TEXTS, DOCUMENTS)
def test_no_date_is_invented(text: str, document_on: date | None) -> None:
    for reading in readings(text, document_on=document_on):
        for day in days_of(reading):
            assert day.year in years_from(text, document_on), reading
            assert day.month in months_from(text), reading
            assert day.day in days_from(text, day), reading


@tried
@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["{0.day} {1} {0.year}", "{0:%d/%m/%Y}", "{0}"]))
def test_a_whole_date_is_that_date(day: date, written: str) -> None:
    text = written.format(day, MONTHS[day.month - 1].title())
    assert readings(text) == (Timescale(text, None, day, "deadline", "high"),)


def test_a_text_of_any_length_is_read() -> None:
    for text in ("1/" * 299, "May " * 149, "Q1 2018 and " * 50, "12 - " * 120, "a" * LONGEST, "9" * 599, "2018-" * 119):
        assert len(text) <= LONGEST
        assert readings(text, document_on=date(2018, 5, 1))


def days_of(reading: Timescale) -> list[date]:
    return [day for day in (reading.earliest, reading.latest) if day]


def figures_in(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def years_from(text: str, document_on: date | None) -> set[int]:
    """The years that the figures name, those of the document, and the one before and after each."""
    written = {int(figures) for figures in figures_in(text) if len(figures) == 4}
    years = {*written, *(2000 + int(figures) for figures in figures_in(text) if len(figures) == 2)}
    # "1998-03" and "2022/3" leave a century or a decade out.
    years |= {year // 100 * 100 + int(figures) for year in written for figures in figures_in(text) if len(figures) == 2}
    years |= {year // 10 * 10 + int(figures) for year in written for figures in figures_in(text) if len(figures) == 1}
    if document_on and re.search(r"[a-z]{3}|\d|q", text, re.IGNORECASE):
        years |= {document_on.year, document_on.year + 1}
    # A weekday that is written names the years in which a day falls on it.
    far = 7 if re.search(r"mon|tue|wed|thu|fri|sat|sun", text, re.IGNORECASE) else 1
    return {near for year in years for near in range(year - far, year + far + 1)}


def months_from(text: str) -> set[int]:
    """The months that words and figures name, the bounds of named seasons, quarters and years, and the month before."""
    words = re.findall(r"[^\W_]+", text.lower().replace("\u00ad", ""))
    months = {int(figures) for figures in figures_in(text) if len(figures) <= 2}
    for number, name in enumerate(MONTHS, 1):
        if name[:3] in text.lower() or any(MISREAD.get(word, "").startswith(name[:3]) for word in words):
            months.add(number)
        if difflib.get_close_matches(name, words, 1, 0.85):
            months.add(number)
    for season, first in SEASONS.items():
        if season in text.lower():
            months |= {first, (first + 1) % 12 + 1}
    if re.search(r"q\s*[1-4]|quarter", text, re.IGNORECASE):
        months |= {1, 3, 4, 6, 7, 9, 10, 12}
    if re.search(r"early|mid|late", text, re.IGNORECASE):
        months |= {1, 4, 5, 8, 9, 12}
    if re.search(r"municipal|academic", text, re.IGNORECASE):
        months |= {4, 5, 8, 9}
    if any(len(figures) in (2, 4) for figures in figures_in(text)):
        months |= {1, 3, 4, 12}  # where a calendar and a financial year begin and end
    return {
        near for month in months for near in ((month - 2) % 12 + 1, month, month % 12 + 1 if "w" in words else month)
    }


def days_from(text: str, day: date) -> set[int]:
    """The days that figures name, the first and last of a month, its thirds, and a day or a week from those."""
    named = [int(figures) for figures in figures_in(text) if len(figures) <= 2]
    whole = {1, monthrange(day.year, day.month)[1], *named, *(number - 1 for number in named)}
    if re.search(r"early|mid|late", text, re.IGNORECASE):
        whole |= {10, 11, 20, 21}
    if re.search(r"w/?[ce]|week", text, re.IGNORECASE):
        whole |= {
            (number + step - 1) % length + 1 for number in named for step in (6, -6) for length in (28, 29, 30, 31)
        }
    return whole


def test_the_measure_of_invention_would_see_one() -> None:
    text = "by 4 May 2017"
    assert date(2017, 5, 4).year in years_from(text, None)
    assert 2026 not in years_from(text, None)
    assert 7 not in months_from(text)
    assert 22 not in days_from(text, date(2017, 5, 22))
    assert years_from("by May", None) == set()
    assert all(later - earlier == 1 for earlier, later in pairwise(sorted(years_from("2017", None))))
