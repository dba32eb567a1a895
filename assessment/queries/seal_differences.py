"""What was sent set against what was sent before it: the requirements that changed, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from assessment.models.submissions import Submission, SubmissionAnswer
from assessment.queries.frameworks import get_framework
from assessment.queries.returned import list_words
from assessment.queries.submissions import list_answers
from assessment.rules import differences
from assessment.rules.differences import Piece
from assessment.rules.framework_tree import Framework, Requirement, Step
from assessment.rules.marks import shape_of
from assessment.rules.seal_differences import Change, Sealed, differ
from saas.db import db

Mark = tuple[str, str, str]
"""A judgement as it is shown: code, label and shape."""


@dataclass(frozen=True, slots=True)
class ChangedRequirement:
    """One requirement that changed; what did not change is None or empty."""

    requirement: Requirement
    judgement: tuple[Mark, Mark] | None
    narrative: tuple[Piece, ...]
    not_applicable_reason: tuple[Piece, ...]
    evidence: tuple[Change, ...]
    actions: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """The seal before this one, and every requirement that changed since, in the order of the framework.

    `asked` is what the region said of single requirements then, by code; `unchanged` those of them that are as before.
    """

    submission_id: UUID
    number: int
    changed: list[ChangedRequirement]
    same: int
    asked: dict[str, str]
    unchanged: list[Requirement]


def compare_with_last(
    submission: Submission, framework_id: UUID, answers: Iterable[SubmissionAnswer]
) -> Compared | None:
    """What changed since the seal of the same kind before this one; None where this is the first.

    answers: those of the submission. Three statements, none for the first.
    """
    if submission.number == 1:
        return None
    last = db.session.execute(
        select(Submission.id, Submission.number)
        .where(
            Submission.council_id == submission.council_id,
            Submission.accreditation_id == submission.accreditation_id,
            Submission.kind == submission.kind,
            Submission.number < submission.number,
        )
        .order_by(Submission.number.desc())
        .limit(1)
    ).one()
    framework = get_framework(framework_id)
    before = {answer.requirement_id: answer for answer in list_answers(last.id)}
    sent = list(answers)
    lines = [
        _changed(framework.tree, framework.requirement(answer.requirement_id), before[answer.requirement_id], answer)
        for answer in sent
        if answer.requirement_id in before
    ]
    changed = [line for line in lines if line is not None]
    asked = {framework.codes[each]: words for each, words in list_words(last.id).items()}
    codes = {line.requirement.code for line in changed}
    unchanged = [each for each in framework.tree.requirements if each.code in asked and each.code not in codes]
    return Compared(last.id, last.number, changed, len(sent) - len(changed), asked, unchanged)


def _changed(
    framework: Framework, requirement: Requirement, before: SubmissionAnswer, after: SubmissionAnswer
) -> ChangedRequirement | None:
    found = differ(_sealed(before), _sealed(after))
    if not found.is_any:
        return None
    was, now = framework.step(before.judgement), framework.step(after.judgement)
    return ChangedRequirement(
        requirement,
        (_mark(framework, was), _mark(framework, now)) if found.judgement else None,
        differences.compare(*found.narrative) if found.narrative else (),
        differences.compare(*found.not_applicable_reason) if found.not_applicable_reason else (),
        found.evidence,
        found.actions,
    )


def _mark(framework: Framework, step: Step) -> Mark:
    return step.code, step.label, shape_of(framework, step)


def _sealed(answer: SubmissionAnswer) -> Sealed:
    return Sealed(answer.judgement, answer.narrative, answer.not_applicable_reason, answer.evidence, answer.actions)
