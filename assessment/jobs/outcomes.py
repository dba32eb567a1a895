"""Jobs about outcomes: the council's leads hear of what the region released and decided."""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from assessment.queries.cases import get_case
from assessment.services import good_practice, outcomes
from saas import mail
from saas.db import db
from saas.jobs import job, put
from saas.templating import day
from saas.tenancy import Scope
from tenants.queries.notices import find_recipient, list_unmailed
from tenants.services.notices import mark_mailed


@job(runs_in=Scope.council)
def tell_of_outcome(report_id: UUID) -> None:
    """The leads hear that the report and the outcome are there, and a mail to each follows; then of good practice."""
    scope = db.session.info["scope"]
    for told in outcomes.tell_of_report(report_id):
        put(mail_outcome, report_id, Scope.council(scope.council_id, scope.home_region_id, told.user_id))
    good_practice.tell_leads(report_id)


@job()
def mail_outcome(report_id: UUID) -> None:
    """Mail one lead who has not read the notice yet, in that person's own scope: the outcome stands on the page."""
    scope = db.session.info["scope"]
    key = outcomes.notice_key(report_id)
    waiting = [each for each in list_unmailed(scope.council_id, scope.user_id) if each.key == key]
    recipient = find_recipient(scope.council_id, scope.user_id)
    if recipient is None or not waiting:
        return
    case = get_case(outcomes.accreditation_of(report_id))
    context = {
        "name": recipient.name,
        "council": case.accreditation.council_name,
        "level": case.level_title,
        "replies_by": day(case.facts.reply_due_on),
        "appeal_by": day(case.facts.appeal_by),
        "link": f"{current_app.config['CHARTERWAY'].base_url}{waiting[0].path}",
    }
    mail.deliver("outcome_released", to=recipient.email, context=context, key=f"outcome {report_id} {scope.user_id}")
    mark_mailed(waiting)


@job(runs_in=Scope.council)
def tell_of_appeal(decision_id: UUID) -> None:
    """The leads hear that their appeal is decided."""
    outcomes.tell_of_appeal(decision_id)
