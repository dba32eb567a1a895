"""What a requirement's page does beside the answer itself: evidence cited or taken out, actions planned and changed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import request, session

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer
from assessment.queries import answers as queries
from assessment.services import answer_actions, answers
from assessment.web import answer_citations
from assessment.web.answer_forms import ACTION_FIELDS
from saas import uploads
from saas.guard import actor
from tenants.models.evidence import Evidence
from tenants.queries.evidence import get_evidence
from tenants.services import evidence as library

TAKEN_OUT = "answer_taken_out"
"""Where the session keeps what was last taken out of an answer, so that one press brings it back."""
FIGURES = ("officer_days", "cost")


def carry_out(accreditation: Accreditation, answer: Answer, given: Mapping[str, Any]) -> list[str]:
    """Do what the page asked for beside the answer; what was done, in words.

    given: the values of RequirementForm. Raises what the services raise: NotFound, Conflict, Invalid, FileRefused.
    """
    done = []
    kept = session.get(TAKEN_OUT)
    if given["put_back"] and kept and kept["answer"] == str(answer.id):
        _put_back(answer, kept)
        done.append(f"{kept['words']} is back.")
        kept = None
    if answer_citations.change(answer, given):
        done.append("The words about the evidence are changed.")
    if given["uncite"]:
        kept = _uncite(accreditation, answer, given["uncite"])
        done.append("The evidence is taken out.")
    if given["drop"]:
        kept, left = _drop(accreditation, answer, given["drop"])
        done.append("The action is taken out." if left else "The action is taken out here. It stays in your plan.")
    if added := _cite(answer, given):
        done.append("The evidence is added." if added == 1 else f"{added} pieces of evidence are added.")
    if given["action"]:
        done.append(_plan(answer, given))
    if kept is None:
        session.pop(TAKEN_OUT, None)
    else:
        session[TAKEN_OUT] = kept
    return done


def taken_out_of(answer: Answer | None) -> str:
    """What this person last took out of the answer and can put back, in words; "" for nothing."""
    kept = session.get(TAKEN_OUT)
    return kept["words"] if kept and answer is not None and kept["answer"] == str(answer.id) else ""


def _put_back(answer: Answer, kept: Mapping[str, Any]) -> None:
    values = dict(kept["values"])
    if kept["kind"] == "evidence":
        evidence = get_evidence(answer.council_id, UUID(values.pop("evidence_id")))
        answers.cite(answer, evidence, **values, by=actor())
        return
    for name in FIGURES:
        values[name] = Decimal(values[name]) if values[name] else None
    answers.plan_action(answer, **values, by=actor())


def _uncite(accreditation: Accreditation, answer: Answer, citation_id: UUID) -> dict[str, Any] | None:
    rows = queries.list_citations(accreditation, answer.id).get(answer.id, [])
    row = next((row for row in rows if row.id == citation_id), None)
    answers.uncite(answer, citation_id, by=actor())
    if row is None or row.Evidence.removed_at is not None:
        return None
    values = {"evidence_id": str(row.Evidence.id), "pinpoint": row.pinpoint, "why": row.why}
    return {"answer": str(answer.id), "kind": "evidence", "words": f"“{row.Evidence.title}”", "values": values}


def _drop(accreditation: Accreditation, answer: Answer, action_id: UUID) -> tuple[dict[str, Any] | None, bool]:
    rows = queries.list_planned_actions(accreditation, answer.id).get(answer.id, [])
    action = next((row.Action for row in rows if row.Action.id == action_id), None)
    left = answer_actions.drop_action(answer, action_id, by=actor())
    if action is None or not left:
        return None, left
    values = {name: getattr(action, name) for name in ACTION_FIELDS}
    values |= {name: "" if values[name] is None else str(values[name]) for name in FIGURES}
    return {"answer": str(answer.id), "kind": "action", "words": f"Action {action.ref}", "values": values}, left


def _cite(answer: Answer, given: Mapping[str, Any]) -> int:
    """Cite what was chosen or given; how many pieces. Several files may come at once, where scripts do not run."""
    new: list[Evidence] = []
    if given["evidence_id"]:
        new.append(get_evidence(answer.council_id, given["evidence_id"]))
    elif given["file"]:
        sent = [file for file in request.files.getlist("file") if file.filename]
        for file in sent:
            title = given["evidence_title"] if len(sent) == 1 else ""
            with uploads.receive_upload(file) as received:
                new.append(
                    library.add_file(answer.council_id, received=received, title=title, speaks_for_on=None, by=actor())
                )
    elif given["link"]:
        new.append(library.add_link(answer.council_id, url=given["link"], title=given["evidence_title"], by=actor()))
    for evidence in new:
        answers.cite(answer, evidence, pinpoint=given["pinpoint"], why=given["why"], by=actor())
    return len(new)


def _plan(answer: Answer, given: Mapping[str, Any]) -> str:
    values = {name: given[name] for name in ACTION_FIELDS}
    if given["action_id"]:
        answer_actions.change_action(answer, given["action_id"], version=given["action_version"], **values, by=actor())
        return "The action is changed."
    answers.plan_action(answer, **values, by=actor())
    return "The action is in your plan."
