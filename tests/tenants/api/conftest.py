"""What tests of programs at a council's plans share."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil


@pytest.fixture
def plan_id(app: Flask, council: MadeCouncil) -> UUID:
    """A plan of the council's own."""
    return make_plan(app, council)


@pytest.fixture
def line(app: Flask, council: MadeCouncil, plan_id: UUID) -> str:
    """The path of its one line, whose timescale can be read in two ways."""
    made = make_action(app, council, plan_id, timescale="By 2028", responsibility="Head of HR")
    return f"/councils/{council.slug}/plans/{plan_id}/actions/{made}"
