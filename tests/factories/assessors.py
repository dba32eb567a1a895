"""Assessors of a region's pool for tests, entered through the services."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Flask

from assessment.queries.assessors import find_assessor, get_person, load_pool
from assessment.services import assessors
from assessment.services.assessors import Entry, ServedCouncil
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.factories.remembering import remembered
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_user

TRAINED = date(2099, 12, 31)


@remembered
def enter(app: Flask, region: MadeRegion, user: MadeUser, capacity: str = "officer", **more: object) -> None:
    """Enter somebody in the pool, trained for a long time, or change the entry."""
    with app.app_context(), within(region.scope()):
        known = find_assessor(region.id, user.id)
        entry = Entry(capacity, **{"trained_until_on": TRAINED} | more)  # type: ignore[arg-type]
        person = get_person(load_pool(region.id), user.id)
        assessors.save_entry(region.id, person, entry, version=known.version if known else 0, by=CONSOLE)


@remembered
def serve(app: Flask, region: MadeRegion, user: MadeUser, council: MadeCouncil | str, **more: object) -> UUID:
    """Record a council (of the region, or by name) that somebody of the pool serves; the id of the row."""
    where = {"name": council} if isinstance(council, str) else {"council_id": council.id}
    with app.app_context(), within(region.scope()):
        known = find_assessor(region.id, user.id)
        assert known is not None
        return assessors.add_council(known, ServedCouncil(**where | more), by=CONSOLE).id  # type: ignore[arg-type]


def away(app: Flask, region: MadeRegion, user: MadeUser, from_on: date, to_on: date) -> None:
    """Record days on which somebody cannot be asked."""
    with app.app_context(), within(region.scope()):
        known = find_assessor(region.id, user.id)
        assert known is not None
        assessors.add_absence(known, from_on=from_on, to_on=to_on, by=CONSOLE)


@remembered
def neighbours(app: Flask, one: MadeCouncil, other: MadeCouncil) -> None:
    """Declare two councils neighbours."""
    with app.app_context(), within(one.region.scope()):
        assessors.declare_neighbours(one.region.id, one.id, other.id, by=CONSOLE)


@remembered
def make_assessor(
    app: Flask, region: MadeRegion, capacity: str, council: MadeCouncil | str, name: str | None = None, **more: object
) -> MadeUser:
    """A new assessor in the pool who serves one council."""
    user = make_user(app, region, "assessor", name)
    enter(app, region, user, capacity, **more)
    serve(app, region, user, council, relation="officer" if capacity == "officer" else "member")
    return user
