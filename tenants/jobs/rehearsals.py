"""The job that proves once a month that a backup can be restored."""

from __future__ import annotations

import logging
from datetime import time
from uuid import UUID

from flask import current_app

from saas import backups, clock
from saas.jobs import job
from saas.rounds import daily, daily_on_platform
from tenants.queries.rehearsals import find_last, is_demo
from tenants.rules.rehearsals import is_due
from tenants.services.rehearsals import note

NIGHT = time(3)
LONGEST_SECONDS = 6 * 60 * 60
"""A backup of everything, and its restoring, which alone is given three hours."""
log = logging.getLogger(__name__)


@daily_on_platform
@job(longest_seconds=LONGEST_SECONDS)
def rehearse_backup(_: UUID) -> None:
    """Rehearse when it is due, where this process may read the whole database.

    On many machines only the command `charterway rehearse` is given the owner's address; a timer starts it there.
    """
    last = find_last()
    if is_demo() or not is_due(clock.today(), last.at.astimezone(clock.LONDON).date() if last else None):
        return
    config = backups.owner_known(current_app.config["CHARTERWAY"])
    if config is None:
        log.info("a rehearsal of the backup is due: it is left to the command `charterway rehearse`")
        return
    note(backups.rehearse(config))


daily(rehearse_backup, at=NIGHT)
