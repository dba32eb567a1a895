"""Jobs about signing: the mail with the link, and what follows a signature, a refusal or a change of office."""

from __future__ import annotations

from uuid import UUID

from flask import current_app
from sqlalchemy import select

from assessment.queries.signings import get_request, get_signing, state_of
from assessment.rules.signings import State
from assessment.services import signatories, signature_requests, signings
from saas import mail
from saas.db import db
from saas.jobs import job
from saas.rounds import daily
from saas.templating import moment
from saas.tenancy import Scope
from tenants.models.councils import Council


@job()
def send_signature_request(request_id: UUID) -> None:
    """Mail what is to be signed: with a secret link, or to a signatory with the way to sign in."""
    request = get_request(request_id, lock=True)
    base_url = current_app.config["CHARTERWAY"].base_url
    if request.user_id is not None:
        if state_of(request) is not State.ASKED:
            return
        slug = db.session.scalar(select(Council.slug).where(Council.id == request.council_id))
        link = f"{base_url}/councils/{slug}/signatures/{request.id}"
    else:
        secret = signature_requests.give_secret(request)
        if secret is None:
            return
        link = f"{base_url}/sign/{secret}"
    context = {
        "name": request.name,
        "office": request.office,
        "council": request.council_name,
        "title": request.text_title,
        "asked_by": request.asked_by_name,
        "signs_in": request.user_id is not None,
        "reminder": request.reminded_at is not None,
        "answers": get_signing(request.signing_id).about == "readiness",
        "link": link,
        "expires": moment(request.expires_at),
    }
    key = f"signature:{request.id}:{request.asked_at.isoformat()}"
    if not mail.deliver("signature_request", to=request.email, context=context, key=key):
        request.key_hash = None  # without a secret it is shown as not sent


@job(runs_in=Scope.council)
def follow_signature(request_id: UUID) -> None:
    """After the last signature the self-assessment opens, or the submission may be sent."""
    signings.follow(request_id)


@job(runs_in=Scope.council)
def tell_of_decline(request_id: UUID) -> None:
    """The council's leads hear that somebody declined to sign, and why."""
    signings.tell_of_decline(request_id)


@job(runs_in=Scope.council)
def follow_office(holder_id: UUID) -> None:
    """Whoever follows in an office is asked to sign instead of the one who left."""
    signatories.follow_office(holder_id)


@daily
@job()
def remind_signatories(council_id: UUID) -> None:
    """Whoever was asked to sign a week ago and has not answered gets the message again, once."""
    signatories.remind(council_id)
