"""The region's cases by what they need today: one page, with a saved filter for each need."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from assessment.queries.cases import Case, list_cases_to_watch
from assessment.queries.states import since_of, state_of
from assessment.rules.needs import DEFINITIONS, Need, count_needs, needs_of, unmet
from assessment.rules.states import LABELS
from assessment.rules.waiting import Task, for_region, next_date
from assessment.web.tasks import Step, step_of
from saas import clock
from saas.forms import Bound
from saas.guard import place, place_id, requires
from saas.policy import Permission
from saas.tables import csv_response
from saas.templating import moment

blueprint = Blueprint("case_lists", __name__)
ROWS_ON_A_PAGE = 100
HEADINGS = ("Council", "Level", "Stage", "Since", "Needs", "Next step", "Next date", "Lead assessor", "As of")


class CaseFilter(Schema):
    """What the cases can be narrowed by."""

    needs = fields.String(metadata={"label": "What it needs"})


@dataclass(frozen=True, slots=True)
class Row:
    """A case with everything it comes up for, and the region's next step in it."""

    case: Case
    state: str
    needs: tuple[Need, ...]
    step: Step | None
    since: date
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Count:
    """One need on the home page: how many cases, and where they are listed."""

    label: str
    meaning: str
    number: int
    href: str


def counts_of(cases: list[Case], listed: Mapping[UUID, Collection[Task]]) -> list[Count]:
    """How many cases need what today; needs that no case has are left out.

    listed: accreditation id → its steps that are listed already. A need is left out too where each of its cases has a
    step there that meets it; else all its cases are counted, as its own list does.
    """
    today = clock.today()
    needed = [(case.accreditation.id, needs_of(case.facts, today)) for case in cases]
    open_still = {need for case_id, needs in needed for need in unmet(needs, listed.get(case_id, ()))}
    counted = count_needs(needs for _, needs in needed)
    return [
        Count(
            DEFINITIONS[need].label,
            DEFINITIONS[need].meaning,
            number,
            url_for("case_lists.show", needs=need.value),
        )
        for need, number in counted.items()
        if need in open_still
    ]


@blueprint.get("/regions/<region>/cases")
@requires(Permission.CASE_READ)
def show() -> str:
    """Every case under way or with something open, or those that need one thing."""
    everything, need = _rows(), _need()
    rows = [row for row in everything if need is None or need in row.needs]
    pages = max(1, -(-len(rows) // ROWS_ON_A_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    counted = count_needs(row.needs for row in everything)
    return render_template(
        "assessment/cases/list.html",
        rows=rows[(page - 1) * ROWS_ON_A_PAGE : page * ROWS_ON_A_PAGE],
        found=len(rows),
        total=len(everything),
        page=page,
        pages=pages,
        need=need,
        unknown=request.args.get("needs", "") if need is None else "",
        definitions=DEFINITIONS,
        options=[(each.value, f"{DEFINITIONS[each].label} ({counted.get(each, 0)})") for each in Need],
        filter=Bound.empty(CaseFilter, {"needs": need.value if need else ""}),
        as_of=clock.now(),
        csv_href=url_for("case_lists.download", needs=need.value if need else None),
    )


@blueprint.get("/regions/<region>/cases.csv")
@requires(Permission.CASE_READ)
def download() -> Response:
    """The same rows as a file."""
    need, as_of = _need(), moment(clock.now())
    lines: list[Any] = [
        (
            row.case.accreditation.council_name,
            row.case.level_title,
            LABELS.get(row.state, row.state),
            row.since,
            "; ".join(DEFINITIONS[each].label for each in row.needs),
            row.step.title if row.step else "",
            row.next_on,
            row.case.lead or "",
            as_of,
        )
        for row in _rows()
        if need is None or need in row.needs
    ]
    return csv_response(f"{place().slug}-cases.csv", HEADINGS, lines)


def _need() -> Need | None:
    """The need in the address; one that is not known narrows nothing."""
    asked = request.args.get("needs", "")
    return Need(asked) if asked in set(Need) else None


def _rows() -> list[Row]:
    today = clock.today()
    return [
        Row(case, state_of(case), needs_of(case.facts, today), _next_step(case), since_of(case), next_date(case.facts))
        for case in list_cases_to_watch(place_id())
    ]


def _next_step(case: Case) -> Step | None:
    return next((step_of(case, waiting) for waiting in for_region(case.facts)), None)
