"""One mention of a quarter, season or year in a text, what days it covers, and what else it may mean."""

import re
from dataclasses import replace
from datetime import date

from tenants.rules.calendar_words import MONTHS, SEASONS, Span, full_year, month_span
from tenants.rules.date_mentions import Mention, day_and_month


def quarter(match: re.Match[str]) -> Mention:
    words = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
    number = words.get(match["quarter"].lower()) or int(match["quarter"])
    financial = match["next"] is not None
    year = full_year(match["year"]) if match["year"] else None
    first, calendar_first = (3 * number) % 12 + 1, 3 * number - 2
    mention = Mention(
        match.start(),
        match.end(),
        "range",
        lambda year: month_span(year, first, 3),
        None if year is None else year + (number == 4),
        first,
    )
    if financial:
        return mention
    other = replace(
        mention,
        span=lambda year: month_span(year, calendar_first, 3),
        year=year,
        part=calendar_first,
        doubt="The first quarter is read as January to March, as in a calendar year.",
        confidence="low",
    )
    doubt = "The first quarter is read as April to June, as in a financial year."
    return replace(mention, doubt=doubt, confidence="low", others=(other,))


def financial_year(match: re.Match[str]) -> Mention | None:
    first, second = match["first"] or match["short"], match["second"]
    short = len(first) == 2
    begins = full_year(first)
    ends = (
        int(second)
        if len(second) == 4
        else begins // 100 * 100 + int(second)
        if len(second) == 2
        else (begins // 10 * 10 + int(second))
    )
    if ends < begins and begins + 1 in (ends + 10, ends + 100):
        ends = begins + 1
    named = bool(match["named"])
    if ends == begins + 1:
        if run := _other_year(match, begins):
            return run
        unsure = short and not named and int(second) <= 12
        other = day_and_month(match, first, second) if unsure else None
        doubt = f"It could also be a day: {int(first)} {MONTHS[int(second) - 1].capitalize()}." if unsure else ""
        return Mention(
            match.start(),
            match.end(),
            "financial_year",
            lambda year: month_span(year, 4, 12),
            begins,
            4,
            doubt=doubt,
            confidence="low" if unsure else "high",
            others=(replace(other, doubt="Read as a day, without a year."),) if other else (),
        )
    if short and not named:
        return day_and_month(match, first, second) if "/" in match.group() else None
    if not short and len(second) == 2 and 1 <= int(second) <= 12 and ends < begins:
        number = int(second)
        return Mention(match.start(), match.end(), "month", lambda year: month_span(year, number), begins, number)

    def span(year: int) -> Span:
        if ends < begins:
            raise ValueError(f"it ends in {ends}, before it begins in {begins}")
        return date(year, 1, 1), date(ends, 12, 31)

    mention = Mention(
        match.start(),
        match.end(),
        "range",
        span,
        begins,
        confidence="low",
        doubt="Read as whole calendar years; financial years may be meant.",
    )
    if ends <= begins:
        return mention
    other = replace(
        mention,
        span=lambda year: (date(year, 4, 1), date(ends, 3, 31)),
        doubt=f"Read as April {begins} to March {ends}, as in financial years.",
    )
    return replace(mention, others=(other,))


def _other_year(match: re.Match[str], begins: int) -> Mention | None:
    """The municipal or academic year, where the words beside it say that one is meant."""
    beside = match.string[max(0, match.start() - 20) : match.end() + 20].lower()
    for word, first, said in (("municipal", 5, "May to April"), ("academic", 9, "September to August")):
        if f"{word} year" in beside:
            mention = Mention(
                match.start(),
                match.end(),
                "range",
                lambda year, first=first: month_span(year, first, 12),  # type: ignore[misc]
                begins,
                first,
                confidence="medium",
                doubt=f"The {word} year is read as {said}.",
            )
            return replace(mention, others=(_whole_financial_year(mention),))
    return None


def _whole_financial_year(mention: Mention) -> Mention:
    """The financial year that begins in the mention's year, as another meaning of it."""
    return replace(
        mention,
        kind="financial_year",
        span=lambda year: month_span(year, 4, 12),
        part=4,
        confidence="low",
        doubt="Read as the financial year that begins in it.",
        others=(),
    )


def single_financial_year(match: re.Match[str]) -> Mention:
    """ "FY 2018": one year for a year that has two."""
    mention = Mention(
        match.start(), match.end(), "financial_year", lambda year: month_span(year, 4, 12), full_year(match["year"]), 4,
        confidence="low",
    )  # fmt: skip
    ending = replace(
        mention,
        span=lambda year: month_span(year - 1, 4, 12),
        doubt="Read as the financial year that ends in it.",
    )
    return replace(mention, doubt="Read as the financial year that begins in it.", others=(ending,))


def season(match: re.Match[str]) -> Mention:
    first, year = SEASONS[match["season"].lower()], match["year"]
    mention = Mention(
        match.start(),
        match.end(),
        "season",
        lambda chosen: month_span(chosen, first, 3),
        full_year(year) if year else None,
        first,
        confidence="medium",
        doubt="A season is read as three whole months: spring is March to May, winter begins in December.",
    )
    if first != 12 or year is None or "/" in match.group():
        return mention
    before = replace(
        mention,
        span=lambda chosen: month_span(chosen - 1, 12, 3),
        confidence="low",
        doubt="Read as the winter that ends in that year.",
    )
    return replace(mention, others=(before,))


def calendar_year(match: re.Match[str]) -> Mention:
    third = (match["third"] or "").lower()
    if third:
        first = {"early": 1, "mid": 5, "late": 9}[third]
        return Mention(
            match.start(),
            match.end(),
            "range",
            lambda year: month_span(year, first, 4),
            int(match["year"]),
            first,
            confidence="low",
            doubt="Early, middle and late are read as thirds of the year.",
        )
    mention = Mention(
        match.start(),
        match.end(),
        "calendar_year",
        lambda year: month_span(year, 1, 12),
        int(match["year"]),
        confidence="medium",
        doubt="Read as the calendar year; the financial or municipal year may be meant.",
    )
    return replace(mention, others=(_whole_financial_year(mention),))
