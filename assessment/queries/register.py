"""The public register: what everybody may read of awards. It joins nothing, so it outlives its councils."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from assessment.models.awards import RegisterEntry
from assessment.rules.certificates import read_number
from saas.db import db

HELD, PAST = "held", "past"


def is_held(today: date) -> ColumnElement[bool]:
    """Awards that are held on this day, their grace included."""
    ended = and_(RegisterEntry.ended_on.is_not(None), RegisterEntry.ended_on <= today)
    return and_(RegisterEntry.grace_to_on >= today, ~ended)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the register can be narrowed by: regions and levels as (value, words), counties by their names."""

    regions: list[tuple[UUID, str]]
    counties: list[str]
    levels: list[tuple[str, str]]


def list_entries(
    *,
    today: date,
    words: str = "",
    region: UUID | None = None,
    state: str = "",
    county: str = "",
    level: str = "",
) -> list[RegisterEntry]:
    """Entries by region, then council, then newest award.

    words: all of them in the council's name, in any order, or a certificate's number. state: HELD, PAST or "" for both.
    level: the framework's code of it.
    """
    wanted = select(RegisterEntry)
    if words.strip():
        name = func.lower(RegisterEntry.council_name)
        named = and_(*(name.contains(word, autoescape=True) for word in words.lower().split()))
        number = read_number(words)
        wanted = wanted.where(or_(named, RegisterEntry.certificate_number == number) if number else named)
    if region is not None:
        wanted = wanted.where(RegisterEntry.region_id == region)
    if county:
        wanted = wanted.where(RegisterEntry.county == county)
    if level:
        wanted = wanted.where(RegisterEntry.level == level)
    if state:
        wanted = wanted.where(is_held(today) if state == HELD else ~is_held(today))
    wanted = wanted.order_by(
        func.lower(RegisterEntry.region_name),
        RegisterEntry.region_id,
        func.lower(RegisterEntry.council_name),
        RegisterEntry.awarded_on.desc(),
        RegisterEntry.id.desc(),
    )
    return list(db.session.scalars(wanted))


def list_choices() -> Choices:
    """What entries can be narrowed by, in three statements: a region or level under its newest name."""
    counties = select(RegisterEntry.county).where(RegisterEntry.county != "").distinct()
    return Choices(
        _newest(RegisterEntry.region_id, RegisterEntry.region_name),
        sorted(db.session.scalars(counties), key=str.lower),
        [choice for choice in _newest(RegisterEntry.level, RegisterEntry.level_title) if choice[0]],
    )


def _newest(value: Any, name: Any) -> list[tuple[Any, str]]:
    newest = (
        select(value, name)
        .ext(distinct_on(value))
        .order_by(value, RegisterEntry.awarded_on.desc(), RegisterEntry.id.desc())
    )
    return sorted(((row[0], row[1]) for row in db.session.execute(newest)), key=lambda each: each[1].lower())


def find_entry(number: str) -> RegisterEntry | None:
    """The entry of a certificate's number, written as `rules.certificates.read_number` gives it."""
    return db.session.scalar(select(RegisterEntry).where(RegisterEntry.certificate_number == number))


def list_same(region_id: UUID, numbers: Collection[str]) -> dict[str, RegisterEntry]:
    """Certificate's number → its entry, of awards of this region, held for a change."""
    wanted = select(RegisterEntry).where(
        RegisterEntry.region_id == region_id, RegisterEntry.certificate_number.in_(numbers)
    )
    found = db.session.scalars(wanted.order_by(RegisterEntry.id).with_for_update())
    return {entry.certificate_number: entry for entry in found}


def find_same(region_id: UUID, number: str) -> RegisterEntry | None:
    """The entry of an award of this region, held for a change."""
    wanted = select(RegisterEntry).where(
        RegisterEntry.region_id == region_id, RegisterEntry.certificate_number == number
    )
    return db.session.scalar(wanted.with_for_update())
