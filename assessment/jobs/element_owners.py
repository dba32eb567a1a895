"""Jobs about owners of elements: what follows when somebody leaves."""

from __future__ import annotations

from uuid import UUID

from assessment.services import element_owners
from saas.db import db
from saas.jobs import job
from tenants.models.access import Access


@job()
def tell_of_lost_owner(access_id: UUID) -> None:
    """A role ended; where it was in a council, its leads hear of the elements that need another owner."""
    access = db.session.get(Access, access_id)
    if access is not None and access.council_id is not None:
        element_owners.tell_of_lost_owner(access)
