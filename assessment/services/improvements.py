"""Improvements: the council's reply and progress, the region's last word, and their place in the council's plan."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from assessment.models.improvements import (
    ENDINGS,
    PROGRESS,
    REPLIES,
    Improvement,
    ImprovementAction,
    ImprovementProgress,
    Reply,
    ReplyDraft,
)
from assessment.queries.accreditations import get_accreditation
from assessment.queries.awards import find_award
from assessment.queries.frameworks import get_framework
from assessment.queries.improvements import (
    ImprovementLine,
    actions_of,
    find_reply_draft,
    get_improvement,
    hold_improvement,
    list_improvements,
)
from assessment.rules.improvements import ENDING_LABELS, ImprovementState
from assessment.rules.stages import LABELS, Stage, may_reply_to_improvements, may_verify_improvements
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import SERVICE, Actor
from tenants.services import plans

PLAN_TITLE = "Improvement plan"
OVERTAKEN = "Somebody else saved a reply after you opened this page."


def save_reply_draft(
    accreditation_id: UUID,
    number: int,
    *,
    answer: str,
    body: str,
    decided_on: date | None,
    minute: str,
    reason: str,
    version: int,
    by: Actor,
) -> ReplyDraft:
    """Keep a reply that is not sent yet, as far as it is; nobody but the council sees it.

    version: 0 for a first draft. Raises Conflict (theirs: the draft as it stands) when somebody else saved one since.
    """
    line = _to_reply(accreditation_id, number)
    draft = find_reply_draft(line.improvement)
    if (draft.version if draft else 0) != version:
        raise Conflict(OVERTAKEN, theirs=draft)
    if draft is None:
        draft = ReplyDraft(council_id=line.improvement.council_id, id=new_id(), improvement_id=line.improvement.id)
        db.session.add(draft)
    draft.answer, draft.body, draft.decided_on = answer, body, decided_on
    draft.minute, draft.reason, draft.updated_at = minute, reason, clock.now()
    db.session.flush()
    events.record("improvement.reply_drafted", line.improvement, by=by, audience="council", payload={"number": number})
    return draft


def reply(
    accreditation_id: UUID,
    number: int,
    *,
    answer: str,
    body: str = "",
    decided_on: date | None = None,
    minute: str = "",
    reason: str = "",
    draft_version: int | None = None,
    by: Actor,
) -> Reply:
    """Send the council's reply to the region; a later one stands above it, all remain.

    draft_version: of the draft that was seen, which goes away. Raises Conflict out of turn, once the region closed the
    improvement, or for a draft that was not seen (`theirs`); Invalid (answer, body, decided_on, reason).
    """
    line = _to_reply(accreditation_id, number)
    improvement = line.improvement
    draft = find_reply_draft(improvement)
    if draft is not None and draft.version != draft_version:
        raise Conflict(OVERTAKEN, theirs=draft)
    _check_reply(answer, body, decided_on, reason)
    sent = Reply(
        council_id=improvement.council_id,
        id=new_id(),
        region_id=improvement.region_id,
        accreditation_id=accreditation_id,
        improvement_id=improvement.id,
        answer=answer,
        body=body,
        decided_on=decided_on,
        minute=minute,
        reason=reason,
        replied_at=clock.now(),
        replied_by=by.id,
        replied_by_name=by.name,
    )
    db.session.add(sent)
    if draft is not None:
        db.session.delete(draft)
    db.session.flush()
    payload = {"number": number, "answer": answer}
    events.record("improvement.replied", sent, by=by, audience="shared", payload=payload)
    _settle_next_date(accreditation_id)
    return sent


def report_progress(accreditation_id: UUID, number: int, *, state: str, words: str, by: Actor) -> ImprovementProgress:
    """Tell the region how far an improvement is. Raises Conflict before a reply, or once it is closed; Invalid."""
    line = get_improvement(accreditation_id, number)
    if line.reply is None:
        raise Conflict(f"Reply to improvement {number} first.")
    if line.state is ImprovementState.DECIDED_AGAINST:
        raise Conflict("Your council decided against this. Send a new reply if it has changed its mind.")
    _ask_open(line.improvement)
    messages = {}
    if state not in PROGRESS:
        messages["state"] = ["Choose how far it is."]
    if not words.strip():
        messages["words"] = ["Enter what has been done."]
    if messages:
        raise Invalid(messages)
    improvement = line.improvement
    told = ImprovementProgress(
        council_id=improvement.council_id,
        id=new_id(),
        region_id=improvement.region_id,
        accreditation_id=accreditation_id,
        improvement_id=improvement.id,
        state=state,
        words=words,
        reported_at=clock.now(),
        reported_by=by.id,
        reported_by_name=by.name,
    )
    db.session.add(told)
    db.session.flush()
    payload = {"number": number, "state": state}
    events.record("improvement.progress_reported", told, by=by, audience="shared", payload=payload)
    return told


def conclude(accreditation_id: UUID, number: int, *, ending: str | None, by: Actor) -> Improvement:
    """The region's last word: `verified`, `superseded`, `carried_forward`, or None to open it again.

    Only what the council claims to be complete can be verified. Raises Conflict out of turn, Invalid (ending).
    """
    stage = Stage(get_accreditation(accreditation_id).stage)
    if not may_verify_improvements(stage):
        raise Conflict(f"Improvements cannot be closed at the stage “{LABELS[stage]}”.")
    improvement = hold_improvement(accreditation_id, number)
    if ending is not None and ending not in ENDINGS:
        raise Invalid({"ending": [f"Choose one of: {', '.join(ENDING_LABELS.values())}."]})
    progress = get_improvement(accreditation_id, number).progress
    if ending == "verified" and (progress is None or progress.state != "claimed_complete"):
        raise Invalid({"ending": ["The council has not reported this as complete, so it cannot be verified."]})
    if improvement.ending == ending:
        return improvement
    improvement.ending = ending
    improvement.ended_at = clock.now() if ending else None
    db.session.flush()
    verb = f"improvement.{ending or 'reopened'}"
    events.record(verb, improvement, by=by, audience="shared", payload={"number": number})
    return improvement


def stand_in_plan(accreditation_id: UUID) -> int:
    """Put every issued improvement into the council's plan of improvements, each once; how many are new.

    Runs in the council's own scope: no region writes there. Timescale, reason and remark are kept to the word.
    """
    accreditation = get_accreditation(accreditation_id)
    lines = list_improvements(accreditation_id)
    if not lines:
        return 0
    # This holds the council's plans to the end of the transaction, so that a second run waits and then finds all.
    plan = plans.find_or_create(
        accreditation.council_id,
        kind="improvements",
        accreditation_id=accreditation_id,
        title=PLAN_TITLE,
        by=SERVICE,
    )
    framework = get_framework(accreditation.framework_id).tree
    source = f"{framework.title}, report of {_day(lines[0].improvement.issued_at.astimezone(clock.LONDON).date())}"
    there = actions_of(accreditation_id)
    fresh = [line.improvement for line in lines if line.improvement.id not in there]
    for improvement in fresh:
        action = plans.add_action(
            plan,
            ref=str(improvement.number),
            action=improvement.action,
            timescale=improvement.timescale,
            reason=improvement.reason,
            remark=improvement.remark,
            source=source,
            by=SERVICE,
        )
        db.session.add(
            ImprovementAction(
                council_id=improvement.council_id, id=new_id(), improvement_id=improvement.id, action_id=action.id
            )
        )
    db.session.flush()
    return len(fresh)


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def _to_reply(accreditation_id: UUID, number: int) -> ImprovementLine:
    line = get_improvement(accreditation_id, number)
    stage = Stage(get_accreditation(accreditation_id).stage)
    if not may_reply_to_improvements(stage):
        raise Conflict(f"No reply can be sent at the stage “{LABELS[stage]}”.")
    _ask_open(line.improvement)
    return line


def _ask_open(improvement: Improvement) -> None:
    if improvement.ending is not None:
        words = ENDING_LABELS[improvement.ending].lower()
        raise Conflict(f"The region closed improvement {improvement.number}: {words}.")


def _check_reply(answer: str, body: str, decided_on: date | None, reason: str) -> None:
    messages: dict[str, list[str]] = {}
    if answer not in REPLIES:
        messages["answer"] = ["Choose your reply."]
    if answer in ("accepted_in_part", "decided_against") and not reason.strip():
        messages["reason"] = ["Enter the reason."]
    if answer == "decided_against":
        if not body.strip():
            messages["body"] = ["Enter which body decided against it."]
        if decided_on is None:
            messages["decided_on"] = ["Enter the day of that decision."]
    if decided_on is not None and decided_on > clock.today():
        messages["decided_on"] = ["The day of the decision must not be in the future."]
    if messages:
        raise Invalid(messages)


def _settle_next_date(accreditation_id: UUID) -> None:
    """Once every improvement has its reply, the next date is the award's interim review, if there is one."""
    if any(line.reply is None for line in list_improvements(accreditation_id)):
        return
    accreditation = get_accreditation(accreditation_id, lock=True)
    award = find_award(accreditation_id)
    accreditation.next_due_on = award.interim_due_on if award else None
