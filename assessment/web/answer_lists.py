"""The list of requirements: how far each is, who answers it by when, what is next, and what it is narrowed to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app, render_template, request, url_for
from marshmallow import Schema, fields, validate

from assessment.models.accreditations import Accreditation
from assessment.queries import answers as queries
from assessment.queries import submissions
from assessment.queries.accreditations import process_of
from assessment.queries.answers import AnswerLine, Owner
from assessment.queries.cases import get_case
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.rules import stages
from assessment.rules.answering import LABELS, Progress, Status, counts, progress_among, progress_of, status_of
from assessment.rules.framework_tree import Criterion, Element, Requirement, Step
from assessment.rules.initials import initials_of
from assessment.rules.marks import shape_of
from assessment.rules.process_words import day_words
from assessment.rules.signings import AT_REST
from assessment.rules.stages import Stage
from assessment.rules.waiting import whose_turn
from saas import clock
from saas.forms import bind
from saas.guard import viewer
from saas.templating import plural

SHOWS = {
    "mine": "Mine",
    "unanswered": "Unanswered",
    "carried": "To be confirmed",
    "changes": "Changes asked for",
    "without_evidence": "Without evidence",
    "comments": "With open comments",
}
"""What the list can be narrowed to, as the address and the page say it."""
ALWAYS = ("mine", "unanswered", "without_evidence")
"""What is offered even where it holds nothing."""
MOST_ELEMENTS = 5
"""How many elements of one's own stand on a work list one by one."""
CARRYING = "carried.preview"
KINDS = {Status.CARRIED: "waiting", Status.CHANGES_ASKED: "problem", Status.CHANGED_SINCE: "active"}
"""The statuses that stand out as a tag; the others are words, or the mark of the judgement."""


class ShowForm(Schema):
    """What the list is narrowed to."""

    show = fields.String(validate=validate.OneOf(list(SHOWS)))


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


@dataclass(frozen=True, slots=True)
class Work:
    """Something to be answered, as a work list shows it; `elements` says of how many elements it speaks."""

    title: str
    href: str
    hint: str = ""
    due: date | None = None
    late: bool = False
    elements: int = 1


def work_of(accreditation: Accreditation, lines: dict[UUID, AnswerLine], user_id: UUID, today: date) -> list[Work]:
    """What one person finds to answer: own elements by their day, what waits to be changed or confirmed, the next."""
    framework = get_framework(accreditation.framework_id)
    tasks = tasks_of(accreditation, framework, lines)
    found = _own_elements(accreditation, group(framework, tasks, "mine", user_id, today))
    due = accreditation.next_due_on
    late = due is not None and due < today
    asked = sum(each.status is Status.CHANGES_ASKED for each in tasks)
    if asked:
        title = f"Change {plural(asked, 'answer')} as the region asked"
        found.append(Work(title, _list_of(accreditation, "changes"), due=due, late=late))
    carried = sum(each.is_shown("carried", user_id) for each in tasks)
    if carried:
        title = f"Confirm {plural(carried, 'answer')}"
        found.append(Work(title, _list_of(accreditation, "carried"), due=due, late=late))
    following = next((each for each in tasks if not each.counts), None)
    if following is not None:
        title = f"Next unanswered: {following.requirement.code} {following.requirement.title}"
        found.append(Work(title, _page_of(accreditation, following)))
    return found


def _own_elements(accreditation: Accreditation, mine: list[CriterionTasks]) -> list[Work]:
    """The first few of a person's elements in which something waits, by their day; the others in one line.

    Elements of one criterion that have the same day are one line.
    """
    found = []
    for criterion in mine:
        by_day: dict[date | None, list[ElementTasks]] = {}
        for each in criterion.elements:
            if any(task.waits for task in each.tasks):
                by_day.setdefault(each.owner.due_on if each.owner else None, []).append(each)
        for due, elements in by_day.items():
            if due is None or len(elements) == 1:
                found += [_element_work(accreditation, each) for each in elements]
            else:
                found.append(_elements_work(accreditation, criterion.criterion, elements, due))
    found.sort(key=lambda work: work.due or date.max)
    more = found[MOST_ELEMENTS:]
    if len(more) > 1:
        number = sum(each.elements for each in more)
        rest = Work(f"Answer {number} more elements of yours", _list_of(accreditation, "mine"), due=more[0].due)
        return [*found[:MOST_ELEMENTS], replace(rest, late=more[0].late)]
    return found


def _element_work(accreditation: Accreditation, element: ElementTasks) -> Work:
    waiting = [task for task in element.tasks if task.waits]
    title = f"Answer {element.element.code} {element.element.title}"
    due = element.owner.due_on if element.owner else None
    return Work(title, _page_of(accreditation, waiting[0]), _yours([element]), due, element.late)


def _elements_work(accreditation: Accreditation, criterion: Criterion, elements: list[ElementTasks], due: date) -> Work:
    title = f"Criterion {criterion.code}: {len(elements)} elements by {day_words(due)}"
    late = any(each.late for each in elements)
    return Work(title, _list_of(accreditation, "mine"), _yours(elements), due, late, len(elements))


def _yours(elements: list[ElementTasks]) -> str:
    tasks = [task for each in elements for task in each.tasks]
    return f"Yours: {sum(task.waits for task in tasks)} of {plural(len(tasks), 'requirement')} to answer"


def _page_of(accreditation: Accreditation, task: Task) -> str:
    return url_for("answers.edit", accreditation_id=accreditation.id, code=task.requirement.code)


def _list_of(accreditation: Accreditation, show: str) -> str:
    return url_for("answers.task_list", accreditation_id=accreditation.id, show=show)


def page(accreditation_id: UUID) -> str:
    """The page with the list, narrowed to what the address asks for; raises NotFound."""
    accreditation, sealing = queries.get_accreditation_and_rest(accreditation_id)
    framework = get_framework(accreditation.framework_id)
    tasks = tasks_of(accreditation, framework, queries.list_answer_lines(accreditation))
    stage, me = Stage(accreditation.stage), viewer().id
    show = bind(ShowForm, request.args).values.get("show") or ""
    numbers = {name: sum(each.is_shown(name, me) for each in tasks) for name in SHOWS}
    return render_template(
        "assessment/answers/task_list.html",
        accreditation=accreditation,
        framework=framework.tree,
        level=framework.tree.level(accreditation.level),
        stage=stage,
        next_step=None if stages.may_edit_answers(stage) else whose_turn(get_case(accreditation_id).facts),
        criteria=group(framework, tasks, show, me, clock.today()),
        progress=progress_of(framework.tree, accreditation.level, {each.requirement.code: each.line for each in tasks}),
        show=show,
        shows=[(name, words, numbers[name]) for name, words in SHOWS.items() if numbers[name] or name in ALWAYS],
        next_open=first_waiting(tasks),
        next_mine=first_waiting(tasks, me),
        doors=_doors(accreditation, tasks),
        editable=stages.may_edit_answers(stage),
        nameable=stage in stages.BEFORE_DECISION,
        sealing=AT_REST.get(sealing, ""),
        sendable=sendable(stage),
        signatories=process_of(accreditation).signatories,
        sent=submissions.list_submissions(accreditation_id),
    )


def _doors(accreditation: Accreditation, tasks: list[Task]) -> dict[str, Any] | None:
    """Where one can begin, as long as nobody has."""
    if any(each.status is not Status.NOT_STARTED for each in tasks):
        return None
    return {
        "carries": (accreditation.cycle > 1 or _is_upper(accreditation)) and CARRYING in current_app.view_functions,
        "first": tasks[0].requirement,
    }


def _is_upper(accreditation: Accreditation) -> bool:
    """Whether the level comes after another, of which there are answers then."""
    return get_framework(accreditation.framework_id).tree.level(accreditation.level).requires is not None


def sendable(stage: Stage) -> str | None:
    """Which kind of submission this stage is waiting for."""
    if stages.may_send_plan(stage):
        return "plan"
    return "readiness" if stages.may_send_readiness(stage) else None
