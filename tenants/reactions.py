"""What follows an event of tenants: verb → jobs."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from tenants.jobs.digests import prepare_digests
from tenants.jobs.evidence import check_link, read_evidence, recheck_links, scan_evidence
from tenants.jobs.invitations import send_invitation
from tenants.jobs.sign_in import send_reset_link

DAILY: tuple[Callable[[UUID], None], ...] = (prepare_digests, recheck_links)
"""What happens by itself in every active council once a day."""

REACTIONS: dict[str, tuple[Callable[[UUID], None], ...]] = {
    "access.invited": (send_invitation,),
    "evidence.added": (read_evidence,),
    "evidence.linked": (check_link,),
    "evidence.look_asked": (check_link,),
    "evidence.replaced": (read_evidence,),
    "evidence.scan_waits": (scan_evidence,),
    "invitation.resent": (send_invitation,),
    "password_reset.asked": (send_reset_link,),
}
