"""Taking a self-assessment in from a document: shown first, then all of it or nothing, as drafts, and undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer, AnswerAction
from assessment.queries.answers import list_answers
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.queries.self_assessment_imports import SELF_ASSESSMENT, find_taken_in_before
from assessment.rules import returning, template_rows
from assessment.rules.template_choices import Choice, Proposal, proposals
from assessment.rules.template_rows import CHOSEN, LEFT_OUT, UNMATCHED, TemplateRow
from assessment.services.answers import SOURCE, gap_plan, refuse_at_rest
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.imports import Import
from tenants.queries.imports import count_worked_on
from tenants.queries.locks import hold
from tenants.queries.plans import find_plan
from tenants.rules.grids import UnreadableDocument
from tenants.services import documents_apart, plans
from tenants.services.import_readings import keep as keep_import
from tenants.services.imports import take_out_actions

LONGEST = 20_000
UNSAID = "Choose the requirement this row speaks of, or say that it is left out."
_KEPT_OF_ANSWERS = ("narrative", "imported", "confirmed_by_name")


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What taking a self-assessment in came to; `already`: this very file was taken in before."""

    answers: int
    actions: int
    already: bool = False


def keep(accreditation: Accreditation, data: bytes, filename: str, *, by: Actor) -> Import:
    """Read a document and keep its rows for the preview; no answer is touched.

    Raises Invalid (file), and Conflict while answers rest: nothing of it could be taken in.
    """
    refuse_at_rest(accreditation)
    try:
        reading = template_rows.read(documents_apart.open_document(data, filename))
    except (UnreadableDocument, template_rows.NoRows) as unreadable:
        raise Invalid({"file": [str(unreadable)]}) from unreadable
    framework = get_framework(accreditation.framework_id).tree
    ours = template_rows.names_framework(reading.leftovers, framework.title, framework.version)
    requirements = framework.requirements_of(accreditation.level)
    rows = template_rows.matched(reading.rows, requirements, same_framework=ours)
    kept = Import(
        council_id=accreditation.council_id,
        kind=SELF_ASSESSMENT,
        accreditation_id=accreditation.id,
        filename=filename,
        rows=[asdict(row) for row in rows],
        leftovers=list(reading.leftovers),
        warnings=list(reading.warnings),
    )
    return keep_import(kept, data, count=len(rows), by=by)


def rows_of(kept: Import) -> list[TemplateRow]:
    """The rows that were kept."""
    return [TemplateRow(**{**row, "extra": tuple(row["extra"])}) for row in kept.rows]


def choose(accreditation: Accreditation, kept: Import, codes: Mapping[int, str]) -> bool:
    """Say which requirement rows speak of; whether any now speaks of another one.

    codes: number of the row from 0 → code, LEFT_OUT for none, "" while nobody has said. Raises Invalid
    (row-<number>), Conflict once it is taken in.
    """
    if kept.taken_in_at is not None:
        raise Conflict("This document was taken in meanwhile. Undo that before you change what its rows speak of.")
    framework = get_framework(accreditation.framework_id).tree
    known = {each.code for each in framework.requirements_of(accreditation.level)}
    wrong = [at for at, code in codes.items() if code not in known | {"", LEFT_OUT}]
    if wrong:
        raise Invalid({f"row-{at}": ["Choose one of the requirements in the list."] for at in wrong})
    rows = [
        _speaking_of(row, codes[at]) if at in codes and chosen(row) != codes[at] else row
        for at, row in enumerate(kept.rows)
    ]
    changed = any(row["code"] != before["code"] for row, before in zip(rows, kept.rows, strict=True))
    kept.rows = rows
    return changed


def chosen(row: Mapping[str, Any]) -> str:
    """What is said of a kept row: its requirement's code, LEFT_OUT, or "" while a person is still to be asked."""
    return LEFT_OUT if row["how"] == LEFT_OUT else row["code"]


def _speaking_of(row: dict[str, Any], code: str) -> dict[str, Any]:
    if code == LEFT_OUT:
        return {**row, "code": "", "how": LEFT_OUT}
    return {**row, "code": code, "how": CHOSEN if code else UNMATCHED}


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
    written, planned = [], 0
    for each in found:
        requirement_id = framework.ids[each.requirement.code]
        text = texts[each.requirement.code]
        answer = answers.get(requirement_id)
        if text is not None:
            before = _state(answer)
            answer = _write(accreditation, requirement_id, answer, text, _origin(kept, each), by)
            written.append({"answer_id": str(answer.id), "version": answer.version, "before": before})
        if each.open and each.actions:
            answer = answer or _write(accreditation, requirement_id, None, "", None, by)
            planned += _plan(accreditation, kept, each, answer, by)
    if not written and not planned:
        raise Conflict("There is nothing to take in: the answers here say it already, or no row has a requirement.")
    kept.grid, kept.taken_in_at = {"written": written}, clock.now()
    db.session.flush()
    payload = {"filename": kept.filename, "answers": len(written), "actions": planned}
    events.record("import.taken_in", kept, by=by, audience="council", payload=payload)
    return TakenIn(len(written), planned)


def undo(accreditation: Accreditation, kept: Import, *, by: Actor) -> TakenIn:
    """Let the answers say again what they said before, and take the actions out; what was read stays.

    Raises Conflict, naming them, when answers or actions were worked on since, or when answers rest.
    """
    if kept.taken_in_at is None:
        raise Conflict("This document is not taken in: there is nothing to undo.")
    refuse_at_rest(accreditation)
    framework = get_framework(accreditation.framework_id)
    answers = {str(each.id): each for each in list_answers(accreditation).values()}
    written = (kept.grid or {})["written"]
    changed = [framework.codes[answers[each["answer_id"]].requirement_id] for each in written
               if answers[each["answer_id"]].version != each["version"]]  # fmt: skip
    if changed:
        raise Conflict(f"Changed or confirmed since, so it cannot be undone: {', '.join(sorted(changed))}.")
    worked_on = count_worked_on(kept)
    if worked_on:
        words = "1 of its actions was" if worked_on == 1 else f"{worked_on} of its actions were"
        raise Conflict(f"{words} worked on since, so it cannot be undone.")
    for each in written:
        answer = answers[each["answer_id"]]
        before = each["before"]
        for name in _KEPT_OF_ANSWERS:
            setattr(answer, name, before[name])
        answer.confirmed_at = datetime.fromisoformat(before["confirmed_at"]) if before["confirmed_at"] else None
        answer.confirmed_by = UUID(before["confirmed_by"]) if before["confirmed_by"] else None
        _sign(answer, by)
    removed, _ = take_out_actions(kept, by=by)
    kept.taken_in_at, kept.grid = None, None
    db.session.flush()
    payload = {"filename": kept.filename, "answers": len(written), "actions": removed}
    events.record("import.undone", kept, by=by, audience="council", payload=payload)
    return TakenIn(len(written), removed)


def _refuse_long(texts: Mapping[str, str | None]) -> None:
    wrong = {
        code: [f"The text would have {len(text):,} characters; an answer holds at most {LONGEST:,}."]
        for code, text in texts.items()
        if text is not None and len(text) > LONGEST
    }
    if wrong:
        raise Invalid(wrong)


def _origin(kept: Import, proposal: Proposal) -> dict[str, Any]:
    return {"import_id": str(kept.id), "filename": kept.filename, "place": "; ".join(proposal.places)}


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
