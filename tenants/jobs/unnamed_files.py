"""Jobs that remove, once a day, stored files that no row names."""

from __future__ import annotations

import logging
from datetime import time
from uuid import UUID

from saas import clock
from saas.errors import Refused
from saas.jobs import job, put
from saas.rounds import daily, daily_on_platform
from saas.tenancy import Scope
from tenants.services import unnamed_files

NIGHT = time(4)
log = logging.getLogger(__name__)


@job()
def remove_unnamed_files(namespace: UUID) -> None:
    """Remove those of one council or person."""
    unnamed_files.remove_unnamed(namespace, clock.now() - unnamed_files.RESTS)


@daily_on_platform
@job()
def sweep_storage(_: UUID) -> None:
    """One job for each council or person with such files: it keeps uploads waiting there alone."""
    before = clock.now() - unnamed_files.RESTS
    unnamed_files.clear_arriving(before)
    try:
        found = unnamed_files.list_unnamed(before)
    except Refused as refusal:
        log.error("the storage was not swept: %s", refusal.message)
        return
    for namespace in sorted({each.namespace for each in found}):
        put(remove_unnamed_files, namespace, Scope.operator(None))


daily(sweep_storage, at=NIGHT)
