"""Sending: checking that everything is there, asking for the seal, and giving up a seal that cannot be made."""

from __future__ import annotations

from assessment.models.accreditations import Accreditation
from assessment.models.submissions import SealRequest
from assessment.queries import answers, submissions
from assessment.queries.frameworks import get_framework
from assessment.rules import completeness, stages
from assessment.rules.completeness import PlannedAction, Problem
from assessment.rules.stages import Stage, Verb
from assessment.services.answers import gap_plan
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict
from saas.tenancy import Actor
from tenants.queries.plans import find_plan
from tenants.services import plans

VERBS = {"plan": Verb.SEND_PLAN, "readiness": Verb.SEND_READINESS}
GIVEN_UP = "The seal could not be made. Nothing was sent and nothing is lost: please ask for it again."


class Incomplete(Conflict):
    """Something is still missing before this can be sent."""


def list_problems(accreditation: Accreditation, kind: str) -> list[Problem]:
    """What keeps this from being sent, by requirement in the order of the framework; four statements at most."""
    framework = get_framework(accreditation.framework_id)
    drafts = answers.list_answers(accreditation)
    cited = answers.list_citations(accreditation)
    codes = framework.codes
    checked = {
        codes[requirement_id]: completeness.Answer(
            answer.judgement,
            answer.not_applicable_reason,
            sum(row.Evidence.removed_at is None for row in cited.get(answer.id, ())),
            confirmed=answer.carried is None or answer.confirmed_at is not None,
        )
        for requirement_id, answer in drafts.items()
    }
    if kind == "plan":
        planned = answers.list_planned_actions(accreditation)
        actions = {
            codes[requirement_id]: [
                PlannedAction(row.Action.responsibility, row.Action.timescale) for row in planned.get(answer.id, ())
            ]
            for requirement_id, answer in drafts.items()
        }
        problems = completeness.check_plan(framework.tree, accreditation.level, checked, actions)
    else:
        problems = completeness.check_readiness(framework.tree, accreditation.level, checked)
    removed = [
        Problem(codes[requirement_id], f"“{row.Evidence.title}” was removed from the library: take it out here.")
        for requirement_id, answer in drafts.items()
        for row in cited.get(answer.id, ())
        if row.Evidence.removed_at is not None
    ]
    order = {requirement.code: place for place, requirement in enumerate(framework.tree.requirements)}
    return sorted([*problems, *removed], key=lambda problem: order[problem.requirement_code])


def request_seal(accreditation: Accreditation, kind: str, *, by: Actor, monitor: str = "") -> SealRequest:
    """Ask for the seal of a plan or of the submission; a job makes it. From now on answers rest.

    accreditation: read with `lock`. monitor: who watches over the whole plan (kind plan; "" keeps who is named).
    Raises Conflict when the stage does not allow it or a seal is under way, Incomplete when something is missing.
    """
    stage = Stage(accreditation.stage)
    if not stages.may(stage, VERBS[kind]):
        raise Conflict(str(stages.OutOfTurn(stage, VERBS[kind])))
    if submissions.find_open_request(accreditation.id) is not None:
        raise Conflict("This is being sealed already.")
    problems = list_problems(accreditation, kind)
    if problems:
        raise Incomplete(_still_missing(problems))
    if kind == "plan":
        _name_monitor(accreditation, monitor, by=by)
    request = SealRequest(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        kind=kind,
        asked_at=clock.now(),
        asked_by=by.id,
        asked_by_name=by.name,
    )
    db.session.add(request)
    db.session.flush()
    events.record("submission.seal_requested", request, by=by, audience="council", payload={"kind": kind})
    return request


def _still_missing(problems: list[Problem]) -> str:
    if len(problems) == 1:
        return f"1 thing is still missing, in {problems[0].requirement_code}. {problems[0].words}"
    return f"{len(problems)} things are still missing."


def find_monitor(accreditation: Accreditation) -> str:
    """Who watches over the whole of the gap plan; "" while nobody is named."""
    plan = find_plan(accreditation.council_id, "gap", accreditation_id=accreditation.id)
    return plan.monitor if plan else ""


def fail(request: SealRequest, words: str) -> None:
    """Give a seal up: the words stand on the page, the stage is as it was, answers may be changed again."""
    request.failed_at = clock.now()
    request.failure = words
    by = Actor(request.asked_by, request.asked_by_name)
    payload = {"kind": request.kind, "words": words}
    events.record("submission.seal_failed", request, by=by, audience="council", payload=payload)


def _name_monitor(accreditation: Accreditation, monitor: str, *, by: Actor) -> None:
    monitor = " ".join(monitor.split())
    plan = gap_plan(accreditation, by=by)
    if not monitor and not plan.monitor:
        raise Incomplete("Name who watches over the whole plan.")
    if monitor and monitor != plan.monitor:
        plans.change_plan(plan, title=plan.title, monitor=monitor, version=plan.version, by=by)
