"""Who has access to a council or a region, and who is invited, for programs.

What opens a person's own door — passwords, second steps, sessions, tokens — is set on pages alone, by that person: a
program that holds a token must not be able to make itself another.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, place, requires
from saas.policy import COUNCIL_ROLES, REGION_ROLES, Permission
from tenants.models.access import Access, Invitation
from tenants.queries import access as queries
from tenants.queries.access import Target
from tenants.services import access as services
from tenants.services import invitations

operations = Operations("accesses", "Access")
ROLES = tuple(role.value for role in (*COUNCIL_ROLES, *REGION_ROLES))
OF_COUNCIL, OF_REGION = "/councils/<council>", "/regions/<region>"
ONE = "invitations/<uuid:invitation>"


class AccessSchema(ApiSchema):
    """A role that somebody has here."""

    id = fields.UUID(required=True)
    user_id = fields.UUID(required=True)
    name = fields.String(required=True, attribute="display_name")
    email = fields.String(required=True)
    role = fields.String(required=True, metadata={"enum": list(ROLES)})
    granted_at = fields.AwareDateTime(required=True)


class InvitationSchema(ApiSchema):
    """A role that somebody is offered by mail."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    role = fields.String(required=True, metadata={"enum": list(ROLES)})
    invited_at = fields.AwareDateTime(required=True)
    invited_by_name = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True, metadata={"description": "Until then its link works."})


class OfferedRoleSchema(ApiSchema):
    """Who is invited, and as what."""

    name = fields.String(
        required=True, validate=validate.Length(1, invitations.LONGEST_NAME), metadata={"example": "Ade Marsh"}
    )
    email = fields.String(
        required=True,
        validate=validate.Length(1, invitations.LONGEST_EMAIL),
        metadata={"example": "ade.marsh@example.gov.uk"},
    )
    role = fields.String(required=True, validate=validate.OneOf(ROLES))


@operations.get(f"{OF_COUNCIL}/accesses", "listAccesses", answers=Listed(AccessSchema))
@operations.get(f"{OF_REGION}/accesses", "listRegionAccesses", answers=Listed(AccessSchema))
@requires(Permission.ACCESS_GRANT)
def list_accesses() -> list[Access]:
    """List who has access. Each role on its own, by name."""
    return queries.list_access(Target.of(place()))


@operations.delete(f"{OF_COUNCIL}/accesses/<uuid:access>", "endAccess")
@operations.delete(f"{OF_REGION}/accesses/<uuid:access>", "endRegionAccess")
@requires(Permission.ACCESS_GRANT)
def end_access(access: UUID) -> None:
    """End a role at once. The last one that manages access stays; with a person's last role here end the tokens made
    for it."""
    target = Target.of(place())
    services.end(target, queries.get_access(target, access), by=actor())


@operations.get(f"{OF_COUNCIL}/invitations", "listInvitations", answers=Listed(InvitationSchema))
@operations.get(f"{OF_REGION}/invitations", "listRegionInvitations", answers=Listed(InvitationSchema))
@requires(Permission.ACCESS_GRANT)
def list_invitations() -> list[Invitation]:
    """List the invitations that wait. The newest first."""
    return queries.list_invitations(Target.of(place()))


@operations.post(f"{OF_COUNCIL}/invitations", "inviteToCouncil", takes=OfferedRoleSchema, answers=InvitationSchema)
@operations.post(f"{OF_REGION}/invitations", "inviteToRegion", takes=OfferedRoleSchema, answers=InvitationSchema)
@requires(Permission.ACCESS_GRANT)
def invite_somebody(given: dict[str, Any]) -> Invitation:
    """Invite somebody to a role. The mail goes out by itself; its link works for 14 days."""
    return invitations.invite(Target.of(place()), **given, by=actor())


@operations.post(f"{OF_COUNCIL}/{ONE}/resend", "resendInvitation", answers=InvitationSchema, status=200)
@operations.post(f"{OF_REGION}/{ONE}/resend", "resendRegionInvitation", answers=InvitationSchema, status=200)
@requires(Permission.ACCESS_GRANT)
def resend_invitation(invitation: UUID) -> Invitation:
    """Send an invitation again. With a new link; the one sent before stops working."""
    row = queries.get_invitation(invitation)
    invitations.resend(row, by=actor())
    return row


@operations.delete(f"{OF_COUNCIL}/{ONE}", "withdrawInvitation")
@operations.delete(f"{OF_REGION}/{ONE}", "withdrawRegionInvitation")
@requires(Permission.ACCESS_GRANT)
def withdraw_invitation(invitation: UUID) -> None:
    """Take an invitation back. Its link stops working."""
    invitations.withdraw(queries.get_invitation(invitation), by=actor())
