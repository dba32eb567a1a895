"""What a mention of a date means among the words around it: a last day, a session, a time from one day to another."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tenants.rules import calendar_words, when_words, written_years
from tenants.rules.date_mentions import Mention

KINDS = (
    "deadline",
    "month",
    "range",
    "financial_year",
    "calendar_year",
    "season",
    "session",
    "recurring",
    "ongoing",
    "relative_to_event",
    "relative_to_meeting",
    "status_in_date_column",
    "tbc",
    "impossible",
    "none",
)

LONGEST = 600  # characters of a cell that may still be a date and its conditions


@dataclass(frozen=True, slots=True)
class Timescale:
    """The days, inclusive, in which it is meant to be finished or, for a session, to take place.

    `text` is what was written, untouched. `kind` is one of KINDS, `confidence` one of high, medium, low and
    none (nothing dateable was written). `reason` says in sentences whatever a person should know before
    trusting it.
    """

    text: str
    earliest: date | None
    latest: date | None
    kind: str
    confidence: str
    reason: str = ""


_RANK = {"high": 3, "medium": 2, "low": 1, "none": 0}


def shape(copy: str, mentions: list[Mention]) -> str:
    """The kind of a text whose dates lack a year."""
    if len(mentions) > 1 and written_years.joined(copy, mentions[0], mentions[1]):
        return "range"
    if _before(copy, mentions[0]):
        return "deadline"
    if _is_session(copy, mentions[0]):
        return "session"
    if mentions[0].kind == "day" or limits(copy, mentions[0]):
        return "deadline"
    return mentions[0].kind


def _before(copy: str, mention: Mention) -> bool:
    before = copy[: mention.start]
    return bool(when_words.BEFORE.search(before) or when_words.BEFORE_SOMETHING.search(before))


def _is_session(copy: str, mention: Mention) -> bool:
    return (
        mention.kind == "day"
        and not limits(copy, mention)
        and (
            mention.weekday is not None
            or bool(when_words.CLOCK.search(copy))
            or bool(re.search(r"\bon\s*$", copy[: mention.start]))
        )
    )


def limits(copy: str, mention: Mention) -> bool:
    """Whether the words before a mention make it a last day."""
    before = copy[: mention.start]
    return bool(
        when_words.DEADLINE.search(before)
        or re.match(r"\s*on-?going to\s*$", before, re.IGNORECASE)
        or re.search(r"\bend(?: of)?(?: the)?(?: financial year)?[\s-]*$", before, re.IGNORECASE)
    )


def dated(text: str, copy: str, mentions: list[Mention], spans: list[calendar_words.Span]) -> Timescale:
    """The reading of a text whose mentions cover these spans. `copy` is the reading copy they were found in."""
    first, (earliest, latest) = mentions[0], spans[0]
    before = copy[: first.start]
    reading = Timescale(text, earliest, latest, first.kind, first.confidence, first.doubt)
    if len(mentions) > 1:
        reading = _several(text, copy, mentions, spans)
        if reading.kind == "range" and when_words.DEADLINE.search(before):
            reading = replace(reading, earliest=None, kind="deadline")
    else:
        reading = _beside(copy, first, reading, earliest, latest)
    if when_words.REST_OF.search(before):
        reading = doubted(reading, "medium", "Only what is left of it is meant.")
    if _other_words(copy, mentions):
        reading = doubted(reading, "medium", "There are other words beside the date.")
    return reading


def _beside(copy: str, mention: Mention, reading: Timescale, earliest: date, latest: date) -> Timescale:
    """The reading of the only date, by the words beside it."""
    before, after = copy[: mention.start], copy[mention.end :]
    if mention.kind == "day" and (week := _week(before, reading, earliest)):
        return week
    if when_words.BEFORE.search(before):
        return _on_the_eve(reading, earliest, "medium", "“Before” is read as the day before it begins.")
    if when_words.BEFORE_SOMETHING.search(before):
        sure = "medium" if mention.kind == "day" else "low"
        why = "It is wanted before something on that date; the day before is taken."
        return _on_the_eve(reading, earliest, sure, why)
    if when_words.FROM.search(before) or when_words.ONWARDS.match(after):
        return doubted(replace(reading, latest=None, kind="range"), "medium", "A beginning is written, but no end.")
    if when_words.AFTER.search(before) or when_words.AFTER_SOMETHING.search(before):
        later = replace(reading, earliest=latest, latest=None, kind="range")
        return doubted(later, "low", "It begins after this date; no end is written.")
    if when_words.START_OF.search(before):
        opening = replace(reading, earliest=None, latest=earliest, kind="deadline")
        return doubted(opening, "medium", "The beginning is read as the first day.")
    if limits(copy, mention):
        return _deadline(copy, mention, reading)
    if _is_session(copy, mention):
        return replace(reading, kind="session")
    return replace(reading, earliest=None, kind="deadline") if mention.kind == "day" else reading


def _week(before: str, reading: Timescale, on: date) -> Timescale | None:
    """The week that is told by its first or last day ("w/c 8 May 2017")."""
    if when_words.WEEK_FROM.search(before):
        return replace(reading, latest=on + timedelta(days=6), kind="range")
    if when_words.WEEK_TO.search(before):
        return replace(reading, earliest=on - timedelta(days=6), kind="range")
    return None


def _deadline(copy: str, mention: Mention, reading: Timescale) -> Timescale:
    last = replace(reading, earliest=None, kind="season" if mention.kind == "season" else "deadline")
    if mention.kind != "calendar_year":
        return last
    if when_words.END_OF.search(copy[: mention.start]):
        return replace(last, reason="", confidence="high")
    return replace(
        last,
        confidence="low",
        reason="“By” a year may mean before it begins or before it ends; the end is taken.",
    )


def _several(text: str, copy: str, mentions: list[Mention], spans: list[calendar_words.Span]) -> Timescale:
    doubts = [mention.doubt for mention in mentions if mention.doubt]
    lowest = min((mention.confidence for mention in mentions), key=lambda name: _RANK[name])
    first, last = spans[0], spans[1]
    if len(mentions) == 2 and written_years.joined(copy, mentions[0], mentions[1]):
        if last[1] < first[0]:
            return Timescale(text, None, None, "impossible", "none", "It ends before it begins.")
        reading = Timescale(text, first[0], last[1], "range", lowest, " ".join(dict.fromkeys(doubts)))
        if is_list(copy, mentions):
            return doubted(reading, "medium", "Two dates are written; the time from one to the other is taken.")
        return reading
    return Timescale(
        text,
        min(span[0] for span in spans),
        max(span[1] for span in spans),
        "range",
        "low",
        f"{len(mentions)} dates are written; the time from the first to the last is taken.",
    )


def is_list(copy: str, mentions: list[Mention]) -> bool:
    """Whether two dates are listed ("May and June") and not the ends of a time."""
    between = copy[mentions[0].end : mentions[1].start]
    listed = re.search(r"&|\band\b|\bor\b|,", between, re.IGNORECASE)
    return bool(listed) and not re.search(r"\bbetween\b", copy, re.IGNORECASE)


def _on_the_eve(reading: Timescale, begins: date, confidence: str, sentence: str) -> Timescale:
    """The same reading as a last day: the day before it begins."""
    eve = replace(reading, earliest=None, latest=begins - timedelta(days=1), kind="deadline")
    return doubted(eve, confidence, sentence)


def day_words(value: date) -> str:
    return f"{value.day} {calendar_words.MONTHS[value.month - 1].capitalize()} {value.year}"


def _other_words(copy: str, mentions: list[Mention]) -> bool:
    rest = "".join(" " if any(m.start <= at < m.end for m in mentions) else letter for at, letter in enumerate(copy))
    return bool(when_words.FILLER.sub("", rest))


def doubted(reading: Timescale, confidence: str, *sentences: str) -> Timescale:
    lowest = min(reading.confidence, confidence, key=lambda name: _RANK[name])
    return replace(reading, confidence=lowest, reason=" ".join(filter(None, (reading.reason, *sentences))))
