"""Submissions after the last day, and more time from the region."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from assessment.models.accreditations import Accreditation
from assessment.queries import submissions as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.extensions import list_extensions
from assessment.services import extensions, submissions
from saas import clock
from saas.errors import Conflict, Invalid
from saas.tenancy import CONSOLE
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.awards import make_award, make_decided
from tests.factories.submissions import make_seal, make_submission
from tests.factories.tenants import MadeCouncil

Set = Callable[..., None]


@pytest.fixture
def set_on(in_scope: InScope, council: MadeCouncil) -> Set:
    def write(accreditation_id: UUID, **values: object) -> None:
        with in_scope(council.scope()) as session:
            session.execute(update(Accreditation).where(Accreditation.id == accreditation_id).values(**values))

    return write


def days_ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


def test_a_late_submission_says_so_in_its_seal_and_one_in_time_does_not(
    app: Flask, council: MadeCouncil, in_scope: InScope, set_on: Set
) -> None:
    made = make_accreditation(app, council)
    set_on(made, deadline_on=days_ago(12))
    late = make_submission(app, council, made)
    with in_scope(council.scope()):
        plan = queries.find_latest(made, "plan")
        assert plan is not None
        assert "late_days" not in plan.document
        assert queries.get_submission(late).document["late_days"] == 12
        lines = [(row.kind, row.late_days) for row in queries.list_submissions(made)]
        assert lines == [("readiness", 12), ("plan", None)]


def test_where_late_ones_are_refused_more_time_lets_it_go(
    app: Flask, council: MadeCouncil, in_scope: InScope, set_on: Set
) -> None:
    made = make_accreditation(app, council)
    make_submission(app, council, made, "plan")
    with in_scope(council.region.scope()):
        accreditation = get_accreditation(made, lock=True)
        accreditation.stage = "improving"
        accreditation.process = accreditation.process | {"late_submissions": "refused"}
        accreditation.deadline_on = accreditation.next_due_on = days_ago(1)
    with in_scope(council.scope()), pytest.raises(submissions.Incomplete, match="The region can give you more time"):
        submissions.request_seal(get_accreditation(made, lock=True), "readiness", by=CONSOLE)
    later = clock.today() + timedelta(days=30)
    with in_scope(council.region.scope()):
        accreditation = get_accreditation(made, lock=True)
        extensions.extend(accreditation, later, " Flooded. ", version=accreditation.version, by=CONSOLE)
    with in_scope(council.scope()):
        accreditation = get_accreditation(made)
        assert (accreditation.deadline_on, accreditation.next_due_on) == (later, later)
        found = [(each.before_on, each.until_on, each.reason) for each in list_extensions(made)]
        assert found == [(days_ago(1), later, "Flooded.")]
    submission_id = make_seal(app, council, made, "readiness")
    with in_scope(council.scope()):
        assert "late_days" not in queries.get_submission(submission_id).document


@pytest.mark.parametrize(
    ("days", "reason", "wrong"),
    [
        (0, "Flooded.", {"deadline_on"}),
        (-1, "Flooded.", {"deadline_on"}),
        (1, "  ", {"reason"}),
        (1, "x" * 1001, {"reason"}),
        (0, "", {"deadline_on", "reason"}),
    ],
)
def test_only_a_later_day_with_a_reason(
    app: Flask, council: MadeCouncil, in_scope: InScope, days: int, reason: str, wrong: set[str]
) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.region.scope()):
        accreditation = get_accreditation(made, lock=True)
        before = accreditation.deadline_on
        assert before is not None
        with pytest.raises(Invalid) as caught:
            extensions.extend(
                accreditation, before + timedelta(days=days), reason, version=accreditation.version, by=CONSOLE
            )
        assert (set(caught.value.messages), accreditation.deadline_on) == (wrong, before)


def test_a_later_day_that_is_past_already_helps_nobody(
    app: Flask, council: MadeCouncil, in_scope: InScope, set_on: Set
) -> None:
    made = make_accreditation(app, council)
    set_on(made, deadline_on=days_ago(10))
    with in_scope(council.region.scope()):
        accreditation = get_accreditation(made, lock=True)
        with pytest.raises(Invalid) as caught:
            extensions.extend(accreditation, days_ago(1), "Flooded.", version=accreditation.version, by=CONSOLE)
        assert caught.value.messages == {"deadline_on": ["The new last day must be today or later."]}


def test_not_without_a_last_day_nor_over_somebody_elses_change(
    app: Flask, council: MadeCouncil, in_scope: InScope, set_on: Set
) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.region.scope()):
        accreditation = get_accreditation(made, lock=True)
        with pytest.raises(Conflict, match="Somebody changed this accreditation"):
            extensions.extend(accreditation, date(2090, 1, 1), "Flooded.", version=99, by=CONSOLE)
    set_on(made, deadline_on=None)
    with in_scope(council.region.scope()):
        assert extensions.why_not(get_accreditation(made)) == "This accreditation has no last day."


def test_not_once_it_is_decided(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    decided = make_decided(app, council)
    with in_scope(council.region.scope()):
        refusal = extensions.why_not(get_accreditation(decided.accreditation_id))
        assert refusal == "The outcome is decided: the last day cannot be moved any more."


def test_not_once_it_is_released(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_award(app, council)
    with in_scope(council.region.scope()):
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        with pytest.raises(Conflict, match="The last day cannot be moved at the stage “Awarded”"):
            extensions.extend(accreditation, date(2090, 1, 1), "Flooded.", version=1, by=CONSOLE)
