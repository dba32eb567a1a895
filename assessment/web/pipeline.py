"""The region's pipeline of its councils. Filters stand in the address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from assessment.queries.pipeline import UNDER_WAY, PipelineRow, ends_within, list_pipeline, standing_of
from assessment.web.saved_filters import offered
from assessment.web.states import LABELS, ORDER
from saas import clock
from saas.forms import Bound
from saas.guard import place, place_id, requires
from saas.policy import Permission
from saas.tables import csv_response
from saas.templating import moment
from tenants.rules.council_kinds import KIND_LABELS

blueprint = Blueprint("pipeline", __name__)
ROWS_ON_A_PAGE = 100
ENDS_WITHIN = {"90": "90 days", "180": "180 days", "365": "a year"}
FAR = date.max
SORTS: dict[str, Callable[[PipelineRow], Any]] = {
    "name": lambda row: row.name.casefold(),
    "stage": lambda row: ORDER.get(row.state, len(ORDER)),
    "days": lambda row: -1 if row.days is None else row.days,
    "next": lambda row: row.next_due_on or FAR,
    "lead": lambda row: (not row.lead, row.lead.casefold()),
    "improvements": lambda row: row.open_improvements,
    "ends": lambda row: row.valid_to_on or FAR,
}
HEADINGS = (
    "Council", "Type", "County", "Level", "Framework", "Stage", "Days in stage", "Next date", "Lead assessor",
    "Open improvements", "Award ends", "As of",
)  # fmt: skip


class PipelineFilter(Schema):
    """What the pipeline can be narrowed by."""

    stage = fields.String(metadata={"label": "Stage"})
    kind = fields.String(metadata={"label": "Type"})
    county = fields.String(metadata={"label": "County"})
    ends_within = fields.String(metadata={"label": "Award ends within"})
    late = fields.Boolean(metadata={"label": "Late only"})


@blueprint.get("/regions/<region>/pipeline")
@requires(Permission.REGION_REPORT_READ)
def show() -> str:
    """Every council, one row each."""
    everything = list_pipeline(place_id())
    rows = _arranged(_filtered(everything))
    page, pages, shown = _paged(rows)
    return render_template(
        "assessment/pipeline/show.html",
        rows=shown,
        found=len(rows),
        total=len(everything),
        page=page,
        pages=pages,
        standing=standing_of(everything),
        late=sum(row.late for row in everything),
        sort=request.args.get("sort", "name"),
        filter=_filter(PipelineFilter),
        stages=[("under_way", "On the way"), *LABELS.items()],
        kinds=[(kind, KIND_LABELS[kind]) for kind in sorted({row.kind for row in everything})],
        counties=[(county, county) for county in sorted({row.county for row in everything if row.county})],
        ends=list(ENDS_WITHIN.items()),
        saved=offered("pipeline"),
        as_of=clock.now(),
        csv_href=url_for("pipeline.as_csv", **_query()),
    )


@blueprint.get("/regions/<region>/pipeline.csv")
@requires(Permission.REGION_REPORT_READ)
def as_csv() -> Response:
    """The rows of the pipeline under the same filters, in the same order."""
    rows = _arranged(_filtered(list_pipeline(place_id())))
    as_of = moment(clock.now())
    lines = [
        (
            row.name, KIND_LABELS[row.kind], row.county, row.level, row.framework, LABELS.get(row.state, "Awarded"),
            row.days, row.next_due_on, row.lead, row.open_improvements, row.valid_to_on, as_of,
        )
        for row in rows
    ]  # fmt: skip
    return csv_response(f"{place().slug}-pipeline.csv", HEADINGS, lines)


def _filtered(rows: list[PipelineRow]) -> list[PipelineRow]:
    asked, today = request.args, clock.today()
    stage, kind, county = (asked.get(name, "") for name in ("stage", "kind", "county"))
    within = asked.get("ends_within", "")
    return [
        row
        for row in rows
        if (not stage or row.state == stage or (stage == "under_way" and row.state in UNDER_WAY))
        and (not kind or row.kind == kind)
        and (not county or row.county == county)
        and (within not in ENDS_WITHIN or ends_within(row, int(within), today))
        and ("late" not in asked or row.late)
    ]


def _arranged(rows: list[PipelineRow]) -> list[PipelineRow]:
    wanted = request.args.get("sort", "name")
    key = SORTS.get(wanted.removeprefix("-"), SORTS["name"])
    return sorted(rows, key=key, reverse=wanted.startswith("-"))


def _filter(schema: type[Schema]) -> Bound:
    """The filter as it stands in the address; what it does not know is left alone."""
    known = {name: value for name, value in request.args.items() if name in schema().fields}
    return Bound(schema(), dict(MultiDict(known)))


def _query() -> dict[str, Any]:
    """The address's query without the page, for the file of the same rows."""
    return {name: value for name, value in request.args.items() if name != "page" and value}


def _paged(rows: list[Any]) -> tuple[int, int, list[Any]]:
    """The page asked for, how many there are, and its rows."""
    pages = max(1, -(-len(rows) // ROWS_ON_A_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return page, pages, rows[(page - 1) * ROWS_ON_A_PAGE : page * ROWS_ON_A_PAGE]
