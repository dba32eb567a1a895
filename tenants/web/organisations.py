"""Where the people of an organisation sign in: offered by the domain of an address, and demanded where it must be."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, render_template
from werkzeug.wrappers import Response

from saas.policy import Viewer
from saas.security import private
from saas.tenancy import Scope
from saas.transaction import within
from tenants.queries.single_sign_on import Offer, Provider, find_provider, find_required, list_offers
from tenants.rules.mail_domains import domain_of


def offers_for(email: str) -> list[Offer]:
    """The single sign-ons for an address; whether anybody has it makes no difference."""
    with within(Scope.nobody(), read_only=True):
        return list_offers(domain_of(email))


def offers_page(offers: list[Offer], email: str, following: str, *, refused: bool = False) -> str:
    """The way to them. refused: a password was right, but is not taken. Links, since no form may lead elsewhere."""
    return render_template(
        "tenants/single_sign_on/choose.html", offers=offers, email=email, following=following, refused=refused
    )


def refuse_password(viewer: Viewer, following: str) -> Response | None:
    """The way to the single sign-on that this viewer must use; None where a password, or a passkey, is taken."""
    with within(Scope.nobody(), read_only=True):
        required = find_required(viewer)
    if required is None:
        return None
    return make_response(offers_page([required], viewer.email, following, refused=True), 403)


def provider_of_id(provider_id: UUID) -> Provider | None:
    """A single sign-on that was not removed."""
    with within(Scope.nobody(), read_only=True):
        return find_provider(provider_id)


def failed(words: str, settings: str = "") -> Response:
    """A sign-in through the organisation that came to nothing, and why. settings: of whoever could mend it there."""
    page = render_template("tenants/single_sign_on/failed.html", words=words, settings=settings)
    return make_response(page, 422)


def hidden(response: Response) -> Response:
    """The answer of an address that holds a secret."""
    return private(make_response(response), response.status_code)
