"""Plans and actions for tests, made through the service."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask

from saas.tenancy import CONSOLE
from saas.transaction import within
from tenants.queries.plans import get_plan
from tenants.services import plans
from tests.factories.remembering import remembered
from tests.factories.tenants import MadeCouncil


@remembered
def make_plan(app: Flask, council: MadeCouncil, title: str = "Our plan", kind: str = "own") -> UUID:
    """A plan; its id."""
    with app.app_context(), within(council.scope()):
        return plans.find_or_create(council.id, kind=kind, accreditation_id=None, title=title, by=CONSOLE).id


@remembered
def make_action(app: Flask, council: MadeCouncil, plan_id: UUID, **values: Any) -> UUID:
    """An action in the plan; its id."""
    values.setdefault("action", "Write role descriptions.")
    with app.app_context(), within(council.scope()):
        return plans.add_action(get_plan(council.id, plan_id), **values, by=CONSOLE).id
