"""Jobs about visits: the team and the council's leads get a calendar entry by mail, and its cancellation.

Whoever was sent an entry, and nobody else, is sent its cancellation: each mail is an event of its own.
"""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app

from assessment.models.visits import Visit
from assessment.queries import visits as queries
from assessment.queries.accreditations import address_of, get_accreditation
from assessment.queries.visits import Invited
from assessment.rules import visits as rules
from assessment.services.visit_calendar import CANCEL, REQUEST, calendar_of
from saas import clock, events, mail
from saas.db import db
from saas.jobs import job, put
from saas.templating import day
from saas.tenancy import SERVICE, Scope
from tenants.models.councils import Region
from tenants.queries.notices import find_recipient

NOT_EXPECTED = {
    "council": "You no longer lead for the council.",
    "file": "You are no longer in the team of this assessment.",
    "region": "You are no longer in the team of this assessment.",
}


@job()
def tell_team(visit_id: UUID) -> None:
    """One job for each of the team: a mail that fails is tried again without the others."""
    visit = queries.find_by_id(visit_id)
    if visit is not None:
        for user_id in _told(visit, queries.list_team_ids(visit.accreditation_id)):
            put(mail_visit, visit.id, Scope.region(visit.region_id, user_id))


@job(runs_in=Scope.council)
def tell_leads(visit_id: UUID) -> None:
    """One job for each of the council's leads, in the council's own scope."""
    visit = queries.find_by_id(visit_id)
    if visit is not None:
        for user_id in _told(visit, queries.list_lead_ids(visit.council_id)):
            put(mail_visit, visit.id, Scope.council(visit.council_id, visit.region_id, user_id))


@job(runs_in=Scope.region_of_council)
def follow_team(assignment_id: UUID) -> None:
    """Somebody joined, declared or left after the invitations were sent: he or she is invited, or told it is off."""
    assignment = queries.find_assignment(assignment_id)
    visit = queries.find_visit(assignment.accreditation_id) if assignment is not None else None
    if assignment is not None and visit is not None and visit.state == "invited":
        put(mail_visit, visit.id, Scope.region(visit.region_id, assignment.user_id))


@job()
def mail_visit(visit_id: UUID) -> None:
    """Mail the visit as it stands to the person whose scope this is; nothing where there is nothing to say."""
    visit = queries.find_by_id(visit_id)
    if visit is None or visit.invited_at is None or visit.state not in ("invited", "called_off"):
        return
    scope: Scope = db.session.info["scope"]
    found = _invited(visit, scope)
    if found is None or scope.user_id is None or (visit.state == "invited" and visit.held_on < clock.today()):
        return
    invited, expected = found
    off = visit.state == "called_off" or not expected
    method = CANCEL if off else REQUEST
    last = queries.list_sent(visit).get(scope.user_id)
    if last == (method, visit.calendar_sequence) or (off and (last is None or last[0] != REQUEST)):
        return
    council = get_accreditation(visit.accreditation_id).council_name
    base_url = current_app.config["CHARTERWAY"].base_url
    link = base_url + _path(visit, invited)
    entry = calendar_of(
        visit,
        council=council,
        link=link,
        site=urlsplit(base_url).hostname or "localhost",
        method=method,
        invited=invited,
    )
    slots = rules.read(visit.timetable)
    context = {
        "name": invited.name,
        "council": council,
        "day": day(visit.held_on),
        "begins": f"{slots[0].at:%H:%M}",
        "place": visit.place,
        "joining": visit.joining,
        "again": last is not None,
        "called_off": visit.state == "called_off",
        "reason": visit.called_off_reason or NOT_EXPECTED[invited.page],
        "link": link,
    }
    delivered = mail.deliver(
        "visit_called_off" if off else "visit_invitation",
        to=invited.email,
        context=context,
        key=f"visit {visit.id} {visit.calendar_sequence} {method} {invited.email}",
        invitation=mail.Invitation("visit.ics", entry, method),
    )
    if delivered:
        payload = {"user": str(scope.user_id), "method": method, "sequence": visit.calendar_sequence}
        audience = "region" if scope.council_id is None else "council"
        events.record(queries.ENTRY_SENT, visit, by=SERVICE, audience=audience, payload=payload)


def _told(visit: Visit, expected: list[UUID]) -> list[UUID]:
    """Who is expected, and who was sent an entry that still stands."""
    sent = [user_id for user_id, (method, _) in queries.list_sent(visit).items() if method == REQUEST]
    return list(dict.fromkeys([*expected, *sent]))


def _invited(visit: Visit, scope: Scope) -> tuple[Invited, bool] | None:
    """The person whose scope this is, and whether he or she is expected."""
    if scope.user_id is None:
        return None
    if scope.council_id is None:
        return queries.find_team_member(visit.region_id, visit.accreditation_id, scope.user_id)
    recipient = find_recipient(visit.council_id, scope.user_id)
    expected = scope.user_id in queries.list_lead_ids(visit.council_id)
    return (Invited(recipient.name, recipient.email, "council"), expected) if recipient else None


def _path(visit: Visit, invited: Invited) -> str:
    if invited.page == "council":
        return f"{address_of(get_accreditation(visit.accreditation_id))}visit"
    if invited.page == "file":
        return f"/files/{visit.accreditation_id}/visit"
    region = db.session.get_one(Region, visit.region_id)
    return f"/regions/{region.slug}/cases/{visit.accreditation_id}/visit"
