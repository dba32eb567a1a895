"""Mentions: which colleagues the words of a comment call with "@"."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from assessment.rules.initials import TITLES

Person = TypeVar("Person")
AT = re.compile(r"(?<![\w.@])@(?=\w)")
"""An @ that begins a word: the one inside an e-mail address calls nobody."""


@dataclass(frozen=True, slots=True)
class Called(Generic[Person]):
    """Who was called, in order; what could be several people: what was typed → their names; and what is nobody's."""

    people: tuple[Person, ...]
    unclear: tuple[tuple[str, tuple[str, ...]], ...]
    unknown: tuple[str, ...] = ()


def called(words: str, names: Mapping[Person, str], chosen: Collection[Person] = ()) -> Called[Person]:
    """Who "@name" calls: the longest run of words after it that fits a name, read without regard to case.

    A whole name, its beginning and a single part of it fit, titles left out. What fits nobody is unknown, by its first
    word. What fits several people is unclear, unless one of them was chosen beside the text.
    """
    people: list[Person] = []
    unclear: list[tuple[str, tuple[str, ...]]] = []
    unknown: list[str] = []
    for found in AT.finditer(words):
        typed, fitting = _longest(words[found.end() :], names)
        if not fitting:
            unknown.append(f"@{typed}")
        elif len(fitting) == 1:
            people.append(fitting[0])
        elif not any(each in chosen for each in fitting):
            unclear.append((f"@{typed}", tuple(sorted(names[each] for each in fitting))))
    return Called(tuple(dict.fromkeys(people)), tuple(dict.fromkeys(unclear)), tuple(dict.fromkeys(unknown)))


def _longest(text: str, names: Mapping[Person, str]) -> tuple[str, list[Person]]:
    """The longest run of words at the start of the text that fits anybody, and whom; else its first word, nobody."""
    runs = re.match(r"[\w'’.-]+(?: [\w'’.-]+){0,5}", text)
    words = runs[0].split(" ") if runs else []
    for length in range(len(words), 0, -1):
        typed = " ".join(words[:length]).rstrip(".-'’")
        fitting = [person for person, name in names.items() if _fits(typed.lower().split(), name)]
        if fitting:
            whole = [each for each in fitting if names[each].lower() == typed.lower()]
            return typed, whole if len(whole) == 1 else fitting
    return "".join(words[:1]).rstrip(".-'’"), []


def _fits(typed: list[str], name: str) -> bool:
    parts, asked = _untitled(name.lower().split()), _untitled(typed)
    return bool(asked) and (asked == parts[: len(asked)] or (len(asked) == 1 and asked[0] in parts))


def _untitled(parts: list[str]) -> list[str]:
    return [part for part in parts if part.strip(".") not in TITLES]
