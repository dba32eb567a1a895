"""Comparisons: a council shares its own figures one by one, and sees groups of five or more councils that do."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response as BaseResponse

from assessment.queries import benchmarks as queries
from assessment.rules.benchmarks import KINDS, SIZE_BANDS, years_to_compare
from assessment.rules.measures import MEASURES, Share
from assessment.services import benchmark_papers as papers
from assessment.services import benchmarks as services
from saas import clock
from saas.downloads import paper_response
from saas.errors import Conflict, NotFound
from saas.forms import bind
from saas.guard import actor, may, place, place_id, region_id, requires
from saas.papers import KINDS as FILES
from saas.policy import Permission
from saas.tables import csv_response

blueprint = Blueprint("benchmarks", __name__)
COUNCIL = "/councils/<council>/comparisons"
REGION = "/regions/<region>/comparisons"
KIND = "<any(docx,pdf,xlsx):kind>"


class YearForm(Schema):
    """The financial year of a figure."""

    year = fields.String(required=True, validate=validate.Regexp(r"20\d\d-\d\d"))


@blueprint.get(COUNCIL)
@requires(Permission.ACCREDITATION_READ)
def council() -> str:
    """The council's own figures, which of them it shares, and the groups of those it shares."""
    now = queries.own_figures(place_id())
    return _page(now=now, size=queries.size_of(place_id(), now))


@blueprint.get(REGION)
@requires(Permission.REGION_REPORT_READ)
def region() -> str:
    """The same groups for the region; no council's own figure."""
    return _page()


@blueprint.post(f"{COUNCIL}/<measure>/share")
@requires(Permission.SHARING_DECIDE)
def share(measure: str) -> BaseResponse:
    """Share a figure as it is now, for this financial year."""
    services.share_own(place_id(), region_id(), measure, by=actor())
    flash(f"“{MEASURES[measure].title}” counts in comparisons now.", "success")
    return redirect(url_for("benchmarks.council"), 303)


@blueprint.post(f"{COUNCIL}/<measure>/take-back")
@requires(Permission.SHARING_DECIDE)
def take_back(measure: str) -> BaseResponse:
    """Take a figure back."""
    form = bind(YearForm, request.form)
    if measure not in MEASURES:
        raise NotFound
    if not form.valid:
        raise Conflict("Open the page again before you take a figure back.")
    if services.take_back(place_id(), measure, form.values["year"], by=actor()):
        flash(f"“{MEASURES[measure].title}” was taken back. Groups it counted in are hidden now.", "success")
    return redirect(url_for("benchmarks.council", year=form.values["year"]), 303)


@blueprint.get(f"{COUNCIL}.csv")
@requires(Permission.ACCREDITATION_READ)
def council_csv() -> Response:
    """The groups as a table, with the council's own figures."""
    return _csv()


@blueprint.get(f"{REGION}.csv")
@requires(Permission.REGION_REPORT_READ)
def region_csv() -> Response:
    """The groups as a table."""
    return _csv()


@blueprint.get(f"{COUNCIL}.{KIND}")
@requires(Permission.ACCREDITATION_READ)
def council_file(kind: str) -> Response:
    """The groups on paper, with the council's own figures."""
    return _file(kind)


@blueprint.get(f"{REGION}.{KIND}")
@requires(Permission.REGION_REPORT_READ)
def region_file(kind: str) -> Response:
    """The groups on paper."""
    return _file(kind)


def _page(now: dict[str, Any] | None = None, size: queries.CouncilSize | None = None) -> str:
    period, years = _year()
    figures, own = _figures(period)
    here = f"benchmarks.{place().kind}"
    return render_template(
        "assessment/benchmarks/show.html",
        measures=list(MEASURES.values()),
        figures=figures,
        own=own,
        shares={code: Share("", row.numerator, row.denominator) for code, row in own.items()},
        now=now,
        size=size,
        size_words=SIZE_BANDS[size.band] if size else "",
        kind_words=KINDS[size.kind] if size else "",
        period=period,
        years=years,
        is_current=period == years[0],
        may_decide=may(Permission.SHARING_DECIDE),
        withheld=papers.WITHHELD,
        rounded=papers.ROUNDED,
        no_quartile=papers.NO_QUARTILE,
        frozen=papers.FROZEN,
        nothing=papers.NOTHING,
        as_of=clock.now(),
        csv=url_for(f"{here}_csv", year=period),
        files=[(kind, url_for(f"{here}_file", kind=kind, year=period)) for kind in FILES],
    )


def _csv() -> Response:
    period, _ = _year()
    figures, own = _figures(period)
    rows = (
        (measure.title, period, *row)
        for code, measure in MEASURES.items()
        for row in papers.rows_of(code, figures, own)
    )
    return csv_response(f"comparisons-{period}.csv", ("Figure", "Financial year", *papers.HEADINGS), rows)


def _file(kind: str) -> Response:
    period, _ = _year()
    figures, own = _figures(period)
    here = place()
    council_name = here.name if here.kind == "council" else ""
    paper = papers.paper_of(
        figures, own, period=period, council=council_name, region=here.region_name, as_of=clock.now()
    )
    return paper_response(paper, paper.title, kind)


def _year() -> tuple[str, list[str]]:
    """The year asked for, and the two that can be: this one and the one before. Another one is not found."""
    years = years_to_compare(clock.today())
    asked = request.args.get("year", years[0])
    if asked not in years:
        raise NotFound
    return asked, years


def _figures(period: str) -> tuple[dict[str, list[queries.Figures]], dict[str, Any]]:
    own = queries.list_released(place_id(), period) if place().kind == "council" else {}
    return queries.list_figures(period), own
