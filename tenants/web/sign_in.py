"""Sign-in and sign-out, and the way back in for somebody who forgot the password."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from saas import clock, security, sessions
from saas.forms import Bound, bind
from saas.guard import public
from saas.policy import Viewer
from saas.security import Throttle, private
from saas.tenancy import Actor, Scope
from saas.transaction import within
from tenants.models.access import PASSWORD_RESET
from tenants.queries import access, councils
from tenants.queries.second_factors import find_factors, wants_mail
from tenants.rules.slugs import is_slug
from tenants.services import mailed_links, second_factors
from tenants.services import sign_in as service
from tenants.web import challenges, known_browsers
from tenants.web.organisations import offers_for, offers_page, refuse_password

blueprint = Blueprint("sign_in", __name__)

RESET_BY_ADDRESS = Throttle("reset-address", 5, 60 * 60)
RESET_BY_CLIENT = Throttle("reset-client", 50, 60 * 60)
HALF, HALF_LIFE = "half", timedelta(minutes=10)
"""Between the password and the second step."""
RESET_ASKED = "Your new password is kept. Sign in with it now."


class SignInForm(Schema):
    """Who somebody is."""

    email = fields.String(
        required=True,
        validate=validate.Length(max=254),
        metadata={"label": "Email address", "required": "Enter your email address."},
    )
    password = fields.String(
        required=True,
        validate=validate.Length(max=1000),
        metadata={"label": "Password", "verbatim": True, "required": "Enter your password."},
    )
    next = fields.String(validate=validate.Length(max=2000))
    region = fields.String(validate=validate.Length(max=60))


def own_address(hint: str) -> fields.Email:
    """The field for the own email address."""
    told = {"label": "Email address", "required": "Enter your email address.", "hint": hint}
    return fields.Email(required=True, validate=validate.Length(max=254), metadata=told)


class ForgottenForm(Schema):
    """Where the link for a new password goes."""

    email = own_address("The one you sign in with.")


class NewPasswordForm(Schema):
    """A password somebody chooses."""

    password = fields.String(
        required=True,
        metadata={
            "label": "New password",
            "verbatim": True,
            "required": "Enter a new password.",
            "hint": "At least 12 characters. Three or four unusual words are easy to remember.",
        },
    )


def begin_session(viewer: Viewer, *, factor: bool = False, provider_id: UUID | None = None) -> None:
    """Be this viewer from now on, in a session of a new id: what the old one held ends with it.

    factor: whether a second factor, or a passkey alone, was shown. provider_id: of the single sign-on that vouched.
    """
    session.clear()
    login_user(viewer)
    sessions.begin(factor=factor, provider_id=provider_id)
    _rotate()


def renew_session(viewer: Viewer) -> None:
    """Go on as this viewer in a session of a new id, in which what was proved before still holds."""
    proofs = sessions.proofs()
    session.clear()
    login_user(viewer)
    session.update(proofs)
    _rotate()


def let_in(
    viewer: Viewer,
    following: str,
    *,
    factor: bool = False,
    provider_id: UUID | None = None,
    rehashed: str | None = None,
) -> Response:
    """Sign somebody in who has shown all that was asked: record it, begin the session and lead on."""
    with within(Scope.person(viewer.id)):
        service.record_sign_in(viewer.id, rehashed=rehashed, by=viewer.actor)
        mailed = wants_mail(viewer.id)
        if mailed and not known_browsers.knows(viewer.id):
            browser = sessions.browser_words(request.user_agent.string)
            second_factors.tell_new_browser(viewer.id, browser, by=viewer.actor)
    security.sign_in_succeeded(viewer.email)
    begin_session(viewer, factor=factor, provider_id=provider_id)
    response = redirect(following, code=303)
    if mailed:
        known_browsers.remember(response, viewer.id)
    return response


def begin_half(viewer: Viewer, following: str, *, provider_id: UUID | None = None) -> Response:
    """The password was right: ask for the second step, in a session of a new id that is nobody's yet.

    provider_id: of the single sign-on that vouched instead of a password.
    """
    session.clear()
    session[HALF] = {"id": viewer.get_id(), "next": following, "at": int(clock.now().timestamp())}
    if provider_id is not None:
        session[HALF]["provider"] = str(provider_id)
    _rotate()
    return redirect(url_for("second_step.show"), code=303)


def find_half() -> tuple[Viewer, str] | None:
    """Who has shown the right password a short while ago, and where he or she wants to go."""
    half = session.get(HALF)
    if half is None or clock.now().timestamp() - half["at"] > HALF_LIFE.total_seconds():
        return None
    with within(Scope.nobody()):
        viewer = access.find_viewer(UUID(half["id"].partition(":")[0]))
    return (viewer, half["next"]) if viewer is not None and viewer.get_id() == half["id"] else None


def let_in_whole(viewer: Viewer, following: str) -> Response:
    """Sign in somebody of whom half was known, and who has now shown the second step too."""
    through = session.get(HALF, {}).get("provider")
    return let_in(viewer, following, factor=True, provider_id=UUID(through) if through else None)


def end_session() -> None:
    """Be nobody from now on; the session ends in the store too."""
    logout_user()
    session.clear()
    session["signed_out"] = True
    _rotate()
    session.pop("signed_out")


def _rotate() -> None:
    # flask-session leaves an empty session under its old id, so something must be in it.
    current_app.session_interface.regenerate(session)  # type: ignore[attr-defined]


@blueprint.get("/sign-in")
@public("whoever signs in is not known yet", own_transaction=True)
def show_sign_in() -> str | Response:
    """The sign-in page; somebody signed in goes on at once."""
    following = security.safe_next(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(following, code=303)
    named = request.args.get("region", "")
    region = named if is_slug(named) else ""
    return sign_in_page(Bound.empty(SignInForm, {"next": following, "region": region}))


@blueprint.post("/sign-in")
@public("whoever signs in is not known yet", own_transaction=True)
def sign_in() -> str | Response:
    """Check address and password; the same words and the same work for known and unknown addresses."""
    form = bind(SignInForm, request.form)
    if "email" not in form.errors and not form.typed("password") and (offers := offers_for(form.typed("email"))):
        return offers_page(offers, form.typed("email"), security.safe_next(form.typed("next")))
    if not form.valid:
        return make_response(sign_in_page(form), 422)
    email = form.values["email"].lower()
    security.throttle_sign_in(email, request.remote_addr or "")
    with within(Scope.bearer(email_key=email), read_only=True):
        known = access.find_credential()
    right = security.verify_password(known.password_hash if known else None, form.values["password"])
    if known is None or not right:
        current_app.logger.info("a sign-in failed")
        form.add_error("password", security.SIGN_IN_FAILED)
        return make_response(sign_in_page(form), 422)
    with within(Scope.nobody()):
        viewer = access.find_viewer(known.user_id)
    if viewer is None:
        form.add_error("password", security.SIGN_IN_FAILED)
        return make_response(sign_in_page(form), 422)
    stale = security.needs_rehash(known.password_hash)
    rehashed = security.hash_password(form.values["password"]) if stale else None
    following = security.safe_next(form.values["next"])
    if (refused := refuse_password(viewer, following)) is not None:
        return refused
    with within(Scope.person(viewer.id), read_only=True):
        asks_more = bool(find_factors(viewer.id))
    if not asks_more:
        return let_in(viewer, following, rehashed=rehashed)
    if rehashed is not None:
        with within(Scope.person(viewer.id)):
            service.keep_rehashed(viewer.id, rehashed)
    return begin_half(viewer, following)


@blueprint.post("/sign-out")
@public("leaving needs no right", own_transaction=True)
def sign_out() -> Response:
    """End this session."""
    following = security.safe_next(request.form.get("next"), url_for("sign_in.show_sign_in"))
    end_session()
    flash("You are signed out.", "success")
    return redirect(following, code=303)


@blueprint.get("/forgotten-password")
@public("whoever forgot the password cannot sign in", own_transaction=True)
def show_forgotten() -> str:
    """Where to ask for a link to choose a new password."""
    return render_template("tenants/sign_in/forgotten.html", form=Bound.empty(ForgottenForm))


@blueprint.post("/forgotten-password")
@public("whoever forgot the password cannot sign in", own_transaction=True)
def forget() -> str | Response:
    """Send the link, if the address is known; the page that follows is the same when it is not."""
    form = bind(ForgottenForm, request.form)
    if not form.valid:
        return make_response(render_template("tenants/sign_in/forgotten.html", form=form), 422)
    email = form.values["email"].lower()
    RESET_BY_CLIENT.brake(request.remote_addr or "")
    RESET_BY_ADDRESS.brake(email)
    with within(Scope.bearer(email_key=email), read_only=True):
        user_id = access.find_user_of_email()
    if user_id is not None:
        with within(Scope.person(user_id)):
            mailed_links.ask(user_id, PASSWORD_RESET, by=Actor(user_id, "Somebody who typed the address"))
    return redirect(url_for("sign_in.show_sent"), code=303)


@blueprint.get("/forgotten-password/sent")
@public("whoever forgot the password cannot sign in", own_transaction=True)
def show_sent() -> str:
    """What happens now, whoever asked."""
    return render_template("tenants/sign_in/sent.html")


@blueprint.get("/reset-password/<secret>")
@public("the secret of the mail is the right", own_transaction=True)
def show_reset(secret: str) -> Response:
    """The form for a new password; looking at it uses nothing up."""
    with within(Scope.bearer(key_hash=security.digest(secret)), read_only=True):
        opened = mailed_links.is_open(access.find_borne_link(security.digest(secret)))
    if not opened:
        return _link_gone()
    return private(render_template("tenants/sign_in/reset.html", form=Bound.empty(NewPasswordForm)))


@blueprint.post("/reset-password/<secret>")
@public("the secret of the mail is the right", own_transaction=True)
def reset(secret: str) -> Response:
    """Keep the new password, use up the link, end every session of its user."""
    key_hash = security.digest(secret)
    with within(Scope.bearer(key_hash=key_hash), read_only=True):
        opened = mailed_links.is_open(access.find_borne_link(key_hash))
    if not opened:
        return _link_gone()
    form = bind(NewPasswordForm, request.form)
    if form.valid:
        for words in security.password_problems(form.values["password"], email=""):
            form.add_error("password", words)
    if not form.valid:
        return private(render_template("tenants/sign_in/reset.html", form=form), 422)
    hashed = security.hash_password(form.values["password"])
    with within(Scope.bearer(key_hash=key_hash)):
        user_id = service.use_reset_link(hashed)
    if user_id is None:
        return _link_gone()
    end_session()
    flash(RESET_ASKED, "success")
    return redirect(url_for("sign_in.show_sign_in"), code=303)


def _link_gone() -> Response:
    return private(render_template("tenants/sign_in/gone.html"), 410)


def sign_in_page(form: Bound) -> str:
    """The page, named after the region one comes from or wants to go to."""
    named = re.match(r"/regions/([a-z0-9-]+)/", urlsplit(form.typed("next")).path)
    slug = form.typed("region") or (named[1] if named else "")
    region = None
    if slug:
        with within(Scope.nobody(), read_only=True):
            region = councils.find_public_region(slug)
    return render_template(
        "tenants/sign_in/sign_in.html",
        form=form,
        region=region,
        accent=region.accent if region else "",
        invited=form.typed("next").startswith("/invitations/"),
        passkey=challenges.ask(),
    )
