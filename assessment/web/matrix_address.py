"""What a matrix's address says: framework, what is shown, how columns are made, and which councils."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request
from marshmallow import Schema, fields
from werkzeug.datastructures import MultiDict

from assessment.queries.matrix import NO_STAGE, Matrix, MatrixRow, narrow, read_matrix
from assessment.rules import stages
from assessment.rules.matrix import By, Show
from saas.forms import Bound
from saas.guard import place_id
from tenants.rules.council_kinds import KIND_LABELS

SHOWN = {
    Show.OWN: "What councils say of themselves",
    Show.ISSUED: "What reports say",
    Show.DIFFERENCE: "Where the two differ",
}
COLUMNS = {By.REQUIREMENT: "Requirements", By.ELEMENT: "Elements", By.CRITERION: "Criteria"}
STAGES = {NO_STAGE: "Not committed", **{stage.value: words for stage, words in stages.LABELS.items()}}


class MatrixFilter(Schema):
    """What the matrix can be narrowed by."""

    framework = fields.String(metadata={"label": "Framework"})
    show = fields.String(metadata={"label": "Show"})
    by = fields.String(metadata={"label": "Columns"})
    kind = fields.String(metadata={"label": "Type"})
    county = fields.String(metadata={"label": "County"})
    stage = fields.String(metadata={"label": "Stage"})


def read() -> Matrix:
    try:
        chosen = UUID(request.args.get("framework", ""))
    except ValueError:
        chosen = None
    return read_matrix(place_id(), chosen)


def narrowed(rows: Sequence[MatrixRow]) -> list[MatrixRow]:
    return narrow(rows, **{name: request.args.get(name, "") for name in ("kind", "county", "stage")})


def choices_of(found: Matrix) -> dict[str, Any]:
    """What the filters offer, and what stands in them."""
    return {
        "frameworks": found.frameworks,
        "framework": found.framework,
        "shown": [(show.value, words) for show, words in SHOWN.items()],
        "columns": [(by.value, words) for by, words in COLUMNS.items()],
        "kinds": [(kind, KIND_LABELS[kind]) for kind in sorted({row.kind for row in found.rows})],
        "counties": counties_of(found),
        "stages": list(STAGES.items()),
        "filter": filter_of(MatrixFilter),
    }


def counties_of(found: Matrix) -> list[tuple[str, str]]:
    return [(county, county) for county in sorted({row.county for row in found.rows if row.county})]


def show_asked() -> Show:
    asked = request.args.get("show", "")
    return Show(asked) if asked in set(Show) else Show.OWN


def by_asked() -> By:
    asked = request.args.get("by", "")
    return By(asked) if asked in set(By) else By.REQUIREMENT


def filter_of(schema: type[Schema]) -> Bound:
    """The filter as it stands in the address; what it does not know is left alone."""
    known = {name: value for name, value in request.args.items() if name in schema().fields}
    return Bound(schema(), dict(MultiDict(known)))


def query() -> dict[str, Any]:
    """The address's query without the page, for other views of the same rows."""
    return {name: value for name, value in request.args.items() if name != "page" and value}


def paged(rows: list[Any], on_a_page: int) -> tuple[int, int, list[Any]]:
    """The page asked for, how many there are, and its rows."""
    pages = max(1, -(-len(rows) // on_a_page))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return page, pages, rows[(page - 1) * on_a_page : page * on_a_page]
