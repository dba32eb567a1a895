"""Answering: one requirement at a time, with evidence cited and actions planned, while the stage leaves it open."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm.exc import StaleDataError

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer, AnswerAction, Citation
from assessment.queries import submissions
from assessment.queries.answer_versions import get_version
from assessment.queries.answers import find_answer, find_answer_and_rest
from assessment.queries.frameworks import get_framework
from assessment.rules import returning, stages
from assessment.rules.differences import takes_out_much
from assessment.rules.framework_tree import Requirement
from assessment.rules.signings import AT_REST
from assessment.rules.stages import Stage
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid, NotFound
from saas.tenancy import Actor
from tenants.models.evidence import Evidence
from tenants.models.plans import Action, Plan
from tenants.services import plans

CLOSED = "Answers cannot be changed at the stage “{}”."
SITTING = timedelta(minutes=30)
REASON_WANTED = "Say why it cannot apply to your council."
SOURCE = "self-assessment"


def refuse_at_rest(accreditation: Accreditation) -> None:
    """Raise Conflict, in words for the page, while answers cannot be changed.

    The accreditation was read with `share` or `lock`, so that no seal can be asked for and no signing opened in
    between.
    """
    _refuse(accreditation, submissions.find_rest(accreditation.id))


def refuse_closed(accreditation: Accreditation, requirement: Requirement) -> None:
    """Raise Conflict, in words for the page, while the region asked for other requirements to be changed."""
    if not returning.is_open(requirement.code, accreditation.reopened):
        raise Conflict(returning.only_words(accreditation.reopened or ()))


def _refuse(accreditation: Accreditation, rest: str) -> None:
    stage = Stage(accreditation.stage)
    if not stages.may_edit_answers(stage):
        raise Conflict(CLOSED.format(stages.LABELS[stage]))
    if rest:
        raise Conflict(AT_REST[rest])


def requirement_of(accreditation: Accreditation, requirement_id: UUID) -> Requirement:
    """The requirement, when the accreditation's level asks for it; raises NotFound."""
    requirement = get_framework(accreditation.framework_id).requirement(requirement_id)
    if accreditation.level not in requirement.levels:
        raise NotFound
    return requirement


def save(
    accreditation: Accreditation,
    requirement_id: UUID,
    *,
    judgement: str | None,
    narrative: str,
    not_applicable_reason: str,
    version: int,
    while_typing: bool = False,
    by: Actor,
) -> Answer:
    """Save the answer to one requirement; the same content again changes nothing.

    version: the one that was read, 0 for an answer that did not exist. while_typing: saved by the page itself, which
    leaves one event and one version for the whole sitting, unless much was taken out, and takes what is not whole yet;
    a person's own press ends the sitting. Raises Conflict (`theirs` is the saved answer) when somebody else was first,
    Conflict when answers rest, Invalid (judgement, not_applicable_reason), NotFound.
    """
    requirement = requirement_of(accreditation, requirement_id)
    tree = get_framework(accreditation.framework_id).tree
    if judgement is not None and not tree.has_step(judgement):
        raise Invalid({"judgement": ["Choose one of the judgements of this framework."]})
    answer, rest = find_answer_and_rest(accreditation, requirement_id)
    _refuse(accreditation, rest)
    refuse_closed(accreditation, requirement)
    if (answer.version if answer else 0) != version:
        raise Conflict(theirs=answer, version=answer.version if answer else 0)
    if judgement is not None and tree.step(judgement).not_applicable and not not_applicable_reason and not while_typing:
        raise Invalid({"not_applicable_reason": [REASON_WANTED]})
    values = {"judgement": judgement, "narrative": narrative, "not_applicable_reason": not_applicable_reason}
    changed = [name for name, value in values.items() if (getattr(answer, name, None) or None) != (value or None)]
    if answer is not None and not changed:
        if answer.sitting is not None and not while_typing:
            _end_sitting(answer)
        return answer
    same_sitting = while_typing and answer is not None and _goes_on(answer, narrative, not_applicable_reason, by)
    sitting = (answer.sitting if answer and same_sitting else new_id()) if while_typing else None
    answer = _write(accreditation, requirement_id, answer, values | {"sitting": sitting}, by)
    if same_sitting:
        return answer
    payload = {"requirement": requirement.code, "changed": changed}
    events.record("answer.saved", answer, by=by, audience="council", payload=payload)
    return answer


def restore(accreditation: Accreditation, answer: Answer, number: int, *, version: int, by: Actor) -> Answer:
    """Let the answer say again what its version of this number said; what it says now stays in the history.

    version: the answer's own, as it was read. Raises Conflict (`theirs` is the saved answer) when somebody changed it
    since, Conflict when answers rest, NotFound.
    """
    requirement = requirement_of(accreditation, answer.requirement_id)
    refuse_at_rest(accreditation)
    refuse_closed(accreditation, requirement)
    earlier = get_version(answer, number)
    if answer.version != version:
        raise Conflict(theirs=answer)
    values = {name: getattr(earlier, name) for name in ("judgement", "narrative", "not_applicable_reason")}
    if all(getattr(answer, name) == value for name, value in values.items()):
        return answer
    answer = _write(accreditation, answer.requirement_id, answer, values | {"sitting": None}, by)
    payload = {"requirement": requirement.code, "number": number}
    events.record("answer.restored", answer, by=by, audience="council", payload=payload)
    return answer


def cite(answer: Answer, evidence: Evidence, *, pinpoint: str, why: str, by: Actor) -> Citation:
    """Cite a piece of evidence in an answer: where in it, and why. Cited again, the words given replace the earlier."""
    accreditation = accreditation_of(answer)
    refuse_at_rest(accreditation)
    refuse_closed(accreditation, requirement_of(accreditation, answer.requirement_id))
    if evidence.council_id != answer.council_id or evidence.removed_at is not None:
        raise NotFound
    if evidence.scan == "quarantined":
        raise Invalid({"evidence_id": [f"Malware was found in “{evidence.title}”: it cannot be cited."]})
    citation = db.session.scalar(
        select(Citation).where(
            Citation.council_id == answer.council_id,
            Citation.answer_id == answer.id,
            Citation.evidence_id == evidence.id,
        )
    )
    late = "Somebody else cited this evidence at the same time."
    with turning("uq_citations_council_id_answer_id_evidence_id", lambda: Conflict(late)):
        if citation is None:
            citation = Citation(
                council_id=answer.council_id,
                id=new_id(),
                answer_id=answer.id,
                evidence_id=evidence.id,
                cited_at=clock.now(),
            )
            db.session.add(citation)
        citation.pinpoint, citation.why = pinpoint or citation.pinpoint or "", why or citation.why or ""
    events.record("evidence.cited", answer, by=by, audience="council", payload=_about(accreditation, answer, evidence))
    return citation


def uncite(answer: Answer, citation_id: UUID, *, by: Actor) -> None:
    """Take a citation out of an answer; the evidence stays in the library. Raises NotFound, Conflict."""
    accreditation = accreditation_of(answer)
    refuse_at_rest(accreditation)
    found = db.session.execute(
        select(Citation.id, Evidence)
        .join(Evidence, (Evidence.council_id == Citation.council_id) & (Evidence.id == Citation.evidence_id))
        .where(Citation.council_id == answer.council_id, Citation.answer_id == answer.id, Citation.id == citation_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    # What the library lost, or malware, keeps the answer from being sent: it may always go.
    if found.Evidence.removed_at is None and found.Evidence.scan != "quarantined":
        refuse_closed(accreditation, requirement_of(accreditation, answer.requirement_id))
    db.session.execute(delete(Citation).where(Citation.council_id == answer.council_id, Citation.id == citation_id))
    payload = _about(accreditation, answer, found.Evidence)
    events.record("evidence.uncited", answer, by=by, audience="council", payload=payload)


def plan_action(
    answer: Answer,
    *,
    action: str,
    timescale: str,
    responsibility: str,
    officer_days: Decimal | None = None,
    cost: Decimal | None = None,
    by: Actor,
) -> Action:
    """Plan what the answer still needs, as a line of the gap plan; cost in pounds.

    Raises Conflict when answers rest, Invalid.
    """
    accreditation = accreditation_of(answer)
    refuse_at_rest(accreditation)
    requirement = requirement_of(accreditation, answer.requirement_id)
    refuse_closed(accreditation, requirement)
    plan = gap_plan(accreditation, by=by)
    planned = plans.add_action(
        plan,
        action=action,
        timescale=timescale,
        responsibility=responsibility,
        officer_days=officer_days,
        cost=cost,
        reason=f"{requirement.code} {requirement.title}",
        source=SOURCE,
        by=by,
    )
    link = AnswerAction(council_id=answer.council_id, id=new_id(), answer_id=answer.id, action_id=planned.id)
    db.session.add(link)
    db.session.flush()
    return planned


def gap_plan(accreditation: Accreditation, *, by: Actor) -> Plan:
    """The plan of what the self-assessment found missing; made when it is first needed."""
    title = get_framework(accreditation.framework_id).tree.level(accreditation.level).title
    return plans.find_or_create(
        accreditation.council_id,
        kind="gap",
        accreditation_id=accreditation.id,
        title=f"Plan for {title}",
        by=by,
    )


def accreditation_of(answer: Answer) -> Accreditation:
    """The accreditation an answer belongs to."""
    found = db.session.get(Accreditation, (answer.council_id, answer.accreditation_id))
    if found is None:
        raise NotFound
    return found


def _about(accreditation: Accreditation, answer: Answer, evidence: Evidence) -> dict[str, str]:
    return {"requirement": requirement_of(accreditation, answer.requirement_id).code, "evidence": evidence.title}


def _goes_on(answer: Answer, narrative: str, not_applicable_reason: str, by: Actor) -> bool:
    """Whether the same person still sits at the answer and took out little: then it is the same version."""
    if answer.sitting is None or answer.updated_by != by.id or clock.now() - answer.updated_at >= SITTING:
        return False
    texts = ((answer.narrative, narrative), (answer.not_applicable_reason, not_applicable_reason))
    return not any(takes_out_much(before, after) for before, after in texts)


def _end_sitting(answer: Answer) -> None:
    """What stands now is a version of its own: typing that goes on begins the next. The answer's own number stays."""
    this = (Answer.council_id == answer.council_id, Answer.id == answer.id, Answer.version == answer.version)
    ending = update(Answer).where(*this).values(sitting=None)
    db.session.execute(ending, execution_options={"synchronize_session": False})


def _write(
    accreditation: Accreditation, requirement_id: UUID, answer: Answer | None, values: dict[str, Any], by: Actor
) -> Answer:
    """Write the answer now, inside a savepoint: who came second hears of it with both texts at hand."""
    written = {**values, "updated_at": clock.now(), "updated_by": by.id, "updated_by_name": by.name}

    def second() -> Conflict:
        return Conflict(theirs=find_answer(accreditation, requirement_id))

    try:
        with turning("uq_answers_council_id_accreditation_id_requirement_id", second):
            if answer is None:
                answer = Answer(
                    council_id=accreditation.council_id,
                    id=new_id(),
                    accreditation_id=accreditation.id,
                    requirement_id=requirement_id,
                )
                db.session.add(answer)
            for name, value in written.items():
                setattr(answer, name, value)
    except StaleDataError as error:
        raise second() from error
    return answer
