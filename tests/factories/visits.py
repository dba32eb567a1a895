"""Visits for tests, made through the services."""

from __future__ import annotations

from datetime import date, time, timedelta

from flask import Flask

from assessment.queries import visits as queries
from assessment.queries.accreditations import get_accreditation
from assessment.rules.processes import DEFAULT
from assessment.rules.visits import warnings
from assessment.services import visit_people, visits
from saas import clock
from saas.transaction import within
from tests.factories.remembering import remembered
from tests.factories.scores import MadeCase, actor
from tests.factories.tenants import MadeUser


def a_day(days_ahead: int = 21) -> date:
    """A day in the future against which nothing speaks."""
    day = clock.today() + timedelta(days=days_ahead)
    while warnings(day, DEFAULT):
        day += timedelta(days=1)
    return day


def a_weekend() -> date:
    """A Saturday in the future."""
    day = a_day()
    return day + timedelta(days=5 - day.weekday())


@remembered
def make_visit(app: Flask, case: MadeCase, *, length: str = "half", invited: bool = False) -> None:
    """A visit planned by the region's officer for half past nine at the town hall."""
    by = actor(case.officer)
    with app.app_context(), within(case.region.scope(case.officer.id)):
        accreditation = get_accreditation(case.accreditation_id)
        visit = visits.plan(
            accreditation, held_on=a_day(), place="Town hall", length=length, begins_at=time(9, 30), by=by
        )
        if invited:
            visits.invite(accreditation, visit, version=visit.version, by=by)


def name_people(app: Flask, case: MadeCase, by: MadeUser, *people: tuple[str, str]) -> None:
    """People (name, political group) the council names, for the first slot."""
    for name, group in people:
        with app.app_context(), within(case.council.scope(by.id)):
            found = queries.find_people(case.accreditation_id)
            visit_people.name(
                get_accreditation(case.accreditation_id),
                person=name,
                role="Group leader",
                group=group,
                slot="s1",
                version=found.version if found else 0,
                by=actor(by),
            )
