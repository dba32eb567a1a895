"""The requirements of a self-assessment as tasks: how far each is, who answers it by when, and what is next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.queries.answers import AnswerLine, Owner
from assessment.queries.frameworks import PublishedFramework
from assessment.rules.answering import LABELS, Progress, Status, counts, progress_among, status_of
from assessment.rules.framework_tree import Criterion, Element, Requirement, Step
from assessment.rules.initials import initials_of
from assessment.rules.marks import shape_of

KINDS = {Status.CARRIED: "waiting", Status.CHANGES_ASKED: "problem", Status.CHANGED_SINCE: "active"}
"""The statuses that stand out as a tag; the others are words, or the mark of the judgement."""


@dataclass(frozen=True, slots=True)
class Task:
    """One requirement of the list. `counts` is whether it counts as judged, `waits` whether something is to be done."""

    requirement: Requirement
    line: AnswerLine
    status: Status
    step: Step | None
    shape: str
    counts: bool
    waits: bool

    @property
    def words(self) -> str:
        """The status in words; a judged requirement is said by its step instead."""
        return LABELS[self.status]

    @property
    def kind(self) -> str:
        """How the status stands out, "" for not at all."""
        return KINDS.get(self.status, "")

    @property
    def notes(self) -> list[str]:
        """What else is worth knowing, in a few words each."""
        notes = ["Key indicator"] if self.requirement.key_indicator else []
        if self.line.evidence:
            notes.append(
                "1 piece of evidence" if self.line.evidence == 1 else f"{self.line.evidence} pieces of evidence"
            )
        for number, thing in ((self.line.actions, "action"), (self.line.comments, "open comment")):
            if number:
                notes.append(f"{number} {thing}{'' if number == 1 else 's'}")
        return notes

    def is_shown(self, show: str, user_id: UUID) -> bool:
        """Whether it belongs to what the list is narrowed to."""
        owner = self.line.owner
        return {
            "mine": owner is not None and owner.user_id == user_id,
            "unanswered": not self.counts,
            "carried": self.line.carried and not self.line.confirmed,
            "changes": self.line.asked,
            "without_evidence": not self.line.evidence and not (self.step and self.step.not_applicable),
            "comments": self.line.comments > 0,
        }.get(show, True)


@dataclass(frozen=True, slots=True)
class ElementTasks:
    """One element with its owner and those of its tasks that are shown. `late`: the day is past and something waits."""

    element: Element
    owner: Owner | None
    initials: str
    late: bool
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class CriterionTasks:
    """One criterion: how far it is, and its elements that have tasks to show."""

    criterion: Criterion
    progress: Progress
    elements: tuple[ElementTasks, ...]


def tasks_of(accreditation: Accreditation, framework: PublishedFramework, lines: dict[UUID, AnswerLine]) -> list[Task]:
    """Every requirement of the level, in the order of the framework."""
    asked = framework.tree.requirements_of(accreditation.level)
    return [_task(framework, each, lines[framework.ids[each.code]]) for each in asked]


def _task(framework: PublishedFramework, requirement: Requirement, line: AnswerLine) -> Task:
    tree = framework.tree
    step = tree.step(line.judgement) if line.judgement is not None and tree.has_step(line.judgement) else None
    status, counted = status_of(tree, line), counts(tree, line)
    shape = shape_of(tree, step) if step else ""
    waits = not counted or status is Status.CHANGES_ASKED
    return Task(requirement, line, status, step, shape, counted, waits)


def group(
    framework: PublishedFramework, tasks: list[Task], show: str, user_id: UUID, today: date
) -> list[CriterionTasks]:
    """The tasks under their criteria and elements; what the list is narrowed to leaves nothing of is left out."""
    by_code = {each.requirement.code: each for each in tasks}
    standings = {code: each.line for code, each in by_code.items()}
    found = []
    for criterion in framework.tree.criteria:
        asked = tuple(r for element in criterion.elements for r in element.requirements if r.code in by_code)
        elements = []
        for element in criterion.elements:
            all_of_it = [by_code[each.code] for each in element.requirements if each.code in by_code]
            shown = tuple(each for each in all_of_it if each.is_shown(show, user_id))
            if shown:
                elements.append(_element(element, all_of_it, shown, today))
        if elements:
            progress = progress_among(framework.tree, asked, standings)
            found.append(CriterionTasks(criterion, progress, tuple(elements)))
    return found


def _element(element: Element, all_of_it: list[Task], shown: tuple[Task, ...], today: date) -> ElementTasks:
    owner = all_of_it[0].line.owner
    late = is_late(owner, all_of_it, today)
    return ElementTasks(element, owner, initials_of(owner.name) if owner else "", late, shown)


def is_late(owner: Owner | None, tasks: Iterable[Task], today: date) -> bool:
    """Whether an element's day is past while something in it still waits."""
    overdue = owner is not None and owner.due_on is not None and owner.due_on < today
    return overdue and any(each.waits for each in tasks)


def first_waiting(tasks: Iterable[Task], user_id: UUID | None = None) -> Task | None:
    """The next task to be done, of everybody or of what one person owns; a change that was asked for goes first."""
    mine = [each for each in tasks if each.waits and (user_id is None or each.is_shown("mine", user_id))]
    return next((each for each in mine if each.status is Status.CHANGES_ASKED), mine[0] if mine else None)
