"""How one signs in: the own authenticator app, passkeys and recovery codes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from saas import clock, security, sessions
from saas.downloads import file_response
from saas.enciphering import decipher, encipher
from saas.forms import Bound, bind
from saas.guard import actor, signed_in, viewer
from saas.security import Throttle, TooManyAttempts
from tenants.queries import access
from tenants.queries.second_factors import Factors, find_factors, find_passkey, get_passkey
from tenants.rules.second_factors import written
from tenants.services import passkeys, second_factors
from tenants.services.passkeys import LONGEST_NAME, MOST, NotTaken
from tenants.services.sign_in import end_sessions
from tenants.web import challenges
from tenants.web.second_steps import AFTER, LONGEST_ANSWER, WRONG_PASSKEY
from tenants.web.sign_in import renew_session

blueprint = Blueprint("factors", __name__)

APP_SECRET, CODES = "app_secret", "fresh_codes"
"""Keys in the session: what is being set up, and codes that are shown until their owner has kept them."""
SHOWN_SECONDS = 15 * 60
CONFIRMATIONS = Throttle("confirmation", 10, 15 * 60)
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


class ConfirmForm(Schema):
    """Who somebody is, once more; one of the three."""

    password = fields.String(
        validate=validate.Length(max=1000), metadata={"label": "Password", "verbatim": True, "quiet": True}
    )
    code = fields.String(validate=validate.Length(max=20), metadata={"label": "Code of your app", "quiet": True})
    credential = fields.String(validate=validate.Length(max=LONGEST_ANSWER))
    next = fields.String(validate=validate.Length(max=2000))


@blueprint.get("/account/security")
@signed_in("everybody may see how he or she signs in")
def show() -> str:
    """What there is beside the password."""
    return render_template("tenants/factors/show.html", factors=find_factors(viewer().id), most=MOST)


@blueprint.get("/account/security/app")
@signed_in("everybody may set up the own second step")
def show_app() -> str | Response:
    """The picture for the authenticator app."""
    return _unless_fresh() or _app_page(Bound.empty(AppForm))


@blueprint.post("/account/security/app")
@signed_in("everybody may set up the own second step")
def add_app() -> str | Response:
    """Keep the app once it shows a right code."""
    if (away := _unless_fresh()) is not None:
        return away
    form = bind(AppForm, request.form)
    if form.valid:
        _brake(SETTING_UP)
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
    if (away := _unless_fresh()) is not None:
        return away
    second_factors.remove_app(viewer().id, by=actor())
    flash("Your authenticator app is no longer asked for.", "success")
    return _back()


@blueprint.get("/account/security/passkeys/add")
@signed_in("everybody may set up the own second step")
def show_passkey() -> str | Response:
    """Where a passkey gets its name."""
    return _unless_fresh() or _passkey_page(Bound.empty(NewPasskeyForm))


@blueprint.post("/account/security/passkeys/add")
@signed_in("everybody may set up the own second step")
def add_passkey() -> str | Response:
    """Keep a passkey that the browser made."""
    if (away := _unless_fresh()) is not None:
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
    if (away := _unless_fresh()) is not None:
        return away
    second_factors.remove_passkey(get_passkey(viewer().id, passkey), by=actor())
    flash("The passkey no longer opens the door here. You can delete it from your device too.", "success")
    return _back()


@blueprint.get("/account/security/recovery-codes")
@signed_in("everybody may see the own codes once")
def show_codes() -> str | Response:
    """Codes just made, until their owner has kept them; they are kept nowhere else."""
    codes = _fresh_codes()
    if not codes:
        return _back()
    page = make_response(render_template("tenants/factors/codes.html", codes=codes))
    page.headers["Cache-Control"] = "no-store"
    return page


@blueprint.get("/account/security/recovery-codes.txt")
@signed_in("everybody may see the own codes once")
def download_codes() -> Response:
    """The same codes as a file."""
    codes = _fresh_codes()
    if not codes:
        return _back()
    lines = ["Charterway: recovery codes", f"For {viewer().email}. Each works once.", "", *codes, ""]
    return file_response("\r\n".join(lines).encode(), "charterway-recovery-codes.txt", "text/plain; charset=utf-8")


@blueprint.post("/account/security/recovery-codes")
@signed_in("everybody may make new codes")
def make_codes() -> Response:
    """Make ten new codes; the ones before no longer work."""
    if (away := _unless_fresh()) is not None:
        return away
    if not find_factors(viewer().id):
        flash("Set up an authenticator app or a passkey first.", "notice")
        return _back()
    _keep_codes(second_factors.make_codes(viewer().id, by=actor()))
    return redirect(url_for("factors.show_codes"), code=303)


@blueprint.post("/account/security/recovery-codes/kept")
@signed_in("everybody may see the own codes once")
def codes_kept() -> Response:
    """The owner has them: they are shown no more."""
    session.pop(CODES, None)
    flash("Your second step is ready. You are asked for it the next time you sign in.", "success")
    return redirect(security.safe_next(session.pop(AFTER, None), url_for("factors.show")), code=303)


@blueprint.get("/account/confirm")
@signed_in("everybody may say who he or she is")
def show_confirm() -> str:
    """Who is it, before something is changed that opens the door."""
    return _confirm_page(Bound.empty(ConfirmForm, {"next": security.safe_next(request.args.get("next"))}))


@blueprint.post("/account/confirm")
@signed_in("everybody may say who he or she is")
def confirm() -> str | Response:
    """Take the password, a code of the app, or a passkey."""
    form = bind(ConfirmForm, request.form)
    if form.valid:
        _brake(CONFIRMATIONS)
        _confirm(form)
    if not form.valid:
        return make_response(_confirm_page(form), 422)
    CONFIRMATIONS.forget(str(viewer().id))
    sessions.confirm()
    return redirect(security.safe_next(form.values["next"], url_for("factors.show")), code=303)


def _confirm(form: Bound) -> None:
    who, given = viewer(), form.values
    if given["credential"]:
        try:
            _, credential_id = passkeys.shown(given["credential"])
            passkey = find_passkey(who.id, credential_id)
            if passkey is None:
                raise NotTaken(WRONG_PASSKEY)
            passkeys.check(passkey, challenges.site(), given["credential"], challenges.take(), alone=False)
        except NotTaken as refusal:
            form.add_error(None, refusal.message)
    elif given["code"]:
        if second_factors.use_code(who.id, given["code"], by=actor()) != second_factors.APP:
            form.add_error("code", "This code is not right, or it was used before.")
    elif not security.verify_password(access.find_own_hash(who.id), given["password"] or ""):
        form.add_error("password", "This is not your password.")


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
    _keep_codes(second_factors.make_codes(who.id, by=actor()))
    flash(f"{words} You are signed out everywhere else.", "success")
    return redirect(url_for("factors.show_codes"), code=303)


def _keep_codes(codes: list[str]) -> None:
    kept: dict[str, Any] = {"codes": codes, "until": clock.now().timestamp() + SHOWN_SECONDS}
    session[CODES] = encipher("fresh recovery codes", orjson.dumps(kept).decode())


def _fresh_codes() -> list[str]:
    """The codes as they are shown; none when they were kept, or made too long ago."""
    if CODES not in session:
        return []
    kept = orjson.loads(decipher("fresh recovery codes", session[CODES]))
    if kept["until"] < clock.now().timestamp():
        session.pop(CODES)
        return []
    return [written(code) for code in kept["codes"]]


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


def _confirm_page(form: Bound) -> str:
    who = viewer()
    factors = find_factors(who.id)
    return render_template(
        "tenants/factors/confirm.html",
        form=form,
        factors=factors,
        has_password=access.find_own_hash(who.id) is not None,
        passkey=challenges.ask(factors.passkeys) if factors.passkeys else "",
    )


def _unless_fresh() -> Response | None:
    """The way to prove anew who one is, where that was too long ago; else None."""
    if sessions.is_fresh():
        return None
    following = request.path if request.method == "GET" else url_for("factors.show")
    return redirect(url_for("factors.show_confirm", next=following), code=303)


def _brake(throttle: Throttle) -> None:
    if not throttle.allow(str(viewer().id)):
        raise TooManyAttempts(throttle.retry_after(str(viewer().id)))


def _back() -> Response:
    return redirect(url_for("factors.show"), code=303)
