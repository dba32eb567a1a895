"""What is known of an accreditation at a glance, stage by stage."""

from __future__ import annotations

from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.cases import get_case, list_cases_of_council, list_cases_to_watch
from assessment.rules.waiting import Task, for_council, for_region, next_date
from assessment.services.appeals import lodge, standing_of
from saas import clock
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.awards import comment, make_award, make_decided, make_draft, make_fact_check
from tests.factories.members import make_member
from tests.factories.scores import actor, make_accepted, make_declared, make_scored
from tests.factories.submissions import make_submission
from tests.factories.tenants import MadeCouncil, MadeUser, make_council
from tests.factories.visits import a_day, make_visit, name_people


def test_a_council_at_work_sees_how_far_it_is(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_accreditation(app, council)
    with in_scope(council.scope()):
        [case] = list_cases_of_council(council.id)
        assert (case.accreditation.id, case.facts.answered, case.facts.to_answer) == (made, 0, 28)
        assert [each.task for each in for_council(case.facts, clock.today())] == [Task.ANSWER]
        assert for_region(case.facts) == ()


def test_each_stage_puts_its_task_before_the_region(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    region = council.region
    councils = [council, *(make_council(app, region) for _ in range(6))]
    planned = make_accreditation(app, councils[0])
    make_submission(app, councils[0], planned, kind="plan")
    make_accepted(app, councils[1], region)
    make_declared(app, councils[2], region)
    make_scored(app, councils[3], region)
    make_draft(app, councils[4])
    asked = make_fact_check(app, councils[5])
    comment(app, asked, "Two dates are wrong.")
    make_decided(app, councils[6])
    with in_scope(region.scope()):
        found = {case.accreditation.council_id: for_region(case.facts) for case in list_cases_to_watch(region.id)}
        tasks = [[each.task for each in found[one.id]] for one in councils]
    assert tasks == [
        [Task.DECIDE_PLAN],
        [Task.ASSIGN_TEAM],
        [Task.AWAIT_SCORES],
        [Task.BEGIN_MODERATION],
        [Task.WRITE_REPORT],
        [Task.ANSWER_COMMENT],
        [Task.RELEASE],
    ]


def test_what_is_the_regions_own_stays_unknown_to_the_council(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_decided(app, council).accreditation_id
    with in_scope(council.scope()):
        facts = get_case(made).facts
        assert (facts.decided, facts.scorers, facts.submitted, facts.commented) == (False, 0, 0, True)
        assert for_council(facts, clock.today()) == ()
    with in_scope(council.region.scope()):
        case = get_case(made)
        assert (case.facts.decided, case.facts.scorers, case.facts.submitted) == (True, 2, 2)
        assert case.lead is not None


def test_after_the_award_every_improvement_wants_a_reply(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    made = make_award(app, council, improvements=2).accreditation_id
    with in_scope(council.scope()):
        case = get_case(made)
        assert case.award is not None
        read, waiting = for_council(case.facts, clock.today())
        assert (read.task, read.due_on) == (Task.READ_REPORT, case.facts.reply_due_on)
        assert (waiting.task, waiting.words, waiting.due_on) == (
            Task.REPLY,
            "Reply to 2 improvements",
            case.facts.reply_due_on,
        )
    with in_scope(council.region.scope()):
        [watched] = list_cases_to_watch(council.region.id)
        assert (watched.accreditation.id, watched.facts.replies_missing, for_region(watched.facts)) == (
            made,
            2,
            (),
        )


def test_a_council_without_the_award_may_appeal_until_it_did(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    case = make_award(app, council, outcome="not_yet", reason="Too little is met.")
    with in_scope(council.scope(lead.id)):
        facts = get_case(case.accreditation_id).facts
        last_day = standing_of(get_accreditation(case.accreditation_id)).last_day
        assert (facts.released_on, facts.appeal_by, next_date(facts)) == (clock.today(), last_day, last_day)
        lodge(case.accreditation_id, grounds="They overlooked it.", by=actor(lead))
    with in_scope(council.scope()):
        facts = get_case(case.accreditation_id).facts
        assert (facts.appealed, facts.appealed_on, facts.appeal_by) == (True, clock.today(), None)


def test_a_visit_to_come_says_who_is_missing(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    case = make_declared(app, council, council.region)
    make_visit(app, case)
    with in_scope(council.scope()):
        facts = get_case(case.accreditation_id).facts
        assert (facts.visit_on, facts.visit_missing, facts.visit_unnamed) == (a_day(), (), True)
        assert [each.task for each in for_council(facts, clock.today())] == [Task.PREPARE_VISIT]
    make_member(app, council, group="Wren Group")
    name_people(app, case, lead, ("Sam Hollis", ""))
    with in_scope(council.scope()):
        facts = get_case(case.accreditation_id).facts
        assert (facts.visit_missing, facts.visit_unnamed) == (("Wren Group",), False)


def test_an_award_is_begun_again_once(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    held = make_award(app, council).accreditation_id
    with in_scope(council.scope()):
        assert get_case(held).facts.begun_again is False
    again = make_accreditation(app, council)
    with in_scope(council.scope()):
        assert [(case.facts.begun_again, case.later_id) for case in list_cases_of_council(council.id)] == [
            (False, None),
            (True, again),
        ]
