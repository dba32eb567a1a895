"""More time that the region gave, as both sides read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from saas.db import db
from saas.events import Event


@dataclass(frozen=True, slots=True)
class Extension:
    """The last day was moved once: from which day to which, why, by whom and when."""

    before_on: date
    until_on: date
    reason: str
    by: str
    at: datetime


def list_extensions(accreditation_id: UUID) -> list[Extension]:
    """Every time the last day was moved, newest first; what retention has erased is left out."""
    rows = db.session.execute(
        select(Event.payload, Event.at)
        .where(Event.accreditation_id == accreditation_id, Event.verb == "accreditation.extended")
        .order_by(Event.id.desc())
    )
    return [
        Extension(
            date.fromisoformat(payload["from"]),
            date.fromisoformat(payload["to"]),
            payload["reason"],
            payload.get("by", ""),
            at,
        )
        for payload, at in rows
        if payload
    ]
