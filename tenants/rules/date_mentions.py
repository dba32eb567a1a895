"""One mention of a day or month in a text, and the days that it covers."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from tenants.rules.calendar_words import MONTHS, WEEKDAYS, Span, full_year, month_number, month_span


@dataclass(frozen=True, slots=True)
class Mention:
    """One date-like phrase.

    `span(year)` gives its first and last day and raises ValueError where there is none; `year` is None where
    the text names no year, `part` is the month it begins in, for ordering within a year. `others` are what the
    same words may mean as well."""

    start: int
    end: int
    kind: str
    span: Callable[[int], Span] = field(compare=False)
    year: int | None
    part: int = 1
    weekday: int | None = None
    doubt: str = ""
    confidence: str = "high"
    others: tuple["Mention", ...] = field(default=(), compare=False)

    def in_year(self, year: int) -> "Mention":
        return replace(self, year=year)


def on_day(match: re.Match[str], year: str | None, month: int, day: int) -> Mention:
    def span(chosen: int) -> Span:
        if not 1 <= month <= 12:
            raise ValueError(f"there is no month {month}; the day is read first, the month second")
        last = monthrange(chosen, month)[1]
        if not 1 <= day <= last:
            raise ValueError(f"{MONTHS[month - 1].capitalize()} {chosen} has {last} days, not {day}")
        return date(chosen, month, day), date(chosen, month, day)

    named = match.groupdict().get("weekday")
    weekday = next((n for n, name in enumerate(WEEKDAYS) if named and name.startswith(named.lower())), None)
    return Mention(match.start(), match.end(), "day", span, full_year(year) if year else None, month, weekday)


def iso_day(match: re.Match[str]) -> Mention:
    return on_day(match, match["year"], int(match["month"]), int(match["day"]))


def named_day(match: re.Match[str]) -> Mention:
    return on_day(match, match["year"], month_number(match["month"]), int(match["day"]))


def several_days(match: re.Match[str]) -> Mention:
    first = on_day(match, match["year"], month_number(match["month"]), int(match["first"]))
    last = on_day(match, match["year"], month_number(match["month"]), int(match["day"]))
    return replace(first, kind="range", span=lambda year: (first.span(year)[0], last.span(year)[1]))


def whole_month(match: re.Match[str]) -> Mention:
    number, year = month_number(match["month"]), match["year"]
    mention = Mention(
        match.start(),
        match.end(),
        "month",
        lambda chosen: month_span(chosen, number),
        full_year(year) if year else None,
        number,
    )
    thirds = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
    third = thirds.get((match.groupdict().get("third") or "").lower())
    if third is None:
        return replace(mention, others=_as_day(match, number))

    def span(chosen: int) -> Span:
        whole = month_span(chosen, number)
        return whole[0].replace(day=third[0]), whole[0].replace(day=min(third[1], whole[1].day))

    return replace(
        mention,
        kind="range",
        span=span,
        confidence="medium",
        doubt="Early, middle and late are read as thirds of the month.",
    )


def _as_day(match: re.Match[str], month: int) -> tuple[Mention, ...]:
    """ "May 17" may be a day of May as well, unless a hyphen or an apostrophe joins the figures to the month."""
    if re.search(
        r"\b(?:end(?: of)?|in|during|early|mid|late|from|since)\s*$", match.string[: match.start()], re.IGNORECASE
    ):
        return ()
    found = re.fullmatch(r".*[a-z.]\s+(\d\d)", match.group(), re.IGNORECASE | re.DOTALL)
    if found is None or not 1 <= int(found[1]) <= 31:
        return ()
    return (replace(on_day(match, None, month, int(found[1])), doubt="Read as a day of the month, without a year."),)


def numeric_month(match: re.Match[str]) -> Mention:
    number = int(match["month"])
    return Mention(
        match.start(),
        match.end(),
        "month",
        lambda chosen: month_span(chosen, number),
        int(match["year"]),
        number,
    )


def day_and_month(match: re.Match[str], first: str, second: str) -> Mention | None:
    day, month = int(first), int(second)
    return on_day(match, None, month, day) if 1 <= day <= 31 and 1 <= month <= 12 else None


def numeric_day_without_year(match: re.Match[str]) -> Mention | None:
    return day_and_month(match, match["day"], match["month"])
