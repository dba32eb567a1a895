"""The page on which a council lead says when the council is reminded, and how the mails begin."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from tenants.queries.reminder_settings import find_settings, settings_of
from tenants.rules.reminder_settings import FURTHEST, LONGEST_WORDS, MOST_DAYS, Reminders, days_words, read_days
from tenants.services.reminder_settings import save_settings

blueprint = Blueprint("reminder_settings", __name__)
PAGE = "/councils/<council>/reminders"


def _words(label: str, who: str) -> fields.String:
    return fields.String(
        validate=validate.Length(max=LONGEST_WORDS),
        metadata={"label": label, "subject": "The opening words", "limit": LONGEST_WORDS, "who": who},
    )


class RemindersForm(Schema):
    """The days as they are typed, and the words."""

    version = fields.Integer(required=True)
    before = fields.String(
        required=True,
        validate=validate.Length(max=100),
        metadata={
            "label": "Days before a date",
            "required": "Enter at least one number of days before a date.",
            "hint": f"At most {MOST_DAYS} numbers from 1 to {FURTHEST}, with commas between.",
            "who": "people with access to your council.",
        },
    )
    after = fields.String(
        validate=validate.Length(max=100),
        metadata={
            "label": "Days after a date that has passed",
            "subject": "The days after a date",
            "hint": f"At most {MOST_DAYS} numbers from 1 to {FURTHEST}. Leave it empty for none.",
            "who": "people with access to your council.",
        },
    )
    digest_words = _words("How the daily mail begins", "colleagues who get the daily mail.")
    contributor_words = _words(
        "How the reminder to somebody you asked for a text begins", "whoever was asked and has not sent the text yet."
    )


@blueprint.get(PAGE)
@requires(Permission.ACCESS_GRANT)
def edit() -> str:
    """What holds now."""
    row, standing = find_settings(place_id()), settings_of(place_id())
    shown = {
        "version": row.version if row else 0,
        "before": days_words(standing.before),
        "after": days_words(standing.after),
        "digest_words": standing.digest_words,
        "contributor_words": standing.contributor_words,
    }
    return _page(Bound.empty(RemindersForm, shown))


@blueprint.post(PAGE)
@requires(Permission.ACCESS_GRANT)
def save() -> ResponseReturnValue:
    """Keep it."""
    form = bind(RemindersForm, request.form)
    if not form.valid:
        return _page(form), 422
    given = form.values
    days = {name: _days(form, name, given[name]) for name in ("before", "after")}
    if form.errors:
        return _page(form), 422
    wanted = Reminders(days["before"], days["after"], given["digest_words"], given["contributor_words"])
    try:
        save_settings(place_id(), wanted, version=given["version"], by=actor())
    except Invalid as refusal:
        form.add_errors(refusal.messages)
        return _page(form), 422
    except Conflict as refusal:
        row = find_settings(place_id())
        form.raw["version"] = str(row.version if row else 0)
        form.add_error(None, refusal.message)
        return _page(form, stale=True), 409
    flash("The reminders are saved. They hold from tomorrow morning on.", "success")
    return redirect(url_for("reminder_settings.edit"), code=303)


def _days(form: Bound, name: str, typed: str) -> tuple[int, ...]:
    try:
        return read_days(typed)
    except ValueError as error:
        form.add_error(name, str(error))
        return ()


def _page(form: Bound, *, stale: bool = False) -> str:
    saved = find_settings(place_id())
    return render_template(
        "tenants/reminder_settings/edit.html",
        form=form,
        saved=saved,
        standing=settings_of(place_id()) if stale else None,
    )
