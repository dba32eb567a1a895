"""Carrying the last cycle's answers into a new accreditation, and confirming each of them anew."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer, Citation
from assessment.queries.accreditations import get_accreditation
from assessment.queries.carried import Line, find_preview
from assessment.queries.frameworks import get_framework
from assessment.rules.framework_tree import Requirement
from assessment.services.answers import refuse_at_rest, refuse_closed, requirement_of
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor

NOTHING = "There is no earlier submission of your council to carry answers from."
ONCE = "The answers of your last submission were carried already."
ALL_TAKEN = "Every requirement that could be carried has an answer already."


def carry(accreditation: Accreditation, *, by: Actor) -> int:
    """Carry the last cycle's answers to every requirement that nobody has answered; how many were carried.

    accreditation: read with `lock`. Each starts unconfirmed, with text, judgement and citations of evidence that is in
    the library still. All or nothing, and once. Raises Conflict in words for the page.
    """
    refuse_at_rest(accreditation)
    preview = find_preview(accreditation)
    if preview is None:
        raise Conflict(NOTHING)
    if preview.carried_already:
        raise Conflict(ONCE)
    if not preview.to_carry:
        raise Conflict(ALL_TAKEN)
    ids = get_framework(accreditation.framework_id).ids
    origin = {
        "submission_id": str(preview.earlier.submission_id),
        "number": preview.earlier.number,
        "sealed_on": preview.sealed_on.isoformat(),
    }
    written = [(line, _write(accreditation, ids[line.requirement.code], line, origin, by)) for line in preview.to_carry]
    db.session.flush()
    db.session.add_all(
        Citation(
            council_id=accreditation.council_id,
            id=new_id(),
            answer_id=answer.id,
            evidence_id=each.evidence_id,
            pinpoint=each.pinpoint,
            why=each.why,
            cited_at=clock.now(),
        )
        for line, answer in written
        for each in line.citations
    )
    payload = {"count": len(written), "number": preview.earlier.number, "sealed_on": origin["sealed_on"]}
    events.record("answers.carried", accreditation, by=by, audience="council", payload=payload)
    return len(written)


def confirm(answer: Answer, *, by: Actor) -> None:
    """Say that an answer carried, or taken from a document, holds as it stands now; confirming again changes nothing.

    Raises Conflict when answers rest or it came from nowhere else, Invalid (judgement) while it has none.
    """
    requirement = _open_requirement(answer)
    if answer.confirmed_at is not None:
        return
    if answer.judgement is None:
        raise Invalid({"judgement": ["Give your judgement before you confirm this answer."]})
    answer.confirmed_at, answer.confirmed_by, answer.confirmed_by_name = clock.now(), by.id, by.name
    _record("answer.confirmed", answer, requirement, by)


def take_back(answer: Answer, *, by: Actor) -> None:
    """Take a confirmation back; the answer waits for one again. Raises Conflict as `confirm` does."""
    requirement = _open_requirement(answer)
    if answer.confirmed_at is None:
        return
    answer.confirmed_at, answer.confirmed_by, answer.confirmed_by_name = None, None, ""
    _record("answer.confirmation_taken_back", answer, requirement, by)


def _write(accreditation: Accreditation, requirement_id: UUID, line: Line, origin: dict[str, Any], by: Actor) -> Answer:
    answer = line.answer
    if answer is None:
        answer = Answer(
            council_id=accreditation.council_id,
            id=new_id(),
            accreditation_id=accreditation.id,
            requirement_id=requirement_id,
        )
        db.session.add(answer)
    answer.judgement = line.united.judgement
    answer.narrative = line.united.narrative
    answer.not_applicable_reason = line.united.not_applicable_reason
    answer.updated_at, answer.updated_by, answer.updated_by_name = clock.now(), by.id, by.name
    answer.sitting = None
    answer.carried = {**origin, "codes": [each.code for each in line.sources], "gone": list(line.gone)}
    return answer


def _open_requirement(answer: Answer) -> Requirement:
    accreditation = get_accreditation(answer.accreditation_id)
    requirement = requirement_of(accreditation, answer.requirement_id)
    refuse_at_rest(accreditation)
    refuse_closed(accreditation, requirement)
    if answer.carried is None and answer.imported is None:
        raise Conflict("This answer was neither carried nor taken from a document: there is nothing to confirm.")
    return requirement


def _record(verb: str, answer: Answer, requirement: Requirement, by: Actor) -> None:
    db.session.flush()
    events.record(verb, answer, by=by, audience="council", payload={"requirement": requirement.code})
