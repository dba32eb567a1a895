"""Awards run out by themselves, once their grace is over."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from flask import Flask

from assessment.queries.awards import find_award
from assessment.queries.improvements import list_improvements
from assessment.queries.register import find_entry
from assessment.services import reminders
from saas import clock, jobs, rounds
from saas.tenancy import Scope
from tenants.queries.notices import list_notices
from tests.conftest import InScope
from tests.factories.awards import make_award
from tests.factories.tenants import MadeCouncil, MadeUser


def test_an_award_expires_the_day_after_its_grace(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_award(app, council)
    with in_scope(council.scope()):
        award = find_award(case.accreditation_id)
        assert award is not None
        last, number = award.grace_to_on, award.certificate_number
    for day, expected in ((last, None), (last + timedelta(1), "expired"), (last + timedelta(2), "expired")):
        with clock.at(datetime.combine(day, time(9), UTC)):
            with app.app_context():
                rounds.start_rounds()
                jobs.run_all()
            with in_scope(council.scope()):
                found = find_award(case.accreditation_id)
                assert found is not None
                assert (found.ending, found.ended_on) == (expected, last if expected else None)
            with in_scope(Scope.nobody()):
                entry = find_entry(number)
                assert entry is not None
                assert entry.ending == expected


def test_a_lead_is_invited_once_on_the_day_reassessment_opens(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    case = make_award(app, council)
    with in_scope(council.scope()):
        award = find_award(case.accreditation_id)
        assert award is not None
        opens, last = award.reassessment_opens_on, award.valid_to_on
    found = []
    for day in (opens - timedelta(1), opens, opens + timedelta(1)):
        with clock.at(datetime.combine(day, time(9), UTC)):
            with app.app_context():
                rounds.start_rounds()
                jobs.run_all()
            with in_scope(council.scope()):
                found.append([each.words for each in list_notices(council.id, lead.id) if each.kind == "reassessment"])
    invited = [f"Reassessment is open: commit to Charter again before {last.day} {last:%B %Y}."]
    assert found == [[], invited, invited]


def test_replies_are_asked_for_ten_days_before_on_the_day_and_after(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    case = make_award(app, council, improvements=1)
    with in_scope(council.scope()):
        [line] = list_improvements(case.accreditation_id)
        due = line.improvement.reply_due_on
    found = []
    for days in (11, 10, 0, -1):
        with clock.at(datetime.combine(due - timedelta(days), time(9), UTC)), in_scope(council.scope()):
            reminders.remind(council.id)
            notices = list_notices(council.id, lead.id)
            found.append([each.words for each in notices if "/improvements" in each.path][:1])
    on = f"{due.day} {due:%B} {due.year}"
    asked = "Reply to 1 improvement (Charter)"
    assert found == [
        [f"{asked}: due in 11 days, on {on}"],
        [f"{asked}: due in 10 days, on {on}"],
        [f"{asked}: due today"],
        [f"{asked}: was due on {on}"],
    ]
