"""The line of the status page about backups."""

from __future__ import annotations

from saas import clock
from saas.status import Line
from saas.templating import day
from tenants.queries.rehearsals import find_last
from tenants.rules.rehearsals import is_overdue

PART = "Backups"


def tell_last() -> Line | None:
    """When a backup was last restored to prove it; nothing before the first time."""
    last = find_last()
    if last is None:
        return None
    on = last.at.astimezone(clock.LONDON).date()
    if not last.holds:
        return Line(PART, "Not proven", "waiting", f"Restoring one on {day(on)} failed. We are looking into it.")
    if is_overdue(clock.today(), on):
        return Line(PART, "Overdue", "waiting", f"One was last restored and compared on {day(on)}.")
    return Line(PART, "Works", "done", f"One was restored and compared on {day(on)}.")
