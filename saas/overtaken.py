"""A form that was saved by somebody else meanwhile: shown again with both texts, ready to be saved over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from marshmallow import fields

from saas.forms import DATE_PARTS, Bound, is_date


class Change(Protocol):
    """Who saved first, and when."""

    @property
    def by(self) -> str: ...

    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which two people differ, in words."""

    label: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Stale:
    """What a page says of a stale save: who was first, when, and where the two differ."""

    change: Change | None
    differences: tuple[Difference, ...]


def compare(
    form: Bound, stored: Mapping[str, Any], words: Mapping[str, str], *, version: int, change: Change | None
) -> Stale:
    """Compare what was typed with what is stored; the form then carries the stored version.

    stored: field → its value, a list for several choices. words: shown for the values of choices, such as a group's id.
    """
    differences = []
    for name, value in stored.items():
        mine, saved = _typed(form, name), _stored(value)
        if mine != saved:
            differences.append(Difference(form.label(name), _in_words(mine, words), _in_words(saved, words)))
    form.raw["version"] = str(version)
    return Stale(change, tuple(differences))


def _in_words(text: str, words: Mapping[str, str]) -> str:
    return ", ".join(words.get(each, each) for each in text.split("\n")) if words else text


def _typed(form: Bound, name: str) -> str:
    if isinstance(form.field_named(name), fields.List):
        return "\n".join(form.chosen(name))
    if not is_date(form.field_named(name)):
        return _with_plain_ends(form.typed(name))
    return " ".join(filter(None, (form.typed(f"{name}-{part}") for part in DATE_PARTS)))


def _stored(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value.day} {value.month} {value.year}"
    if isinstance(value, list):
        return "\n".join(value)
    return _with_plain_ends(str(value))


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n")
