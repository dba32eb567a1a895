"""Once a day each council and each region keeps no longer what its rules say."""

from __future__ import annotations

from uuid import UUID

from assessment.services.retention_sweeps import SWEEPS
from saas.jobs import job
from saas.rounds import daily, daily_in_regions
from saas.transaction import current_scope
from tenants.queries.retention import Keeper
from tenants.services import retention


@daily
@job()
def sweep_council(_: UUID) -> None:
    """Remove what a council keeps too long."""
    retention.run(Keeper.of_scope(current_scope()), SWEEPS)


@daily_in_regions
@job()
def sweep_region(_: UUID) -> None:
    """Remove what a region keeps too long."""
    retention.run(Keeper.of_scope(current_scope()), SWEEPS)
