"""Jobs about releases: each outcome goes out at the time that was set for it."""

from __future__ import annotations

from uuid import UUID

from assessment.services import releases
from saas.jobs import job


def _given_up(item_id: UUID, _error: Exception) -> None:
    releases.keep_back(item_id)


@job(on_failure=_given_up)
def release_outcome(item_id: UUID) -> None:
    """Release one outcome of a release; one that cannot be released stops no other."""
    releases.carry_out(item_id)
