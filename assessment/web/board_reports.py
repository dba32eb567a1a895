"""The region's board reports: those made, making one, reading and downloading it, and the schedule."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from assessment.queries.board_reports import find_schedule, get_report, list_reports
from assessment.rules.board_facts import quarter_before
from assessment.services import board_papers as papers
from assessment.services import board_reports as services
from saas import clock
from saas.downloads import paper_response, picture_response
from saas.errors import Invalid
from saas.forms import Bound, bind
from saas.guard import actor, may, place, place_id, requires
from saas.policy import Permission
from tenants.queries.logos import NamedPlace, find_logo

blueprint = Blueprint("board_reports", __name__)
PAGE = "/regions/<region>/board-reports"
REPORT = f"{PAGE}/<int(max=2147483647):number>"


class PeriodForm(Schema):
    """The days a report covers."""

    period_from = fields.Date(
        required=True, metadata={"label": "First day", "subject": "The first day", "required": "Enter the first day."}
    )
    period_to = fields.Date(
        required=True, metadata={"label": "Last day", "subject": "The last day", "required": "Enter the last day."}
    )


class ScheduleForm(Schema):
    """Whether reports are made by themselves."""

    quarterly = fields.Boolean(metadata={"label": "Make a report after each quarter"})


@blueprint.get(PAGE)
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def index() -> str:
    """Every report, the newest first, and where one is made."""
    first, last = quarter_before(clock.today())
    return _index(Bound.empty(PeriodForm, {"period_from": first, "period_to": last}))


@blueprint.post(PAGE)
@requires(Permission.BOARD_REPORT_MAKE)
def make() -> ResponseReturnValue:
    """Make a report on a period."""
    form = bind(PeriodForm, request.form)
    if form.valid:
        try:
            days: dict[str, date] = form.values
            report = services.make_report(place_id(), **days, by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash(f"Report {report.number} was made. It will not change any more.", "success")
            return redirect(url_for("board_reports.show", number=report.number), 303)
    return _index(form), 422


@blueprint.post(f"{PAGE}/schedule")
@requires(Permission.BOARD_REPORT_MAKE)
def schedule() -> ResponseReturnValue:
    """Set whether reports are made by themselves."""
    form = bind(ScheduleForm, request.form)
    if not form.valid:
        return _index(Bound.empty(PeriodForm), form), 422
    services.set_schedule(place_id(), quarterly=form.values["quarterly"], by=actor())
    flash("The schedule was saved.", "success")
    return redirect(url_for("board_reports.index"), 303)


@blueprint.get(REPORT)
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def show(number: int) -> str:
    """One report as it was made."""
    report = get_report(place_id(), number)
    return render_template(
        "assessment/board_reports/show.html",
        report=report,
        title=papers.title_of(report),
        blocks=papers.board_blocks(report, drawn=False),
        address_of=lambda code: url_for("board_reports.chart", number=number, code=code),
    )


@blueprint.get(f"{REPORT}.<any(docx,pdf,xlsx):kind>")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def download(number: int, kind: str) -> Response:
    """The same report as a file."""
    report = get_report(place_id(), number)
    paper = papers.board_paper(report, NamedPlace(place().name, find_logo(place_id())))
    return paper_response(paper, f"{place().slug}-board-report-{number}", kind)


@blueprint.get(f"{REPORT}/charts/<code>.png")
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def chart(number: int, code: str) -> Response:
    """The chart of one section; only the reader's browser keeps it, and always asks."""
    report = get_report(place_id(), number)
    etag = f"{report.hash[:32]}-{code[:40]}"
    return picture_response(etag, lambda: (papers.chart_png(report, code), "image/png"))


def _index(form: Bound, schedule_form: Bound | None = None) -> str:
    found = find_schedule(place_id())
    return render_template(
        "assessment/board_reports/index.html",
        form=form,
        schedule_form=schedule_form or Bound.empty(ScheduleForm, {"quarterly": bool(found and found.quarterly)}),
        schedule=found,
        reports=list_reports(place_id()),
        period_of=papers.period_of,
        may_make=may(Permission.BOARD_REPORT_MAKE),
    )
