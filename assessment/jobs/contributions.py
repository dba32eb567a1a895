"""Jobs about contributions: the mails with the link, and telling who asked of the answer."""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from assessment.models.answers import ContributionRequest
from assessment.services import contributions
from saas import clock, mail
from saas.db import db
from saas.jobs import job
from saas.templating import day
from saas.tenancy import Scope
from tenants.queries.reminder_settings import settings_of


@job()
def send_contribution_request(request_id: UUID) -> None:
    """Make the link and mail it; nothing when it was sent, answered or withdrawn before."""
    request = _request(request_id)
    if request is None or request.key_hash is not None:
        return
    if not _mail("contribution_request", request, f"asked {request.asked_at.isoformat()}"):
        request.key_hash = None  # without a link it is shown as not sent


@job()
def tell_of_more_time(request_id: UUID) -> None:
    """Mail the same link with its new day."""
    request = _request(request_id)
    if request is not None:
        _mail("contribution_more_time", request, f"until {request.expires_at.isoformat()}")


@job()
def remind_contributor(request_id: UUID) -> None:
    """Mail the same link again, because its day comes near."""
    request = _request(request_id)
    if request is not None:
        opening = settings_of(request.council_id).contributor_words
        _mail("contribution_reminder", request, f"reminded {clock.today().isoformat()}", opening=opening)


@job(runs_in=Scope.council)
def tell_asker(request_id: UUID) -> None:
    """The contributor sent or declined; who asked hears of it, in the council's own scope."""
    request = _request(request_id)
    if request is not None:
        contributions.tell_of_answer(request)


def _request(request_id: UUID) -> ContributionRequest | None:
    council_id = db.session.info["scope"].council_id
    return db.session.get(ContributionRequest, (council_id, request_id), with_for_update=True)


def _mail(name: str, request: ContributionRequest, occasion: str, **more: str) -> bool:
    """Mail the link; true also where there is nothing to send any more."""
    secret = contributions.secret_of(request)
    if secret is None or request.due_on is None:
        return True
    context = {
        "name": request.name,
        "asker": request.asked_by_name,
        "council": request.shown["council"],
        "title": f"{request.shown['code']} {request.shown['title']}",
        "question": request.question,
        "due": day(request.due_on),
        "link": f"{current_app.config['CHARTERWAY'].base_url}/contribute/{secret}",
        **more,
    }
    return mail.deliver(name, to=request.email, context=context, key=f"contribution {request.id} {occasion}")
