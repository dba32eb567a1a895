"""How one signs in: the own authenticator app and passkeys."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from saas import sessions
from saas.enciphering import decipher, encipher
from saas.forms import Bound, bind
from saas.guard import actor, signed_in, viewer
from saas.security import Throttle
from tenants.queries.second_factors import Factors, find_factors, get_passkey
from tenants.services import passkeys, second_factors
from tenants.services.passkeys import LONGEST_NAME, MOST, NotTaken
from tenants.services.sign_in import end_sessions
from tenants.web import challenges
from tenants.web.challenges import LONGEST_ANSWER
from tenants.web.confirmations import unless_fresh
from tenants.web.recovery_codes import keep_codes
from tenants.web.second_steps import AFTER
from tenants.web.sign_in import renew_session

blueprint = Blueprint("factors", __name__)

APP_SECRET = "app_secret"  # noqa: S105  a key, no secret
"""The key in the session of what is being set up."""
SETTING_UP = Throttle("authenticator-code", 20, 15 * 60)


class AppForm(Schema):
    """The first code of an authenticator app."""

    code = fields.String(
        required=True,
        validate=validate.Length(max=20),
        metadata={
            "label": "The six digits that the app shows now",
            "subject": "The code",
            "required": "Enter the six digits that the app shows.",
        },
    )


class NewPasskeyForm(Schema):
    """What the browser made, and its owner's name for it."""

    name = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_NAME),
        metadata={
            "label": "Name of this passkey",
            "subject": "The name",
            "required": "Name it, so that you can tell it from others.",
            "hint": "For example, Work laptop.",
        },
    )
    credential = fields.String(validate=validate.Length(max=LONGEST_ANSWER))


@blueprint.get("/account/security")
@signed_in("everybody may see how he or she signs in")
def show() -> str:
    """What there is beside the password."""
    return render_template("tenants/factors/show.html", factors=find_factors(viewer().id), most=MOST)


@blueprint.get("/account/security/app")
@signed_in("everybody may set up the own second step")
def show_app() -> str | Response:
    """The picture for the authenticator app."""
    return unless_fresh() or _app_page(Bound.empty(AppForm))


@blueprint.post("/account/security/app")
@signed_in("everybody may set up the own second step")
def add_app() -> str | Response:
    """Keep the app once it shows a right code."""
    if (away := unless_fresh()) is not None:
        return away
    form = bind(AppForm, request.form)
    if form.valid:
        SETTING_UP.brake(str(viewer().id))
        before = find_factors(viewer().id)
        if second_factors.add_app(viewer().id, _app_secret(), form.values["code"], by=actor()):
            session.pop(APP_SECRET, None)
            return _added(before, "Your authenticator app is set up.")
        form.add_error("code", "This is not the code that the app shows now. Wait for the next one.")
    return make_response(_app_page(form), 422)


@blueprint.post("/account/security/app/remove")
@signed_in("everybody may take the own second step away")
def remove_app() -> Response:
    """Take the app away."""
    if (away := unless_fresh()) is not None:
        return away
    second_factors.remove_app(viewer().id, by=actor())
    flash("Your authenticator app is no longer asked for.", "success")
    return _back()


@blueprint.get("/account/security/passkeys/add")
@signed_in("everybody may set up the own second step")
def show_passkey() -> str | Response:
    """Where a passkey gets its name."""
    return unless_fresh() or _passkey_page(Bound.empty(NewPasskeyForm))


@blueprint.post("/account/security/passkeys/add")
@signed_in("everybody may set up the own second step")
def add_passkey() -> str | Response:
    """Keep a passkey that the browser made."""
    if (away := unless_fresh()) is not None:
        return away
    form = bind(NewPasskeyForm, request.form)
    before = find_factors(viewer().id)
    if form.valid:
        given = form.values
        try:
            challenge = challenges.take()
            passkeys.add(viewer().id, challenges.site(), given["credential"], challenge, given["name"], by=actor())
        except NotTaken as refusal:
            form.add_error(None, refusal.message)
        else:
            return _added(before, "Your passkey is set up.")
    return make_response(_passkey_page(form), 422)


@blueprint.post("/account/security/passkeys/<uuid:passkey>/remove")
@signed_in("everybody may take the own second step away")
def remove_passkey(passkey: UUID) -> Response:
    """Take one passkey away."""
    if (away := unless_fresh()) is not None:
        return away
    second_factors.remove_passkey(get_passkey(viewer().id, passkey), by=actor())
    flash("The passkey no longer opens the door here. You can delete it from your device too.", "success")
    return _back()


def _added(before: Factors, words: str) -> Response:
    """Go on after a factor was added. After the first one other sessions end, which have shown none."""
    who = viewer()
    sessions.add_factor()
    if before:
        flash(words, "success")
        return _back()
    following = session.get(AFTER)
    sessions.end_others(who.get_id())
    renew_session(replace(who, epoch=end_sessions(who.id, by=actor())))
    session[AFTER] = following
    keep_codes(second_factors.make_codes(who.id, by=actor()))
    flash(f"{words} You are signed out everywhere else.", "success")
    return redirect(url_for("recovery_codes.show"), code=303)


def _app_secret() -> str:
    """The secret that is being set up in this session."""
    if APP_SECRET not in session:
        session[APP_SECRET] = encipher(second_factors.PURPOSE, second_factors.new_app_secret())
    return decipher(second_factors.PURPOSE, session[APP_SECRET])


def _app_page(form: Bound) -> str:
    import segno

    secret = _app_secret()
    picture = segno.make(second_factors.app_address(secret, viewer().email), error="m").svg_data_uri(scale=5, border=4)
    return render_template("tenants/factors/app.html", form=form, picture=picture, secret=secret)


def _passkey_page(form: Bound) -> str:
    who = viewer()
    known = find_factors(who.id).passkeys
    options = passkeys.ask_new(challenges.site(), who.id, who.email, who.name, challenges.standing(), known)
    return render_template("tenants/factors/passkey.html", form=form, options=options)


def _back() -> Response:
    return redirect(url_for("factors.show"), code=303)
