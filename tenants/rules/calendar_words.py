"""The words of the calendar as councils write them: months, weekdays and seasons, misspelt ones too."""

import difflib
import re
from calendar import monthrange
from datetime import date

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
# Letters that scanning and haste swap, where no rule about likeness is safe for so short a word.
MISREAD = {"mav": "may", "rnay": "may", "rnarch": "march", "0ctober": "october", "0ct": "oct", "jui": "jul"}

Span = tuple[date, date]

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)

# "2 nd December", "December 2 nd": superscripts that a converter set apart.
_SPLIT_ORDINAL = re.compile(
    rf"\b(\d{{1,2}})\s+(st|nd|rd|th)\b(?=\s*(?:day\s+)?(?:of\s+)?(?:{MONTH}|[-&,]|to\b|and\b|\d{{4}}|$))", re.IGNORECASE
)


def mend(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with plain dashes and spaces and misspelt months put right, and a note on each such month.

    Only a reading copy: what the cell said is kept by the caller.
    """
    plain = re.sub(r"[‐-―−]", "-", text.replace("\u00ad", "").replace("\u00a0", " "))
    plain = _SPLIT_ORDINAL.sub(r"\1\2", plain)
    notes: list[str] = []

    def corrected(match: re.Match[str]) -> str:
        word = match.group()
        lowered = word.lower()
        if re.fullmatch(MONTH, lowered) or lowered in WEEKDAYS or lowered in SEASONS:
            return word
        right = MISREAD.get(lowered)
        if right is None and len(lowered) > 5:
            right = next(iter(difflib.get_close_matches(lowered, MONTHS, 1, 0.85)), None)
        if right is None:
            return word
        notes.append(f"“{word}” was read as {right.capitalize()}.")
        return right.capitalize()

    return re.sub(r"\w+", corrected, plain), tuple(notes)


def month_number(word: str) -> int:
    return next(number for number, name in enumerate(MONTHS, 1) if name.startswith(word.lower()[:3]))


def full_year(figures: str) -> int:
    """Two figures always mean this century: "17" is 2017."""
    year = int(figures.strip("'’"))
    return year + 2000 if year < 100 else year


def month_span(year: int, first: int, months: int = 1) -> Span:
    """The days of so many months from month `first` (1 to 12) of `year`."""
    ending = first + months - 1
    last_year, last = year + (ending - 1) // 12, (ending - 1) % 12 + 1
    return date(year, first, 1), date(last_year, last, monthrange(last_year, last)[1])
