"""The year a date without one belongs to, and whether a weekday fits its year."""

import re
from dataclasses import replace
from datetime import date

from tenants.rules.calendar_words import MONTHS, WEEKDAYS
from tenants.rules.date_mentions import Mention

_JOINT = re.compile(
    r"\s*(?:-|to|until|till|through(?: to)?|and|&|/|,|or)\s*(?:the\s+)?(?:end(?: of)?|mid-?)?\s*",
    re.IGNORECASE,
)


def with_years(mentions: list[Mention], text: str, document_on: date | None) -> tuple[list[Mention], str]:
    """The mentions with a missing year taken from a neighbour it is joined to, else from the document's date.

    A neighbour is joined by a dash, "to", "and" and the like. From the document's date the first such day in
    or after the document's month is meant, which is a guess: the second value is the sentence that says so.
    """
    done = list(mentions)
    written = [mention.year for mention in mentions]  # for each the written year that its own comes from
    pairs = [(here, here + 1) for here in reversed(range(len(done) - 1))]
    pairs += [(here, here - 1) for here in range(1, len(done))]
    for here, beside in pairs:
        mention, neighbour, source = done[here], done[beside], written[beside]
        if mention.year is not None or neighbour.year is None or source is None:
            continue
        first, last = sorted((here, beside))
        if not joined(text, done[first], done[last]):
            continue
        turned = done[first].part > done[last].part
        year = neighbour.year + (turned if here == last else -turned)
        if (
            abs(year - source) <= 1 and _ends_in(mention, year) <= source + 1
        ):  # further from what is written it would be a guess
            done[here], written[here] = _alike(mention, neighbour).in_year(year), source
    guess = ""
    if document_on is not None:
        for here, mention in enumerate(done):
            if mention.year is None:
                year = document_on.year + (mention.part < document_on.month)
                done[here] = mention.in_year(year)
                guess = f"No year is written; {year} is taken from the document's date."
    return done, guess


def _ends_in(mention: Mention, year: int) -> int:
    """The year in which a mention ends that begins in this one; the same where there is no such day."""
    try:
        return mention.span(year)[1].year
    except ValueError:
        return year


def _alike(mention: Mention, neighbour: Mention) -> Mention:
    """A quarter beside one of a financial year is one of a financial year as well."""
    if mention.others and not neighbour.others and mention.kind == neighbour.kind == "range":
        return replace(mention, others=(), doubt=neighbour.doubt, confidence=neighbour.confidence)
    return mention


def joined(text: str, first: Mention, second: Mention) -> bool:
    """Whether nothing but a dash, "to", "and" or the like stands between two mentions."""
    between = text[first.end : second.start]
    return bool(_JOINT.fullmatch(between))


def weekday_note(mention: Mention, on: date) -> str:
    """A sentence where the weekday written is not that day's, with the nearest year that fits; else empty."""
    if mention.weekday is None or on.weekday() == mention.weekday:
        return ""
    fits = fitting_year(mention, on)
    month, weekday = MONTHS[on.month - 1].capitalize(), WEEKDAYS[on.weekday()].capitalize()
    wrong = WEEKDAYS[mention.weekday].capitalize()
    fit = f"; {fits} would fit." if fits else "."
    return f"{on.day} {month} {on.year} is a {weekday}, not a {wrong}{fit}"


def fitting_year(mention: Mention, on: date) -> int | None:
    """The nearest other year in which this day falls on the weekday written; None where it does in its own."""
    if mention.weekday is None or on.weekday() == mention.weekday:
        return None
    near = (year for step in range(1, 7) for year in (on.year - step, on.year + step))
    return next((year for year in near if _weekday_in(mention, year) == mention.weekday), None)


def _weekday_in(mention: Mention, year: int) -> int | None:
    try:
        return mention.span(year)[0].weekday()
    except ValueError:
        return None
