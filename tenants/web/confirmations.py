"""Who one is, once more, before something is changed that opens the door."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from saas import security, sessions
from saas.forms import Bound, bind
from saas.guard import actor, signed_in, viewer
from saas.security import Throttle
from tenants.queries import access
from tenants.queries.second_factors import find_factors
from tenants.services import second_factors
from tenants.services.passkeys import NotTaken
from tenants.web import challenges
from tenants.web.challenges import LONGEST_ANSWER

blueprint = Blueprint("confirmations", __name__)

ATTEMPTS = Throttle("confirmation", 10, 15 * 60)
PRESSED = "pressed_before_confirming"
"""Kept in the session while what somebody pressed a button for was not done yet."""


class ConfirmForm(Schema):
    """Who somebody is, once more; one of the three."""

    password = fields.String(
        validate=validate.Length(max=1000), metadata={"label": "Password", "verbatim": True, "quiet": True}
    )
    code = fields.String(validate=validate.Length(max=20), metadata={"label": "Code of your app", "quiet": True})
    credential = fields.String(validate=validate.Length(max=LONGEST_ANSWER))
    next = fields.String(validate=validate.Length(max=2000))


def unless_fresh() -> Response | None:
    """The way to prove anew who one is, where that was too long ago; else None."""
    if sessions.is_fresh():
        return None
    session[PRESSED] = request.method != "GET"
    following = request.path if request.method == "GET" else url_for("factors.show")
    return redirect(url_for("confirmations.show", next=following), code=303)


@blueprint.get("/account/confirm")
@signed_in("everybody may say who he or she is")
def show() -> str:
    """Who is it, before something is changed that opens the door."""
    return _page(Bound.empty(ConfirmForm, {"next": security.safe_next(request.args.get("next"))}))


@blueprint.post("/account/confirm")
@signed_in("everybody may say who he or she is")
def confirm() -> str | Response:
    """Take the password, a code of the app, or a passkey."""
    form = bind(ConfirmForm, request.form)
    if form.valid:
        ATTEMPTS.brake(str(viewer().id))
        _check(form)
    if not form.valid:
        return make_response(_page(form), 422)
    ATTEMPTS.forget(str(viewer().id))
    sessions.confirm()
    if session.pop(PRESSED, False):
        flash("Nothing is changed yet. Now press the button again.", "notice")
    return redirect(security.safe_next(form.values["next"], url_for("factors.show")), code=303)


def _check(form: Bound) -> None:
    who, given = viewer(), form.values
    if given["credential"]:
        try:
            challenges.check(who.id, given["credential"], alone=False)
        except NotTaken as refusal:
            form.add_error(None, refusal.message)
    elif given["code"]:
        if second_factors.use_code(who.id, given["code"], by=actor()) != second_factors.APP:
            form.add_error("code", "This code is not right, or it was used before.")
    elif not security.verify_password(access.find_own_hash(who.id), given["password"] or ""):
        form.add_error("password", "This is not your password.")


def _page(form: Bound) -> str:
    who = viewer()
    factors = find_factors(who.id)
    return render_template(
        "tenants/confirmations/show.html",
        form=form,
        factors=factors,
        has_password=access.find_own_hash(who.id) is not None,
        passkey=challenges.ask(factors.passkeys) if factors.passkeys else "",
    )
