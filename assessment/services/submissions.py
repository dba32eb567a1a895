"""Sending: checking that everything is there, asking for the seal, and giving up a seal that cannot be made."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from assessment.models.accreditations import Accreditation
from assessment.models.answers import AnswerComment, Citation
from assessment.models.submissions import SealRequest
from assessment.queries import answers, returned, submissions
from assessment.queries.accreditations import address_of, get_accreditation, process_of
from assessment.queries.chair_confirmations import find_standing
from assessment.queries.frameworks import get_framework
from assessment.queries.signings import is_signed
from assessment.rules import completeness, lateness, stages
from assessment.rules.completeness import Around, Check, Cited, Finding, PlannedAction
from assessment.rules.event_words import SENT_AS
from assessment.rules.stages import Stage, Verb
from assessment.services.answers import gap_plan
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict
from saas.files import is_scanning
from saas.tenancy import Actor
from tenants.models.evidence import Evidence
from tenants.queries.plans import find_plan
from tenants.services import notices, plans

VERBS = {"plan": Verb.SEND_PLAN, "readiness": Verb.SEND_READINESS}
GIVEN_UP = "The seal could not be made. Nothing was sent and nothing is lost: please ask for it again."


class Incomplete(Conflict):
    """Something is still missing before this can be sent."""


def look_over(accreditation: Accreditation, kind: str) -> list[Finding]:
    """Everything that keeps this from being sent or is worth a look, in the order of the framework.

    The same number of statements for any number of answers: six at most.
    """
    framework = get_framework(accreditation.framework_id)
    drafts = {framework.codes[each]: answer for each, answer in answers.list_answers(accreditation).items()}
    cited = answers.list_citations(accreditation)
    planned = answers.list_planned_actions(accreditation) if kind == "plan" else {}
    asked = returned.list_returned(accreditation)
    comments = _open_comments(accreditation)
    checked = {}
    for requirement in framework.tree.requirements_of(accreditation.level):
        code = requirement.code
        draft = drafts.get(code)
        open_comments = comments.get(framework.ids[code], 0)
        unchanged = code in asked and not asked[code].changed_since
        if draft is None:
            checked[code] = completeness.Answer(comments=open_comments, unchanged=unchanged)
            continue
        actions = [row.Action for row in planned.get(draft.id, ())]
        checked[code] = completeness.Answer(
            draft.judgement,
            draft.not_applicable_reason,
            [_cited(row.Evidence) for row in cited.get(draft.id, ())],
            [PlannedAction(action.responsibility, action.timescale) for action in actions],
            confirmed=(draft.carried is None and draft.imported is None) or draft.confirmed_at is not None,
            comments=open_comments,
            unchanged=unchanged,
        )
    expected = process_of(accreditation).evidence_expected
    around = Around(clock.today(), is_scanning(), _count_uncited(accreditation), expected)
    return Check(framework.tree, accreditation.level, kind, checked, around).run()


def list_problems(accreditation: Accreditation, kind: str) -> list[Finding]:
    """What keeps this from being put before those who sign, and from being sent, in the order of the framework."""
    return [finding for finding in look_over(accreditation, kind) if finding.refuses]


def _cited(evidence: Evidence) -> Cited:
    return Cited(
        evidence.id,
        evidence.title,
        evidence.kind,
        evidence.removed_at is not None,
        evidence.valid_until_on,
        evidence.scan,
        evidence.reachable,
    )


def _open_comments(accreditation: Accreditation) -> dict[UUID, int]:
    """How many comments nobody has settled, by requirement id."""
    rows = db.session.execute(
        select(AnswerComment.requirement_id, func.count())
        .where(
            AnswerComment.council_id == accreditation.council_id,
            AnswerComment.accreditation_id == accreditation.id,
            AnswerComment.settled_at.is_(None),
        )
        .group_by(AnswerComment.requirement_id)
    )
    return {row[0]: row[1] for row in rows}


def _count_uncited(accreditation: Accreditation) -> int:
    """How much of the library no answer of the council cites."""
    cited = select(Citation.id).where(Citation.council_id == Evidence.council_id, Citation.evidence_id == Evidence.id)
    wanted = select(func.count()).select_from(Evidence)
    held = (Evidence.council_id == accreditation.council_id, Evidence.removed_at.is_(None), Evidence.kind != "measure")
    return db.session.scalar(wanted.where(*held, ~cited.exists())) or 0


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
    if kind == "readiness" and (refusal := lateness.why_refused(_standing_of(accreditation))):
        raise Incomplete(refusal)
    problems = list_problems(accreditation, kind)
    if problems:
        raise Incomplete(still_missing(problems))
    process = process_of(accreditation)
    if process.chair_confirms and find_standing(accreditation, kind) is None:
        raise Incomplete("The chair of the steering group has not confirmed it yet.")
    if kind == "readiness" and process.readiness_signed and not is_signed(accreditation, kind):
        raise Incomplete("Not everybody has signed yet.")
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


def before_sending(accreditation: Accreditation) -> str:
    """What the last day means for a submission that is not sent yet, in words for its page; "" where nothing."""
    return lateness.before_sending(_standing_of(accreditation))


def is_too_late(accreditation: Accreditation) -> bool:
    """Whether the last day is over and the region takes no submission after it."""
    return bool(lateness.why_refused(_standing_of(accreditation)))


def _standing_of(accreditation: Accreditation) -> lateness.Standing:
    late = process_of(accreditation).late_submissions
    return lateness.Standing(clock.today(), accreditation.deadline_on, late)


def still_missing(problems: Sequence[Finding]) -> str:
    """How much is missing, in a sentence; of a single thing also what."""
    only = problems[0]
    if len(problems) == 1 and only.requirement_code:
        return f"1 thing is still missing, in {only.requirement_code}. {only.words}"
    return "1 thing is still missing." if len(problems) == 1 else f"{len(problems)} things are still missing."


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
    tell_who_asked(request)


def tell_who_asked(request: SealRequest, submission_id: UUID | None = None) -> None:
    """Tell whoever asked for a seal how it ended: with this submission, or, without one, that it failed."""
    if request.asked_by is None:
        return
    here = address_of(get_accreditation(request.accreditation_id))
    what = SENT_AS[request.kind]
    if submission_id is None:
        check = "interim" if request.kind == "interim" else f"check/{request.kind}"
        path, words = f"{here}{check}", f"Your {what} could not be sealed. Nothing was sent."
    else:
        path, words = f"{here}submissions/{submission_id}", f"Your {what} is sealed and sent. Here is the receipt."
    notices.tell(request.council_id, request.asked_by, key=f"seal:{request.id}", kind="seal", words=words, path=path)


def _name_monitor(accreditation: Accreditation, monitor: str, *, by: Actor) -> None:
    monitor = " ".join(monitor.split())
    plan = gap_plan(accreditation, by=by)
    if not monitor and not plan.monitor:
        raise Incomplete("Name who watches over the whole plan.")
    if monitor and monitor != plan.monitor:
        plans.change_plan(plan, title=plan.title, monitor=monitor, version=plan.version, by=by)
