"""The region's matrix: a row for each council, a column for each requirement, on the screen, printed and as files."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from assessment.rules.matrix import By
from assessment.web.matrix_address import SHOWN, STAGES, by_asked, choices_of, narrowed, paged, query, read, show_asked
from assessment.web.matrix_heat import Heat
from assessment.web.region_workbooks import excel_response
from assessment.web.saved_filters import offered
from saas.guard import place, requires
from saas.policy import Permission
from saas.replica import figures
from saas.tables import csv_response
from saas.templating import moment
from tenants.rules.council_kinds import KIND_LABELS

blueprint = Blueprint("matrix", __name__)
COUNCILS_ON_A_PAGE = {By.REQUIREMENT: 50, By.ELEMENT: 25, By.CRITERION: 50}
"""A count by element is a link: more of them would make the page heavy."""


@blueprint.get("/regions/<region>/matrix")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def show() -> str:
    """The heat map: a row for each council."""
    found = read()
    if found.framework is None:
        return render_template("assessment/matrix/none.html")
    rows = narrowed(found.rows)
    page, pages, shown = paged(rows, COUNCILS_ON_A_PAGE[by_asked()])
    heat = Heat(found, show_asked(), by_asked())
    opening = f"framework={found.framework.id}&" if request.args.get("framework") else ""
    return render_template(
        "assessment/matrix/show.html",
        heat=heat,
        rows=[(row, heat.cells(row, opening)) for row in shown],
        totals=heat.totals(rows),
        found=len(rows),
        total=len(found.rows),
        page=page,
        pages=pages,
        query=query(),
        saved=offered("matrix"),
        **choices_of(found),
    )


@blueprint.get("/regions/<region>/matrix/print")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def print_by_county() -> str:
    """The same heat map on paper: each county begins a page."""
    found = read()
    if found.framework is None:
        return render_template("assessment/matrix/none.html")
    heat, rows = Heat(found, show_asked(), by_asked()), narrowed(found.rows)
    counties = groupby(sorted(rows, key=lambda row: (not row.county, row.county)), key=lambda row: row.county)
    return render_template(
        "assessment/matrix/print.html",
        heat=heat,
        counties=[(county, [(row, heat.cells(row)) for row in each]) for county, each in counties],
        shown_words=SHOWN[heat.show],
        found=len(rows),
        query=query(),
    )


@blueprint.get("/regions/<region>/matrix.csv")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def as_csv() -> Response:
    """The heat map's rows as a table: a line for each council, a column for each requirement, element or criterion."""
    headings, lines = _table()
    return csv_response(f"{place().slug}-matrix.csv", headings, lines)


@blueprint.get("/regions/<region>/matrix.xlsx")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def as_excel() -> Response:
    """The same table for Excel."""
    headings, lines = _table()
    return excel_response(f"{place().slug}-matrix.xlsx", "Matrix", headings, lines, SHOWN[show_asked()])


def _table() -> tuple[list[str], list[list[str]]]:
    found = read()
    heat = Heat(found, show_asked(), by_asked()) if found.framework else None
    headings = ["Council", "Type", "County", "Stage"]
    headings += [f"{each.code} {each.title}" for each in heat.columns] if heat else []
    as_of = moment(figures().at)
    lines = [
        [row.name, KIND_LABELS[row.kind], row.county, STAGES[row.stage], *(heat.words(row) if heat else ()), as_of]
        for row in narrowed(found.rows)
    ]
    return [*headings, "As of"], lines
