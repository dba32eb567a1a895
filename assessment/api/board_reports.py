"""Board reports for programs: those that were made, making one, each as a file, and when they make themselves."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from marshmallow import fields, validate

from assessment.models.board_reports import BoardReport
from assessment.queries import board_reports as queries
from assessment.services import board_papers, board_reports
from saas.api import ApiSchema, FileOf, Given, Listed, Operations
from saas.downloads import paper_response
from saas.guard import actor, place, place_id, requires
from saas.papers import KINDS
from saas.policy import Permission
from tenants.queries.logos import NamedPlace, find_logo

operations = Operations("board_reports", "Board reports")
REPORTS = "/regions/<region>/board-reports"
SCHEDULE = "/regions/<region>/board-report-schedule"
ONE = f"{REPORTS}/<int(max=2147483647):number>"


class MadeReportSchema(ApiSchema):
    """A report on a period, as it was made. It never changes."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True, metadata={"description": "Names it in addresses.", "example": 1})
    period_from = fields.Date(required=True)
    period_to = fields.Date(required=True)
    hash = fields.String(
        required=True, metadata={"description": "SHA-256 of the canonical JSON of what the report says."}
    )
    made_at = fields.AwareDateTime(required=True)
    made_by_name = fields.String(required=True)


class BoardReportSchema(MadeReportSchema):
    """A report with what it says."""

    document = fields.Dict(required=True, metadata={"description": "Its sections with their figures."})


class PeriodSchema(ApiSchema):
    """The days a report covers, both included: two years at most, and over."""

    period_from = fields.Date(required=True, metadata={"example": "2026-07-01"})
    period_to = fields.Date(required=True, metadata={"example": "2026-09-30"})


class AskedFileSchema(ApiSchema):
    """As which file."""

    kind = fields.String(load_default="pdf", validate=validate.OneOf(tuple(KINDS)))


class BoardScheduleSchema(ApiSchema):
    """Whether reports make themselves."""

    quarterly = fields.Boolean(required=True, metadata={"description": "One after each quarter."})
    next_on = fields.Date(required=True, allow_none=True, metadata={"description": "When the next one is made."})
    set_at = fields.AwareDateTime(required=True, allow_none=True)
    set_by_name = fields.String(required=True)


class WrittenScheduleSchema(ApiSchema):
    """Whether reports make themselves."""

    quarterly = fields.Boolean(required=True, metadata={"description": "One after each quarter."})


@operations.get(REPORTS, "listBoardReports", answers=Listed(MadeReportSchema))
@requires(Permission.REGION_REPORT_READ)
def list_board_reports() -> list[BoardReport]:
    """List the board reports of a region. The newest first, without what they say."""
    return queries.list_reports(place_id())


@operations.post(REPORTS, "makeBoardReport", takes=PeriodSchema, answers=BoardReportSchema)
@requires(Permission.BOARD_REPORT_MAKE)
def make_board_report(given: dict[str, Any]) -> Given:
    """Make a board report. Computed as things stand now, and kept for good."""
    report = board_reports.make_report(place_id(), **given, by=actor())
    return Given(report, url_for("api_board_reports.getBoardReport", number=report.number))


@operations.get(ONE, "getBoardReport", answers=BoardReportSchema)
@requires(Permission.REGION_REPORT_READ)
def get_board_report(number: int) -> BoardReport:
    """Read a board report. With everything it says."""
    return queries.get_report(place_id(), number)


@operations.get(f"{ONE}/file", "downloadBoardReport", answers=FileOf(tuple(KINDS.values())), asks=AskedFileSchema)
@requires(Permission.REGION_REPORT_READ)
def download_board_report(number: int, asked: dict[str, Any]) -> Response:
    """Download a board report. As Word file, PDF or Excel workbook."""
    report = queries.get_report(place_id(), number)
    paper = board_papers.board_paper(report, NamedPlace(place().name, find_logo(place_id())))
    return paper_response(paper, f"{place().slug}-board-report-{number}", asked["kind"])


@operations.get(SCHEDULE, "getBoardSchedule", answers=BoardScheduleSchema)
@requires(Permission.REGION_REPORT_READ)
def get_board_schedule() -> Any:
    """Read whether board reports make themselves."""
    return queries.find_schedule(place_id()) or {
        "quarterly": False, "next_on": None, "set_at": None, "set_by_name": "",
    }  # fmt: skip


@operations.post(SCHEDULE, "setBoardSchedule", takes=WrittenScheduleSchema, answers=BoardScheduleSchema,
                 status=200)  # fmt: skip
@requires(Permission.BOARD_REPORT_MAKE)
def set_board_schedule(given: dict[str, Any]) -> Any:
    """Let board reports make themselves after each quarter, or no longer."""
    return board_reports.set_schedule(place_id(), **given, by=actor())
