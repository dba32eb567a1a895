"""Jobs about improvements: what was issued takes its place in the council's plan."""

from __future__ import annotations

from uuid import UUID

from assessment.services import improvements
from saas.jobs import job
from saas.tenancy import Scope


@job(runs_in=Scope.council)
def stand_in_plan(accreditation_id: UUID) -> None:
    """The region released; the council's own plan is written in the council's own scope, without any user."""
    improvements.stand_in_plan(accreditation_id)
