"""The public register: what everybody may read of awards. It joins nothing, so it outlives its councils."""

from __future__ import annotations

from datetime import date
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


def list_entries(*, today: date, words: str = "", region: UUID | None = None, state: str = "") -> list[RegisterEntry]:
    """Entries by region, then council, then newest award.

    words: in the council's name, or a certificate's number. state: HELD, PAST or "" for both.
    """
    wanted = select(RegisterEntry)
    if words:
        named = func.lower(RegisterEntry.council_name).contains(words.lower(), autoescape=True)
        number = read_number(words)
        wanted = wanted.where(or_(named, RegisterEntry.certificate_number == number) if number else named)
    if region is not None:
        wanted = wanted.where(RegisterEntry.region_id == region)
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


def list_regions() -> list[tuple[UUID, str]]:
    """The regions that have entries, under their newest name."""
    newest = (
        select(RegisterEntry.region_id, RegisterEntry.region_name)
        .ext(distinct_on(RegisterEntry.region_id))
        .order_by(RegisterEntry.region_id, RegisterEntry.awarded_on.desc(), RegisterEntry.id.desc())
    )
    found = [(row.region_id, row.region_name) for row in db.session.execute(newest)]
    return sorted(found, key=lambda each: each[1].lower())


def find_entry(number: str) -> RegisterEntry | None:
    """The entry of a certificate's number, written as `rules.certificates.read_number` gives it."""
    return db.session.scalar(select(RegisterEntry).where(RegisterEntry.certificate_number == number))


def find_same(region_id: UUID, number: str) -> RegisterEntry | None:
    """The entry of an award of this region, held for a change."""
    wanted = select(RegisterEntry).where(
        RegisterEntry.region_id == region_id, RegisterEntry.certificate_number == number
    )
    return db.session.scalar(wanted.with_for_update())
