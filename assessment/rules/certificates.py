"""Certificate numbers: three groups of four that nobody can guess, read aloud wrongly or turn into a word."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

Letter = TypeVar("Letter")

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ23456789"
"""No vowels, so that no word appears; neither Y, nor 0 and 1, which are taken for others."""
GROUPS, GROUP_LENGTH = 3, 4
NUMBER = re.compile(f"[{ALPHABET}]{{{GROUPS * GROUP_LENGTH}}}")


def make_number(choose: Callable[[Sequence[str]], str]) -> str:
    """A number such as K7QT-M3XR-9WPD. `choose` picks one of a sequence: `secrets.choice`, 57 bits in all."""
    return "-".join("".join(choose(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))


def read_number(typed: str) -> str | None:
    """The number somebody typed, in its one way of writing; None for what cannot be one."""
    packed = re.sub(r"[\s\-–—]+", "", typed).upper()
    if not NUMBER.fullmatch(packed):
        return None
    return "-".join(packed[at : at + GROUP_LENGTH] for at in range(0, len(packed), GROUP_LENGTH))
