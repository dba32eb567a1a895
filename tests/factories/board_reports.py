"""Board reports for tests, made through the services."""

from __future__ import annotations

from datetime import date

from flask import Flask

from assessment.models.board_reports import BoardReport
from assessment.services import board_reports
from saas import clock
from saas.tenancy import CONSOLE, Actor
from saas.transaction import within
from tests.factories.tenants import MadeRegion


def make_report(
    app: Flask, region: MadeRegion, period_from: date | None = None, period_to: date | None = None, by: Actor = CONSOLE
) -> BoardReport:
    """A report on a period; on today alone where none is given."""
    first, last = period_from or clock.today(), period_to or clock.today()
    with app.app_context(), within(region.scope()):
        return board_reports.make_report(region.id, period_from=first, period_to=last, by=by)


def make_quarterly(app: Flask, region: MadeRegion, *, quarterly: bool = True) -> date | None:
    """The region wants a report after each quarter; the day of the next."""
    with app.app_context(), within(region.scope()):
        return board_reports.set_schedule(region.id, quarterly=quarterly, by=CONSOLE).next_on
