"""The plan by requirement: what is below met, the actions planned for it, and what the region said of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer
from assessment.models.submissions import ReturnedRequirement, SubmissionDecision
from assessment.queries.answers import list_answers, list_planned_actions
from assessment.queries.frameworks import get_framework
from assessment.rules.framework_tree import Framework, Requirement, Step
from saas.db import db
from tenants.models.plans import Action


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One requirement that needs work, has an action, or of which the region said something last."""

    requirement: Requirement
    step: Step | None
    actions: tuple[Action, ...]
    said: str
    is_below: bool

    @property
    def is_covered(self) -> bool:
        """Whether nothing is to be done, or an action has both an owner and a timescale."""
        whole = (each.responsibility.strip() and each.timescale.strip() for each in self.actions)
        return not self.is_below or any(whole)


def list_plan_lines(accreditation: Accreditation) -> list[PlanLine]:
    """The plan in the order of the framework; three statements for any number of requirements."""
    framework = get_framework(accreditation.framework_id)
    drafts = list_answers(accreditation)
    planned = list_planned_actions(accreditation)
    said = _said(accreditation)
    lines = []
    for requirement in framework.tree.requirements_of(accreditation.level):
        requirement_id = framework.ids[requirement.code]
        answer = drafts.get(requirement_id)
        step = _step(framework.tree, answer)
        actions = tuple(row.Action for row in planned.get(answer.id, ())) if answer else ()
        below = step is not None and not step.met and not step.not_applicable
        if below or actions or requirement_id in said:
            lines.append(PlanLine(requirement, step, actions, said.get(requirement_id, ""), below))
    return lines


def _step(framework: Framework, answer: Answer | None) -> Step | None:
    if answer is None or answer.judgement is None or not framework.has_step(answer.judgement):
        return None
    return framework.step(answer.judgement)


def _said(accreditation: Accreditation) -> dict[object, str]:
    """What the region said last of each requirement, by its id."""
    rows = db.session.execute(
        select(ReturnedRequirement.requirement_id, ReturnedRequirement.words)
        .join(
            SubmissionDecision,
            (SubmissionDecision.council_id == ReturnedRequirement.council_id)
            & (SubmissionDecision.submission_id == ReturnedRequirement.submission_id),
        )
        .where(
            ReturnedRequirement.council_id == accreditation.council_id,
            ReturnedRequirement.accreditation_id == accreditation.id,
        )
        .order_by(SubmissionDecision.decided_at)
    )
    return {row.requirement_id: row.words for row in rows}
