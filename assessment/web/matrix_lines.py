"""The lines of the region's matrix, council by requirement: what each of its numbers opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields as fields_of

from flask import Blueprint, render_template, request
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from assessment.queries.matrix import Matrix, MatrixRow
from assessment.rules import matrix as rules
from assessment.rules.framework_tree import Framework
from assessment.rules.matrix import DIFFERENCE_WORDS, NONE, By, Column, Difference
from assessment.rules.matrix_lines import JUDGED, KNOWN, NOTHING, Asked, Line, lines_of
from assessment.services.region_tables import ABOUT_JUDGEMENTS, Table, issued_on, own_on, table_of_judgements
from assessment.web.matrix_address import counties_of, filter_of, narrowed, paged, query, read
from assessment.web.region_workbooks import excel_response
from saas.guard import place, requires
from saas.policy import Permission
from saas.tables import csv_response

blueprint = Blueprint("matrix_lines", __name__)
LINES_ON_A_PAGE = 100


class LineFilter(Schema):
    """What the lines can be narrowed by."""

    at = fields.String(metadata={"label": "Requirement"})
    own = fields.String(metadata={"label": "Own judgement"})
    issued = fields.String(metadata={"label": "Report"})
    difference = fields.String(metadata={"label": "Own judgement is"})
    county = fields.String(metadata={"label": "County"})


@blueprint.get("/regions/<region>/matrix/lines")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def lines() -> str:
    """Council and requirement line by line, with the dates of both judgements: what each number opens."""
    found = read()
    if found.framework is None:
        return render_template("assessment/matrix/none.html")
    every = list(_lines(found))
    page, pages, shown = paged(every, LINES_ON_A_PAGE)
    council = next((row for row in found.rows if row.slug == request.args.get("council")), None)
    return render_template(
        "assessment/matrix/lines.html",
        lines=[(line, own_on(line), issued_on(line)) for line in shown],
        found=len(every),
        page=page,
        pages=pages,
        council=council,
        steps=[(step.code, step.label) for step in found.framework.tree.scale]
        + [(JUDGED, "Any that applies"), (NOTHING, "None")],
        columns=[(each.code, f"{each.code} {each.title}") for each in _places(found.framework.tree)],
        differences=[(each.name.lower(), DIFFERENCE_WORDS[each]) for each in Difference if each.value != NONE]
        + [(KNOWN, "Known")],
        counties=counties_of(found),
        filter=filter_of(LineFilter),
        query=query(),
    )


@blueprint.get("/regions/<region>/matrix/lines.csv")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def lines_csv() -> Response:
    """The lines under the same filters."""
    return csv_response(f"{place().slug}-judgements.csv", *_table())


@blueprint.get("/regions/<region>/matrix/lines.xlsx")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def lines_excel() -> Response:
    """The same lines for Excel."""
    return excel_response(f"{place().slug}-judgements.xlsx", "Judgements", *_table(), ABOUT_JUDGEMENTS)


def _table() -> Table:
    return table_of_judgements(_lines(read()))


def _lines(found: Matrix) -> Iterator[Line[MatrixRow]]:
    """The lines under the filters of the address, in the order of councils and requirements."""
    if found.framework is None:
        return iter(())
    asked = Asked(**{each.name: request.args.get(each.name, "") for each in fields_of(Asked)})
    return lines_of(found.framework.tree, narrowed(found.rows), asked)


def _places(tree: Framework) -> list[Column]:
    """Criteria and requirements, for choosing."""
    return [*rules.columns_of(tree, By.CRITERION), *rules.columns_of(tree, By.REQUIREMENT)]
