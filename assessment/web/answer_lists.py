"""How the list of requirements is laid out: criteria, their elements, and one task for each requirement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for

from assessment.models.accreditations import Accreditation
from assessment.queries.answers import AnswerLine
from assessment.queries.frameworks import PublishedFramework
from assessment.rules.framework_tree import Requirement
from assessment.rules.marks import shape_of
from saas.templating import judgement as mark_of


def is_judged(line: AnswerLine | None) -> bool:
    """Whether the council has judged the requirement."""
    return line is not None and line.judgement is not None


def criteria_of(
    accreditation: Accreditation, framework: PublishedFramework, lines: dict[UUID, AnswerLine]
) -> list[dict[str, Any]]:
    """The tree of the level as the page lists it: criteria with their elements with their tasks."""
    found = []
    for criterion in framework.tree.criteria:
        elements: list[dict[str, Any]] = []
        for element in criterion.elements:
            wanted = [each for each in element.requirements if accreditation.level in each.levels]
            tasks = [_task(accreditation, framework, each, lines.get(framework.ids[each.code])) for each in wanted]
            if tasks:
                elements.append({"code": element.code, "title": element.title, "tasks": tasks})
        everything = [task for each in elements for task in each["tasks"]]
        if everything:
            judged = sum(task["judged"] for task in everything)
            found.append(
                {
                    "code": criterion.code,
                    "title": criterion.title,
                    "elements": elements,
                    "judged": judged,
                    "total": len(everything),
                }
            )
    return found


def _task(
    accreditation: Accreditation, framework: PublishedFramework, requirement: Requirement, line: AnswerLine | None
) -> dict[str, Any]:
    notes = ["Key indicator"] if requirement.key_indicator else []
    if line is not None and line.evidence:
        notes.append("1 piece of evidence" if line.evidence == 1 else f"{line.evidence} pieces of evidence")
    if line is not None and line.actions:
        notes.append("1 action" if line.actions == 1 else f"{line.actions} actions")
    status: Any = "Not started"
    if line is not None and line.judgement is not None:
        step = framework.tree.step(line.judgement)
        status = mark_of(step.code, step.label, shape_of(framework.tree, step))
    elif line is not None and (line.written or line.evidence or line.actions):
        status = "In progress"
    return {
        "title": f"{requirement.code} {requirement.title}",
        "href": url_for("answers.edit", accreditation_id=accreditation.id, code=requirement.code),
        "hint": " · ".join(notes),
        "status": status,
        "judged": is_judged(line),
    }
