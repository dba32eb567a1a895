"""What a "when" written by hand means: never moving, completing or inventing a date."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from tenants.rules import calendar_words, dated_timescales, progress, when_words, written_dates, written_years
from tenants.rules.date_mentions import Mention
from tenants.rules.dated_timescales import KINDS, LONGEST, Timescale, doubted

__all__ = ["KINDS", "LONGEST", "Timescale", "key_of", "read", "readings"]

_LEAP_YEAR = 2000  # where no year is written, a day is impossible only if no year has it
_UNDATED = ("recurring", "ongoing", "relative_to_event", "relative_to_meeting", "status_in_date_column", "tbc",
            "impossible", "none")  # fmt: skip


@lru_cache(maxsize=5_000)
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
    return doubted(reading, "medium", *mended) if mended and reading.kind != "none" else reading


def readings(text: str, *, document_on: date | None = None) -> tuple[Timescale, ...]:
    """What is read, and after it whatever else the words may mean; one reading where they are clear.

    "2019" is the calendar year or the financial year that begins in it, "by 2018" ends with that year or before it.
    03/04/2018 is never the fourth of March. A weekday that does not fit its year offers the nearest year that it fits.
    As in `read`, no date is invented.
    """
    first = read(text, document_on=document_on)
    if first.kind in _UNDATED or first.confidence == "none":
        return (first,)
    copy, mended = calendar_words.mend(text)
    copy = copy.strip()
    mentions = written_dates.find(copy)
    found = {(first.kind, first.earliest, first.latest): first}
    for other in _other_readings(text, copy, mentions, document_on):
        if other.kind != "impossible":
            reading = doubted(other, "low", *mended)
            found.setdefault((reading.kind, reading.earliest, reading.latest), reading)
    return tuple(found.values())


def key_of(kind: str, earliest: date | None, latest: date | None) -> str:
    """What tells one reading of a text from its others, on forms."""
    return "|".join((kind, str(earliest or ""), str(latest or "")))


def _other_readings(text: str, copy: str, mentions: list[Mention], document_on: date | None) -> Iterator[Timescale]:
    known, guess = written_years.with_years(mentions, copy, document_on)
    if all(mention.year is not None for mention in known):
        try:
            spans = [mention.span(mention.year or _LEAP_YEAR) for mention in known]
        except ValueError:
            return
        first, (begins, ends) = known[0], spans[0]
        before = copy[: first.start]
        if when_words.BEFORE.search(before) or when_words.BEFORE_SOMETHING.search(before):
            yield Timescale(
                text, None, ends, "deadline", "low", f"Read as by {dated_timescales.day_words(ends)} itself."
            )
        elif first.kind == "calendar_year" and len(known) == 1 and dated_timescales.limits(copy, first):
            if not when_words.END_OF.search(before):
                eve = begins - timedelta(days=1)
                yield Timescale(text, None, eve, "deadline", "low", "Read as before that year begins.")
            return
        if len(known) == 1 and not guess and (fits := written_years.fitting_year(first, begins)):
            other = _with_dates(text, copy, [first.in_year(fits)], document_on)
            yield replace(other, confidence="low", reason=f"Read as {fits}, when the weekday fits.")
        if len(known) == 2 and dated_timescales.is_list(copy, known):
            for which, mention, span in zip(("first", "second"), known, spans, strict=True):
                alone = dated_timescales.dated(text, copy, [mention], [span])
                yield replace(alone, confidence="low", reason=f"Only the {which} of the two dates is taken.")
    joined, _ = written_years.with_years(mentions, copy, None)
    for number in range(max((len(mention.others) for mention in joined), default=0)):
        others = [
            to.others[number] if number < len(to.others) else mention
            for mention, to in zip(mentions, joined, strict=True)
        ]
        yield _with_dates(text, copy, others, document_on)
    if guess and document_on:
        year = document_on.year
        same_year = [mention if mention.year else mention.in_year(year) for mention in joined]
        other = _with_dates(text, copy, same_year, document_on)
        yield doubted(other, "low", f"No year is written; {year} is the year of the document's date.")


def _read(text: str, copy: str, document_on: date | None) -> Timescale:
    if when_words.BLANK.fullmatch(copy):
        return Timescale(text, None, None, "none", "none", "No date is written.")
    mentions = written_dates.find(copy)
    undated = _without_dates(text, copy, mentions)
    if undated is not None:
        return undated
    return _with_dates(text, copy, mentions, document_on)


def _with_dates(text: str, copy: str, mentions: list[Mention], document_on: date | None) -> Timescale:
    given, _ = written_years.with_years(mentions, copy, None)
    mentions, guess = written_years.with_years(mentions, copy, document_on)
    spans = []
    for mention, written in zip(mentions, given, strict=True):
        try:
            spans.append(mention.span(mention.year or _LEAP_YEAR))
        except ValueError as impossible:
            if written.year is None and _is_possible(written):
                why = f"No year is written, and {impossible}."
                return Timescale(text, None, None, dated_timescales.shape(copy, mentions), "low", why)
            why = str(impossible) if mention.year else str(impossible).replace(f" {_LEAP_YEAR}", "")
            return Timescale(text, None, None, "impossible", "none", f"No such date: {why}.")
    if any(mention.year is None for mention in mentions):
        doubts = [mention.doubt for mention in mentions if mention.year is None and mention.confidence == "high"]
        reason = " ".join(filter(None, (*doubts, "No year is written, and none may be guessed.")))
        return Timescale(text, None, None, dated_timescales.shape(copy, mentions), "low", reason)
    reading = dated_timescales.dated(text, copy, mentions, spans)
    if guess:
        reading = doubted(reading, "low", guess)
    for mention, span in zip(mentions, spans, strict=True):
        if note := written_years.weekday_note(mention, span[0]):
            reading = doubted(reading, "low", note)
    return reading


def _is_possible(mention: Mention) -> bool:
    """Whether at least a leap year has such a day."""
    try:
        mention.span(_LEAP_YEAR)
    except ValueError:
        return False
    return True


def _without_dates(text: str, copy: str, mentions: list[Mention]) -> Timescale | None:
    """The reading where the text tells no date, or only one that repeats or counts from an event."""

    def kind(name: str, confidence: str = "high", reason: str = "") -> Timescale:
        return Timescale(text, None, None, name, confidence, reason)

    if when_words.TO_BE_SETTLED.search(copy) and not mentions:
        return kind("tbc", "high", "The date is still to be settled.")
    dated = any(mention.year is not None for mention in mentions)
    if progress.opens_with_status(copy):
        return kind("status_in_date_column", "high", "This tells how far it is, not when it is due.")
    if when_words.RECURRING.search(copy):
        return kind("recurring", "medium" if dated else "high", "It repeats, so it has no single date.")
    if _repeats_by_shape(copy, mentions):
        return kind("recurring", "high", "Months without a year are read as every year.")
    if when_words.ONGOING.search(copy) and not dated:
        return kind("ongoing", "high", "It has no end.")
    if when_words.WITHIN.search(copy) or not mentions:
        if when_words.MEETING.search(copy):
            return kind("relative_to_meeting", "medium", "It depends on the date of a meeting.")
        if when_words.EVENT.search(copy):
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
