"""Jobs about invitations: the mail that carries the secret."""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from saas import mail
from saas.db import db
from saas.jobs import job
from saas.policy import ROLE_LABELS, Role
from saas.templating import moment
from tenants.models.access import Invitation
from tenants.services import invitations


@job()
def send_invitation(invitation_id: UUID) -> None:
    """Make the invitation's secret and mail it; nothing when it was sent, used or withdrawn before."""
    invitation = db.session.get(Invitation, invitation_id)
    secret = invitation and invitations.give_secret(invitation)
    if invitation is None or secret is None:
        return
    context = {
        "inviter": invitation.invited_by_name,
        "scope_name": invitation.scope_name,
        "role": ROLE_LABELS[Role(invitation.role)],
        "link": f"{current_app.config['CHARTERWAY'].base_url}/invitations/{secret}",
        "expires": moment(invitation.expires_at),
    }
    key = f"invitation {invitation.id} {invitation.invited_at.isoformat()}"
    if not mail.deliver("invitation", to=invitation.email, context=context, key=key):
        invitation.key_hash = None  # without a secret it is shown as not sent
