"""Rehearsing a backup: made, put back elsewhere, compared, and the result written down."""

from __future__ import annotations

import logging

from saas import clock
from saas.backups import Outcome
from saas.db import db, new_id
from tenants.models.data_protection import Rehearsal

log = logging.getLogger(__name__)


def note(outcome: Outcome) -> Rehearsal:
    """Write down how a rehearsal went; in the operators' scope or the console's."""
    if not outcome.holds:
        log.error("the backup could not be restored: %s", outcome.reason)
    noted = Rehearsal(
        id=new_id(), at=clock.now(), holds=outcome.holds, seconds=outcome.seconds, document=outcome.document()
    )
    db.session.add(noted)
    db.session.flush()
    return noted
