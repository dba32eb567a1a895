"""Words of a board report: numbers with their nouns, lists, and how a number stands to an earlier one."""

from __future__ import annotations

from collections.abc import Sequence


def several(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "no councils", "1 council", "12 councils". many: an irregular plural."""
    return f"{f'{number:,}' if number else 'no'} {one if number == 1 else many or f'{one}s'}"


def joined(words: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    *before, last = words
    return f"{', '.join(before)} and {last}" if before else last


def beside(number: int, earlier: int, when: str) -> str:
    """How a number stands to an earlier one, as a sentence."""
    if number == earlier == 0:
        return f"There were none {when} either."
    if number == earlier:
        return f"That is as many as {when}."
    change = "more" if number > earlier else "fewer"
    return f"That is {abs(number - earlier):,} {change} than {when}."


def begun(sentence: str) -> str:
    """The sentence with a capital letter at its beginning."""
    return sentence[:1].upper() + sentence[1:]
