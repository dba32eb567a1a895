"""Where a text mentions a day, month, quarter, season or year, and which days each mention covers."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from tenants.rules.calendar_words import (
    MONTH,
    MONTHS,
    SEASONS,
    WEEKDAYS,
    Span,
    full_year,
    month_number,
    month_span,
)

_WEEKDAY = r"(?:(?P<weekday>mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?\.?,?\s+)?"
_ORDINAL = r"(?:st|nd|rd|th)?"
# Two figures are a year only when no clock, fraction, ordinal or following month claims them.
_YEAR = rf"(?:(?:19|20)\d\d(?![\d/])|['’]?\d\d(?!\s*(?:am|pm|st|nd|rd|th)\b|[\d:./]\d|\d|/|%|\s+{MONTH}))"


@dataclass(frozen=True, slots=True)
class Mention:
    """One date-like phrase.

    `span(year)` gives its first and last day and raises ValueError where there is none; `year` is None where
    the text names no year, `part` is the month it begins in, for ordering within a year."""

    start: int
    end: int
    kind: str
    span: Callable[[int], Span] = field(compare=False)
    year: int | None
    part: int = 1
    weekday: int | None = None
    doubt: str = ""
    confidence: str = "high"

    def in_year(self, year: int) -> "Mention":
        return replace(self, year=year)


def find(text: str) -> list[Mention]:
    """All mentions in reading order, none overlapping another. `text` is a reading copy from `mend`."""
    found: list[Mention] = []
    position = 0
    while True:
        candidates = [
            (match.start(), order, match, build)
            for order, (pattern, build) in enumerate(_PATTERNS)
            if (match := pattern.search(text, position))
        ]
        if not candidates:
            return found
        _, _, match, build = min(candidates, key=lambda candidate: candidate[:2])
        mention = build(match)
        if mention is not None and not _is_verb(text, match):
            found.append(mention)
        position = match.end()


def _is_verb(text: str, match: re.Match[str]) -> bool:
    """Whether a bare lower-case "may" or "march" is a verb rather than a month."""
    word = match.group().strip()
    if word not in ("may", "march") or text.strip() == word:
        return False
    return not re.search(
        r"(?:\b(?:in|by|during|of|each|every|until|to|from|and|or|early|mid|late)|[-&/,])\s*$",
        text[: match.start()],
    )


def _day(match: re.Match[str], year: str | None, month: int, day: int) -> Mention:
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


def _iso_day(match: re.Match[str]) -> Mention:
    return _day(match, match["year"], int(match["month"]), int(match["day"]))


def _named_day(match: re.Match[str]) -> Mention:
    return _day(match, match["year"], month_number(match["month"]), int(match["day"]))


def _days(match: re.Match[str]) -> Mention:
    first = _day(match, match["year"], month_number(match["month"]), int(match["first"]))
    last = _day(match, match["year"], month_number(match["month"]), int(match["day"]))
    return replace(first, kind="range", span=lambda year: (first.span(year)[0], last.span(year)[1]))


def _month(match: re.Match[str]) -> Mention:
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
        return mention

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


def _numeric_month(match: re.Match[str]) -> Mention:
    number = int(match["month"])
    return Mention(
        match.start(),
        match.end(),
        "month",
        lambda chosen: month_span(chosen, number),
        int(match["year"]),
        number,
    )


def _quarter(match: re.Match[str]) -> Mention:
    words = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
    number = words.get(match["quarter"].lower()) or int(match["quarter"])
    financial = match["next"] is not None
    doubt = "" if financial else "The first quarter is read as April to June, as in a financial year."
    return Mention(
        match.start(),
        match.end(),
        "range",
        lambda year: month_span(year + (number == 4), (3 * number) % 12 + 1, 3),
        full_year(match["year"]) if match["year"] else None,
        (3 * number) % 12 + 1,
        doubt=doubt,
        confidence="high" if financial else "low",
    )


def _financial_year(match: re.Match[str]) -> Mention | None:
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
        unsure = short and not named and int(second) <= 12
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
        )
    if short and not named:
        return _day_and_month(match, first, second) if "/" in match.group() else None
    if not short and len(second) == 2 and 1 <= int(second) <= 12 and ends < begins:
        number = int(second)
        return Mention(match.start(), match.end(), "month", lambda year: month_span(year, number), begins, number)

    def span(year: int) -> Span:
        if ends < begins:
            raise ValueError(f"it ends in {ends}, before it begins in {begins}")
        return date(year, 1, 1), date(ends, 12, 31)

    return Mention(
        match.start(),
        match.end(),
        "range",
        span,
        begins,
        confidence="low",
        doubt="Read as whole calendar years; financial years may be meant.",
    )


def _day_and_month(match: re.Match[str], first: str, second: str) -> Mention | None:
    day, month = int(first), int(second)
    return _day(match, None, month, day) if 1 <= day <= 31 and 1 <= month <= 12 else None


def _numeric_day_without_year(match: re.Match[str]) -> Mention | None:
    return _day_and_month(match, match["day"], match["month"])


def _season(match: re.Match[str]) -> Mention:
    first, year = SEASONS[match["season"].lower()], match["year"]
    return Mention(
        match.start(),
        match.end(),
        "season",
        lambda chosen: month_span(chosen, first, 3),
        full_year(year) if year else None,
        first,
        confidence="medium",
        doubt="A season is read as three whole months: spring is March to May, winter begins in December.",
    )


def _year(match: re.Match[str]) -> Mention:
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
    return Mention(
        match.start(),
        match.end(),
        "calendar_year",
        lambda year: month_span(year, 1, 12),
        int(match["year"]),
        confidence="medium",
        doubt="Read as the calendar year; the financial or municipal year may be meant.",
    )


_THIRD = r"(?:\b(?P<third>early|mid|late)(?:dle of)?[\s-]+)?"
_BARE_YEAR = r"(?:19|20)\d\d"
_PATTERNS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Mention | None]]] = [
    (re.compile(pattern, re.IGNORECASE), build)
    for pattern, build in (
        (rf"\b(?P<year>{_BARE_YEAR})-(?P<month>\d\d)-(?P<day>\d\d)\b", _iso_day),
        (
            (
                rf"\b{_WEEKDAY}(?P<day>\d{{1,2}})(?P<mark>[/.-])(?P<month>\d{{1,2}})(?P=mark)"
                rf"(?P<year>{_BARE_YEAR}|\d\d)\b(?!/)"
            ),
            _iso_day,
        ),
        (
            (
                rf"\b(?P<first>\d{{1,2}}){_ORDINAL}\s*(?:-|to|and|&)\s*(?P<day>\d{{1,2}}){_ORDINAL}\s+"
                rf"(?P<month>{MONTH}),?\s*(?P<year>{_YEAR})?"
            ),
            _days,
        ),
        (
            (
                rf"\b{_WEEKDAY}(?:the\s+)?(?P<day>\d{{1,2}}){_ORDINAL}(?:\s+of)?[\s-]*(?P<month>{MONTH})"
                rf"(?:(?:,?\s*|-)(?P<year>{_YEAR}))?"
            ),
            _named_day,
        ),
        (
            (
                rf"\b(?P<month>{MONTH})\s+(?P<day>\d{{1,2}})"
                rf"(?:(?:st|nd|rd|th)\b,?|,(?=\s*{_BARE_YEAR})"
                rf"|(?=\s+{_BARE_YEAR}))(?:\s*(?P<year>{_BARE_YEAR}))?"
            ),
            _named_day,
        ),
        (rf"{_THIRD}\b(?P<month>{MONTH})(?:(?:,?\s*(?:of\s+)?|[-/])(?P<year>{_YEAR}))?", _month),
        (rf"\b(?P<month>0?[1-9]|1[0-2])[/.](?P<year>{_BARE_YEAR})\b", _numeric_month),
        (
            (
                rf"\b(?:q|quarter\s*)(?P<quarter>[1-4])\b(?:,?\s*(?:of\s+)?(?P<year>{_BARE_YEAR}|\d\d)"
                rf"(?P<next>\s?[/-]\s?\d{{1,4}})?\b)?"
            ),
            _quarter,
        ),
        (
            (
                rf"\b(?P<quarter>first|second|third|fourth|last) quarter"
                rf"(?:\s+of\s+(?P<year>{_BARE_YEAR}|\d\d)"
                rf"(?P<next>\s?[/-]\s?\d{{1,4}})?\b)?"
            ),
            _quarter,
        ),
        (
            (
                rf"\b(?P<named>fy\s*|financial year\s+)?"
                rf"(?:(?P<first>{_BARE_YEAR})\s*[/-]\s*|(?P<short>\d\d)[/-])"
                rf"(?P<second>{_BARE_YEAR}|\d\d|(?<=\d{{4}}/)\d)\b(?![/-]\d|\s*(?:am|pm|%))"
            ),
            _financial_year,
        ),
        (r"\b(?P<day>\d{1,2})/(?P<month>\d{1,2})\b(?!/)", _numeric_day_without_year),
        (
            (
                rf"\b(?P<season>spring|summer|autumn"
                rf"|winter)(?:\s+term)?(?:,?\s*(?:of\s+)?(?P<year>{_BARE_YEAR}|['’]?\d\d)"
                r"(?:/\d\d)?\b)?"
            ),
            _season,
        ),
        (rf"{_THIRD}\b(?P<year>{_BARE_YEAR})\b", _year),
    )
]
