"""Taking a self-assessment in from a document: shown first, then all of it or nothing, as drafts, and undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer, AnswerAction
from assessment.queries.answers import list_answers
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.queries.self_assessment_imports import find_taken_in_before
from assessment.rules import returning
from assessment.rules.answering import LONGEST_TEXT
from assessment.rules.template_choices import Choice, Proposal, proposals
from assessment.services.answers import SOURCE, gap_plan, refuse_at_rest
from assessment.services.self_assessment_readings import chosen, rows_of
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.imports import Import
from tenants.queries.imports import count_worked_on
from tenants.queries.locks import hold
from tenants.queries.plans import find_plan
from tenants.services import plans
from tenants.services.imports import take_out_actions

UNSAID = "Choose the requirement this row speaks of, or say that it is left out."
_KEPT_OF_ANSWERS = ("narrative", "imported", "confirmed_by_name")


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What taking a self-assessment in came to; `already`: this very file was taken in before."""

    answers: int
    actions: int
    already: bool = False


def list_proposals(accreditation: Accreditation, kept: Import) -> list[Proposal]:
    """What would be taken in, requirement by requirement, beside what is answered now."""
    framework = get_framework(accreditation.framework_id)
    return _proposals(accreditation, kept, framework, list_answers(accreditation))


def _proposals(
    accreditation: Accreditation, kept: Import, framework: PublishedFramework, answers: Mapping[UUID, Answer]
) -> list[Proposal]:
    requirements = framework.tree.requirements_of(accreditation.level)
    answered = {framework.codes[each.requirement_id]: each.narrative for each in answers.values()}
    is_open = {each.code: returning.is_open(each.code, accreditation.reopened) for each in requirements}
    return proposals(rows_of(kept), requirements, answered, is_open)


def take_in(accreditation: Accreditation, kept: Import, choices: Mapping[str, Choice], *, by: Actor) -> TakenIn:
    """Put the document's words into the answers, as drafts to be confirmed, and its actions into the gap plan.

    accreditation: read with `lock`. choices: by code, for answers that say something else; without one ours stay.
    The same file is taken in once: again adds nothing. Raises Conflict when answers rest or nothing is to be taken,
    Invalid (row-<number>) for rows of which nobody has said what they speak of, and (the code) for a text beyond the
    limit of an answer.
    """
    hold(f"imports:{kept.council_id}")
    if find_taken_in_before(accreditation, kept.sha256) is not None:
        return TakenIn(0, 0, already=True)
    refuse_at_rest(accreditation)
    unsaid = [at for at, row in enumerate(kept.rows) if not chosen(row)]
    if unsaid:
        raise Invalid({f"row-{at}": [UNSAID] for at in unsaid})
    framework = get_framework(accreditation.framework_id)
    answers = list_answers(accreditation)
    found = _proposals(accreditation, kept, framework, answers)
    texts = {each.requirement.code: each.text(choices.get(each.requirement.code, Choice.OURS)) for each in found}
    _refuse_long(texts)
    written, planned = 0, 0
    for each in found:
        requirement_id = framework.ids[each.requirement.code]
        text = texts[each.requirement.code]
        answer = answers.get(requirement_id)
        if text is not None:
            written += 1
            answer = _write(accreditation, requirement_id, answer, text, _origin(kept, each, answer), by)
        if each.open and each.actions:
            answer = answer or _write(accreditation, requirement_id, None, "", None, by)
            planned += _plan(accreditation, kept, each, answer, by)
    if not written and not planned:
        raise Conflict("There is nothing to take in: the answers here say it already, or no row has a requirement.")
    kept.taken_in_at = clock.now()
    db.session.flush()
    payload = {"filename": kept.filename, "answers": written, "actions": planned}
    events.record("import.taken_in", kept, by=by, audience="council", payload=payload)
    return TakenIn(written, planned)


def undo(accreditation: Accreditation, kept: Import, *, by: Actor) -> TakenIn:
    """Let the answers say again what they said before, and take the actions out; what was read stays.

    Raises Conflict, naming them, when answers or actions were worked on since, or when answers rest.
    """
    if kept.taken_in_at is None:
        raise Conflict("This document is not taken in: there is nothing to undo.")
    refuse_at_rest(accreditation)
    framework = get_framework(accreditation.framework_id)
    written = [each for each in list_answers(accreditation).values() if _is_from(kept, each.imported)]
    changed = [framework.codes[each.requirement_id] for each in written if not _is_as_taken_in(kept, each)]
    if changed:
        raise Conflict(f"Changed or confirmed since, so it cannot be undone: {', '.join(sorted(changed))}.")
    worked_on = count_worked_on(kept)
    if worked_on:
        words = "1 of its actions was" if worked_on == 1 else f"{worked_on} of its actions were"
        raise Conflict(f"{words} worked on since, so it cannot be undone.")
    for answer in written:
        before = _before(answer)
        for name in _KEPT_OF_ANSWERS:
            setattr(answer, name, before[name])
        answer.confirmed_at = datetime.fromisoformat(before["confirmed_at"]) if before["confirmed_at"] else None
        answer.confirmed_by = UUID(before["confirmed_by"]) if before["confirmed_by"] else None
        _sign(answer, by)
    removed, _ = take_out_actions(kept, by=by)
    kept.taken_in_at = None
    db.session.flush()
    payload = {"filename": kept.filename, "answers": len(written), "actions": removed}
    events.record("import.undone", kept, by=by, audience="council", payload=payload)
    return TakenIn(len(written), removed)


def _refuse_long(texts: Mapping[str, str | None]) -> None:
    wrong = {
        code: [f"The text would have {len(text):,} characters; an answer holds at most {LONGEST_TEXT:,}."]
        for code, text in texts.items()
        if text is not None and len(text) > LONGEST_TEXT
    }
    if wrong:
        raise Invalid(wrong)


def _origin(kept: Import, proposal: Proposal, answer: Answer | None) -> dict[str, Any]:
    """Where the words of an answer come from, which version of it they are, and what it said before, for undoing."""
    return {
        "import_id": str(kept.id),
        "filename": kept.filename,
        "place": "; ".join(proposal.places),
        "version": answer.version + 1 if answer else 1,
        "before": _state(answer),
    }


def _is_from(kept: Import, imported: Mapping[str, Any] | None) -> bool:
    """Whether the import wrote an answer, or wrote it before a later one did."""
    while imported is not None:
        if imported["import_id"] == str(kept.id):
            return True
        imported = imported["before"]["imported"]
    return False


def _before(answer: Answer) -> dict[str, Any]:
    """What an answer said before it was taken in; of an earlier document's words it is that document's again."""
    written: dict[str, Any] = answer.imported or {}
    before: dict[str, Any] = written["before"]
    earlier = before["imported"]
    if earlier is not None and earlier["version"] == written["version"] - 1:
        return {**before, "imported": {**earlier, "version": answer.version + 1}}
    return before


def _is_as_taken_in(kept: Import, answer: Answer) -> bool:
    imported = answer.imported or {}
    return imported["import_id"] == str(kept.id) and imported["version"] == answer.version


def _state(answer: Answer | None) -> dict[str, Any]:
    """What an answer says before it is written, for undoing."""
    if answer is None:
        return {"narrative": "", "imported": None, "confirmed_by_name": "", "confirmed_at": None, "confirmed_by": None}
    return {
        **{name: getattr(answer, name) for name in _KEPT_OF_ANSWERS},
        "confirmed_at": answer.confirmed_at.isoformat() if answer.confirmed_at else None,
        "confirmed_by": str(answer.confirmed_by) if answer.confirmed_by else None,
    }


def _write(
    accreditation: Accreditation,
    requirement_id: UUID,
    answer: Answer | None,
    narrative: str,
    imported: dict[str, Any] | None,
    by: Actor,
) -> Answer:
    if answer is None:
        answer = Answer(
            council_id=accreditation.council_id,
            id=new_id(),
            accreditation_id=accreditation.id,
            requirement_id=requirement_id,
            judgement=None,
            not_applicable_reason="",
        )
        db.session.add(answer)
    answer.narrative, answer.imported = narrative, imported
    answer.confirmed_at, answer.confirmed_by, answer.confirmed_by_name = None, None, ""
    _sign(answer, by)
    db.session.flush()
    return answer


def _sign(answer: Answer, by: Actor) -> None:
    answer.updated_at, answer.updated_by, answer.updated_by_name = clock.now(), by.id, by.name
    answer.sitting = None


def _plan(accreditation: Accreditation, kept: Import, proposal: Proposal, answer: Answer, by: Actor) -> int:
    """Put the actions of one requirement into the gap plan, each needed by its answer; how many."""
    if kept.plan_id is None:
        kept.made_plan = find_plan(kept.council_id, "gap", accreditation_id=accreditation.id) is None
    plan = gap_plan(accreditation, by=by)
    kept.plan_id = plan.id
    hold(f"actions:{plan.id}")
    position = plans.last_position(plan)
    for number, row in enumerate(proposal.actions, start=position + 1):
        values = {
            "ref": str(number),
            "action": row.action,
            "timescale": row.timescale,
            "responsibility": row.responsibility,
            "reason": f"{proposal.requirement.code} {proposal.requirement.title}",
            "remark": "",
            "status_text": "",
            "source": SOURCE,
            "officer_days": None,
            "cost": None,
        }
        action = plans.new_action(plan, number, values)
        action.import_id, action.updated_by_name = kept.id, by.name
        db.session.add(action)
        db.session.flush()
        link = AnswerAction(council_id=answer.council_id, id=new_id(), answer_id=answer.id, action_id=action.id)
        db.session.add(link)
    db.session.flush()
    return len(proposal.actions)
