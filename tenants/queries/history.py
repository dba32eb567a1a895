"""Who changed a row last, as the log tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from saas.db import db
from saas.events import Event


@dataclass(frozen=True, slots=True)
class Change:
    """The name of somebody and the instant of what he or she did."""

    by: str
    at: datetime


def find_last_change(council_id: UUID, row: Any) -> Change | None:
    """The newest event about a row of the council; None when there is none that this scope may see."""
    wanted = (
        select(Event.payload, Event.at)
        .where(Event.council_id == council_id, Event.subject == row.__tablename__, Event.subject_id == row.id)
        .order_by(Event.at.desc(), Event.seq.desc())
        .limit(1)
    )
    found = db.session.execute(wanted).one_or_none()
    return Change((found.payload or {}).get("by", "Somebody"), found.at) if found else None
