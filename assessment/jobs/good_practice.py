"""Jobs about good practice: what was shared under an award is read no longer than the award lasts."""

from __future__ import annotations

from uuid import UUID

from assessment.services import good_practice
from saas.jobs import job
from saas.tenancy import Scope


@job(runs_in=Scope.council)
def end_shared_practice(award_id: UUID) -> None:
    """The region ended an award; the council's own word on its good practice is written in the council's own scope."""
    good_practice.end_with(award_id)
