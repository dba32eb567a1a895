"""Jobs after a succession: the successor's part is done in the successor's own scope."""

from __future__ import annotations

from uuid import UUID

from assessment.queries.successions import get_succession
from assessment.services import successions
from saas.db import db
from saas.jobs import job, put
from saas.tenancy import Scope


@job()
def take_over_open(succession_id: UUID) -> None:
    """What was open of the council that ended stands in its successor's plan; without any user."""
    successions.take_over(succession_id)


@job()
def hand_over(succession_id: UUID) -> None:
    """The region recorded a succession: let the successor go on, where alone its plan can be written."""
    succession = get_succession(succession_id)
    region_id = db.session.info["scope"].region_id
    put(take_over_open, succession.id, Scope.council(succession.successor_id, region_id))


@job(runs_in=Scope.council)
def call_off_ended(succession_id: UUID) -> None:
    """The council that ended: nobody is asked to sign for it any more."""
    successions.call_off(succession_id)
