"""Improvements across the region: counted from five sides, each number opening its rows, and both as files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from assessment.models.themes import Theme
from assessment.queries.region_improvements import NONE, Count, Grouped, Narrowed, count_by, list_improvement_rows
from assessment.queries.themes import list_themes
from assessment.rules.improvements import REPLY_LABELS
from assessment.services.region_tables import (
    ABOUT_IMPROVEMENTS,
    NO_CRITERION,
    Table,
    criterion_words,
    state_words,
    table_of_counts,
    table_of_improvements,
)
from assessment.web.region_workbooks import excel_response
from assessment.web.saved_filters import offered
from saas.forms import Bound
from saas.guard import place, place_id, requires
from saas.policy import Permission
from saas.tables import csv_response
from saas.templating import day

blueprint = Blueprint("region_improvements", __name__)
ROWS_ON_A_PAGE = 100
SIDES = {
    Grouped.CRITERION: "criterion",
    Grouped.THEME: "theme",
    Grouped.AGE: "age",
    Grouped.REPLY: "reply",
    Grouped.WEIGHT: "weight",
}
STATES = {
    "open": "Open",
    "replied": "Replied to",
    "decided_against": "Decided against",
    "verified": "Verified",
}
AGES = {
    "90": "Up to 90 days",
    "180": "91 to 180 days",
    "365": "181 days to a year",
    "730": "More than a year",
    "older": "More than two years",
}
REPLIES = {NONE: "No reply yet", **REPLY_LABELS}
WEIGHTS = {"mandatory": "Must be done", "recommended": "Recommended"}
OTHER = {Grouped.AGE: AGES, Grouped.REPLY: REPLIES, Grouped.WEIGHT: WEIGHTS}
NOTHING = {Grouped.CRITERION: NO_CRITERION, Grouped.THEME: "No theme"}


class ImprovementFilter(Schema):
    """What issued improvements can be narrowed by."""

    criterion = fields.String(metadata={"label": "Criterion"})
    theme = fields.String(metadata={"label": "Theme"})
    age = fields.String(metadata={"label": "Age"})
    reply = fields.String(metadata={"label": "Reply"})
    weight = fields.String(metadata={"label": "Weight"})
    state = fields.String(metadata={"label": "State"})
    council = fields.String(metadata={"label": "Council"})
    words = fields.String(metadata={"label": "Words"})


@blueprint.get("/regions/<region>/improvements")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def show() -> str:
    """Issued improvements counted from one side; with a filter, the improvements themselves."""
    narrowed = narrowing()
    if narrowed != Narrowed():
        return _rows(narrowed)
    side = _side()
    counts = count_by(place_id(), side)
    return render_template(
        "assessment/region_improvements/counts.html",
        counts=counts,
        side=side,
        sides=SIDES,
        title=lambda count: title_of(side, count),
        nothing=NONE,
        saved=offered("improvements"),
        csv_href=url_for("region_improvements.as_csv", by=side.value),
        excel_href=url_for("region_improvements.as_excel", by=side.value),
    )


@blueprint.get("/regions/<region>/improvements.csv")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def as_csv() -> Response:
    """What the page shows under the same filters: the counts, or the improvements themselves."""
    headings, lines = _table()
    return csv_response(f"{place().slug}-improvements.csv", headings, lines)


@blueprint.get("/regions/<region>/improvements.xlsx")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def as_excel() -> Response:
    """The same table for Excel."""
    headings, lines = _table()
    return excel_response(f"{place().slug}-improvements.xlsx", "Improvements", headings, lines, ABOUT_IMPROVEMENTS)


def narrowing() -> Narrowed:
    """What the address narrows by."""
    return Narrowed(**{name: request.args.get(name, "").strip() for name in ImprovementFilter().fields})


def filter_of() -> Bound:
    """The filter as it stands in the address; what it does not know is left alone."""
    known = {name: value for name, value in request.args.items() if name in ImprovementFilter().fields}
    return Bound(ImprovementFilter(), dict(MultiDict(known)))


def title_of(side: Grouped, count: Count) -> str:
    """A group in words."""
    return OTHER[side][count.key] if side in OTHER else count.title or NOTHING[side]


def decided_words(row: Any) -> str:
    """Who decided on the reply, when and where it is minuted; "" where nobody is named."""
    parts = [row.body, day(row.decided_on), f"minute {row.minute}" if row.minute else ""]
    return ", ".join(part for part in parts if part)


def theme_options(themes: Sequence[Theme]) -> list[tuple[str, str]]:
    """Themes for choosing, those put away among them."""
    return [(str(theme.id), f"{theme.title} (put away)" if theme.past else theme.title) for theme in themes]


def paged(rows: list[Any]) -> tuple[int, int, list[Any]]:
    """The page asked for, how many there are, and its rows."""
    pages = max(1, -(-len(rows) // ROWS_ON_A_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return page, pages, rows[(page - 1) * ROWS_ON_A_PAGE : page * ROWS_ON_A_PAGE]


def _rows(narrowed: Narrowed) -> str:
    rows = list_improvement_rows(place_id(), narrowed)
    page, pages, shown = paged(rows)
    query: dict[str, Any] = {name: value for name, value in request.args.items() if name != "page" and value}
    return render_template(
        "assessment/region_improvements/rows.html",
        rows=shown,
        found=len(rows),
        page=page,
        pages=pages,
        criteria=[(each.key, _placed(each)) for each in count_by(place_id(), Grouped.CRITERION)],
        themes=[*theme_options(list_themes(place_id())), (NONE, NOTHING[Grouped.THEME])],
        ages=list(AGES.items()),
        replies=list(REPLIES.items()),
        weights=list(WEIGHTS.items()),
        states=list(STATES.items()),
        answers=REPLY_LABELS,
        state_words=state_words,
        criterion_words=criterion_words,
        decided_words=decided_words,
        filter=filter_of(),
        saved=offered("improvements"),
        csv_href=url_for("region_improvements.as_csv", **query),
        excel_href=url_for("region_improvements.as_excel", **query),
    )


def _placed(count: Count) -> str:
    return f"{title_of(Grouped.CRITERION, count)} – {count.about}"


def _side() -> Grouped:
    asked = request.args.get("by", "")
    return Grouped(asked) if asked in set(Grouped) else Grouped.CRITERION


def _table() -> Table:
    """Headings and lines of the file: counts, or the rows when the address narrows."""
    narrowed = narrowing()
    if narrowed != Narrowed():
        return table_of_improvements(list_improvement_rows(place_id(), narrowed))
    side = _side()
    about = {Grouped.CRITERION: "Framework", Grouped.THEME: "What the region could offer"}.get(side, "")
    return table_of_counts(((title_of(side, each), each) for each in count_by(place_id(), side)), SIDES[side], about)
