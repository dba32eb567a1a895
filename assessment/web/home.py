"""Home pages: what waits for me, where we stand, what is new; of a council and of a region."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for

from assessment.queries.accreditations import process_of
from assessment.queries.answers import list_open_lines
from assessment.queries.board_reports import list_reports
from assessment.queries.cases import Case, list_cases_of_council, list_cases_to_watch
from assessment.queries.contributions import list_arrived
from assessment.queries.pipeline import list_pipeline
from assessment.queries.signings import list_own
from assessment.queries.signings import state_of as state_of_request
from assessment.queries.states import state_of
from assessment.queries.timeline import list_news, list_regional_news
from assessment.rules import stages
from assessment.rules.awaiting import awaited_by_council
from assessment.rules.news import subjects_read_with
from assessment.rules.pipeline import standing_of
from assessment.rules.signings import State
from assessment.rules.stages import Stage
from assessment.rules.waiting import Task, for_council, for_region, whose_turn
from assessment.web.answers_due import work_of
from assessment.web.case_lists import counts_of
from assessment.web.tasks import NOBODYS, Step, by_date, step_of
from saas import clock
from saas.guard import may, place, place_id, requires, viewer
from saas.policy import Permission
from tenants.queries.plans import list_plans

blueprint = Blueprint("home", __name__)
SOON = timedelta(days=30)
"""A day further off comes after what can be done now."""
MOST_LISTED = 20
"""Steps a region's home lists; all of them stand in the list of cases."""
PATH = [stage for stage in Stage if stage in stages.BEFORE_DECISION]


@blueprint.get("/councils/<council>/")
@requires(Permission.COUNCIL_READ)
def council() -> str:
    """A council's home."""
    today = clock.today()
    cases = list_cases_of_council(place_id()) if may(Permission.ACCREDITATION_READ) else []
    steps = [_named(step_of(case, waiting), case) for case in cases for waiting in for_council(case.facts, today)]
    if not cases and may(Permission.ACCREDITATION_COMMIT):
        steps.append(_item("Commit to the Charter", url_for("commitments.new"), "It opens the self-assessment"))
    if may(Permission.DECLARATION_SIGN):
        steps += _to_sign()
    if cases and may(Permission.ANSWER_WRITE):
        # What is to be changed or looked at comes before sending it, where both are due on one day.
        steps = [*_answers(cases, today), *_arrived(cases), *steps]
    # Counts of actions have no day of their own: they come after every step of an accreditation.
    counted = _plans(today) if may(Permission.ACTION_WRITE) or may(Permission.MEETING_RECORD) else []
    subjects = subjects_read_with(place().permissions)
    return render_template(
        "assessment/home/council.html",
        waiting=[*_in_order(steps), *counted],
        standing=[_standing(case) for case in cases if not _is_past(case)],
        awaited=[each for case in cases if not _is_past(case) for each in _awaited(case)],
        past=sum(_is_past(case) for case in cases),
        news=list_news(place_id(), subjects=subjects) if subjects else [],
    )


@blueprint.get("/regions/<region>/")
@requires(Permission.REGION_READ)
def region() -> str:
    """A region's home."""
    cases = list_cases_to_watch(place_id())
    steps = [(case, step_of(case, waiting)) for case in cases for waiting in for_region(case.facts)]
    mine = [(case, step) for case, step in steps if step.task not in NOBODYS and step.href]
    waiting = _in_order([_named(step, case, case.accreditation.council_name) for case, step in mine])
    more = len(waiting[MOST_LISTED:])
    works = may(Permission.CASE_READ)
    rest = [_item(f"See {_steps(more)} more in the list of cases", url_for("case_lists.show"))] if more else []
    return render_template(
        "assessment/home/region.html",
        waiting=[*waiting[:MOST_LISTED], *rest, *_needs(cases, mine)],
        standing=standing_of(list_pipeline(place_id()), clock.today()),
        as_of=clock.now(),
        works=works,
        report=None if works else next(iter(list_reports(place_id())), None),
        news=list_regional_news(place_id(), shared_only=not works),
    )


def _needs(cases: list[Case], mine: list[tuple[Case, Step]]) -> list[dict[str, Any]]:
    """What else cases come up for: a need that a step in the list meets is not said twice."""
    if not may(Permission.CASE_READ):
        return []
    listed: dict[UUID, set[Task]] = {}
    for case, step in mine:
        listed.setdefault(case.accreditation.id, set()).add(step.task)
    return [_item(f"{each.label}: {_cases(each.number)}", each.href, each.meaning) for each in counts_of(cases, listed)]


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number} cases"


def _steps(number: int) -> str:
    return "1 step" if number == 1 else f"{number} steps"


def _named(step: Step, case: Case, council_name: str = "") -> dict[str, Any]:
    about = f"{case.level_title}, {case.framework_title}"
    title = f"{council_name}: {step.title[0].lower()}{step.title[1:]}" if council_name else step.title
    return _item(title, step.href, f"{about}. {step.hint}" if step.hint else about, step.due, step.late)


def _item(title: str, href: str, hint: str = "", due: date | None = None, late: bool = False) -> dict[str, Any]:
    return {"title": title, "href": href, "hint": hint, "due": due, "late": late}


def _in_order(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Only what the viewer may do, by date; what waits without one comes before what is far off."""
    soon = clock.today() + SOON
    return sorted((step for step in steps if step["href"]), key=lambda step: by_date(step["due"], soon))


def _answers(cases: list[Case], today: date) -> list[dict[str, Any]]:
    """What there is to answer: the viewer's own elements, what was carried or is to be changed, the next of all."""
    lines = list_open_lines(place_id())
    open_ones = [case.accreditation for case in cases if case.accreditation.id in lines]
    work = [each for one in open_ones for each in work_of(one, lines[one.id], viewer().id, today)]
    return [_item(each.title, each.href, each.hint, each.due, each.late) for each in work]


def _arrived(cases: list[Case]) -> list[dict[str, Any]]:
    """The texts of others that nobody has taken into an answer or set aside yet."""
    open_ones = [case.accreditation.id for case in cases if stages.may_edit_answers(Stage(case.accreditation.stage))]
    return [
        _item(
            f"Look at the text of {each.name} about {each.code}",
            url_for("answers.edit", accreditation_id=each.accreditation_id, code=each.code, _anchor="contributions"),
            "Add it to the answer or set it aside",
        )
        for each in list_arrived(place_id(), open_ones)
    ]


def _plans(today: date) -> list[dict[str, Any]]:
    found = []
    for line in list_plans(place_id(), today=today):
        # What a line of improvements has come to is said of the improvement itself.
        to_confirm = 0 if line.plan.kind == "improvements" else line.to_confirm
        words = [
            f"{count} {about}"
            for count, about in ((line.overdue, "overdue"), (to_confirm, "with a status to be confirmed"))
            if count
        ]
        if words and may(Permission.ACTION_WRITE):
            href = url_for("plans.show", plan_id=line.plan.id)
            found.append(_item(f"Look at the actions of {line.plan.title}", href, ", ".join(words)))
        elif words:
            href = url_for("meetings.index", plan_id=line.plan.id)
            hint = f"{', '.join(words)}. Statuses are changed at a meeting"
            found.append(_item(f"Go through {line.plan.title} at a meeting", href, hint))
    return found


def _to_sign() -> list[dict[str, Any]]:
    """What the viewer is asked to sign, each by the day on which the request expires."""
    return [
        _item(
            f"Read and sign: {asked.text_title}",
            url_for("signatures.show", request_id=asked.id),
            f"As {asked.office}",
            asked.expires_at.astimezone(clock.LONDON).date(),
        )
        for asked in list_own(place_id(), viewer().id)
        if state_of_request(asked) is State.ASKED
    ]


def _is_past(case: Case) -> bool:
    """Withdrawn, lapsed, ended, or an award that is over."""
    return state_of(case) in ("withdrawn", "lapsed", "ended", "expired", "surrendered")


def _awaited(case: Case) -> list[dict[str, Any]]:
    """What the council waits for in one accreditation, from whom and since when; nothing where it is its turn."""
    awaited = awaited_by_council(case.facts)
    if awaited is None:
        return []
    since = awaited.since or case.accreditation.stage_since.astimezone(clock.LONDON).date()
    return [{"who": awaited.who, "what": awaited.what, "since": since, "about": case.level_title}]


def _standing(case: Case) -> dict[str, Any]:
    """One line and one bar: how far the answers are while they are written, else how far the journey is."""
    stage = Stage(case.accreditation.stage)
    done, total = PATH.index(stage) + 1 if stage in PATH else len(PATH), len(PATH)
    words = f"Step {done} of {total}"
    judged = case.facts.progress if stages.may_edit_answers(stage) else None
    next_step = whose_turn(case.facts)
    turn = next_step.words if next_step and not case.award else ""
    if turn and next_step and next_step.who is not stages.Side.COUNCIL:
        whose = "assessors" if next_step.who is stages.Side.ASSESSOR else next_step.who
        turn = f"It is the turn of the {whose}: {turn[0].lower()}{turn[1:]}"
    if case.facts.unconfirmed and case.facts.chair_asked and not case.facts.sealing:
        turn = "Waiting for the chair's confirmation."
    elif case.facts.signed:
        turn = "Signed: send it."
    elif case.facts.signing:
        turn = f"Being signed: {case.facts.signatures} of {len(process_of(case.accreditation).signatories)}."
    far = {"done": done, "total": total, "words": words, "judged": judged}
    return {"case": case, "state": state_of(case), "turn": turn, **far}
