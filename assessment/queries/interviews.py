"""What the team noted of its interviews; only the team's own scopes see any of it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from assessment.models.visits import InterviewNote
from saas.db import db
from saas.errors import NotFound


def list_notes(accreditation_id: UUID) -> list[InterviewNote]:
    """Every note of the team, by person and then by who wrote it."""
    wanted = select(InterviewNote).where(InterviewNote.accreditation_id == accreditation_id)
    return list(db.session.scalars(wanted.order_by(InterviewNote.person, InterviewNote.name, InterviewNote.id)))


def get_own_note(accreditation_id: UUID, note_id: UUID, user_id: UUID, *, lock: bool = False) -> InterviewNote:
    """A note of this user's own; raises NotFound, also for a colleague's."""
    wanted = select(InterviewNote).where(
        InterviewNote.accreditation_id == accreditation_id,
        InterviewNote.id == note_id,
        InterviewNote.user_id == user_id,
    )
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found
