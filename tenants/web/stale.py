"""A form that was saved by somebody else meanwhile: shown again with both texts, ready to be saved over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from saas.forms import DATE_PARTS, Bound, is_date
from tenants.queries.history import Change, find_last_change


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


def compare(form: Bound, council_id: UUID, theirs: Any, stored: Mapping[str, Any], words: Mapping[str, str]) -> Stale:
    """Compare what was typed with what is stored; the form then carries the stored version.

    theirs: the stored row. stored: field → its value. words: shown for the values of choices, such as a group's id.
    """
    differences = []
    for name, value in stored.items():
        mine, saved = _typed(form, name), _stored(value)
        if mine != saved:
            differences.append(Difference(form.label(name), words.get(mine, mine), words.get(saved, saved)))
    form.raw["version"] = str(theirs.version)
    return Stale(find_last_change(council_id, theirs), tuple(differences))


def _typed(form: Bound, name: str) -> str:
    if not is_date(form.field_named(name)):
        return form.typed(name)
    return " ".join(filter(None, (form.typed(f"{name}-{part}") for part in DATE_PARTS)))


def _stored(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value.day} {value.month} {value.year}"
    return str(value)
