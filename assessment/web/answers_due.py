"""What of a self-assessment waits for one person, in few lines, as home lists it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from flask import url_for

from assessment.models.accreditations import Accreditation
from assessment.queries.answers import AnswerLine
from assessment.queries.frameworks import get_framework
from assessment.rules.answering import Status
from assessment.rules.framework_tree import Criterion
from assessment.rules.process_words import day_words
from assessment.web.answer_tasks import CriterionTasks, ElementTasks, Task, group, tasks_of
from saas.templating import plural

MOST_ELEMENTS = 5
"""How many elements of one's own stand on a work list one by one."""


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
