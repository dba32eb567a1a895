"""What councils write under "when", and how each is read."""

from datetime import date

import pytest

from tenants.rules.timescales import KINDS, Timescale, key_of, read, readings


def window(text: str, document_on: date | None = None) -> tuple[str, str | None, str | None, str]:
    """Kind, first and last day in ISO form, confidence."""
    reading = read(text, document_on=document_on)
    assert reading.text == text
    assert reading.kind in KINDS
    first, last = (day and day.isoformat() for day in (reading.earliest, reading.latest))
    return reading.kind, first, last, reading.confidence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("May 2017", ("month", "2017-05-01", "2017-05-31", "high")),
        ("\u00a0May\u00a02017 ", ("month", "2017-05-01", "2017-05-31", "high")),
        ("May-17", ("month", "2017-05-01", "2017-05-31", "high")),
        ("February 16", ("month", "2016-02-01", "2016-02-29", "high")),
        ("09/2018", ("month", "2018-09-01", "2018-09-30", "high")),
        ("in October 2025", ("month", "2025-10-01", "2025-10-31", "high")),
        ("2018-19", ("financial_year", "2018-04-01", "2019-03-31", "high")),
        ("2017/18", ("financial_year", "2017-04-01", "2018-03-31", "high")),
        ("2017–2018", ("financial_year", "2017-04-01", "2018-03-31", "high")),
        ("16/17", ("financial_year", "2016-04-01", "2017-03-31", "high")),
        ("FY10-11", ("financial_year", "2010-04-01", "2011-03-31", "high")),
        ("10/11", ("financial_year", "2010-04-01", "2011-03-31", "low")),
        ("1999-00", ("financial_year", "1999-04-01", "2000-03-31", "high")),
        ("the remainder of 2022/3", ("financial_year", "2022-04-01", "2023-03-31", "medium")),
        ("2019", ("calendar_year", "2019-01-01", "2019-12-31", "medium")),
        ("2015 – 2019", ("range", "2015-01-01", "2019-12-31", "low")),
        ("early 2018", ("range", "2018-01-01", "2018-04-30", "low")),
        ("Septmber 2018", ("month", "2018-09-01", "2018-09-30", "medium")),
    ],
)
def test_months_and_years(text: str, expected: tuple[str, str | None, str | None, str]) -> None:
    assert window(text) == expected


@pytest.mark.parametrize(
    ("text", "last", "confidence"),
    [
        ("By end of October 2015", "2015-10-31", "high"),
        ("By end October 2015", "2015-10-31", "high"),
        ("By end of Dec 2015", "2015-12-31", "high"),
        ("By end of Feb 2015", "2015-02-28", "high"),
        ("By end of December 15", "2015-12-31", "high"),
        ("End of April 2019", "2019-04-30", "high"),
        ("By May 2017", "2017-05-31", "high"),
        ("To complete by 31 Mar 17", "2017-03-31", "high"),
        ("No later than 1st of June, 2018", "2018-06-01", "high"),
        ("15/10/2015", "2015-10-15", "high"),
        ("5.11.15", "2015-11-05", "high"),
        ("2017-05-04", "2017-05-04", "high"),
        ("4 May 2017", "2017-05-04", "high"),
        ("May 17th, 2018", "2018-05-17", "high"),
        ("December 15, 2018", "2018-12-15", "high"),
        ("By 2018-19", "2019-03-31", "high"),
        ("end of financial year 2017/18", "2018-03-31", "high"),
        ("end of 2018", "2018-12-31", "high"),
        ("By 2018", "2018-12-31", "low"),
        ("By April - June 2018", "2018-06-30", "high"),
        ("before May 2017", "2017-04-30", "medium"),
        ("by the beginning of May 2017", "2017-05-01", "medium"),
        ("Ongoing to March 2018", "2018-03-31", "medium"),
        ("By March 2018 (report to Cabinet)", "2018-03-31", "medium"),
        ("Scheduled 27 May 2022", "2022-05-27", "medium"),
        ("2 nd December 2018", "2018-12-02", "high"),
        ("December 2 nd, 2018", "2018-12-02", "high"),
        ("Before Cabinet Meeting on 2nd December 2018", "2018-12-01", "medium"),
        ("In time for Full Council on 12 July 2018", "2018-07-11", "medium"),
        ("before the elections in May 2019", "2019-04-30", "low"),
    ],
)
def test_a_deadline_has_no_first_day(text: str, last: str, confidence: str) -> None:
    assert window(text) == ("deadline", None, last, confidence)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("April 2023 – June 2023", ("range", "2023-04-01", "2023-06-30", "high")),
        ("January – March 2023", ("range", "2023-01-01", "2023-03-31", "high")),
        ("November – January 2018", ("range", "2017-11-01", "2018-01-31", "high")),
        ("November 2017 to January", ("range", "2017-11-01", "2018-01-31", "high")),
        ("between April and June 2018", ("range", "2018-04-01", "2018-06-30", "high")),
        ("10-12 May 2017", ("range", "2017-05-10", "2017-05-12", "high")),
        ("in mid-June 2025", ("range", "2025-06-11", "2025-06-20", "medium")),
        ("Q2 2017/18", ("range", "2017-07-01", "2017-09-30", "high")),
        ("December 2017, March, September", ("range", "2017-12-01", "2018-09-30", "low")),
        ("December 2017, March, September, January", ("range", None, None, "low")),
        ("November 2017, January, winter", ("range", None, None, "low")),
        ("Q3 – Q4 2017/18", ("range", "2017-10-01", "2018-03-31", "high")),
        ("December 2018/January 2019", ("range", "2018-12-01", "2019-01-31", "high")),
        ("w/c 8 May 2017", ("range", "2017-05-08", "2017-05-14", "high")),
        ("week ending 14 May 2017", ("range", "2017-05-08", "2017-05-14", "high")),
        ("municipal year 2018/19", ("range", "2018-05-01", "2019-04-30", "medium")),
        ("after Cabinet on 2 December 2018", ("range", "2018-12-02", None, "low")),
        ("Q4 2017/18", ("range", "2018-01-01", "2018-03-31", "high")),
        ("Q2 2017", ("range", "2017-07-01", "2017-09-30", "low")),
        ("May 2017 and December 2018", ("range", "2017-05-01", "2018-12-31", "medium")),
        ("March 2017; then June 2017; then May 2018", ("range", "2017-03-01", "2018-05-31", "low")),
        ("from May 2017", ("range", "2017-05-01", None, "medium")),
        ("May 2017 onwards", ("range", "2017-05-01", None, "medium")),
        ("with effect from 2023", ("range", "2023-01-01", None, "medium")),
        ("after May 2017", ("range", "2017-05-31", None, "low")),
        ("spring 2006", ("season", "2006-03-01", "2006-05-31", "medium")),
        ("To be addressed during autumn 16", ("season", "2016-09-01", "2016-11-30", "medium")),
        ("winter 2017/18", ("season", "2017-12-01", "2018-02-28", "medium")),
        ("by summer 2025", ("season", None, "2025-08-31", "medium")),
    ],
)
def test_ranges_quarters_and_seasons(text: str, expected: tuple[str, str | None, str | None, str]) -> None:
    assert window(text) == expected


@pytest.mark.parametrize(
    ("text", "kind", "confidence"),
    [
        ("By end of March annually", "recurring", "high"),
        ("Annual review in May", "recurring", "high"),
        ("Feb & Oct", "recurring", "high"),
        ("Plan to run from May to April", "recurring", "high"),
        ("31 August (annually)", "recurring", "high"),
        ("Every August with the yearly report", "recurring", "high"),
        ("twice a year", "recurring", "high"),
        ("Annually from May 2017", "recurring", "medium"),
        ("Ongoing", "ongoing", "high"),
        ("On-going as required", "ongoing", "high"),
        ("Within six months of new Council.", "relative_to_event", "medium"),
        ("first two months following the election", "relative_to_event", "medium"),
        ("within three months of 1 May 2017 or its approval", "relative_to_event", "medium"),
        ("next municipal year", "relative_to_event", "medium"),
        ("post-election", "relative_to_event", "medium"),
        ("by next Full Council", "relative_to_meeting", "medium"),
        ("before the Annual General Meeting", "relative_to_meeting", "medium"),
        ("TBC", "tbc", "high"),
        ("TBA by Panel", "tbc", "high"),
        ("To be agreed", "tbc", "high"),
        ("Completed January 2016", "status_in_date_column", "high"),
        ("In progress", "status_in_date_column", "high"),
        ("90%", "status_in_date_column", "high"),
        ("", "none", "none"),
        (" – ", "none", "none"),
        ("N/A", "none", "none"),
        ("ASAP", "none", "none"),
        ("Short/medium term", "none", "none"),
        ("9.30am to 12.30pm 1.30pm to 4.30pm", "none", "none"),
        ("This may happen", "none", "none"),
        ("10 - 12 people", "none", "none"),
    ],
)
def test_what_tells_no_date_gets_none(text: str, kind: str, confidence: str) -> None:
    assert window(text) == (kind, None, None, confidence)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("31 February 2017", "No such date: February 2017 has 28 days, not 31."),
        ("29/02/2018", "No such date: February 2018 has 28 days, not 29."),
        ("31st June", "No such date: June has 30 days, not 31."),
        ("04/13/2017", "No such date: there is no month 13; the day is read first, the month second."),
        ("2018-16", "No such date: it ends in 2016, before it begins in 2018."),
        ("June 2018 – April 2018", "It ends before it begins."),
    ],
)
def test_an_impossible_date_is_said_and_never_moved(text: str, why: str) -> None:
    assert read(text) == Timescale(text, None, None, "impossible", "none", why)


def test_a_leap_day_is_possible_where_no_year_forbids_it() -> None:
    assert window("29 February") == ("deadline", None, None, "low")


@pytest.mark.parametrize(
    "text", ["Thursday 4 May 2017", "Thu 4th May 2017 –", "4 May 2017, 9.30am to 1pm", "on 4 May 2017"]
)
def test_a_day_with_a_weekday_or_an_hour_is_a_session(text: str) -> None:
    assert window(text) == ("session", "2017-05-04", "2017-05-04", "high")


def test_a_weekday_that_does_not_fit_is_flagged_and_the_date_stays() -> None:
    assert read("Tuesday 7 March 2018") == Timescale(
        "Tuesday 7 March 2018",
        date(2018, 3, 7),
        date(2018, 3, 7),
        "session",
        "low",
        "7 March 2018 is a Wednesday, not a Tuesday; 2017 would fit.",
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Monday 8 May", "session"),
        ("17 Mav", "deadline"),
        ("July to September", "range"),
        ("by March", "deadline"),
        ("alongside the review in July", "month"),
        ("Q2", "range"),
        ("end of Q3", "deadline"),
        ("30/6", "deadline"),
        ("Before Cabinet Meeting on 2nd December", "deadline"),
    ],
)
def test_without_a_year_nothing_is_invented(text: str, kind: str) -> None:
    assert window(text) == (kind, None, None, "low")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Monday 8 May", ("session", "2017-05-08", "2017-05-08", "low")),
        ("Tuesday 9 January -", ("session", "2018-01-09", "2018-01-09", "low")),
        ("by March", ("deadline", None, "2018-03-31", "low")),
        ("Before Cabinet Meeting on 2nd December", ("deadline", None, "2017-12-01", "low")),
        ("Q4", ("range", "2018-01-01", "2018-03-31", "low")),
        ("29 February", ("deadline", None, None, "low")),
        ("July to September", ("range", "2017-07-01", "2017-09-30", "low")),
        ("May 2016", ("month", "2016-05-01", "2016-05-31", "high")),
    ],
)
def test_a_missing_year_comes_from_the_document_alone(text: str, expected: tuple[str, ...]) -> None:
    assert window(text, document_on=date(2017, 5, 2)) == expected


def test_a_year_from_the_document_is_said() -> None:
    reading = read("Tuesday 7 March", document_on=date(2017, 5, 1))
    assert reading.reason == (
        "No year is written; 2018 is taken from the document's date. "
        "7 March 2018 is a Wednesday, not a Tuesday; 2017 would fit."
    )


def test_a_misread_month_is_said() -> None:
    assert read("17 Mav").reason == "No year is written, and none may be guessed. “Mav” was read as May."


def test_an_essay_is_not_searched_for_dates() -> None:
    essay = "In May 2017 we met. " * 40
    assert window(essay) == ("none", None, None, "none")


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("2019", ["2019-01-01 2019-12-31", "2019-04-01 2020-03-31"]),
        ("By 2018", ["None 2018-12-31", "None 2017-12-31"]),
        ("FY 2018", ["2018-04-01 2019-03-31", "2017-04-01 2018-03-31"]),
        ("2015 – 2019", ["2015-01-01 2019-12-31", "2015-04-01 2019-03-31"]),
        ("Q2 2017", ["2017-07-01 2017-09-30", "2017-04-01 2017-06-30"]),
        ("winter 2017", ["2017-12-01 2018-02-28", "2016-12-01 2017-02-28"]),
        ("2018/19 municipal year", ["2018-05-01 2019-04-30", "2018-04-01 2019-03-31"]),
        ("10/11", ["2010-04-01 2011-03-31", "None None"]),
        ("May 17", ["2017-05-01 2017-05-31", "None None"]),
        ("before May 2017", ["None 2017-04-30", "None 2017-05-31"]),
        ("Before Cabinet on 2 December 2018", ["None 2018-12-01", "None 2018-12-02"]),
        (
            "May 2017 and December 2018",
            ["2017-05-01 2018-12-31", "2017-05-01 2017-05-31", "2018-12-01 2018-12-31"],
        ),
    ],
)
def test_words_of_several_meanings_offer_each(text: str, windows: list[str]) -> None:
    found = readings(text)
    assert [f"{reading.earliest} {reading.latest}" for reading in found] == windows
    assert all(reading.reason for reading in found[1:])


@pytest.mark.parametrize(
    "text",
    ["03/04/2018", "May 2017", "May-17", "2018-19", "end of 2018", "By end of February 15", "31 June", "TBC", "Q2",
     "winter 2017/18", "Annually", "", "Wednesday 7 March 2018"],
)  # fmt: skip
def test_clear_words_and_those_without_a_date_offer_one(text: str) -> None:
    assert readings(text) == (read(text),)


def test_a_weekday_that_does_not_fit_offers_the_year_that_it_fits() -> None:
    found = readings("Wednesday 7 March 2017")
    assert [(reading.kind, reading.latest, reading.confidence, reading.reason) for reading in found] == [
        ("session", date(2017, 3, 7), "low", "7 March 2017 is a Tuesday, not a Wednesday; 2018 would fit."),
        ("session", date(2018, 3, 7), "low", "Read as 2018, when the weekday fits."),
    ]


def test_a_year_from_the_document_may_be_the_documents_own() -> None:
    found = readings("Tuesday 7 March", document_on=date(2017, 5, 1))
    assert [(reading.latest, reading.reason) for reading in found] == [
        (
            date(2018, 3, 7),
            "No year is written; 2018 is taken from the document's date. "
            "7 March 2018 is a Wednesday, not a Tuesday; 2017 would fit.",
        ),
        (date(2017, 3, 7), "No year is written; 2017 is the year of the document's date."),
    ]


def test_a_quarter_needs_a_year() -> None:
    assert [reading.latest for reading in readings("Q2", document_on=date(2017, 5, 1))] == [
        date(2017, 9, 30),
        date(2018, 6, 30),
    ]


def test_readings_of_one_text_have_keys_of_their_own() -> None:
    keys = [key_of(each.kind, each.earliest, each.latest) for each in readings("2019")]
    assert keys == ["calendar_year|2019-01-01|2019-12-31", "financial_year|2019-04-01|2020-03-31"]
    assert key_of("deadline", None, date(2027, 5, 31)) == "deadline||2027-05-31"
