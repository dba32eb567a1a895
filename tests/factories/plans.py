"""Plans and actions for tests, made through the service."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask

from saas.tenancy import CONSOLE
from saas.transaction import within
from tenants.queries.action_details import Owner
from tenants.queries.plans import get_action, get_plan
from tenants.services import action_details, action_owners, plans, priorities
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


def name_owners(app: Flask, council: MadeCouncil, action_id: UUID, *owners: Owner) -> None:
    """Confirm who does an action."""
    with app.app_context(), within(council.scope()):
        action_owners.confirm(get_action(council.id, action_id, lock=True), owners, by=CONSOLE)


def make_priority(app: Flask, council: MadeCouncil, title: str = "Roads") -> UUID:
    """A corporate priority; its id."""
    with app.app_context(), within(council.scope()):
        return priorities.add_priority(council.id, title=title, by=CONSOLE).id


def serve(app: Flask, council: MadeCouncil, action_id: UUID, *priority_ids: UUID) -> None:
    """Say which priorities an action serves."""
    with app.app_context(), within(council.scope()):
        action_details.set_priorities(get_action(council.id, action_id, lock=True), priority_ids, by=CONSOLE)
