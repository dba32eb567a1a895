"""Lines of a plan as services keep them: every change leaves a version, and what changes nothing leaves none."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask

from saas import clock
from saas.tenancy import CONSOLE
from tenants.models.plans import Action
from tenants.queries.action_details import list_versions
from tenants.services import plans
from tests.conftest import InScope
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil


def test_each_change_leaves_a_version_even_two_at_one_moment(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    moment = datetime(2027, 3, 8, 9, 5, tzinfo=UTC)
    with clock.at(moment):
        made = make_action(app, council, make_plan(app, council), action="Train the chairs.")
        with in_scope(council.scope()) as session:
            line = session.get_one(Action, (council.id, made))
            plans.confirm_status(line, status="in_progress", by=CONSOLE)
            session.flush()
            plans.update_action(line, version=line.version, reason="", by=CONSOLE)
            plans.confirm_status(line, status="completed", by=CONSOLE)
    with in_scope(council.scope()):
        kept = [
            (row.number, row.document["action"], row.document["status"], row.written_at)
            for row in list_versions(council.id, made)
        ]
    assert kept == [
        (1, "Train the chairs.", None, moment),
        (2, "Train the chairs.", "in_progress", moment),
        (3, "Train the chairs.", "completed", moment),
    ]
