"""What a council's directory does here: it invites people, and ends their access at once when they leave.

Everybody gets the one role that the council chose for it; whoever is to do more is given it by hand.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select, update

from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid
from saas.policy import DIRECTORY_ROLES
from saas.tenancy import Actor
from tenants.models.access import Access, Invitation
from tenants.models.councils import Council
from tenants.models.single_sign_on import Directory, ProvisionedUser
from tenants.queries.access import Target, list_access, list_invitations
from tenants.queries.directories import find_directory, role_of_directory
from tenants.rules.directories import Person
from tenants.services import invitations
from tenants.services.access import end
from tenants.services.invitations import LONGEST_NAME, checked_email, invite, withdraw

LATE = "Somebody else changed the role in the meantime."


class Taken(Conflict):
    """The directory has sent another person by this name, address or id."""


def choose_role(council_id: UUID, role: str, *, version: int, by: Actor) -> None:
    """Give this role to everybody whom the directory names from now on; who was named before keeps the own.

    version: of the choice that was shown, 0 where there was none. Raises Invalid (role) and Conflict.
    """
    if role not in DIRECTORY_ROLES:
        raise Invalid({"role": ["A directory cannot give this role. Give it by hand."]})
    chosen = find_directory(council_id, locked=True)
    if (chosen.version if chosen else 0) != version:
        raise Conflict(LATE)
    before = chosen.role if chosen else None
    if before == role:
        return
    if chosen is None:
        chosen = Directory(council_id=council_id)
    chosen.role, chosen.version = role, version + 1
    chosen.set_at, chosen.set_by_name = clock.now(), by.name
    with turning("pk_directories", lambda: Conflict(LATE)):
        db.session.add(chosen)
        db.session.flush()
    payload = {"from": before, "to": role}
    events.record("directory.role_chosen", Council(id=council_id), by=by, audience="council", payload=payload)


def add(target: Target, person: Person, *, by: Actor) -> ProvisionedUser:
    """Name somebody, who is invited by mail unless he or she has access here already. Raises Invalid and Conflict."""
    if target.council_id is None:
        raise ValueError("a directory belongs to a council")
    _refuse_taken(target, person, None)
    now = clock.now()
    role = role_of_directory(target.council_id)
    row = ProvisionedUser(
        council_id=target.council_id, id=new_id(), role=role.value, version=1, made_at=now, changed_at=now
    )
    _write(row, person)
    db.session.add(row)
    db.session.flush()
    if person.active:
        _open(target, row, by=by)
    _record("provisioned_user.added", row, by=by)
    return row


def change(target: Target, row: ProvisionedUser, person: Person, *, by: Actor) -> None:
    """Write what the directory says now. Not active: every access of this person here ends at once.

    Raises Invalid, and Conflict for a name that is taken, for the last one who manages access here, and for another
    address of somebody who has joined, since the account belongs to the person.
    """
    before = person_of(row)
    if person == before:
        return
    _refuse_taken(target, person, row)
    address = checked_email(person.email)
    if address != row.email:
        if any(access.email == row.email for access in list_access(target)):
            raise Conflict("Somebody who has joined keeps the address. Take the person away and send a new one.")
        _close(target, row, by=by)
    was_open = row.active and address == row.email
    _write(row, person)
    row.version += 1
    row.changed_at = clock.now()
    db.session.flush()
    if person.active and not was_open:
        _open(target, row, by=by)
    if not person.active:
        _close(target, row, by=by)
    if person.name != before.name:
        renamed = update(Access).where(target.holds(Access), Access.email == row.email, Access.ended_at.is_(None))
        db.session.execute(renamed.values(display_name=person.name[:LONGEST_NAME]))
    _record("provisioned_user.changed" if person.active else "provisioned_user.ended", row, by=by)


def remove(target: Target, row: ProvisionedUser, *, by: Actor) -> None:
    """Forget somebody; every access of this person here ends at once. Raises Conflict for the last who manages it."""
    _close(target, row, by=by)
    _record("provisioned_user.removed", row, by=by)
    db.session.delete(row)
    db.session.flush()


def person_of(row: ProvisionedUser) -> Person:
    """Somebody as the directory described him or her last."""
    return Person(
        user_name=row.user_name,
        external_id=row.external_id,
        given_name=row.given_name,
        family_name=row.family_name,
        display_name=row.display_name,
        email=row.email,
        active=row.active,
    )


def _write(row: ProvisionedUser, person: Person) -> None:
    row.user_name, row.external_id = person.user_name, person.external_id
    row.given_name, row.family_name = person.given_name, person.family_name
    row.display_name, row.active = person.display_name, person.active
    row.email = checked_email(person.email)


def _open(target: Target, row: ProvisionedUser, *, by: Actor) -> None:
    """Invite, unless the person has access here or an invitation waits."""
    has_access = any(access.email == row.email for access in list_access(target))
    waits = next((offer for offer in list_invitations(target) if offer.email == row.email), None)
    if waits is not None and not invitations.is_open(waits):
        withdraw(waits, by=by)
        waits = None
    if has_access or waits is not None:
        row.invitation_id = waits.id if waits else None
        return
    name = person_of(row).name[:LONGEST_NAME]
    row.role = role_of_directory(row.council_id).value
    row.invitation_id = invite(target, name=name, email=row.email, role=row.role, by=by).id
    db.session.flush()


def _close(target: Target, row: ProvisionedUser, *, by: Actor) -> None:
    for access in list_access(target):
        if access.email == row.email:
            end(target, access, by=by)
    waiting = select(Invitation).where(
        target.holds(Invitation),
        Invitation.email == row.email,
        Invitation.used_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    )
    for offer in db.session.scalars(waiting):
        withdraw(offer, by=by)
    db.session.flush()


def _refuse_taken(target: Target, person: Person, row: ProvisionedUser | None) -> None:
    others = [ProvisionedUser.council_id == target.council_id]
    if row is not None:
        others.append(ProvisionedUser.id != row.id)
    same_name = select(ProvisionedUser.id).where(
        *others, func.lower(ProvisionedUser.user_name) == person.user_name.lower()
    )
    if db.session.scalar(same_name) is not None:
        raise Taken(f"Somebody named {person.user_name} was sent before.")
    same_address = select(ProvisionedUser.id).where(*others, ProvisionedUser.email == checked_email(person.email))
    if db.session.scalar(same_address) is not None:
        raise Taken(f"Somebody with the address {person.email} was sent before.")
    if person.external_id is not None:
        same_id = select(ProvisionedUser.id).where(*others, ProvisionedUser.external_id == person.external_id)
        if db.session.scalar(same_id) is not None:
            raise Taken("Somebody with this externalId was sent before.")
    if len(person.user_name) > LONGEST_NAME * 2:
        raise Invalid({"userName": ["This userName is too long."]})


def _record(verb: str, row: ProvisionedUser, *, by: Actor) -> None:
    events.record(verb, row, by=by, audience="council")
