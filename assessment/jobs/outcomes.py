"""Jobs about outcomes: the council's leads hear of what the region released and decided."""

from __future__ import annotations

from uuid import UUID

from assessment.services import outcomes
from saas.jobs import job
from saas.tenancy import Scope


@job(runs_in=Scope.council)
def tell_of_outcome(report_id: UUID) -> None:
    """The leads hear that the report and the outcome are there."""
    outcomes.tell_of_report(report_id)


@job(runs_in=Scope.council)
def tell_of_appeal(decision_id: UUID) -> None:
    """The leads hear that their appeal is decided."""
    outcomes.tell_of_appeal(decision_id)
