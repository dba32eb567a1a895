"""Jobs about board reports: each quarter's is made on its day, and its readers hear of it."""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from assessment.queries.board_reports import find_report, list_reader_ids
from assessment.rules.board_report import read_sections
from assessment.services import board_reports
from saas import mail
from saas.jobs import job, put
from saas.rounds import daily_in_regions
from saas.templating import day
from saas.tenancy import SERVICE, Scope
from tenants.queries.notices import find_addressed


@daily_in_regions
@job()
def make_due_report(region_id: UUID) -> None:
    """Make the report on the quarter that is over, once its day has come and where the region wants it."""
    board_reports.make_scheduled(region_id)


@job()
def tell_of_board_report(report_id: UUID) -> None:
    """One job for each officer and viewer, where nobody asked for the report: a mail that fails is tried alone."""
    report = find_report(report_id)
    if report is not None and report.made_by_name == SERVICE.name:
        for user_id in list_reader_ids(report.region_id):
            put(mail_board_report, report.id, Scope.region(report.region_id, user_id))


@job()
def mail_board_report(report_id: UUID) -> None:
    """Mail one reader that a report was made, with the sentences of its first sections."""
    report = find_report(report_id)
    addressed = find_addressed(report.region_id) if report is not None else None
    if report is None or addressed is None:
        return
    region = addressed.region
    context = {
        "name": addressed.name,
        "region": region.name,
        "period_from": day(report.period_from),
        "period_to": day(report.period_to),
        "sentences": [section.sentence for section in read_sections(report.document)[:3]],
        "link": f"{current_app.config['CHARTERWAY'].base_url}/regions/{region.slug}/board-reports/{report.number}",
    }
    mail.deliver(
        "board_report_made", to=addressed.email, context=context, key=f"board report {report.id} {addressed.user_id}"
    )
