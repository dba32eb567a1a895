"""Jobs about people who left: accounts that open nothing are emptied, and their names go wherever they had a role."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from saas import clock
from saas.errors import Conflict, NotFound
from saas.jobs import job, put
from saas.rounds import daily_on_platform
from saas.tenancy import SERVICE, Scope
from saas.transaction import current_scope
from tenants.queries.access import Target
from tenants.queries.leavers import FORMER_COLLEAGUE, get_former_colleague, list_idle_users, list_places_of
from tenants.queries.retention import Keeper
from tenants.rules.retention import ACCOUNT_MONTHS, moment_before
from tenants.services import leavers
from tenants.services.retention_sweeps import target_of


@job()
def empty_account(user_id: UUID) -> None:
    """Empty one account, unless its owner got access again in the meantime."""
    with suppress(Conflict):
        leavers.empty_account(user_id, by=SERVICE)


@daily_on_platform
@job()
def empty_idle_accounts(_: UUID) -> None:
    """Have every account emptied that has opened nothing for too long."""
    for user_id in list_idle_users(moment_before(clock.now(), ACCOUNT_MONTHS)):
        put(empty_account, user_id, Scope.person(user_id))


@job()
def leave_places(user_id: UUID) -> None:
    """Have the name taken out wherever the person had a role."""
    for region_id, council_id in list_places_of(user_id):
        scope = Scope.region(region_id) if council_id is None else Scope.council(council_id, region_id)
        put(leave_place, user_id, scope)


@job()
def leave_place(user_id: UUID) -> None:
    """Take the name out of the people of one council or region."""
    target: Target = target_of(Keeper.of_scope(current_scope()))
    with suppress(Conflict, NotFound):
        if get_former_colleague(target, user_id).display_name != FORMER_COLLEAGUE:
            leavers.anonymise_colleague(target, user_id, by=SERVICE)
