"""Jobs about assignments: whoever is asked to assess hears of it, and the officers of whoever leaves unasked."""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from assessment.queries.assignments import find_left, find_standing, list_officer_ids
from assessment.queries.visits import find_visit
from saas import mail
from saas.jobs import job, put
from saas.templating import day
from saas.tenancy import Scope
from tenants.queries.notices import find_addressed


@job()
def tell_assessor(assignment_id: UUID) -> None:
    """The mail to who was asked, in that person's own scope in the region."""
    asked = find_standing(assignment_id)
    if asked is not None:
        put(mail_assessor, asked.id, Scope.region(asked.region_id, asked.user_id))


@job()
def mail_assessor(assignment_id: UUID) -> None:
    """Mail one person, while he or she is asked and has said nothing yet."""
    asked = find_standing(assignment_id)
    if asked is None or asked.declared_at is not None:
        return
    addressed = find_addressed(asked.region_id)
    if addressed is None:
        return
    visit = find_visit(asked.accreditation_id)
    context = {
        "name": addressed.name,
        "region": addressed.region.name,
        "council": asked.council_name,
        "framework": asked.framework_title,
        "scores": asked.duty == "scorer",
        "visit_on": day(visit.held_on) if visit is not None and visit.state in ("planned", "invited") else "",
        "link": f"{current_app.config['CHARTERWAY'].base_url}/files",
    }
    mail.deliver("assessor_asked", to=addressed.email, context=context, key=f"assignment {asked.id}")


@job(runs_in=Scope.region_of_council)
def tell_officers(assignment_id: UUID) -> None:
    """One job for each of the region's officers: a mail that fails is tried again without the others."""
    left = find_left(assignment_id)
    if left is not None:
        for user_id in list_officer_ids(left.region_id):
            put(mail_officer, left.id, Scope.region(left.region_id, user_id))


@job()
def mail_officer(assignment_id: UUID) -> None:
    """Mail one officer that an assessor declared a conflict late or cannot take part: never the words of it."""
    left = find_left(assignment_id)
    addressed = find_addressed(left.region_id) if left is not None else None
    if left is None or addressed is None:
        return
    page = f"/regions/{addressed.region.slug}/cases/{left.accreditation_id}{'/team' if left.withdrawn_at else ''}"
    context = {
        "name": addressed.name,
        "assessor": left.name,
        "council": left.council_name,
        "conflict": left.conflicted_at is not None,
        "place_empty": left.withdrawn_at is not None,
        "submitted": left.submitted_at is not None,
        "link": f"{current_app.config['CHARTERWAY'].base_url}{page}",
    }
    mail.deliver(
        "assessor_left", to=addressed.email, context=context, key=f"assignment {left.id} left {addressed.user_id}"
    )
