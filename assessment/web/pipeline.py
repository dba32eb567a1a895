"""The region's pipeline: each council's way to its next award as a list, a board and files of the same rows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from assessment.queries.pipeline import list_pipeline
from assessment.rules.pipeline import (
    ENDS_WITHIN,
    HOLDING,
    NO_LEAD,
    ON_THE_WAY,
    SORTS,
    Narrowed,
    PipelineRow,
    arrange,
    columns_of,
    standing_of,
    without_leads,
)
from assessment.rules.states import LABELS, ORDER
from assessment.services.region_tables import ABOUT_PIPELINE, Table, table_of_pipeline
from assessment.web.region_workbooks import excel_response
from assessment.web.saved_filters import offered
from saas import clock
from saas.forms import Bound
from saas.guard import may, place, place_id, requires
from saas.policy import Permission
from saas.tables import csv_response
from tenants.rules.council_kinds import KIND_LABELS

blueprint = Blueprint("pipeline", __name__)
ROWS_ON_A_PAGE = 50
CARDS_IN_A_COLUMN = 12
NOBODY = UUID(int=0)
"""Stands for a case while the address of all cases is made, once for the whole list."""
ORDERS = {
    "stage": "Stage",
    "-days": "Longest in its stage first",
    "next": "Next date, soonest first",
    "lead": "Lead assessor",
    "-improvements": "Most open improvements first",
    "-mandatory": "Most that must be done first",
    "ends": "Award that ends soonest first",
}
"""What the select of orders offers besides the name; the heads of the table offer each of them both ways."""


class PipelineFilter(Schema):
    """What the pipeline can be narrowed by, its order, and whether it is a board."""

    stage = fields.String(metadata={"label": "Stage"})
    kind = fields.String(metadata={"label": "Type"})
    county = fields.String(metadata={"label": "County"})
    lead = fields.String(metadata={"label": "Lead assessor"})
    ends_within = fields.String(metadata={"label": "Award ends within"})
    late = fields.Boolean(metadata={"label": "Late only"})
    sort = fields.String(metadata={"label": "Sort by"})


@blueprint.get("/regions/<region>/pipeline")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def show() -> str:
    """Every council, one row each; with ?view=board one card each, in columns by stage."""
    everything = _everything()
    rows = _arranged(_narrowed(everything))
    page, pages, shown = _paged(rows)
    as_board = request.args.get("view") == "board"
    return render_template(
        "assessment/pipeline/show.html",
        rows=shown,
        columns=columns_of(rows, ORDER) if as_board else None,
        cards=CARDS_IN_A_COLUMN,
        found=len(rows),
        total=len(everything),
        page=page,
        pages=pages,
        standing=standing_of(everything, clock.today()),
        sort=request.args.get("sort", "name"),
        labels=LABELS,
        names_leads=may(Permission.CASE_READ),
        narrowed=any(request.args.get(name) for name in PipelineFilter().fields),
        saved=offered("pipeline"),
        about=ABOUT_PIPELINE,
        case_start=url_for("cases.show", accreditation_id=NOBODY).removesuffix(str(NOBODY)),
        improvements_start=url_for("region_improvements.show"),
        csv_href=url_for("pipeline.as_csv", **_query()),
        excel_href=url_for("pipeline.as_excel", **_query()),
        **_choices(everything),
    )


@blueprint.get("/regions/<region>/pipeline.csv")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def as_csv() -> Response:
    """The rows of the pipeline under the same filters, in the same order."""
    return csv_response(f"{place().slug}-pipeline.csv", *_table())


@blueprint.get("/regions/<region>/pipeline.xlsx")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def as_excel() -> Response:
    """The same rows for Excel."""
    return excel_response(f"{place().slug}-pipeline.xlsx", "Pipeline", *_table(), ABOUT_PIPELINE)


def _everything() -> list[PipelineRow]:
    """Every council's row; who reads no cases reads no names of assessors."""
    rows = list_pipeline(place_id())
    return rows if may(Permission.CASE_READ) else without_leads(rows)


def _table() -> Table:
    """Headings and lines of the file."""
    return table_of_pipeline(_arranged(_narrowed(_everything())), names_leads=may(Permission.CASE_READ))


def _choices(rows: list[PipelineRow]) -> dict[str, Any]:
    """What the filters offer, and what stands in them."""
    known = {name: value for name, value in request.args.items() if name in PipelineFilter().fields}
    leads = sorted({name for row in rows for name in row.leads}, key=str.casefold)
    found = {
        "filter": Bound(PipelineFilter(), dict(MultiDict(known))),
        "stages": [(ON_THE_WAY, "On the way"), (HOLDING, "Holding an award"), *LABELS.items()],
        "kinds": [(kind, KIND_LABELS[kind]) for kind in sorted({row.kind for row in rows})],
        "counties": [(county, county) for county in sorted({row.county for row in rows if row.county})],
        "leads": [*((name, name) for name in leads), (NO_LEAD, "No lead yet")],
        "ends": list(ENDS_WITHIN.items()),
        "orders": [(order, words) for order, words in ORDERS.items() if order != "lead" or may(Permission.CASE_READ)],
    }
    return {**found, "unknown": _unknown(found)}


def _unknown(choices: dict[str, Any]) -> list[str]:
    """A sentence for each value in the address that is none of the choices."""
    offered_for = {
        "stage": "stages", "kind": "kinds", "county": "counties", "lead": "leads", "ends_within": "ends",
    }  # fmt: skip
    words = []
    for name, choice in offered_for.items():
        asked = request.args.get(name, "")
        if asked and asked not in dict(choices[choice]):
            words.append(f"{PipelineFilter().fields[name].metadata['label']}: “{asked}” is not one of the choices.")
    asked = request.args.get("sort", "")
    if asked and asked.removeprefix("-") not in SORTS:
        words.append(f"Sort by: “{asked}” is not one of the choices, so the councils stand by name.")
    return words


def _narrowed(rows: list[PipelineRow]) -> list[PipelineRow]:
    asked, today = request.args, clock.today()
    texts = {name: asked.get(name, "") for name in ("stage", "kind", "county", "lead", "ends_within")}
    narrowed = Narrowed(**texts, late="late" in asked)
    return [row for row in rows if narrowed.holds(row, today)]


def _arranged(rows: list[PipelineRow]) -> list[PipelineRow]:
    return arrange(rows, request.args.get("sort", ""), ORDER)


def _query() -> dict[str, Any]:
    """The address's query without what a file does not have."""
    return {name: value for name, value in request.args.items() if name not in ("page", "view") and value}


def _paged(rows: list[Any]) -> tuple[int, int, list[Any]]:
    """The page asked for, how many there are, and its rows."""
    pages = max(1, -(-len(rows) // ROWS_ON_A_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return page, pages, rows[(page - 1) * ROWS_ON_A_PAGE : page * ROWS_ON_A_PAGE]
