"""What one statement finds of an accreditation, fact by fact and scope by scope, and which ones are watched."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from assessment.models.accreditations import Accreditation
from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import get_own
from assessment.queries.case_facts import to_watch, wanted
from assessment.services import accreditations, improvements, interests
from saas import clock
from saas.db import db
from saas.tenancy import CONSOLE, Scope
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.awards import comment, decide, make_award, make_fact_check
from tests.factories.scores import actor, make_scored, make_team, score_all
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, make_council

TEAM = ("scorers", "leads", "lead", "undeclared", "conflicts", "submitted", "judged", "duties")
REPORT = ("commented", "comment_waits", "decided", "deciders", "appealed")
REPLIES = ("replies_missing", "reply_due_on", "to_verify")


def facts(in_scope: InScope, scope: Scope, made: UUID, *names: str) -> dict[str, Any]:
    """These columns of the one row that the scope has of the accreditation."""
    with in_scope(scope):
        row = db.session.execute(wanted().where(Accreditation.id == made)).one()
        return {name: getattr(row, name) for name in names}


def watched(in_scope: InScope, council: MadeCouncil) -> list[UUID]:
    """The accreditations of the region that may need somebody."""
    with in_scope(council.region.scope()) as session:
        return list(session.scalars(select(Accreditation.id).where(to_watch()).order_by(Accreditation.id)))


def test_a_team_is_counted_as_it_is_now_and_only_for_its_region(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_team(app, council, council.region)
    first, second = case.scorers
    with in_scope(case.file(0)):
        own = get_own(case.accreditation_id, first.id, lock=True)
        interests.declare(own, interest="conflict", words="My sister.", by=actor(first))
    with in_scope(case.file(1)):
        own = get_own(case.accreditation_id, second.id, lock=True)
        interests.declare(own, interest="none", words="", by=actor(second))
    score_all(app, case, 1)
    duties = {str(first.id): "scorer", str(second.id): "scorer", str(case.officer.id): "lead"}
    assert facts(in_scope, council.region.scope(case.officer.id), case.accreditation_id, *TEAM) == {
        "scorers": 2,
        "leads": 1,
        "lead": case.officer.name,
        "undeclared": 0,
        "conflicts": 1,
        "submitted": 1,
        "judged": 0,
        "duties": duties,
    }
    unseen = {"lead": None, "duties": None}
    assert facts(in_scope, council.scope(), case.accreditation_id, *TEAM) == dict.fromkeys(TEAM, 0) | unseen
    with in_scope(case.file(1)):
        interests.declare_late(get_own(case.accreditation_id, second.id, lock=True), words="Hers.", by=actor(second))
    now = facts(in_scope, council.region.scope(case.officer.id), case.accreditation_id, *TEAM)
    assert (now["scorers"], now["submitted"], now["conflicts"], now["duties"]) == (1, 0, 1, duties)


def test_the_newest_submission_is_the_one_that_is_told(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    names = ("submission_id", "sent", "sent_outcome", "sealing")
    nothing = {"submission_id": None, "sent": None, "sent_outcome": None, "sealing": False}
    assert facts(in_scope, council.scope(), made, *names) == nothing
    plan = make_submission(app, council, made, kind="plan")
    told = {"submission_id": plan, "sent": "plan", "sent_outcome": None, "sealing": False}
    for scope in (council.scope(), council.region.scope()):
        assert facts(in_scope, scope, made, *names) == told
    case = make_scored(app, make_council(app, council.region), council.region)
    assert facts(in_scope, council.region.scope(), case.accreditation_id, *names) == {
        "submission_id": case.submission_id,
        "sent": "readiness",
        "sent_outcome": "accepted",
        "sealing": False,
    }


def test_a_comment_waits_until_it_is_answered_and_who_decided_is_the_regions(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_fact_check(app, council)
    region, made = council.region.scope(case.officer.id), case.accreditation_id
    assert facts(in_scope, region, made, *REPORT) == dict.fromkeys(REPORT, False) | {"deciders": None}
    comment(app, case, "Two dates are wrong.")
    told = {"commented": True, "comment_waits": True, "decided": False, "deciders": None, "appealed": False}
    assert facts(in_scope, region, made, *REPORT) == told
    other = make_fact_check(app, make_council(app, council.region))
    comment(app, other)
    decide(app, other)
    seen = facts(in_scope, region, other.accreditation_id, *REPORT)
    assert (seen["comment_waits"], seen["decided"], len(seen["deciders"])) == (False, True, 1)
    unseen = facts(in_scope, other.council.scope(), other.accreditation_id, *REPORT)
    assert unseen == {"commented": True, "comment_waits": False, "decided": False, "deciders": None, "appealed": False}


def test_improvements_wait_for_a_reply_and_then_for_the_regions_word(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_award(app, council, improvements=2)
    made = case.accreditation_id
    found = [facts(in_scope, council.scope(), made, *REPLIES)]
    due_on = found[0]["reply_due_on"]

    def go_on(number: int, state: str) -> None:
        with in_scope(council.scope()):
            improvements.report_progress(made, number, state=state, words="So far.", by=CONSOLE)
        found.append(facts(in_scope, council.scope(), made, *REPLIES))

    for number in (1, 2):
        with in_scope(council.scope()):
            improvements.reply(made, number, answer="accepted", by=CONSOLE)
        found.append(facts(in_scope, council.scope(), made, *REPLIES))
    go_on(1, "claimed_complete")
    go_on(2, "claimed_complete")
    go_on(1, "in_progress")
    with in_scope(council.region.scope(case.officer.id)):
        improvements.conclude(made, 2, ending="verified", by=CONSOLE)
    found.append(facts(in_scope, council.scope(), made, *REPLIES))
    assert due_on is not None
    assert [tuple(each.values()) for each in found] == [
        (2, due_on, 0),
        (1, due_on, 0),
        (0, None, 0),
        (0, None, 1),
        (0, None, 2),
        (0, None, 1),
        (0, None, 0),
    ]


def test_watched_is_what_is_under_way_or_has_something_open_and_nothing_else(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    begun = make_accreditation(app, council)
    given_up = make_accreditation(app, make_council(app, council.region))
    with in_scope(council.region.scope()) as session:
        owner = session.scalars(select(Accreditation.council_id).where(Accreditation.id == given_up)).one()
    with in_scope(Scope.council(owner, council.region.id)):
        accreditations.withdraw(get_accreditation(given_up, lock=True), by=CONSOLE)
    held = make_award(app, make_council(app, council.region))
    open_still = make_award(app, make_council(app, council.region), improvements=1)
    every = sorted((begun, held.accreditation_id, open_still.accreditation_id))
    assert watched(in_scope, council) == every
    with in_scope(held.council.region.scope()) as session:
        grace = (
            session.execute(wanted().where(Accreditation.id == held.accreditation_id)).one().newest_awards.grace_to_on
        )
    with clock.at(clock.now() + (grace - clock.today()) + timedelta(days=1)):
        assert watched(in_scope, council) == sorted((begun, open_still.accreditation_id))
