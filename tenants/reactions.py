"""What follows an event of tenants: verb → jobs."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from tenants.jobs.digests import prepare_digests
from tenants.jobs.doors import mail_door_news
from tenants.jobs.evidence import check_link, read_evidence, recheck_links, scan_evidence
from tenants.jobs.forgetting import forget_kept
from tenants.jobs.invitations import send_invitation
from tenants.jobs.leavers import empty_idle_accounts, leave_places
from tenants.jobs.names import carry_name
from tenants.jobs.prepared_files import make_prepared_file
from tenants.jobs.rehearsals import rehearse_backup
from tenants.jobs.sign_in import send_identity_link, send_reset_link
from tenants.jobs.tokens import tell_tokens_end
from tenants.jobs.unnamed_files import sweep_storage
from tenants.jobs.webhooks import deliver_webhook, tell_webhook_paused

DAILY: tuple[Callable[[UUID], None], ...] = (
    prepare_digests,
    recheck_links,
    empty_idle_accounts,
    forget_kept,
    tell_tokens_end,
    rehearse_backup,
    sweep_storage,
)
"""What happens by itself once a day, in every active council or for the whole service."""

REACTIONS: dict[str, tuple[Callable[[UUID], None], ...]] = {
    "access.invited": (send_invitation,),
    "account.emptied": (leave_places,),
    "browser.met": (mail_door_news,),
    "evidence.added": (read_evidence,),
    "evidence.linked": (check_link,),
    "evidence.look_asked": (check_link,),
    "evidence.replaced": (read_evidence,),
    "evidence.scan_waits": (scan_evidence,),
    "factor.added": (mail_door_news,),
    "factor.removed": (mail_door_news,),
    "factors.cleared": (mail_door_news,),
    "export.asked": (make_prepared_file,),
    "identity.linked": (mail_door_news,),
    "identity_link.asked": (send_identity_link,),
    "invitation.resent": (send_invitation,),
    "own_data.asked": (make_prepared_file,),
    "password_reset.asked": (send_reset_link,),
    "recovery_code.used": (mail_door_news,),
    "recovery_codes.replaced": (mail_door_news,),
    "user.renamed": (carry_name,),
    "webhook.paused": (tell_webhook_paused,),
    "webhook.replayed": (deliver_webhook,),
}
