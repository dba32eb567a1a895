"""The second step of sign-in, and sign-in by a passkey alone."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from saas import security, sessions
from saas.forms import Bound, bind
from saas.guard import public, viewer
from saas.policy import Viewer
from saas.security import SIGN_IN_BY_CLIENT, Throttle
from saas.tenancy import Scope
from saas.transaction import within
from tenants.queries import access
from tenants.queries.second_factors import Factors, find_factors
from tenants.services import passkeys, second_factors
from tenants.services.passkeys import NotTaken
from tenants.web import challenges
from tenants.web.challenges import LONGEST_ANSWER, WRONG_PASSKEY
from tenants.web.organisations import refuse_password
from tenants.web.sign_in import SignInForm, find_half, let_in, let_in_whole, renew_session, sign_in_page

blueprint = Blueprint("second_step", __name__)

ATTEMPTS = Throttle("second-step", 10, 15 * 60)
AFTER = "after_factor"
"""Where somebody wants to go who must set up a second step first."""
WRONG_CODE = "This code is not right, or it was used before."


class CodeForm(Schema):
    """A code of an authenticator app, or a recovery code."""

    code = fields.String(
        required=True, validate=validate.Length(max=100), metadata={"label": "Code", "required": "Enter the code."}
    )
    next = fields.String(validate=validate.Length(max=2000))


class PasskeyForm(Schema):
    """What the browser answered about a passkey."""

    credential = fields.String(required=True, validate=validate.Length(max=LONGEST_ANSWER))
    next = fields.String(validate=validate.Length(max=2000))
    region = fields.String(validate=validate.Length(max=60))


@blueprint.get("/sign-in/second-step")
@public("whoever shows a second step is not signed in yet", own_transaction=True)
def show() -> str | Response:
    """What is asked; somebody who has nothing to show yet is led to set it up."""
    following = security.safe_next(request.args.get("next"))
    who, following, factors = _asked(following)
    if who is None:
        return redirect(url_for("sign_in.show_sign_in", next=following), code=303)
    if current_user.is_authenticated and sessions.has_factor():
        return redirect(following, code=303)
    if not factors:
        session[AFTER] = following
        flash("Your role needs a second step at sign-in. Set one up to go on.", "notice")
        return redirect(url_for("factors.show"), code=303)
    return _page(Bound.empty(CodeForm, {"next": following}), factors)


@blueprint.post("/sign-in/second-step")
@public("whoever shows a second step is not signed in yet", own_transaction=True)
def show_code() -> str | Response:
    """Take a code, once."""
    form = bind(CodeForm, request.form)
    who, following, factors = _asked(security.safe_next(form.typed("next")))
    if who is None or not factors:
        return _from_the_start(following)
    if not form.valid:
        return make_response(_page(form, factors), 422)
    ATTEMPTS.brake(str(who.id))
    with within(Scope.person(who.id)):
        used = second_factors.use_code(who.id, form.values["code"], by=who.actor)
    if used is None:
        form.add_error("code", WRONG_CODE)
        return make_response(_page(form, factors), 422)
    response = _opened(who, following)
    if used == second_factors.RECOVERY:
        left = factors.codes_left - 1
        more = f"You have {left} left." if left else "It was the last: make new ones where you see how you sign in."
        flash(f"You used a recovery code. {more}", "notice")
    return response


@blueprint.post("/sign-in/second-step/passkey")
@public("whoever shows a second step is not signed in yet", own_transaction=True)
def show_passkey() -> str | Response:
    """Take a passkey as the second step."""
    form = bind(PasskeyForm, request.form)
    who, following, factors = _asked(security.safe_next(form.typed("next")))
    if who is None or not factors:
        return _from_the_start(following)
    ATTEMPTS.brake(str(who.id))
    try:
        _check_passkey(who, form.typed("credential"), alone=False)
    except NotTaken as refusal:
        page = Bound.empty(CodeForm, {"next": following})
        page.add_error(None, refusal.message)
        return make_response(_page(page, factors), 422)
    return _opened(who, following)


@blueprint.post("/sign-in/passkey")
@public("whoever signs in is not known yet", own_transaction=True)
def sign_in_with_passkey() -> str | Response:
    """Sign in by a passkey alone: its device has checked that it is its owner."""
    form = bind(PasskeyForm, request.form)
    SIGN_IN_BY_CLIENT.brake(request.remote_addr or "")
    following = security.safe_next(form.typed("next"))
    try:
        user_id, _ = passkeys.shown(form.typed("credential"))
        with within(Scope.nobody()):
            who = user_id and access.find_viewer(user_id)
        if not who:
            raise NotTaken(WRONG_PASSKEY)
        _check_passkey(who, form.typed("credential"), alone=True)
    except NotTaken:
        page = Bound.empty(SignInForm, {"next": following, "region": form.typed("region")})
        page.add_error(None, WRONG_PASSKEY)
        return make_response(sign_in_page(page), 422)
    return refuse_password(who, following) or let_in(who, following, factor=True)


def _check_passkey(who: Viewer, answer: str, *, alone: bool) -> None:
    with within(Scope.person(who.id)):
        challenges.check(who.id, answer, alone=alone)


def _asked(following: str) -> tuple[Viewer | None, str, Factors]:
    """Who is asked for the second step, where to go then, and what there is to show."""
    half = find_half()
    if half is not None:
        who, following = half
    elif current_user.is_authenticated:
        who = viewer()
    else:
        return None, following, Factors(None, (), 0)
    with within(Scope.person(who.id), read_only=True):
        return who, following, find_factors(who.id)


def _opened(who: Viewer, following: str) -> Response:
    ATTEMPTS.forget(str(who.id))
    if not current_user.is_authenticated:
        return let_in_whole(who, following)
    sessions.add_factor()
    renew_session(who)
    return redirect(following, code=303)


def _from_the_start(following: str) -> Response:
    flash("That took too long. Sign in again.", "notice")
    return redirect(url_for("sign_in.show_sign_in", next=following), code=303)


def _page(form: Bound, factors: Factors) -> str:
    passkey = challenges.ask(factors.passkeys) if factors.passkeys else ""
    return render_template("tenants/second_steps/show.html", form=form, factors=factors, passkey=passkey)
