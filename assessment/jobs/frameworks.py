"""What is done about frameworks after an event."""

from __future__ import annotations

from uuid import UUID

from assessment.services.frameworks import publish_starters
from saas.jobs import job
from saas.tenancy import SERVICE


@job()
def offer_starters(region_id: UUID) -> None:  # noqa: ARG001  the starters are offered to every region alike
    """Have the starter frameworks published, so that a new region can begin at once."""
    publish_starters(by=SERVICE)
