"""Sign-in through one's organisation: there and back, who that is here, and the proof that both are one person.

Nobody is taken over silently. What an organisation's site says opens an account only once somebody has linked the two:
by the password, by a link mailed to the address of the account, by an invitation's link, or while signed in. It opens
nobody's account who has no access in the place whose single sign-on it is.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from saas import clock, oidc, security
from saas.enciphering import decipher
from saas.errors import NotFound
from saas.forms import Bound, bind
from saas.guard import public, viewer
from saas.policy import Permission, Place, Viewer
from saas.security import Throttle, TooManyAttempts, private
from saas.tenancy import Actor, Scope
from saas.transaction import within
from tenants.models.access import IDENTITY_LINK
from tenants.queries import access
from tenants.queries.access import Target
from tenants.queries.second_factors import find_factors
from tenants.queries.single_sign_on import Provider, find_provider, find_user_of
from tenants.rules.mail_domains import domain_of
from tenants.services import invitations, sign_in_providers
from tenants.services import single_sign_on as service
from tenants.web.organisations import offers_for, offers_page
from tenants.web.sign_in import begin_half, let_in

blueprint = Blueprint("single_sign_on", __name__)

BEGUN, BEGUN_LIFE = "sign_on", timedelta(minutes=10)
"""Until the browser comes back from the organisation's site."""
WAITING, WAITING_LIFE = "to_link", timedelta(minutes=30)
"""Until somebody has proved that the account is his or hers."""
BY_CLIENT = Throttle("sign-on-client", 200, 15 * 60)
MAILS = Throttle("identity-link", 5, 60 * 60)
WRONG_PASSWORD = "The password is not right."  # noqa: S105
TOO_LATE = "That took too long. Begin again."


class OrganisationForm(Schema):
    """Whose organisation."""

    email = fields.Email(
        required=True,
        validate=validate.Length(max=254),
        metadata={
            "label": "Email address",
            "required": "Enter your email address.",
            "hint": "The one that your organisation gave you.",
        },
    )
    next = fields.String(validate=validate.Length(max=2000))


class PasswordForm(Schema):
    """The proof that the account is one's own."""

    password = fields.String(
        required=True,
        validate=validate.Length(max=1000),
        metadata={"label": "Password", "verbatim": True, "required": "Enter your password."},
    )


# There


@blueprint.get("/sign-in/organisation")
@public("whoever signs in is not known yet", own_transaction=True)
def ask() -> str:
    """The address is asked first: its domain says where."""
    following = security.safe_next(request.args.get("next"))
    return _ask(Bound.empty(OrganisationForm, {"next": following}))


@blueprint.post("/sign-in/organisation")
@public("whoever signs in is not known yet", own_transaction=True)
def offer() -> str | Response:
    """The single sign-ons for an address."""
    form = bind(OrganisationForm, request.form)
    following = security.safe_next(form.typed("next"))
    if form.valid:
        _brake()
        offers = offers_for(form.values["email"])
        if offers:
            return offers_page(offers, form.values["email"], following)
        domain = domain_of(form.values["email"])
        form.add_error("email", f"No organisation signs in here with addresses at {domain}. Use your password.")
    return make_response(_ask(form), 422)


@blueprint.get("/sign-in/with/<uuid:provider_id>")
@public("whoever signs in is not known yet", own_transaction=True)
def begin(provider_id: UUID) -> Response:
    """Go to the organisation's site. One that is not switched on yet is tried by whoever manages access there."""
    _brake()
    provider = _provider(provider_id)
    if provider is None or not (provider.switched_on or _may_try(provider)):
        raise NotFound
    hint = request.args.get("email", "")[:254]
    following = security.safe_next(request.args.get("next"))
    return _go(provider, following, address_hint=hint)


@blueprint.get("/invitations/<secret>/with/<uuid:provider_id>")
@public("the secret of the mail is the right", own_transaction=True)
def begin_invited(secret: str, provider_id: UUID) -> Response:
    """Go to the organisation's site with an invitation in hand, which is accepted on the way back."""
    _brake()
    key_hash = security.digest(secret)
    with within(Scope.bearer(key_hash=key_hash), read_only=True):
        invitation = access.find_borne_invitation(key_hash)
        known = access.invited_has_password()
    provider = _provider(provider_id)
    if invitation is None or known or provider is None or not provider.switched_on:
        raise NotFound
    if provider.place_id != (invitation.council_id or invitation.region_id):
        raise NotFound
    return _hidden(_go(provider, "/", address_hint=invitation.email, key_hash=key_hash))


def _go(provider: Provider, following: str, *, address_hint: str, key_hash: str = "") -> Response:
    try:
        begun = oidc.begin(_client(provider), return_address(provider.place_id), address_hint=address_hint)
    except oidc.NotProved as refusal:
        return _failed(refusal.message)
    session[BEGUN] = asdict(begun) | {
        "provider": str(provider.id),
        "issuer": provider.issuer,
        "version": provider.version,
        "next": following,
        "key_hash": key_hash,
        "at": _now(),
    }
    return redirect(begun.address, code=303)


# And back


@blueprint.get("/sign-in/return/<uuid:place_id>")
@public("whoever signs in is not known yet", own_transaction=True)
def come_back(place_id: UUID) -> str | Response:
    """What the organisation's site says: taken once, by the browser that was sent there."""
    _brake()
    kept = session.pop(BEGUN, None)
    if kept is None or _now() - kept["at"] > BEGUN_LIFE.total_seconds():
        return _failed(TOO_LATE)
    provider = _provider(UUID(kept["provider"]))
    if provider is None or provider.place_id != place_id or provider.issuer != kept["issuer"]:
        return _failed("This single sign-on was changed or removed meanwhile.")
    begun = oidc.Begun(kept["address"], kept["state"], kept["nonce"], kept["verifier"])
    try:
        proof = oidc.finish(_client(provider), begun, return_address(place_id), request.args.to_dict())
    except oidc.NotProved as refusal:
        current_app.logger.info("a single sign-on failed")
        return _failed(refusal.message)
    if domain_of(proof.email) not in provider.domains:
        return _failed(f"{proof.email} is not an address of {provider.name}.")
    if current_user.is_authenticated:
        return _add_to_own(viewer(), provider, proof, kept["next"], version=kept["version"])
    if not provider.switched_on:
        return _failed(TOO_LATE)
    if kept["key_hash"]:
        return _accept(provider, proof, kept["key_hash"])
    return _recognise(provider, proof, kept["next"])


def _add_to_own(who: Viewer, provider: Provider, proof: oidc.Proof, following: str, *, version: int) -> Response:
    """Somebody signed in has come through: link the two, and switch on what was tried."""
    if proof.email != who.email:
        return _failed(f"Your organisation knows you as {proof.email}, but you are signed in here as {who.email}.")
    if not provider.is_of(who):
        return _failed(f"You have no access in the place that signs in with {provider.name}.")
    with within(Scope.nobody()):
        owner = find_user_of(provider, proof.subject)
    if owner not in (None, who.id):
        return _failed("Another account here is linked to this sign-in.")
    with within(Scope.person(who.id)):
        service.link_identity(who.id, provider, proof.subject, by=who.actor)
    if not provider.switched_on:
        here = next(place for place in who.places if place.id == provider.place_id)
        if Permission.ACCESS_GRANT not in here.permissions:
            raise NotFound
        target = Target.of(here)
        with within(_scope_of(target, who)):
            sign_in_providers.switch_on(target, version=version, by=who.actor)
        flash("It works: the single sign-on is switched on.", "success")
        return redirect(_settings_of(here), code=303)
    flash(f"You can now sign in with {provider.name}.", "success")
    return redirect(following, code=303)


def _settings_of(here: Place) -> str:
    if here.kind == "council":
        return url_for("sign_in_providers.edit", council=here.slug)
    return url_for("sign_in_providers.edit", region=here.slug)


def _recognise(provider: Provider, proof: oidc.Proof, following: str) -> str | Response:
    """Let in who was linked before; ask who has an account to prove it; refuse who has none."""
    with within(Scope.nobody()):
        linked = find_user_of(provider, proof.subject)
        who = access.find_viewer(linked) if linked else None
    if who is not None:
        if not provider.is_of(who):
            return _failed(f"You no longer have access in the place that signs in with {provider.name}.")
        return _let_in(who, provider, proof.subject, following, factor=proof.factor)
    with within(Scope.bearer(email_key=proof.email), read_only=True):
        known = access.find_user_of_email()
    with within(Scope.nobody()):
        who = access.find_viewer(known) if known else None
    if who is None or not provider.is_of(who):
        return _failed(
            f"{proof.email} has no access here yet. If you were invited, open the link in that mail first."
            " Otherwise ask whoever leads on the Charter in your organisation."
        )
    session[WAITING] = {
        "user": who.get_id(),
        "provider": str(provider.id),
        "issuer": provider.issuer,
        "subject": proof.subject,
        "factor": proof.factor,
        "next": following,
        "at": _now(),
    }
    return redirect(url_for("single_sign_on.show_link"), code=303)


def _accept(provider: Provider, proof: oidc.Proof, key_hash: str) -> Response:
    """Accept an invitation whose mail was opened, for the address it went to and no other."""
    with within(Scope.bearer(key_hash=key_hash), read_only=True):
        invitation = access.find_borne_invitation(key_hash)
    if invitation is None or not invitations.is_open(invitation):
        return _failed("This invitation was used or withdrawn, or has expired.")
    if proof.email != invitation.email:
        return _failed(f"You signed in as {proof.email}, but the invitation is for {invitation.email}.")
    # A password that nobody knows: who wants one later asks for a link to choose it.
    hashed = security.hash_password(security.new_secret())
    with within(Scope(key_hash=key_hash)):
        user_id = invitations.accept(key_hash, name=proof.name[:120] or invitation.name, hashed=hashed)
    with within(Scope.nobody()):
        who = access.find_viewer(user_id) if user_id else None
    if who is None:
        return _failed("This invitation was used or withdrawn, or has expired.")
    with within(Scope.person(who.id)):
        service.link_identity(who.id, provider, proof.subject, by=who.actor)
    flash(f"You have joined {invitation.scope_name}.", "success")
    return _let_in(who, provider, proof.subject, "/", factor=proof.factor)


def _let_in(who: Viewer, provider: Provider, subject: str, following: str, *, factor: bool) -> Response:
    """Sign in who came through the organisation, as after a password.

    Whoever has set up a second step here is asked for it, whatever the other site says. Of who has none, the site's
    word that more than a password was shown (`amr` with "mfa") counts as the second step that a region demands, but
    only where every place of the person is the provider's own: no council vouches for somebody's work elsewhere.
    """
    with within(Scope.person(who.id)):
        service.note_use(who.id, provider, subject)
        has_own = bool(find_factors(who.id))
    if has_own:
        return begin_half(who, following)
    return let_in(who, following, factor=factor and provider.speaks_for_all_of(who))


# The proof that both are one


@blueprint.get("/sign-in/link")
@public("whoever signs in is not known yet", own_transaction=True)
def show_link() -> Response:
    """What is asked the first time, and why."""
    waiting = _waiting()
    if waiting is None:
        return _failed(TOO_LATE)
    return _link_page(Bound.empty(PasswordForm), waiting)


@blueprint.post("/sign-in/link")
@public("whoever signs in is not known yet", own_transaction=True)
def link_by_password() -> Response:
    """Link by the password of the account."""
    waiting = _waiting()
    if waiting is None:
        return _failed(TOO_LATE)
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
        return _failed(TOO_LATE)
    who, _ = waiting
    if not MAILS.allow(str(who.id)):
        raise TooManyAttempts(MAILS.retry_after(str(who.id)))
    with within(Scope.person(who.id)):
        service.ask_link(who.id, by=Actor(who.id, "Somebody who came through the organisation’s sign-in"))
    flash(f"A link is on its way to {who.email}. Open it in this browser.", "success")
    return redirect(url_for("single_sign_on.show_link"), code=303)


@blueprint.get("/sign-in/link/<secret>")
@public("the secret of the mail is the right", own_transaction=True)
def show_mailed(secret: str) -> Response:
    """What opening the link does; looking at it uses nothing up."""
    waiting = _waiting()
    if waiting is None or not _is_borne(secret, waiting[0]):
        return _hidden(_failed("Open the link within 30 minutes, in the browser in which you began to sign in."))
    return private(render_template("tenants/single_sign_on/mailed.html", who=waiting[0], provider=waiting[1]))


@blueprint.post("/sign-in/link/<secret>")
@public("the secret of the mail is the right", own_transaction=True)
def link_by_mail(secret: str) -> Response:
    """Link by the mail, in the browser that began."""
    waiting = _waiting()
    if waiting is None:
        return _hidden(_failed(TOO_LATE))
    who, provider = waiting
    with within(Scope.person(who.id)):
        used = service.use_link(who.id, security.digest(secret))
    if not used:
        return _hidden(_failed("This link was used, or has expired."))
    return _link(who, provider)


def _link(who: Viewer, provider: Provider) -> Response:
    """Let the subject that came open this account from now on, and go in."""
    kept = session.pop(WAITING)
    with within(Scope.person(who.id)):
        service.link_identity(who.id, provider, kept["subject"], by=who.actor)
    return _let_in(who, provider, kept["subject"], kept["next"], factor=kept["factor"])


def _waiting() -> tuple[Viewer, Provider] | None:
    """Who came through a while ago and is to prove to have the account, and through what."""
    kept: dict[str, Any] | None = session.get(WAITING)
    if kept is None or _now() - kept["at"] > WAITING_LIFE.total_seconds():
        return None
    provider = _provider(UUID(kept["provider"]))
    with within(Scope.nobody()):
        who = access.find_viewer(UUID(kept["user"].partition(":")[0]))
    if who is None or who.get_id() != kept["user"] or provider is None or not provider.switched_on:
        return None
    return (who, provider) if provider.issuer == kept["issuer"] and provider.is_of(who) else None


def _is_borne(secret: str, who: Viewer) -> bool:
    with within(Scope.bearer(key_hash=security.digest(secret)), read_only=True):
        link = access.find_borne_link(security.digest(secret), IDENTITY_LINK)
        return link is not None and link.user_id == who.id and service.is_open(link)


def _link_page(form: Bound, waiting: tuple[Viewer, Provider]) -> Response:
    who, provider = waiting
    return make_response(render_template("tenants/single_sign_on/link.html", form=form, who=who, provider=provider))


# What all of it needs


def _provider(provider_id: UUID) -> Provider | None:
    with within(Scope.nobody(), read_only=True):
        return find_provider(provider_id)


def _may_try(provider: Provider) -> bool:
    if not current_user.is_authenticated:
        return False
    return any(
        place.id == provider.place_id and Permission.ACCESS_GRANT in place.permissions for place in viewer().places
    )


def _client(provider: Provider) -> oidc.Client:
    secret = decipher(sign_in_providers.PURPOSE, provider.client_secret)
    return oidc.Client(provider.issuer, provider.client_id, secret)


def return_address(place_id: UUID) -> str:
    """Where the organisation's site sends people back to: one for each place, so that no site answers for another."""
    return str(current_app.config["CHARTERWAY"].base_url + url_for("single_sign_on.come_back", place_id=place_id))


def _scope_of(target: Target, who: Viewer) -> Scope:
    if target.region_id is None:
        raise RuntimeError("the platform has no single sign-on")
    if target.council_id is not None:
        return Scope.council(target.council_id, target.region_id, who.id)
    return Scope.region(target.region_id, who.id)


def _ask(form: Bound) -> str:
    return render_template("tenants/single_sign_on/ask.html", form=form)


def _failed(words: str) -> Response:
    return make_response(render_template("tenants/single_sign_on/failed.html", words=words), 422)


def _hidden(response: Response) -> Response:
    """The answer of an address that holds a secret."""
    return private(make_response(response), response.status_code)


def _brake() -> None:
    client = request.remote_addr or ""
    if not BY_CLIENT.allow(client):
        raise TooManyAttempts(BY_CLIENT.retry_after(client))


def _now() -> int:
    return int(clock.now().timestamp())
