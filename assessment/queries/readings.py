"""Who read what of which the reading itself is recorded: notes of interviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select, text

from assessment.models.accreditations import Accreditation
from saas.db import db
from saas.events import Event

READ = {"interview.read": "Notes of interviews"}
"""Verb → what was read."""
OWN = text("select at, reader, council from tenancy.own_readings()")


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody opened something: who ("" where the log has forgotten it), what, of which council, and when."""

    at: datetime
    reader: str
    what: str
    council: str


def list_readings(*, region_id: UUID | None, council_id: UUID | None, limit: int, before: UUID | None = None) -> tuple[
    list[Reading], UUID | None
]:  # fmt: skip
    """A page of readings, newest first, as far as the scope sees them; and where the next page begins, if any.

    A council sees those of its own confidential papers, a region those of its teams.
    """
    here = Event.council_id == council_id if council_id else Event.region_id == region_id
    wanted = (
        select(Event.id, Event.at, Event.verb, Event.payload, Accreditation.council_name)
        .outerjoin(
            Accreditation,
            and_(Accreditation.council_id == Event.council_id, Accreditation.id == Event.accreditation_id),
        )
        .where(here, Event.verb.in_(READ), *([Event.id < before] if before else []))
        .order_by(Event.id.desc())
        .limit(limit + 1)
    )
    rows = db.session.execute(wanted).all()
    shown = [
        Reading(row.at, (row.payload or {}).get("by", ""), READ[row.verb], row.council_name or "")
        for row in rows[:limit]
    ]
    return shown, rows[limit - 1].id if len(rows) > limit else None


def list_own_readings() -> list[Reading]:
    """Who else read notes of interviews among which the viewer's own stood; in the person's own scope."""
    rows = db.session.execute(OWN).all()
    return [Reading(row.at, row.reader, READ["interview.read"], row.council) for row in rows]
