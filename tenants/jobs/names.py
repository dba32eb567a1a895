"""Jobs that carry a name that somebody chose to wherever colleagues see it."""

from __future__ import annotations

from uuid import UUID

from saas.jobs import job, put
from saas.tenancy import Scope
from saas.transaction import current_scope
from tenants.queries.access import find_viewer
from tenants.queries.leavers import list_places_of
from tenants.queries.retention import Keeper
from tenants.services.names import rename_in_place
from tenants.services.retention_sweeps import target_of


@job()
def carry_name(user_id: UUID) -> None:
    """Have the name changed in every council and region where the person has a role."""
    for region_id, council_id in list_places_of(user_id):
        scope = Scope.region(region_id) if council_id is None else Scope.council(council_id, region_id)
        put(carry_name_to_place, user_id, scope)


@job()
def carry_name_to_place(user_id: UUID) -> None:
    """Let colleagues in one council or region see the name as it is now."""
    person = find_viewer(user_id)
    if person is not None:
        rename_in_place(target_of(Keeper.of_scope(current_scope())), user_id, person.name)
