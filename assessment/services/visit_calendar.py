"""The visit as an iCalendar entry: an invitation, its change or cancellation (RFC 5545, 5546), or a download."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress, vText

from assessment.models.visits import Visit
from assessment.queries.visits import Invited
from assessment.rules import visits as rules
from saas import clock

REQUEST, CANCEL = "REQUEST", "CANCEL"


def calendar_of(
    visit: Visit, *, council: str, link: str, site: str, method: str = "", invited: Invited | None = None
) -> bytes:
    """One entry from the first slot to the end of the last.

    council: its name. link: the page of the visit. site: host name, for the UID, which stays for the visit's life.
    method: REQUEST or CANCEL for the one invited, "" for a download, which names no person. CANCEL says no more than
    which entry it takes out: neither place nor timetable, for it may go to somebody who should not know them any more.
    Somebody who left the team is sent CANCEL of a visit that takes place without him or her: the sequence goes on.
    """
    slots = rules.read(visit.timetable)
    calendar = Calendar()
    calendar.add("prodid", "-//Charterway//Visits//EN")
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    off = visit.state == "called_off"
    event = Event()
    event.add("uid", f"visit-{visit.id}-invitation@{site}")
    event.add("sequence", visit.calendar_sequence + (1 if method == CANCEL and not off else 0))
    event.add("dtstamp", visit.invited_at or visit.updated_at)
    event.add("dtstart", _instant(visit, min(slot.begins for slot in slots)))
    event.add("dtend", _instant(visit, max(slot.ends for slot in slots)))
    event.add("summary", f"Charter assessment visit: {council}")
    if method != CANCEL:
        event.add("location", visit.place)
        event.add("description", _words(visit, slots, link))
        event.add("url", link)
    event.add("status", "CANCELLED" if off or method == CANCEL else "CONFIRMED")
    if invited is not None:
        organiser = vCalAddress(f"mailto:{visit.organiser_email or f'no-reply@{site}'}")
        organiser.params["cn"] = vText(visit.organiser_name)
        event.add("organizer", organiser)
        attendee = vCalAddress(f"mailto:{invited.email}")
        attendee.params["cn"] = vText(invited.name)
        attendee.params["role"] = vText("REQ-PARTICIPANT")
        attendee.params["partstat"] = vText("NEEDS-ACTION")
        attendee.params["rsvp"] = vText("FALSE")
        event.add("attendee", attendee)
    calendar.add_component(event)
    return calendar.to_ical()


def _instant(visit: Visit, minutes: int) -> datetime:
    """Wall-clock time in London as an instant: in UTC every calendar agrees on it without a time zone's rules."""
    day = visit.held_on + timedelta(days=minutes // rules.MINUTES_A_DAY)
    at = rules.time_of(minutes % rules.MINUTES_A_DAY)
    return datetime.combine(day, at, clock.LONDON).astimezone(UTC)


def _words(visit: Visit, slots: rules.Timetable, link: str) -> str:
    lines = [f"{slot.at:%H:%M} {slot.title}{f' ({slot.who})' if slot.who else ''}" for slot in slots]
    joining = ["", f"To take part from afar: {visit.joining}"] if visit.joining else []
    called_off = [f"Called off: {visit.called_off_reason}", ""] if visit.called_off_reason else []
    return "\n".join([*called_off, *lines, *joining, "", link])
