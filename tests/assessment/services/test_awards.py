"""Deciding and releasing: by somebody from outside, once, and everything that follows from it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from flask import Flask

from assessment.models.assignments import Assignment
from assessment.models.awards import Award, RegisterEntry
from assessment.queries.accreditations import get_accreditation
from assessment.queries.awards import find_award
from assessment.queries.decisions import find_decision, list_decisions
from assessment.queries.improvements import list_improvements
from assessment.queries.register import find_entry
from assessment.queries.reports import find_issued, list_versions
from assessment.rules.certificates import read_number
from assessment.rules.process_words import day_words
from assessment.rules.stages import Verb
from assessment.services import awards, decisions, fact_checks, improvements
from assessment.services.accreditations import move
from saas import clock, jobs
from saas.errors import Conflict, Forbidden, Invalid
from saas.tenancy import Scope
from tenants.queries.plan_lines import list_actions
from tenants.queries.plans import find_plan
from tests.conftest import InScope
from tests.factories.awards import TOLD, comment, decide, make_award, make_decided, make_fact_check, partly, release
from tests.factories.scores import MadeCase, actor
from tests.factories.tenants import MadeCouncil, make_council, make_user

LOW = partly(*(f"{criterion}.{element}.1" for criterion in (1, 2) for element in (1, 2, 3, 4)))


def test_who_led_or_scored_or_belongs_to_the_council_does_not_decide(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_fact_check(app, council)
    insider = make_user(app, council, "member")
    refusals = {}
    for who in (case.officer, case.scorers[0], insider):
        with in_scope(case.region.scope(who.id)):
            with pytest.raises(Forbidden) as refused:
                decisions.decide(case.accreditation_id, outcome="awarded", by=actor(who))
            refusals[who.id] = refused.value.message
    assert refusals == {
        case.officer.id: "You led this assessment, so somebody else has to decide it.",
        case.scorers[0].id: "You scored this assessment, so somebody else has to decide it.",
        insider.id: "You have access in this council, so somebody else has to decide.",
    }


def test_a_decision_against_the_rule_needs_its_reason_and_stands(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_fact_check(app, council, judge=LOW)
    comment(app, case)
    decider = make_user(app, case.region, "region_decider")
    with in_scope(case.region.scope(decider.id)):
        by = actor(decider)
        proposal = decisions.propose(get_accreditation(case.accreditation_id))
        assert (proposal.outcome, [line.holds for line in proposal.lines]) == ("not_yet", [False])
        with pytest.raises(Invalid) as refused:
            decisions.decide(case.accreditation_id, outcome="awarded", by=by)
        assert list(refused.value.messages) == ["reason", "words"]
        with pytest.raises(Invalid) as refused:
            decisions.decide(case.accreditation_id, outcome="not_yet", conditions="Soon", words=" ", by=by)
        assert list(refused.value.messages) == ["words", "conditions"]
        decisions.decide(
            case.accreditation_id,
            outcome="awarded",
            reason="New evidence on the day.",
            words="You showed it. ",
            conditions="By May",
            by=by,
        )
        with pytest.raises(Conflict, match="has decided this already"):
            decisions.decide(case.accreditation_id, outcome="not_yet", by=by)
        kept = find_decision(case.accreditation_id)
        assert (kept.proposed, kept.outcome, kept.reason, kept.words, kept.conditions) == (
            "not_yet", "awarded", "New evidence on the day.", "You showed it.", "By May",
        )  # fmt: skip
    with in_scope(council.scope()):
        assert find_decision(case.accreditation_id) is None


def test_nothing_is_decided_while_the_council_may_correct_the_facts(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    ended, passed = make_fact_check(app, council), make_fact_check(app, make_council(app, council.region))
    decider = actor(make_user(app, council.region, "region_decider"))
    with in_scope(council.region.scope(decider.id)):
        closes_on = list_versions(ended.accreditation_id)[0].report.closes_on

    def decide_on(case: MadeCase, day: date) -> str:
        with clock.at(datetime.combine(day, time(9), UTC)), in_scope(council.region.scope(decider.id)):
            try:
                return decisions.decide(case.accreditation_id, outcome="awarded", by=decider).outcome
            except Conflict as refused:
                return refused.message

    early = f"The council may correct the facts until {day_words(closes_on)}. The outcome is decided after that."
    assert [decide_on(passed, closes_on - timedelta(1)), decide_on(passed, closes_on)] == [early, early]
    assert decide_on(passed, closes_on + timedelta(1)) == "awarded"
    comment(app, ended)
    assert decide_on(ended, clock.today()) == "awarded"


def test_release_waits_for_comment_answer_and_decision(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_fact_check(app, council)
    scope, by = case.region.scope(case.officer.id), actor(case.officer)

    def hindered() -> list[str]:
        with in_scope(scope):
            return awards.obstacles(get_accreditation(case.accreditation_id))

    first = hindered()
    assert first[0].startswith("The council may comment on version 1 until")
    assert first[1:] == ["The outcome is not decided yet."]
    with in_scope(scope), clock.at(clock.now() + timedelta(days=40)):
        assert awards.obstacles(get_accreditation(case.accreditation_id)) == ["The outcome is not decided yet."]
    comment_id = comment(app, case, "It is 48.")
    decide(app, case)
    assert hindered() == ["The council’s comment on version 1 has no answer yet."]
    with in_scope(scope), pytest.raises(Conflict, match="no answer yet"):
        awards.release(case.accreditation_id, by=by)
    with in_scope(scope):
        fact_checks.answer_comment(case.accreditation_id, comment_id, words="So it is.", by=by)
    assert hindered() == []


def test_release_issues_everything_at_once_and_only_once(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_decided(app, council, judge=partly("1.1.1", "2.1.1"), conditions="Show the programme by May.")
    released = release(app, case)
    again = release(app, case)
    assert (again.again, again.report.id, again.award.id) == (True, released.report.id, released.award.id)
    with in_scope(council.scope()) as session:
        accreditation = get_accreditation(case.accreditation_id)
        award, report = find_award(case.accreditation_id), find_issued(case.accreditation_id)
        lines = list_improvements(case.accreditation_id)
        assert session.scalars(sa.select(Award)).all() == [award]
    today = clock.today()
    assert (accreditation.stage, accreditation.next_due_on) == ("awarded", lines[0].improvement.reply_due_on)
    assert (award.awarded_on, award.interim_due_on, award.valid_to_on, award.conditions) == (
        today, today + relativedelta(months=18), today + relativedelta(months=36), "Show the programme by May.",
    )  # fmt: skip
    assert read_number(award.certificate_number.lower().replace("-", " ")) == award.certificate_number
    document = report.document
    assert document["result"]["award"]["certificate_number"] == award.certificate_number
    assert [(line.improvement.number, line.improvement.action, line.improvement.criterion_code) for line in lines] == [
        (item["number"], item["action"], item["criterion_code"]) for item in document["improvements"]
    ]
    assert [line.improvement.number for line in lines] == [1, 2]
    with in_scope(case.region.scope(case.officer.id)) as session:
        closes = sa.select(Assignment.closes_on).where(Assignment.accreditation_id == case.accreditation_id)
        assert set(session.scalars(closes)) == {today + timedelta(days=28)}
    with in_scope(Scope.nobody()) as session:
        entry = find_entry(award.certificate_number)
        assert (entry.council_name, entry.region_name, entry.valid_to_on, entry.with_conditions) == (
            council.name, council.region.name, award.valid_to_on, True,
        )  # fmt: skip
        assert session.scalar(sa.select(sa.func.count()).select_from(RegisterEntry)) == 1


def test_not_yet_gives_no_award_and_still_its_improvements(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    case = make_award(app, council, judge=LOW, outcome="not_yet")
    with in_scope(council.scope()):
        assert get_accreditation(case.accreditation_id).stage == "not_yet"
        assert find_award(case.accreditation_id) is None
        assert len(list_improvements(case.accreditation_id)) == 8
        assert find_issued(case.accreditation_id).document["result"] == {
            "outcome": "not_yet", "words": TOLD, "conditions": "", "award": None,
        }  # fmt: skip
    with in_scope(Scope.nobody()) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RegisterEntry)) == 0


def test_issued_improvements_stand_once_in_the_councils_own_plan(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    texts = {
        1: {
            "action": "Draw up a role profile",
            "timescale": "May 2027",
            "reason": "It helps. ",
            "remark": "[Twice]\nsaid",
        }
    }
    case = make_award(app, council, improvements=2, words=texts)
    with in_scope(council.scope()):
        plan = find_plan(council.id, "improvements", accreditation_id=case.accreditation_id)
        actions = list_actions(plan)
    assert [(row.ref, row.action, row.timescale, row.reason, row.remark) for row in actions] == [
        ("1", "Draw up a role profile", "May 2027", "It helps. ", "[Twice]\nsaid"),
        ("2", "Do thing 2", "By December 2026", "Because of 2", ""),
    ]
    assert actions[0].source.endswith(f"report of {clock.today().day} {clock.today():%B %Y}")
    with in_scope(council.scope()):
        assert improvements.stand_in_plan(case.accreditation_id) == 0
    with app.app_context():
        assert jobs.run_all() == 0


def test_a_new_award_of_the_level_ends_the_one_before_it_also_in_the_register(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    first = make_award(app, council)
    second = make_award(app, council)
    with in_scope(council.scope()):
        newer, older = find_award(second.accreditation_id), find_award(first.accreditation_id)
    assert (newer.ending, newer.ended_on) == (None, None)
    assert (older.ending, older.ended_on) == ("ended", clock.today())
    with in_scope(Scope.nobody()):
        entry = find_entry(older.certificate_number)
    assert (entry.ending, entry.ended_on) == ("ended", clock.today())


def test_a_file_that_went_back_is_decided_again_and_the_first_decision_is_void(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    case = make_decided(app, council)
    scope = case.region.scope(case.officer.id)
    with in_scope(scope):
        move(get_accreditation(case.accreditation_id, lock=True), Verb.MODERATE_AGAIN, by=actor(case.officer))
    with in_scope(scope):
        assert find_decision(case.accreditation_id) is None
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        move(accreditation, Verb.BEGIN_REPORT, by=actor(case.officer))
        move(accreditation, Verb.OPEN_FACT_CHECK, by=actor(case.officer))
    with in_scope(scope):
        assert "The outcome is not decided yet." in awards.obstacles(get_accreditation(case.accreditation_id))
    decide(app, case, conditions="Show it by May.")
    with in_scope(scope):
        found = [(each.number, each.conditions) for each in list_decisions(case.accreditation_id)]
        assert (found, find_decision(case.accreditation_id).number) == ([(1, ""), (2, "Show it by May.")], 2)
