"""What the demo's councils do: commit, gather papers, answer, plan, send, comment and reply."""

from __future__ import annotations

import time
from datetime import timedelta
from random import Random
from uuid import UUID

from assessment.demo import libraries, signing, words
from assessment.demo.journeys import Journey
from assessment.demo.papers import older_plan
from assessment.demo.places import MAIN
from assessment.demo.scene import opened
from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer
from assessment.queries.accreditations import get_accreditation
from assessment.queries.answers import list_answers
from assessment.queries.frameworks import get_framework
from assessment.queries.improvements import list_improvements
from assessment.queries.reports import find_newest
from assessment.queries.submissions import find_latest_request
from assessment.rules.framework_tree import Requirement
from assessment.rules.report_paragraphs import paragraphs_of
from assessment.services import accreditations, answers, carried, fact_checks, improvements, submissions
from saas import clock, jobs
from saas.tenancy import Actor
from tenants.models.evidence import Evidence
from tenants.queries.plan_lines import list_actions
from tenants.queries.plans import find_plan, get_action
from tenants.services import imports, plans
from tenants.services.remembered_columns import remember

WAITS, WAIT_SECONDS = 100, 0.1
STATUS_TEXTS = ("", "Not started", "In progress", "50% done", "Waits for the new constitution", "Done", "n/a")


def commit(journey: Journey) -> None:
    """The council commits itself; Leader and Chief Executive have signed a few days before, or are asked to."""
    signing.hold_offices(journey)
    signatures = signing.on_paper(journey)
    with opened(journey.council_scope):
        journey.accreditation_id = accreditations.commit(
            journey.council_id,
            journey.scene.region_id,
            journey.council.name,
            framework_id=journey.framework_id,
            level="charter",
            target_on=clock.today() + timedelta(days=330),
            signatures=signatures,
            by=journey.lead,
        ).id
    signing.ask_by_link(journey)
    jobs.run_all()


def fill_library(journey: Journey) -> None:
    """Five papers that open, two links, and a plan of the council's own with timescales as people write them."""
    day = clock.today()
    libraries.fill(journey)
    with opened(journey.council_scope):
        _plan_of_its_own(journey, journey.chance("own plan"))
        if journey.council.slug == MAIN:
            kept = imports.keep_action_plan(
                journey.council_id, older_plan(day), "older-action-plan.xlsx", by=journey.lead
            )
            imports.take_in(kept, by=journey.lead)
            remember(kept, {"whom it falls to": "responsibility", "governance theme": "reason"}, by=journey.lead)


def _plan_of_its_own(journey: Journey, chance: Random) -> None:
    year = clock.today().year
    title = f"Member development plan {year}"
    plan = plans.find_or_create(journey.council_id, kind="own", accreditation_id=None, title=title, by=journey.lead)
    requirements = journey.requirements
    for number, written in enumerate(words.TIMESCALES, start=1):
        plans.add_action(
            plan,
            action=words.about(chance, words.ACTIONS, chance.choice(requirements).title),
            timescale=words.timescale(written, year),
            responsibility=chance.choice(words.OWNERS),
            status_text=STATUS_TEXTS[number % len(STATUS_TEXTS)],
            by=journey.lead,
        )


def answer(journey: Journey, first: int, last: int | None) -> None:
    """Answer the requirements from place `first` up to `last` in one sitting; what is not met gets an action."""
    chance = journey.chance("answers", first)
    with opened(journey.council_scope) as session:
        accreditation = get_accreditation(journey.accreditation_id, share=True)
        library = list(session.query(Evidence).filter_by(council_id=journey.council_id).order_by(Evidence.id))[-7:]
        there = list_answers(accreditation)
        ids = get_framework(journey.framework_id).ids
        for number, requirement in enumerate(journey.requirements[first:last]):
            before = there.get(ids[requirement.code])
            if before and first and number % 3 == 2 and journey.leaves_unconfirmed:
                continue
            step = journey.first_steps[requirement.code]
            text = words.narrative(chance, requirement.title, met=step == "met")
            if before:
                text = f"{before.narrative}\n\nSince then: {text}"
            version = before.version if before else 0
            saved = _save(accreditation, ids[requirement.code], step, text, version, journey.lead)
            if before:
                carried.confirm(saved, by=journey.lead)
            if step == "met" or chance.random() < 0.5:
                _cite(saved, chance.sample(library, k=chance.choice((1, 1, 2))), chance, journey.lead)
            if step in ("partly_met", "not_met"):
                _plan(saved, requirement, chance, journey.lead)


def carry(journey: Journey) -> None:
    """Begin with the answers of the last cycle; each is confirmed or changed when it is answered."""
    with opened(journey.council_scope):
        carried.carry(get_accreditation(journey.accreditation_id, lock=True), by=journey.lead)


def change_what_was_asked(journey: Journey) -> None:
    """Change the requirements that the region named when it returned the plan, and only these."""
    with opened(journey.council_scope):
        accreditation = get_accreditation(journey.accreditation_id, share=True)
        there = list_answers(accreditation)
        ids = get_framework(journey.framework_id).ids
        for code in journey.asked_again:
            saved = there[ids[code]]
            text = f"{saved.narrative}\n\n{words.CHANGED_AS_ASKED}"
            _save(accreditation, ids[code], str(saved.judgement), text, saved.version, journey.lead)


def _save(accreditation: Accreditation, requirement_id: UUID, step: str, text: str, version: int, by: Actor) -> Answer:
    reason = "The authority has no such body." if step == "not_applicable" else ""
    return answers.save(
        accreditation,
        requirement_id,
        judgement=step,
        narrative=text,
        not_applicable_reason=reason,
        version=version,
        by=by,
    )


def _cite(saved: Answer, chosen: list[Evidence], chance: Random, by: Actor) -> None:
    for item in chosen:
        pinpoint, why = chance.choice(words.PINPOINTS), chance.choice(words.REASONS_TO_CITE)
        answers.cite(saved, item, pinpoint=pinpoint, why=why, by=by)


def _plan(saved: Answer, requirement: Requirement, chance: Random, by: Actor) -> None:
    answers.plan_action(
        saved,
        action=words.about(chance, words.ACTIONS, requirement.title),
        timescale=words.timescale(chance.choice(words.TIMESCALES), clock.today().year),
        responsibility=chance.choice(words.OWNERS),
        by=by,
    )


def improve(journey: Journey) -> None:
    """Work the gap plan: most of what was below met is met now, with evidence, and its action is done."""
    chance = journey.chance("improve")
    with opened(journey.council_scope) as session:
        accreditation = get_accreditation(journey.accreditation_id, share=True)
        there = list_answers(accreditation)
        library = list(session.query(Evidence).filter_by(council_id=journey.council_id).order_by(Evidence.id))[-7:]
        ids = get_framework(journey.framework_id).ids
        for requirement in journey.requirements:
            saved = there[ids[requirement.code]]
            if saved.judgement == journey.sent_steps[requirement.code]:
                continue
            text = words.narrative(chance, requirement.title, met=True)
            _save(accreditation, saved.requirement_id, "met", text, saved.version, journey.lead)
            _cite(saved, [chance.choice(library)], chance, journey.lead)
        plan = find_plan(journey.council_id, "gap", accreditation_id=journey.accreditation_id)
        for number, row in enumerate(list_actions(plan) if plan else []):
            action = get_action(journey.council_id, row.id)
            plans.confirm_status(action, status="in_progress" if number % 4 == 3 else "completed", by=journey.lead)


def send(journey: Journey, kind: str) -> None:
    """Ask for the seal and let it be made; the submission is signed before."""
    if kind == "readiness":
        signing.sign_submission(journey)
    with opened(journey.council_scope):
        accreditation = get_accreditation(journey.accreditation_id, lock=True)
        submissions.request_seal(accreditation, kind, monitor="Chair of the steering group", by=journey.lead)
    for _ in range(WAITS):
        jobs.run_all()
        with opened(journey.council_scope):
            request = find_latest_request(journey.accreditation_id, kind)
        if request is not None and request.done_at is not None:
            return
        time.sleep(WAIT_SECONDS)  # a worker that is up has taken it first
    raise RuntimeError(f"{journey.council.name}: the {kind} was not sealed: {request and request.failure}")


def comment(journey: Journey) -> None:
    """Every other council finds a fact to correct; the rest have none."""
    with opened(journey.council_scope):
        report = find_newest(journey.accreditation_id, "fact_check")
        if report is None:
            raise RuntimeError(f"{journey.council.name}: no report was opened")
        wanted, by = journey.accreditation_id, journey.lead
        if journey.finds_mistakes:
            text = words.COMMENT.format(members=journey.council.members)
            first = next(iter(paragraphs_of(report.document)))
            fact_checks.comment(wanted, report.id, has_none=False, words=text, paragraph=first, by=by)
        fact_checks.comment(wanted, report.id, has_none=True, words="", by=by)


def reply(journey: Journey) -> None:
    """Reply to every improvement: mostly accepted, one in part, one decided against; one council is not done yet."""
    chance, today = journey.chance("reply"), clock.today()
    with opened(journey.council_scope):
        lines = list_improvements(journey.accreditation_id)
        for line in lines:
            number = line.improvement.number
            if journey.drafts_last_reply and line is lines[-1]:
                _draft_reply(journey, number)
                continue
            answered, reason = {
                2: ("accepted_in_part", words.IN_PART),
                3: ("decided_against", words.DECIDED_AGAINST),
            }.get(number, ("accepted", ""))
            improvements.reply(
                journey.accreditation_id,
                number,
                answer=answered,
                body=chance.choice(words.BODIES),
                decided_on=today - timedelta(days=chance.randrange(3, 15)),
                minute=f"{chance.randrange(11, 40)}/{today.year}",
                reason=reason,
                by=journey.lead,
            )


def _draft_reply(journey: Journey, number: int) -> None:
    improvements.save_reply_draft(
        journey.accreditation_id,
        number,
        answer="accepted_in_part",
        body=words.BODIES[0],
        decided_on=None,
        minute="",
        reason=words.IN_PART,
        version=0,
        by=journey.lead,
    )


def report_progress(journey: Journey) -> None:
    """Tell how far the accepted ones are: the first two are done, another has begun, the rest wait."""
    states = {1: "claimed_complete", 2: "in_progress", 4: "claimed_complete", 5: "in_progress"}
    with opened(journey.council_scope):
        for line in list_improvements(journey.accreditation_id):
            state = states.get(line.improvement.number)
            if state is not None:
                text = words.PROGRESS[state == "claimed_complete"]
                improvements.report_progress(
                    journey.accreditation_id, line.improvement.number, state=state, words=text, by=journey.lead
                )
