"""Offices: who holds one is added, corrected, and no longer in office from a day on; the history stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.offices import OfficeHolder
from tenants.queries.locks import hold
from tenants.queries.offices import find_current, list_signatories
from tenants.services.invitations import LONGEST_EMAIL, checked_email

LONGEST_OFFICE, LONGEST_NAME = 80, 120


@dataclass(frozen=True, slots=True)
class HolderDetails:
    """Who holds an office. `email` is "" where it is not known; `user_id` a signatory of the council, or None.

    `until_on` is the last day in office, None while it is held.
    """

    office: str
    name: str
    from_on: date
    email: str = ""
    user_id: UUID | None = None
    until_on: date | None = None


def add_holder(council_id: UUID, *, details: HolderDetails, by: Actor) -> OfficeHolder:
    """Say who holds an office, or held it once. Raises Invalid naming the field."""
    values = _checked(council_id, details, own_id=None)
    holder = OfficeHolder(council_id=council_id, id=new_id(), **values)
    db.session.add(holder)
    db.session.flush()
    _record("office.taken", holder, by)
    return holder


def change_holder(holder: OfficeHolder, *, details: HolderDetails, version: int, by: Actor) -> None:
    """Correct an entry. Raises Conflict with the entry as it stands when somebody else was first, Invalid."""
    if holder.version != version:
        raise Conflict(theirs=holder)
    values = _checked(holder.council_id, details, own_id=holder.id)
    changed = [name for name, value in values.items() if getattr(holder, name) != value]
    for name in changed:
        setattr(holder, name, values[name])
    db.session.flush()
    if changed:
        _record("office.changed", holder, by)


def end_holding(holder: OfficeHolder, *, until_on: date, by: Actor) -> None:
    """Say that somebody no longer holds an office, and the last day. Raises Invalid (until_on), Conflict."""
    if holder.until_on is not None:
        raise Conflict("This was recorded already.")
    _check_end(holder.from_on, until_on)
    holder.until_on = until_on
    db.session.flush()
    _record("office.left", holder, by)


def _checked(council_id: UUID, details: HolderDetails, own_id: UUID | None) -> dict[str, object]:
    office, name = " ".join(details.office.split()), " ".join(details.name.split())
    messages: dict[str, list[str]] = {}
    if not office or len(office) > LONGEST_OFFICE:
        messages["office"] = [f"Enter the office, in at most {LONGEST_OFFICE} characters."]
    if not name or len(name) > LONGEST_NAME:
        messages["name"] = [f"Enter the name, in at most {LONGEST_NAME} characters."]
    email = details.email.strip()
    if email:
        try:
            email = checked_email(email[: LONGEST_EMAIL + 1])
        except Invalid as refusal:
            messages |= refusal.messages
    if details.from_on > clock.today():
        messages["from_on"] = ["The first day in office must be today or earlier. Record it when the day has come."]
    if details.user_id is not None and details.user_id not in list_signatories(council_id):
        messages["user_id"] = ["Choose somebody who has access as a signatory."]
    if details.until_on is not None and "from_on" not in messages:
        try:
            _check_end(details.from_on, details.until_on)
        except Invalid as refusal:
            messages |= refusal.messages
    if not messages and details.until_on is None:
        hold(f"offices:{council_id}")
        there = find_current(council_id, office)
        if there is not None and there.id != own_id:
            words = f"{there.name} holds this office. Say first from when that is no longer so."
            messages["office"] = [words]
    if messages:
        raise Invalid(messages)
    return {
        "office": office,
        "name": name,
        "email": email,
        "user_id": details.user_id,
        "from_on": details.from_on,
        "until_on": details.until_on,
    }


def _check_end(from_on: date, until_on: date) -> None:
    if until_on < from_on:
        raise Invalid({"until_on": ["The last day in office must not be before the first."]})
    if until_on > clock.today():
        raise Invalid({"until_on": ["The last day in office must be today or earlier."]})


def _record(verb: str, holder: OfficeHolder, by: Actor) -> None:
    payload = {"office": holder.office, "name": holder.name}
    events.record(verb, holder, by=by, audience="council", payload=payload)
