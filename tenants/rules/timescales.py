"""What a "when" written by hand means: never moving, completing or inventing a date."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from tenants.rules import calendar_words, progress, written_dates, written_years
from tenants.rules.written_dates import Mention

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


_BLANK = re.compile(
    r"[\s\-./–—?]*|n\s?/\s?a\.?|none|nil|not applicable|as soon as possible\.?|asap\.?|a\.s\.a\.p\.?"
    r"|immediate(?:ly)?\.?|now|(?:short|medium|long)(?:\s*(?:/|to|-)\s*(?:medium|long))?[\s-]*term\.?",
    re.IGNORECASE,
)
_TO_BE_SETTLED = re.compile(
    r"\b(?:t\.?b\.?[acd]\b|to be (?:confirmed|agreed|arranged|announced|advised|decided|determined"
    r"|set)\b|(?:date|timescale) (?:awaited|to follow)|not yet known)",
    re.IGNORECASE,
)
_RECURRING = re.compile(
    r"\b(?:annually|yearly|quarterly|monthly|weekly|fortnightly|termly|bi-?annual(?:ly)?|biennial(?:ly)?"
    r"|every|each"
    r"|per (?:year|annum|quarter|month)|p\.a|(?:twice|once|\w+ times) (?:a|per) (?:year|month|quarter)"
    r"|annual(?!\s+(?:council|general|meeting|conference)))\b",
    re.IGNORECASE,
)
_ONGOING = re.compile(
    r"\b(?:on[- ]?going|continu(?:ous|ously|al|ing|es)|rolling|as (?:and when|required|needed|necessary)"
    r"|throughout|permanent(?:ly)?)\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"\b(?:within|first|in the) (?:\w+ )?(?:\w+ )?(?:day|week|month|year)s?\b(?! of the year)", re.IGNORECASE
)
_MEETING = re.compile(
    r"\b(?:meetings?|full council|council meeting|annual council|cabinet|committee|agm|panel|board"
    r"|scrutiny|executive)\b",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:within|after|following|post|once|upon|on completion|completion of|before|prior to|elections?"
    r"|when|as soon as"
    r"|municipal year|subject to|depend[ae]nt|appointment|approval|adoption|induction|in line with"
    r"|alongside|new council"
    r"|year[- ]?end|end of (?:the )?(?:financial )?year)\b",
    re.IGNORECASE,
)
_DEADLINE = re.compile(r"\b(?:by|until|till|no later than|not later than|deadline|due|up to|target)\b", re.IGNORECASE)
_FILLER = re.compile(
    r"\b(?:by|until|till|no|not|later|than|deadline|due|date|up|to|the|end|of|in|on|during|from|between"
    r"|and|for|at|be"
    r"|complete|completed|target|fy|financial|year|month|onwards?|with|effect|since|before|after|prior"
    r"|following|starting"
    r"|commencing|start|beginning|quarter|term|a|remainder|rest|within|municipal|academic|calendar"
    r"|\d{1,2}(?:[.:]\d\d)?\s*(?:am|pm)|noon)\b|[\W_]",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b\d{1,2}(?:[.:]\d\d)?\s*(?:am|pm|noon)\b|\b\d{1,2}:\d\d\b", re.IGNORECASE)
_LEAP_YEAR = 2000  # where no year is written, a day is impossible only if no year has it
_RANK = {"high": 3, "medium": 2, "low": 1, "none": 0}


def read(text: str, *, document_on: date | None = None) -> Timescale:
    """The reading of one "when".

    Days are read before months, two-figure years are 20xx, a financial year runs from 1 April to 31 March,
    "by X" and "end of X" have no first day. `document_on` is the document's own date: only a text without a
    year uses it, taking the first such day in or after that month, with low confidence. Without it such a
    text gets no dates. Today is never looked at.
    """
    if len(text) > LONGEST:
        return Timescale(text, None, None, "none", "none", "This is too long to be read as a date.")
    copy, mended = calendar_words.mend(text)
    reading = _read(text, copy.strip(), document_on)
    return _doubted(reading, "medium", *mended) if mended and reading.kind != "none" else reading


def readings(text: str, *, document_on: date | None = None) -> tuple[Timescale, ...]:
    """What is read, and after it whatever else the words may mean; one reading where they are clear."""
    return (read(text, document_on=document_on),)


def _read(text: str, copy: str, document_on: date | None) -> Timescale:
    if _BLANK.fullmatch(copy):
        return Timescale(text, None, None, "none", "none", "No date is written.")
    mentions = written_dates.find(copy)
    undated = _without_dates(text, copy, mentions)
    if undated is not None:
        return undated
    mentions, guess = written_years.with_years(mentions, copy, document_on)
    try:
        spans = [mention.span(mention.year or _LEAP_YEAR) for mention in mentions]
    except ValueError as impossible:
        return Timescale(text, None, None, "impossible", "none", f"No such date: {impossible}.")
    if any(mention.year is None for mention in mentions):
        return Timescale(
            text, None, None, _shape(copy, mentions), "low", "No year is written, and none may be guessed."
        )
    reading = _dated(text, copy, mentions, spans)
    if guess:
        reading = _doubted(reading, "low", guess)
    for mention, span in zip(mentions, spans, strict=True):
        if note := written_years.weekday_note(mention, span[0]):
            reading = _doubted(reading, "low", note)
    return reading


def _without_dates(text: str, copy: str, mentions: list[Mention]) -> Timescale | None:
    """The reading where the text tells no date, or only one that repeats or counts from an event."""

    def kind(name: str, confidence: str = "high", reason: str = "") -> Timescale:
        return Timescale(text, None, None, name, confidence, reason)

    if _TO_BE_SETTLED.search(copy) and not mentions:
        return kind("tbc", "high", "The date is still to be settled.")
    dated = any(mention.year is not None for mention in mentions)
    if progress.opens_with_status(copy):
        return kind("status_in_date_column", "high", "This tells how far it is, not when it is due.")
    if _RECURRING.search(copy):
        return kind("recurring", "medium" if dated else "high", "It repeats, so it has no single date.")
    if _repeats_by_shape(copy, mentions):
        return kind("recurring", "high", "Months without a year are read as every year.")
    if _ONGOING.search(copy) and not dated:
        return kind("ongoing", "high", "It has no end.")
    if _WITHIN.search(copy) or not mentions:
        if _MEETING.search(copy):
            return kind("relative_to_meeting", "medium", "It depends on the date of a meeting.")
        if _EVENT.search(copy):
            return kind("relative_to_event", "medium", "It depends on when something else happens.")
    if not mentions:
        return kind("none", "none", "No date could be read in these words.")
    return None


def _repeats_by_shape(copy: str, mentions: list[Mention]) -> bool:
    """Whether months are joined by "and" ("Feb & Oct"), or run a whole year round ("May to April")."""
    if len(mentions) < 2 or any(mention.kind != "month" or mention.year is not None for mention in mentions):
        return False
    between = [copy[first.end : second.start].strip().lower() for first, second in pairwise(mentions)]
    if all(words in ("&", "and", ",") for words in between) and not re.search(r"\bbetween\b", copy, re.IGNORECASE):
        return True
    first, last = mentions[0], mentions[1]
    return len(mentions) == 2 and between[0] in ("-", "to") and first.part == last.part % 12 + 1


def _shape(copy: str, mentions: list[Mention]) -> str:
    """The kind of a text whose dates lack a year."""
    if len(mentions) > 1 and written_years.joined(copy, mentions[0], mentions[1]):
        return "range"
    if _is_session(copy, mentions[0]):
        return "session"
    if mentions[0].kind == "day" or _limits(copy, mentions[0]):
        return "deadline"
    return mentions[0].kind


def _is_session(copy: str, mention: Mention) -> bool:
    return (
        mention.kind == "day"
        and not _limits(copy, mention)
        and (
            mention.weekday is not None
            or bool(_CLOCK.search(copy))
            or bool(re.search(r"\bon\s*$", copy[: mention.start]))
        )
    )


def _limits(copy: str, mention: Mention) -> bool:
    """Whether the words before a mention make it a last day."""
    before = copy[: mention.start]
    return bool(
        _DEADLINE.search(before)
        or re.match(r"\s*on-?going to\s*$", before, re.IGNORECASE)
        or re.search(r"\bend(?: of)?(?: the)?(?: financial year)?[\s-]*$", before, re.IGNORECASE)
    )


def _dated(text: str, copy: str, mentions: list[Mention], spans: list[calendar_words.Span]) -> Timescale:
    first, (earliest, latest) = mentions[0], spans[0]
    before = copy[: first.start]
    reading = Timescale(text, earliest, latest, first.kind, first.confidence, first.doubt)
    if len(mentions) > 1:
        reading = _several(text, copy, mentions, spans)
        if reading.kind == "range" and _DEADLINE.search(before):
            reading = replace(reading, earliest=None, kind="deadline")
    elif re.search(r"\b(?:before|prior to)(?: the)?\s*$", before, re.IGNORECASE):
        reading = _doubted(
            replace(reading, earliest=None, latest=earliest - timedelta(days=1), kind="deadline"),
            "medium",
            "“Before” is read as the day before it begins.",
        )
    elif re.search(
        r"\b(?:from|since|starting|commencing|with effect from)(?: the)?\s*$", before, re.IGNORECASE
    ) or re.match(r"\s*onwards?\b", copy[first.end :], re.IGNORECASE):
        reading = _doubted(replace(reading, latest=None, kind="range"), "medium", "A beginning is written, but no end.")
    elif re.search(r"\b(?:after|following)(?: the)?\s*$", before, re.IGNORECASE):
        reading = _doubted(
            replace(reading, earliest=latest, latest=None, kind="range"),
            "low",
            "It begins after this date; no end is written.",
        )
    elif re.search(r"\b(?:start|beginning) of(?: the)?\s*$", before, re.IGNORECASE):
        reading = _doubted(
            replace(reading, earliest=None, latest=earliest, kind="deadline"),
            "medium",
            "The beginning is read as the first day.",
        )
    elif _limits(copy, first):
        reading = _deadline(copy, first, reading)
    elif _is_session(copy, first):
        reading = replace(reading, kind="session")
    elif first.kind == "day":
        reading = replace(reading, earliest=None, kind="deadline")
    if re.search(r"\b(?:rest|remainder) of(?: the)?\s*$", before, re.IGNORECASE):
        reading = _doubted(reading, "medium", "Only what is left of it is meant.")
    if _other_words(copy, mentions):
        reading = _doubted(reading, "medium", "There are other words beside the date.")
    return reading


def _deadline(copy: str, mention: Mention, reading: Timescale) -> Timescale:
    last = replace(reading, earliest=None, kind="season" if mention.kind == "season" else "deadline")
    if mention.kind != "calendar_year":
        return last
    if re.search(r"\bend(?: of)?(?: the)?\s*$", copy[: mention.start], re.IGNORECASE):
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
        between = copy[mentions[0].end : mentions[1].start]
        if re.search(r"&|\band\b|\bor\b|,", between) and not re.search(r"\bbetween\b", copy, re.IGNORECASE):
            return _doubted(reading, "medium", "Two dates are written; the time from one to the other is taken.")
        return reading
    return Timescale(
        text,
        min(span[0] for span in spans),
        max(span[1] for span in spans),
        "range",
        "low",
        f"{len(mentions)} dates are written; the time from the first to the last is taken.",
    )


def _other_words(copy: str, mentions: list[Mention]) -> bool:
    rest = "".join(" " if any(m.start <= at < m.end for m in mentions) else letter for at, letter in enumerate(copy))
    return bool(_FILLER.sub("", rest))


def _doubted(reading: Timescale, confidence: str, *sentences: str) -> Timescale:
    lowest = min(reading.confidence, confidence, key=lambda name: _RANK[name])
    return replace(reading, confidence=lowest, reason=" ".join(filter(None, (reading.reason, *sentences))))
