"""How far an action is, as proposed from the words of its status; a person confirms it."""

import re
from functools import lru_cache

from tenants.rules import calendar_words, written_dates

PROPOSALS = (
    "not_started",
    "outstanding",
    "in_progress",
    "completed",
    "decided_against",
    "blocked",
    "transferred",
    "recurring",
    "unknown",
)
OPEN = ("not_started", "outstanding", "in_progress", "blocked", "recurring", "unknown")

_WHOLE = {
    "outstanding": "outstanding",
    **dict.fromkeys(("pending", "new project", "new", "no", "not yet", "0", "0%", "open", "to do"), "not_started"),
    **dict.fromkeys(("yes", "y", "100", "100%", "closed", "complete", "done", "true", "✓", "✔"), "completed"),
    **dict.fromkeys(("yearly", "annually", "annual", "quarterly", "monthly", "each year", "every year"), "recurring"),
}
# Tried in order: what closes or stops an action outweighs what has been done for it so far.
_NARRATIVE = [
    (proposal, re.compile(rf"\b(?:{words})", re.IGNORECASE))
    for proposal, words in (
        (
            "decided_against",
            (
                r"decided (?:against|not to)|not (?:to )?be(?:ing)? (?:pursued|progressed|taken forward)"
                r"|reject"
                r"|declined|withdrawn|no longer (?:required|needed|pursued|proposed)|will not (?:be|go)"
            ),
        ),
        (
            "transferred",
            (
                r"responsibility (?:to pass|(?:has |was )?passed|moved)|to become part of"
                r"|(?:now|became) part of"
                r"|transferred (?:to|in)|handed (?:over )?to|merged (?:with|into)"
            ),
        ),
        (
            "blocked",
            (
                r"depend[ae]nt (?:up)?on|depends on|renegotiat|behind schedule|on hold"
                r"|delayed|deferred|postponed"
                r"|awaiting|blocked|stalled|subject to (?:budget|fund)|overdue"
            ),
        ),
        (
            "in_progress",
            (
                r"in progress|working (?:towards|on)|(?<!not )(?<!yet )(?<!not been )(?<!yet been )"
                r"(?:started|begun|commenced)"
                r"|under ?way|on-?going|on target|on track|under control|continu(?:es|ing|ous)|currently"
                r"|partial|partly|nearly|almost|is being|are being|are looking|is looking|well advanced"
            ),
        ),
        (
            "not_started",
            (
                r"not (?:yet )?(?:been )?(?:started|begun|commenced|complete|done|achieved|met)|incomplete"
                r"|outstanding"
            ),
        ),
    )
]
_STATES = {
    **dict.fromkeys(("live", "open", "current", "ongoing", "in progress", "on target", "on track"), "in_progress"),
    **dict.fromkeys(("completed", "complete", "closed", "achieved", "implemented", "delivered"), "completed"),
    **dict.fromkeys(("extension requested", "extensions requested", "deferred", "on hold", "delayed"), "blocked"),
    "behind schedule": "blocked",
    "outstanding": "outstanding",
    **dict.fromkeys(("not started", "not yet started", "pending", "new"), "not_started"),
    **dict.fromkeys(("decided against", "withdrawn", "rejected", "not to be pursued"), "decided_against"),
    "transferred": "transferred",
}
_TITLE_NUMBER = re.compile(
    r"(?:(?:table|section|part|appendix|annex|list)\s+)?(?:[a-z]|\d{1,2})?\s*[-–:.)]\s+|table\s+"
)
_NOUNS = r"(?:audit )?(?:actions?|recommendations?|items?|tasks?|measures?|improvements?)"
_STATE = "|".join(sorted(_STATES, key=len, reverse=True))
_TITLE = re.compile(
    rf"(?:all )?(?:(?P<state>{_STATE})(?: {_NOUNS})?"
    rf"|{_NOUNS}(?: that are| which are| with)?(?: an?)? (?P<last>{_STATE}))"
)
_AHEAD = re.compile(r"\b(?:to be|will be|will|due to|going to|plans? to|planned|scheduled)\b", re.IGNORECASE)
_DONE = re.compile(
    r"\b(?:completed?|actioned|approved|achieved|closed|implemented|delivered|in place|adopted|published"
    r"|launched|issued"
    r"|circulated|created|introduced|appointed|established|done|finished|held|(?:was|were|has been"
    r"|have been) \w+ed)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\b(\d{1,3}(?:\.\d+)?)\s*(?:%|per ?cent)", re.IGNORECASE)
_OPENS = re.compile(
    r"(?:completed?(?! by\b)|done|achieved|actioned|closed|implemented|outstanding|started|in progress"
    r"|not started|pending"
    r"|overdue|on target|on track|behind schedule|yes|no(?! later| earlier)|\d{1,3}\s?%)(?![\w-])",
    re.IGNORECASE,
)


@lru_cache(maxsize=5_000)
def propose(text: str) -> str:
    """One of PROPOSALS for the words of a status cell.

    "outstanding" stands for that very word: an open action that nobody reports as begun. A date alone says
    when it was completed. A bare figure is a percentage. Words that say nothing of progress are "unknown".
    """
    words = re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip().strip(".!*").strip().lower()
    if words in _WHOLE:
        return _WHOLE[words]
    if _is_date(words):
        return "completed"
    percent = _PERCENT.search(words) or re.fullmatch(r"(\d{1,3}(?:\.\d+)?)", words)
    if percent:
        figure = float(percent[1])
        return (
            "not_started"
            if figure == 0
            else "completed"
            if figure == 100
            else ("in_progress" if figure < 100 and figure != 1 else "unknown")
        )
    for proposal, pattern in _NARRATIVE:
        if pattern.search(words):
            return proposal
    if _AHEAD.search(words):
        return (
            "in_progress"
            if _DONE.search(_AHEAD.sub(" ", re.sub(r"\b(?:to|will) be \w+", " ", words)))
            else "not_started"
        )
    return "completed" if _DONE.search(words) else "unknown"


def state_of(title: str) -> str:
    """One of PROPOSALS where a title tells how far the actions below it are ("Table B: Completed actions").

    "" for every other title: only titles of nothing but such words count.
    """
    words = re.sub(r"\s+", " ", title).strip().strip(".:*").lower()
    bare = _TITLE_NUMBER.sub("", words, count=1)
    told = _TITLE.fullmatch(bare)
    return _STATES[told["state"] or told["last"]] if told else ""


def opens_with_status(text: str) -> bool:
    """Whether a text meant for a date begins with a word of progress instead ("Completed", "80%")."""
    return bool(_OPENS.match(text.strip()))


def _is_date(words: str) -> bool:
    if len(words) > 40:
        return False
    copy, _ = calendar_words.mend(words)
    mentions = written_dates.find(copy.title())
    whole = len(mentions) == 1 and not copy[: mentions[0].start].strip() and not copy[mentions[0].end :].strip(" .")
    return whole and mentions[0].kind in ("day", "month", "season")
