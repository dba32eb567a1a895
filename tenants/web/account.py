"""One's own account: who one is here, where one has access, and one's password."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from saas import security, sessions
from saas.errors import Invalid
from saas.forms import Bound, bind
from saas.guard import actor, signed_in, viewer
from saas.security import Throttle
from tenants.queries import access
from tenants.services import names
from tenants.services import sign_in as service
from tenants.services.invitations import LONGEST_NAME
from tenants.web.places import home_of
from tenants.web.sign_in import renew_session

blueprint = Blueprint("account", __name__)

CHANGES = Throttle("password-change", 10, 15 * 60)
NAMES = Throttle("name-change", 10, 60 * 60)


class NameForm(Schema):
    """What one is called."""

    name = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_NAME),
        metadata={
            "label": "Your name",
            "subject": "Your name",
            "required": "Enter your name.",
            "hint": "Colleagues see it wherever you have a role. What was sent or signed keeps its name.",
        },
    )


class PasswordForm(Schema):
    """The old password and the new one."""

    current_password = fields.String(
        required=True,
        validate=validate.Length(max=1000),
        metadata={"label": "Current password", "verbatim": True, "required": "Enter your current password."},
    )
    new_password = fields.String(
        required=True,
        metadata={
            "label": "New password",
            "verbatim": True,
            "required": "Enter a new password.",
            "hint": "At least 12 characters. Three or four unusual words are easy to remember.",
        },
    )


@blueprint.get("/account")
@signed_in("everybody may see the own account")
def show_account() -> str:
    """Who the viewer is here."""
    return _page(Bound.empty(PasswordForm))


@blueprint.post("/account/name")
@signed_in("everybody may say what he or she is called")
def change_name() -> str | Response:
    """Keep another name."""
    form = bind(NameForm, request.form)
    if form.valid:
        NAMES.brake(str(viewer().id))
        try:
            changed = names.rename(viewer().id, form.values["name"], by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash(
                "Your name is changed. Colleagues see it in a moment." if changed else "Nothing was changed.", "success"
            )
            return redirect(url_for("account.show_account"), code=303)
    return make_response(_page(Bound.empty(PasswordForm), form), 422)


@blueprint.post("/account/password")
@signed_in("everybody may change the own password")
def change_password() -> str | Response:
    """Keep a new password; every other session of the viewer ends."""
    who = viewer()
    form = bind(PasswordForm, request.form)
    if form.valid:
        _check(form)
    if not form.valid:
        return make_response(_page(form), 422)
    hashed = security.hash_password(form.values["new_password"])
    epoch = service.change_password(who.id, hashed=hashed, by=actor())
    renew_session(replace(who, epoch=epoch))
    flash("Your new password is kept. You are signed out everywhere else.", "success")
    return redirect(url_for("account.show_account"), code=303)


@blueprint.post("/account/sign-out-elsewhere")
@signed_in("everybody may end the own sessions")
def sign_out_elsewhere() -> Response:
    """End every session of the viewer but this one."""
    sessions.end_others(viewer().get_id())
    epoch = service.end_sessions(viewer().id, by=actor())
    renew_session(replace(viewer(), epoch=epoch))
    flash("You are signed out everywhere else.", "success")
    return redirect(url_for("account.show_account"), code=303)


def _check(form: Bound) -> None:
    who = viewer()
    CHANGES.brake(str(who.id))
    kept = access.find_own_hash(who.id)
    current, chosen = form.values["current_password"], form.values["new_password"]
    if not security.verify_password(kept, current):
        form.add_error("current_password", "This is not your current password.")
        return
    CHANGES.forget(str(who.id))
    if current == chosen:
        form.add_error("new_password", "Choose a password that you do not use now.")
        return
    for words in security.password_problems(chosen, email=who.email, words=who.name.split()):
        form.add_error("new_password", words)


def _page(form: Bound, name_form: Bound | None = None) -> str:
    return render_template(
        "tenants/account/show.html",
        form=name_form or form,
        name_form=name_form or Bound.empty(NameForm, {"name": viewer().name}),
        password_form=form,
        has_password=access.find_own_hash(viewer().id) is not None,
        places=[(place, home_of(place)) for place in viewer().places],
    )
