"""Requests for somebody's text, made through the service."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import Flask

from assessment.models.answers import ContributionRequest
from assessment.queries.accreditations import get_accreditation
from assessment.queries.contributions import find_open, get_request
from assessment.queries.frameworks import get_framework
from assessment.services import contributions
from saas import clock
from saas.security import digest
from saas.tenancy import CONSOLE, Actor, Scope
from saas.transaction import within
from tests.factories.remembering import remembered
from tests.factories.tenants import MadeCouncil

QUESTION = "How did new members find the induction?"


@remembered
def make_contribution(
    app: Flask,
    council: MadeCouncil,
    accreditation_id: UUID,
    *,
    code: str = "1.1.1",
    name: str = "Gwen Group",
    email: str = "gwen@example.org",
    due_on: date | None = None,
    by: Actor = CONSOLE,
) -> UUID:
    """A request for a text, its mail not sent yet; its id."""
    with app.app_context(), within(council.scope(by.id)):
        accreditation = get_accreditation(accreditation_id, share=True)
        return contributions.ask(
            accreditation,
            get_framework(accreditation.framework_id).ids[code],
            name=name,
            email=email,
            question=QUESTION,
            due_on=due_on or clock.today() + timedelta(days=14),
            by=by,
        ).id


def make_secret(app: Flask, council: MadeCouncil, request_id: UUID) -> str:
    """The secret of a request, as its mail would have it."""
    with app.app_context(), within(council.scope()):
        secret = contributions.secret_of(get_request(council.id, request_id, lock=True))
    assert secret is not None
    return secret


def send_contribution(app: Flask, secret: str, words: str = "They found it useful.") -> None:
    """Send a text with the secret of a request."""
    with app.app_context(), within(Scope.bearer(key_hash=digest(secret))):
        asked = find_open(digest(secret))
        assert asked is not None
        contributions.send(asked, words)


def read_contribution(app: Flask, council: MadeCouncil, request_id: UUID) -> ContributionRequest:
    """How a request stands now."""
    with app.app_context(), within(council.scope(), read_only=True):
        return get_request(council.id, request_id)
