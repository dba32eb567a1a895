"""Frameworks and accreditations for tests, made through the services."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

from flask import Flask

from assessment.rules import frameworks
from assessment.services import accreditations
from assessment.services.accreditations import Signature
from assessment.services.frameworks import publish_framework
from saas.tenancy import CONSOLE, Scope
from saas.transaction import within
from tests.factories.remembering import remembered
from tests.factories.tenants import MadeCouncil

STARTERS = Path(__file__).parents[2] / "assessment" / "starter"
SIGNED = (
    Signature("Leader", "Sam Okoro", date(2026, 1, 5)),
    Signature("Chief Executive", "Kit Moss", date(2026, 1, 6)),
)


@cache
def tree_of(code: str) -> frameworks.Framework:
    """A starter framework as a tree."""
    return frameworks.parse((STARTERS / f"{code}.yaml").read_text(), code)


@remembered
def make_framework(app: Flask, code: str = "charter-2008") -> UUID:
    """A published starter framework (charter-2008, charter-2017 or fixture-45); its id."""
    with app.app_context(), within(Scope.operator(None)):
        return publish_framework(tree_of(code), by=CONSOLE)[0].id


@remembered
def make_accreditation(
    app: Flask, council: MadeCouncil, framework_id: UUID | None = None, level: str = "charter"
) -> UUID:
    """A committed accreditation that assesses itself; its id."""
    framework_id = framework_id or make_framework(app)
    with app.app_context(), within(council.scope()):
        return accreditations.commit(
            council.id,
            council.region.id,
            council.name,
            framework_id=framework_id,
            level=level,
            target_on=None,
            signatures=list(SIGNED),
            by=CONSOLE,
        ).id
