"""The calendar that a secret address opens: a council's days and titles, for whoever still has access there."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, current_app, make_response, request
from icalendar import Calendar, Event
from werkzeug.wrappers import Response

from assessment.queries.dates import Dated, find_team, list_dates
from saas import clock
from saas.guard import public
from saas.policy import Permission, Place
from saas.security import Throttle, digest, private
from saas.tenancy import Scope
from saas.transaction import within
from tenants.models.notices import CalendarFeed
from tenants.queries.access import find_viewer
from tenants.queries.calendar_feeds import find_borne_feed

blueprint = Blueprint("calendar", __name__)
BY_CLIENT = Throttle("calendar-client", 600, 15 * 60)
"""Wide, since the calendars of many people come from few addresses."""
NEEDED = {"evidence": Permission.EVIDENCE_READ, "actions": Permission.ACTION_READ, "meeting": Permission.ACTION_READ}
"""Kind of date → the permission it takes beside reading accreditations."""
LEAVES_AFTER = timedelta(days=60)


@blueprint.get("/calendar/<secret>.ics")
@public("the secret address is the right", own_transaction=True)
def feed(secret: str) -> Response:
    """The dates that are not done, as iCalendar; 404 for an address that has ended or whose person has no access."""
    BY_CLIENT.brake(request.remote_addr or "")
    key_hash = digest(secret)
    with within(Scope.bearer(key_hash=key_hash), read_only=True):
        found = find_borne_feed(key_hash)
    place = _place_of(found) if found is not None else None
    if found is None or place is None:
        abort(404)
    with within(Scope.council(found.council_id, found.region_id, found.user_id), read_only=True):
        dates = list_dates(found.council_id, find_team(found.council_id))
    shown = [dated for dated in dates if NEEDED.get(dated.kind, Permission.ACCREDITATION_READ) in place.permissions]
    response = make_response(_calendar(place, shown))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    return private(response)


def _place_of(found: CalendarFeed) -> Place | None:
    """The council as the feed's person has access to it now; None for a person who is disabled or has left."""
    with within(Scope.nobody(), read_only=True):
        person = find_viewer(found.user_id)
    places = [place for place in person.places if place.id == found.council_id] if person else []
    return next((place for place in places if Permission.ACCREDITATION_READ in place.permissions), None)


def _calendar(place: Place, dates: list[Dated]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Charterway//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{place.name}: Charter deadlines")
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    site = current_app.config["CHARTERWAY"].base_url.partition("://")[2]
    for dated in dates:
        if dated.on >= clock.today() - LEAVES_AFTER:
            calendar.add_component(_event(dated, site))
    return calendar.to_ical()


def _event(dated: Dated, site: str) -> Event:
    """A whole day. Its name holds the day where one thing has several, so that they stand side by side."""
    several = f"-{dated.on.isoformat()}" if dated.kind in ("accreditation", "actions") else ""
    event = Event()
    event.add("uid", f"{dated.kind}-{dated.subject}{several}@{site}")
    event.add("dtstamp", clock.now())
    event.add("dtstart", dated.on)
    event.add("dtend", dated.on + timedelta(days=1))
    event.add("summary", f"{dated.title}: valid until today" if dated.renewal else dated.title)
    event.add("transp", "TRANSPARENT")
    return event
