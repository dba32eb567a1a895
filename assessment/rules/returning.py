"""What is open after the region returned something: everything, or only the requirements it named."""

from collections.abc import Collection, Sequence

LONGEST_WORDS = 4_000
"""Characters of what the region says to a submission, and to each requirement that it names."""


def is_open(code: str, reopened: Collection[str] | None) -> bool:
    """Whether a requirement may be changed. reopened: the codes that were named, None where none was."""
    return reopened is None or code in reopened


def only_words(reopened: Sequence[str]) -> str:
    """Why every other requirement rests, for the page."""
    *others, last = reopened
    named = f"{', '.join(others)} and {last}" if others else last
    return f"The region asked only for {named} to be changed."
