"""Release and plan while others are at work: threads with connections of their own that really commit."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from assessment.models.awards import Award, RegisterEntry
from assessment.models.improvements import Improvement
from assessment.models.reports import Report
from assessment.services import awards, improvements
from saas.transaction import within
from tenants.models.plans import Action
from tests.factories.awards import make_decided, partly
from tests.factories.scores import MadeCase, actor
from tests.factories.tenants import make_council, make_region, make_user

PATIENCE_SECONDS = 30.0


@pytest.fixture
def case(built_app: Flask, owner: sa.Engine) -> MadeCase:
    """A decided case with two improvements, committed."""
    council = make_council(built_app, make_region(built_app))
    return make_decided(built_app, council, judge=partly("1.1.1", "2.1.1"))


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do the works in threads that start together; what each returned."""
    results: list[object] = ["unfinished"] * len(works)
    start = threading.Barrier(len(works))

    def run(number: int, work: Callable[[], object]) -> None:
        start.wait(PATIENCE_SECONDS)
        results[number] = work()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    return results


def test_two_officers_at_once_release_one_award_and_the_plan_has_each_improvement_once(
    built_app: Flask, case: MadeCase
) -> None:
    officers = (case.officer, make_user(built_app, case.region, "region_officer"))

    def release(number: int) -> bool:
        officer = officers[number]
        with built_app.app_context(), within(case.region.scope(officer.id)):
            return awards.release(case.accreditation_id, by=actor(officer)).again

    assert sorted(at_once(lambda: release(0), lambda: release(1)), key=str) == [False, True]

    def stand() -> int:
        with built_app.app_context(), within(case.council.scope()):
            return improvements.stand_in_plan(case.accreditation_id)

    assert sorted(at_once(stand, stand, stand), key=str) == [0, 0, 2]
    with built_app.app_context(), within(case.council.scope(), read_only=True) as session:
        counted = {
            model.__tablename__: session.scalar(sa.select(sa.func.count()).select_from(model))
            for model in (Award, RegisterEntry, Improvement, Action)
        }
        issued = session.scalar(sa.select(sa.func.count()).where(Report.kind == "issued"))
    assert (counted, issued) == ({"awards": 1, "register_entries": 1, "improvements": 2, "actions": 2}, 1)
