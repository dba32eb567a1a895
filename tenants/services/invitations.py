"""Invitations: an offer of a role sent by mail, single use, which its holder accepts, or somebody withdraws."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select, text

from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.policy import ROLES_BY_KIND, Role
from saas.security import digest, secret_for
from saas.tenancy import SERVICE, Actor
from tenants.models.access import Access, Invitation
from tenants.queries.access import Target, find_borne_invitation

LIFE = timedelta(days=14)
LONGEST_NAME, LONGEST_EMAIL = 120, 254
ACCEPT = text("select tenancy.accept_invitation(:user_id, :access_id, :name, :hashed)")


def invite(target: Target, *, name: str, email: str, role: str, by: Actor) -> Invitation:
    """Offer somebody a role in the target; the mail is sent by a job. Raises Invalid naming the field.

    In the target's own scope; or from its region's or the platform's, for as long as nobody has access there.
    """
    address = checked_email(email)
    _check(target, name=name, email=address, role=role)
    now = clock.now()
    invitation = Invitation(
        id=new_id(),
        region_id=target.region_id,
        council_id=target.council_id,
        scope_name=target.name,
        role=str(Role(role)),
        email=address,
        name=name.strip(),
        key_hash=None,
        invited_by=by.id,
        invited_by_name=by.name if by.id else SERVICE.name,
        invited_at=now,
        expires_at=now + LIFE,
    )
    db.session.add(invitation)
    db.session.flush()
    _record("access.invited", invitation, by=by, payload={"role": role})
    return invitation


def resend(invitation: Invitation, *, by: Actor) -> None:
    """Send the invitation again with a new link, which works for 14 days; the old link ends. Raises Conflict."""
    _refuse_ended(invitation)
    now = clock.now()
    invitation.key_hash = None
    invitation.invited_at = now
    invitation.expires_at = now + LIFE
    _record("invitation.resent", invitation, by=by)


def withdraw(invitation: Invitation, *, by: Actor) -> None:
    """Take the offer back; its link ends. Raises Conflict when it was used or withdrawn before."""
    _refuse_ended(invitation)
    invitation.withdrawn_at = clock.now()
    _record("invitation.withdrawn", invitation, by=by)


def give_secret(invitation: Invitation) -> str | None:
    """Make the secret of the mail and keep its SHA-256; None when one was given before or the offer has ended.

    The secret itself is nowhere but in what this returns. A mail that is sent once more, because its job was cut off
    after the first, leads to the same place.
    """
    if invitation.key_hash is not None or not is_open(invitation):
        return None
    secret = secret_for(f"invitation {invitation.id} {invitation.invited_at.isoformat()}")
    invitation.key_hash = digest(secret)
    return secret


def is_open(invitation: Invitation) -> bool:
    """Whether it can still be accepted."""
    return invitation.used_at is None and invitation.withdrawn_at is None and invitation.expires_at > clock.now()


def accept(key_hash: str, *, name: str, hashed: str | None) -> UUID | None:
    """Accept the invitation whose secret the scope bears: the user who now has access, made if need be.

    hashed: the hash of the chosen password, for a person who has none yet; who has one must be signed in, the mail
    alone opens no account. None when the invitation cannot be accepted so (used, expired, withdrawn, unknown).
    """
    access_id = new_id()
    values = {"user_id": new_id(), "access_id": access_id, "name": name.strip(), "hashed": hashed}
    user_id: UUID | None = db.session.scalar(ACCEPT, values)
    if user_id is None:
        return None
    invitation = find_borne_invitation(key_hash)
    if invitation is not None:
        granted = Access(id=access_id, region_id=invitation.region_id, council_id=invitation.council_id)
        events.record(
            "access.granted",
            granted,
            by=Actor(user_id, name.strip() or invitation.name),
            audience=_kind(invitation),
            payload={"role": invitation.role},
        )
    return user_id


def checked_email(email: str) -> str:
    """The address in small letters; raises Invalid when no mail can go there."""
    try:
        known = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        words = "Enter an email address in the correct format, like name@example.com."
        raise Invalid({"email": [words]}) from error
    return known.normalized.lower()


def _check(target: Target, *, name: str, email: str, role: str) -> None:
    messages: dict[str, list[str]] = {}
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        messages["name"] = [f"Enter a name of at most {LONGEST_NAME} characters."]
    if len(email) > LONGEST_EMAIL:
        messages["email"] = [f"Enter an address of at most {LONGEST_EMAIL} characters."]
    allowed = ROLES_BY_KIND[target.kind]
    if role not in allowed:
        messages["role"] = [f"{role or 'Nothing'} is not a role here: choose one of {', '.join(allowed)}."]
    if messages:
        raise Invalid(messages)
    has_it = select(Access.id).where(
        target.holds(Access), Access.email == email, Access.role == role, Access.ended_at.is_(None)
    )
    if db.session.scalar(has_it):
        raise Invalid({"email": [f"{email} has this role already."]})
    waits = select(Invitation.id).where(
        target.holds(Invitation),
        Invitation.email == email,
        Invitation.role == role,
        Invitation.used_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    )
    if db.session.scalar(waits):
        raise Invalid({"email": [f"An invitation for {email} to this role is waiting. Send that one again."]})


def _refuse_ended(invitation: Invitation) -> None:
    if invitation.used_at is not None:
        raise Conflict("This invitation was accepted in the meantime.")
    if invitation.withdrawn_at is not None:
        raise Conflict("This invitation was withdrawn in the meantime.")


def _kind(invitation: Invitation) -> str:
    if invitation.council_id is not None:
        return "council"
    return "region" if invitation.region_id is not None else "platform"


def _record(verb: str, invitation: Invitation, *, by: Actor, payload: dict[str, str] | None = None) -> None:
    """The event is its target's; a region that invites a council's first lead reads it too."""
    kind = _kind(invitation)
    from_above = kind == "council" and db.session.info["scope"].region_id is not None
    events.record(verb, invitation, by=by, audience="shared" if from_above else kind, payload=payload)
