"""Sign-in through one's organisation: there and back, and who that is here.

Nobody is taken over silently. What an organisation's site says opens an account only once somebody has linked the two:
by the password, by a link mailed to the address of the account, by an invitation's link, or while signed in. It opens
nobody's account who has no access in the place whose single sign-on it is.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
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
from saas.security import Throttle
from saas.tenancy import Scope
from saas.transaction import within
from tenants.queries import access
from tenants.queries.access import Target
from tenants.queries.single_sign_on import Provider, find_user_of
from tenants.rules.mail_domains import domain_of
from tenants.services import invitations, sign_in_providers
from tenants.services import single_sign_on as service
from tenants.web.identity_links import TOO_LATE, enter, go_on, wait_for_proof
from tenants.web.organisations import failed, hidden, offers_for, offers_page, provider_of_id
from tenants.web.sign_in import own_address

blueprint = Blueprint("single_sign_on", __name__)

BEGUN, BEGUN_LIFE = "sign_on", timedelta(minutes=10)
"""Until the browser comes back from the organisation's site."""
BY_CLIENT = Throttle("sign-on-client", 200, 15 * 60)


class OrganisationForm(Schema):
    """Whose organisation."""

    email = own_address("The one that your organisation gave you.")
    next = fields.String(validate=validate.Length(max=2000))


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
        BY_CLIENT.brake(request.remote_addr or "")
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
    BY_CLIENT.brake(request.remote_addr or "")
    provider = provider_of_id(provider_id)
    if provider is None or not (provider.switched_on or _may_try(provider)):
        raise NotFound
    hint = request.args.get("email", "")[:254]
    following = security.safe_next(request.args.get("next"))
    return _go(provider, following, address_hint=hint)


@blueprint.get("/invitations/<secret>/with/<uuid:provider_id>")
@public("the secret of the mail is the right", own_transaction=True)
def begin_invited(secret: str, provider_id: UUID) -> Response:
    """Go to the organisation's site with an invitation in hand, which is accepted on the way back."""
    BY_CLIENT.brake(request.remote_addr or "")
    key_hash = security.digest(secret)
    with within(Scope.bearer(key_hash=key_hash), read_only=True):
        invitation = access.find_borne_invitation(key_hash)
        known = access.invited_has_password()
    provider = provider_of_id(provider_id)
    if invitation is None or known or provider is None or not provider.switched_on:
        raise NotFound
    if provider.place_id != (invitation.council_id or invitation.region_id):
        raise NotFound
    return hidden(_go(provider, "/", address_hint=invitation.email, key_hash=key_hash))


def _go(provider: Provider, following: str, *, address_hint: str, key_hash: str = "") -> Response:
    try:
        begun = oidc.begin(_client(provider), return_address(provider.place_id), address_hint=address_hint)
    except oidc.NotProved as refusal:
        return failed(refusal.message, _mended_at(provider))
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
    BY_CLIENT.brake(request.remote_addr or "")
    kept = session.pop(BEGUN, None)
    if kept is None or _now() - kept["at"] > BEGUN_LIFE.total_seconds():
        return failed(TOO_LATE)
    provider = provider_of_id(UUID(kept["provider"]))
    if provider is None or provider.place_id != place_id or provider.issuer != kept["issuer"]:
        return failed("This single sign-on was changed or removed meanwhile.")
    begun = oidc.Begun(kept["address"], kept["state"], kept["nonce"], kept["verifier"])
    try:
        proof = oidc.finish(_client(provider), begun, return_address(place_id), request.args.to_dict())
    except oidc.NotProved as refusal:
        current_app.logger.info("a single sign-on failed")
        return failed(refusal.message, _mended_at(provider))
    if domain_of(proof.email) not in provider.domains:
        return failed(f"{proof.email} is not an address of {provider.name}.", _mended_at(provider))
    if current_user.is_authenticated:
        return _add_to_own(viewer(), provider, proof, kept["next"], version=kept["version"])
    if not provider.switched_on:
        return failed(TOO_LATE)
    if kept["key_hash"]:
        return _accept(provider, proof, kept["key_hash"])
    return _recognise(provider, proof, kept["next"])


def _add_to_own(who: Viewer, provider: Provider, proof: oidc.Proof, following: str, *, version: int) -> Response:
    """Somebody signed in has come through: link the two, and switch on what was tried."""
    if proof.email != who.email:
        words = f"Your organisation knows you as {proof.email}, but you are signed in here as {who.email}."
        return failed(words, _mended_at(provider))
    if not provider.is_of(who):
        return failed(f"You have no access in the place that signs in with {provider.name}.")
    with within(Scope.nobody()):
        owner = find_user_of(provider, proof.subject)
    if owner not in (None, who.id):
        return failed("Another account here is linked to this sign-in.")
    with within(Scope.person(who.id)):
        service.link_identity(who.id, provider, proof.subject, by=who.actor)
    go_on(who, provider, proof.subject, factor=proof.factor)
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


def _mended_at(provider: Provider) -> str:
    """The settings, for whoever is signed in and may change them; else nothing."""
    places = viewer().places if current_user.is_authenticated else ()
    may = [each for each in places if each.id == provider.place_id and Permission.ACCESS_GRANT in each.permissions]
    return _settings_of(may[0]) if may else ""


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
            return failed(f"You no longer have access in the place that signs in with {provider.name}.")
        return enter(who, provider, proof.subject, following, factor=proof.factor)
    with within(Scope.bearer(email_key=proof.email), read_only=True):
        known = access.find_user_of_email()
    with within(Scope.nobody()):
        who = access.find_viewer(known) if known else None
    if who is None or not provider.is_of(who):
        return failed(
            f"{proof.email} has no access here yet. If you were invited, open the link in that mail first."
            " Otherwise ask whoever leads on the Charter in your organisation."
        )
    wait_for_proof(who, provider, proof, following)
    return redirect(url_for("identity_links.show"), code=303)


def _accept(provider: Provider, proof: oidc.Proof, key_hash: str) -> Response:
    """Accept an invitation whose mail was opened, for the address it went to and no other."""
    with within(Scope.bearer(key_hash=key_hash), read_only=True):
        invitation = access.find_borne_invitation(key_hash)
    if invitation is None or not invitations.is_open(invitation):
        return failed("This invitation was used or withdrawn, or has expired.")
    if proof.email != invitation.email:
        return failed(f"You signed in as {proof.email}, but the invitation is for {invitation.email}.")
    # A password that nobody knows: who wants one later asks for a link to choose it.
    hashed = security.hash_password(security.new_secret())
    with within(Scope(key_hash=key_hash)):
        user_id = invitations.accept(key_hash, name=proof.name[:120] or invitation.name, hashed=hashed)
    with within(Scope.nobody()):
        who = access.find_viewer(user_id) if user_id else None
    if who is None:
        return failed("This invitation was used or withdrawn, or has expired.")
    with within(Scope.person(who.id)):
        service.link_identity(who.id, provider, proof.subject, by=who.actor)
    flash(f"You have joined {invitation.scope_name}.", "success")
    return enter(who, provider, proof.subject, "/", factor=proof.factor)


# What all of it needs


def _may_try(provider: Provider) -> bool:
    return bool(_mended_at(provider))


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


def _now() -> int:
    return int(clock.now().timestamp())
