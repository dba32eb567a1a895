"""Where a text mentions a day, month, quarter, season or year, and which days each mention covers."""

import re
from collections.abc import Callable

from tenants.rules import date_mentions, year_mentions
from tenants.rules.calendar_words import MONTH
from tenants.rules.date_mentions import Mention

__all__ = ["Mention", "find"]

_WEEKDAY = r"(?:(?P<weekday>mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?\.?,?\s+)?"
_ORDINAL = r"(?:st|nd|rd|th)?"
# Two figures are a year only when no clock, fraction, ordinal or following month claims them.
_YEAR = rf"(?:(?:19|20)\d\d(?!\d|/\d)|['’]?\d\d(?!\s*(?:am|pm|st|nd|rd|th)\b|[\d:./]\d|\d|/|%|\s+{MONTH}))"


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


_THIRD = r"(?:\b(?P<third>early|mid|late)(?:dle of)?[\s-]+)?"
_BARE_YEAR = r"(?:19|20)\d\d"
_PATTERNS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Mention | None]]] = [
    (re.compile(pattern, re.IGNORECASE), build)
    for pattern, build in (
        (rf"\b(?P<year>{_BARE_YEAR})-(?P<month>\d\d)-(?P<day>\d\d)\b", date_mentions.iso_day),
        (
            (
                rf"\b{_WEEKDAY}(?P<day>\d{{1,2}})(?P<mark>[/.-])(?P<month>\d{{1,2}})(?P=mark)"
                rf"(?P<year>{_BARE_YEAR}|\d\d)\b(?!/)"
            ),
            date_mentions.iso_day,
        ),
        (
            (
                rf"\b(?P<first>\d{{1,2}}){_ORDINAL}\s*(?:-|to|and|&)\s*(?P<day>\d{{1,2}}){_ORDINAL}\s+"
                rf"(?P<month>{MONTH}),?\s*(?P<year>{_YEAR})?"
            ),
            date_mentions.several_days,
        ),
        (
            (
                rf"\b{_WEEKDAY}(?:the\s+)?(?P<day>\d{{1,2}}){_ORDINAL}(?:\s+of)?[\s-]*(?P<month>{MONTH})"
                rf"(?:(?:,?\s*|-)(?P<year>{_YEAR}))?"
            ),
            date_mentions.named_day,
        ),
        (
            (
                rf"\b(?P<month>{MONTH})\s+(?P<day>\d{{1,2}})"
                rf"(?:(?:st|nd|rd|th)\b,?|,(?=\s*{_BARE_YEAR})"
                rf"|(?=\s+{_BARE_YEAR}))(?:\s*(?P<year>{_BARE_YEAR}))?"
            ),
            date_mentions.named_day,
        ),
        (rf"{_THIRD}\b(?P<month>{MONTH})(?:(?:,?\s*(?:of\s+)?|[-/])(?P<year>{_YEAR}))?", date_mentions.whole_month),
        (rf"\b(?P<month>0?[1-9]|1[0-2])[/.](?P<year>{_BARE_YEAR})\b", date_mentions.numeric_month),
        (
            (
                rf"\b(?:q|quarter\s*)(?P<quarter>[1-4])\b(?:,?\s*(?:of\s+)?(?P<year>{_BARE_YEAR}|\d\d)"
                rf"(?P<next>\s?[/-]\s?\d{{1,4}})?\b)?"
            ),
            year_mentions.quarter,
        ),
        (
            (
                rf"\b(?P<quarter>first|second|third|fourth|last) quarter"
                rf"(?:\s+of\s+(?P<year>{_BARE_YEAR}|\d\d)"
                rf"(?P<next>\s?[/-]\s?\d{{1,4}})?\b)?"
            ),
            year_mentions.quarter,
        ),
        (
            (
                rf"\b(?P<named>fy\s*|financial year\s+)?"
                rf"(?:(?P<first>{_BARE_YEAR})\s*[/-]\s*|(?P<short>\d\d)[/-])"
                rf"(?P<second>{_BARE_YEAR}|\d\d|(?<=\d{{4}}/)\d)\b(?![/-]\d|\s*(?:am|pm|%))"
            ),
            year_mentions.financial_year,
        ),
        (rf"\b(?:fy\s?|financial year\s+)(?P<year>{_BARE_YEAR}|\d\d)\b(?![/-]\d)", year_mentions.single_financial_year),
        (r"\b(?P<day>\d{1,2})/(?P<month>\d{1,2})\b(?!/)", date_mentions.numeric_day_without_year),
        (
            (
                rf"\b(?P<season>spring|summer|autumn"
                rf"|winter)(?:\s+term)?(?:,?\s*(?:of\s+)?(?P<year>{_BARE_YEAR}|['’]?\d\d)"
                r"(?:/\d\d)?\b)?"
            ),
            year_mentions.season,
        ),
        (rf"{_THIRD}\b(?P<year>{_BARE_YEAR})\b", year_mentions.calendar_year),
    )
]
