"""The proof, once, that an account and a person of an organisation are one: by the password, or by a mailed link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from saas import clock, security, sessions
from saas.forms import Bound, bind
from saas.guard import actor, public, signed_in, viewer
from saas.oidc import Proof
from saas.policy import Viewer
from saas.security import Throttle, private
from saas.tenancy import Actor, Scope
from saas.transaction import within
from tenants.models.access import IDENTITY_LINK
from tenants.queries import access
from tenants.queries.second_factors import find_factors
from tenants.queries.single_sign_on import Provider, find_provider, list_identities
from tenants.services import mailed_links
from tenants.services import single_sign_on as service
from tenants.web.organisations import failed, hidden, provider_of_id
from tenants.web.sign_in import begin_half, let_in, renew_session

blueprint = Blueprint("identity_links", __name__)

WAITING, WAITING_LIFE = "to_link", timedelta(minutes=30)
"""Until somebody has proved that the account is his or hers."""
MAILS = Throttle("identity-link", 5, 60 * 60)
WRONG_PASSWORD = "The password is not right."  # noqa: S105
TOO_LATE = "That took too long. Begin again."


class PasswordForm(Schema):
    """The proof that the account is one's own."""

    password = fields.String(
        required=True,
        validate=validate.Length(max=1000),
        metadata={"label": "Password", "verbatim": True, "required": "Enter your password."},
    )


def enter(who: Viewer, provider: Provider, subject: str, following: str, *, factor: bool) -> Response:
    """Sign in who came through the organisation, as after a password.

    Whoever has set up a second step here is asked for it, whatever the other site says. Of who has none, the site's
    word that more than a password was shown (`amr` with "mfa") counts as the second step that a region demands, but
    only where every place of the person is the provider's own: no council vouches for somebody's work elsewhere.
    """
    has_own = _note_use(who, provider, subject)
    if has_own:
        return begin_half(who, following, provider_id=provider.id)
    factor = factor and provider.speaks_for_all_of(who)
    return let_in(who, following, factor=factor, provider_id=provider.id)


def go_on(who: Viewer, provider: Provider, subject: str, *, factor: bool) -> None:
    """Note in the open session that its person has come through the organisation, which counts as in `enter`."""
    has_own = _note_use(who, provider, subject)
    sessions.come_through(provider.id)
    if factor and not has_own and provider.speaks_for_all_of(who):
        sessions.add_factor()
    renew_session(who)


def _note_use(who: Viewer, provider: Provider, subject: str) -> bool:
    """Note it; whether the person has a second step of the own here."""
    with within(Scope.person(who.id)):
        service.note_use(who.id, provider, subject)
        return bool(find_factors(who.id))


def wait_for_proof(who: Viewer, provider: Provider, proof: Proof, following: str) -> None:
    """Remember who came through for the first time, and whose account it seems to be."""
    session[WAITING] = {
        "user": who.get_id(),
        "provider": str(provider.id),
        "issuer": provider.issuer,
        "subject": proof.subject,
        "factor": proof.factor,
        "next": following,
        "at": _now(),
    }


@blueprint.get("/sign-in/link")
@public("whoever signs in is not known yet", own_transaction=True)
def show() -> Response:
    """What is asked the first time, and why."""
    waiting = _waiting()
    if waiting is None:
        return failed(TOO_LATE)
    return _link_page(Bound.empty(PasswordForm), waiting)


@blueprint.post("/sign-in/link")
@public("whoever signs in is not known yet", own_transaction=True)
def link_by_password() -> Response:
    """Link by the password of the account."""
    waiting = _waiting()
    if waiting is None:
        return failed(TOO_LATE)
    who, provider = waiting
    form = bind(PasswordForm, request.form)
    if form.valid:
        security.throttle_sign_in(who.email, request.remote_addr or "")
        with within(Scope.bearer(email_key=who.email), read_only=True):
            credential = access.find_credential()
        if security.verify_password(credential.password_hash if credential else None, form.values["password"]):
            return _link(who, provider)
        form.add_error("password", WRONG_PASSWORD)
    return make_response(_link_page(form, waiting), 422)


@blueprint.post("/sign-in/link/mail")
@public("whoever signs in is not known yet", own_transaction=True)
def mail_link() -> Response:
    """Mail a link to the address of the account."""
    waiting = _waiting()
    if waiting is None:
        return failed(TOO_LATE)
    who, _ = waiting
    MAILS.brake(str(who.id))
    with within(Scope.person(who.id)):
        by = Actor(who.id, "Somebody who came through the organisation’s sign-in")
        mailed_links.ask(who.id, IDENTITY_LINK, by=by)
    flash(f"A link is on its way to {who.email}. Open it in this browser.", "success")
    return redirect(url_for("identity_links.show"), code=303)


@blueprint.get("/sign-in/link/<secret>")
@public("the secret of the mail is the right", own_transaction=True)
def show_mailed(secret: str) -> Response:
    """What opening the link does; looking at it uses nothing up."""
    waiting = _waiting()
    if waiting is None or not _is_borne(secret, waiting[0]):
        return hidden(failed("Open the link within 30 minutes, in the browser in which you began to sign in."))
    return private(render_template("tenants/single_sign_on/mailed.html", who=waiting[0], provider=waiting[1]))


@blueprint.post("/sign-in/link/<secret>")
@public("the secret of the mail is the right", own_transaction=True)
def link_by_mail(secret: str) -> Response:
    """Link by the mail, in the browser that began."""
    waiting = _waiting()
    if waiting is None:
        return hidden(failed(TOO_LATE))
    who, provider = waiting
    with within(Scope.person(who.id)):
        used = service.use_link(who.id, security.digest(secret))
    if not used:
        return hidden(failed("This link was used, or has expired."))
    return _link(who, provider)


# One's own links


@blueprint.get("/account/organisation")
@signed_in("everybody may see what opens the own account")
def list_own() -> str:
    """Through whose site the account opens."""
    rows = list_identities(viewer().id)
    names = {row.provider_id: found.name for row in rows if (found := find_provider(row.provider_id)) is not None}
    return render_template("tenants/single_sign_on/own.html", rows=rows, names=names)


@blueprint.post("/account/organisation/<uuid:identity_id>/unlink")
@signed_in("everybody may close a way into the own account")
def unlink(identity_id: UUID) -> Response:
    """Close one of these ways in."""
    service.unlink(viewer().id, identity_id, by=actor())
    flash("It no longer opens your account.", "success")
    return redirect(url_for("identity_links.list_own"), code=303)


def _link(who: Viewer, provider: Provider) -> Response:
    """Let the subject that came open this account from now on, and go in."""
    kept = session.pop(WAITING)
    with within(Scope.person(who.id)):
        service.link_identity(who.id, provider, kept["subject"], by=who.actor)
    return enter(who, provider, kept["subject"], kept["next"], factor=kept["factor"])


def _waiting() -> tuple[Viewer, Provider] | None:
    """Who came through a while ago and is to prove to have the account, and through what."""
    kept: dict[str, Any] | None = session.get(WAITING)
    if kept is None or _now() - kept["at"] > WAITING_LIFE.total_seconds():
        return None
    provider = provider_of_id(UUID(kept["provider"]))
    with within(Scope.nobody()):
        who = access.find_viewer(UUID(kept["user"].partition(":")[0]))
    if who is None or who.get_id() != kept["user"] or provider is None or not provider.switched_on:
        return None
    return (who, provider) if provider.issuer == kept["issuer"] and provider.is_of(who) else None


def _is_borne(secret: str, who: Viewer) -> bool:
    with within(Scope.bearer(key_hash=security.digest(secret)), read_only=True):
        link = access.find_borne_link(security.digest(secret), IDENTITY_LINK)
        return link is not None and link.user_id == who.id and mailed_links.is_open(link)


def _link_page(form: Bound, waiting: tuple[Viewer, Provider]) -> Response:
    who, provider = waiting
    return make_response(render_template("tenants/single_sign_on/link.html", form=form, who=who, provider=provider))


def _now() -> int:
    return int(clock.now().timestamp())
