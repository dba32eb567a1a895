"""Jobs about clarifications: the council hears that it was asked, and who asked that an answer has come."""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from assessment.queries import clarifications as queries
from assessment.queries.assignments import list_team
from assessment.queries.clarifications import Item
from assessment.services import clarifications
from saas import mail
from saas.db import db
from saas.jobs import job, put
from saas.templating import day
from saas.tenancy import Scope
from tenants.queries.notices import find_addressed, find_recipient, list_unmailed
from tenants.services.notices import mark_mailed


@job(runs_in=Scope.council)
def tell_council(clarification_id: UUID) -> None:
    """Tell everybody who may answer, in the council's own scope, and let a mail to each follow."""
    found = queries.find_with_case(clarification_id=clarification_id)
    if found is None:
        return
    item, accreditation = found
    for told in clarifications.tell_council(accreditation, item):
        put(mail_question, item.id, Scope.council(accreditation.council_id, accreditation.region_id, told.user_id))


@job()
def mail_question(clarification_id: UUID) -> None:
    """Mail one person of the council who has not read the notice yet, in that person's own scope there."""
    scope = db.session.info["scope"]
    found = queries.find_with_case(clarification_id=clarification_id)
    recipient = find_recipient(scope.council_id, scope.user_id)
    waiting = [
        notice
        for notice in list_unmailed(scope.council_id, scope.user_id)
        if notice.key == clarifications.notice_key(clarification_id)
    ]
    if found is None or recipient is None or not waiting:
        return
    item, accreditation = found
    context = _context(item, recipient.name, accreditation.council_name, waiting[0].path) | {"due": day(item.due_on)}
    mail.deliver("question_asked", to=recipient.email, context=context, key=f"question {item.id} asked {scope.user_id}")
    mark_mailed(waiting)


@job(runs_in=Scope.region_of_council)
def tell_of_reply(answer_id: UUID) -> None:
    """The council answered: who asked gets a mail, while he or she still works on this file."""
    found = queries.find_with_case(answer_id=answer_id)
    if found is None:
        return
    item, accreditation = found
    team = {each.user_id for each in list_team(accreditation.id)}
    if item.asked_as == "region" or item.asked_by in team:
        put(mail_reply, answer_id, Scope.region(accreditation.region_id, item.asked_by))


@job()
def mail_reply(answer_id: UUID) -> None:
    """Mail who asked, in that person's own scope in the region."""
    found = queries.find_with_case(answer_id=answer_id)
    if found is None:
        return
    item, accreditation = found
    addressed = find_addressed(accreditation.region_id)
    if addressed is None:
        return
    path = f"/files/{accreditation.id}/requirements/{item.code}#questions"
    if item.asked_as == "region":
        path = f"/regions/{addressed.region.slug}/cases/{accreditation.id}/questions#question-{item.number}"
    context = _context(item, addressed.name, accreditation.council_name, path)
    mail.deliver("question_answered", to=addressed.email, context=context, key=f"question {item.id} answered")


def _context(item: Item, name: str, council: str, path: str) -> dict[str, object]:
    return {
        "name": name,
        "council": council,
        "number": item.number,
        "title": f"{item.code} {item.title}",
        "link": f"{current_app.config['CHARTERWAY'].base_url}{path}",
    }
