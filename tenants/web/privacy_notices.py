"""A region's privacy notice: the page on which it is written, and the public one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, place, place_id, public, requires
from saas.overtaken import Stale, compare
from saas.policy import Permission
from tenants.queries.councils import get_public_region
from tenants.queries.history import Change
from tenants.queries.privacy_notices import find_privacy_notice
from tenants.services.privacy_notices import LONGEST, REQUIRED, save_privacy_notice

blueprint = Blueprint("privacy_notices", __name__)
PAGE = "/regions/<region>/privacy-notice"
WHO = "everybody: the page is public."


def _field(name: str, label: str, hint: str) -> fields.String:
    more = {"required": REQUIRED[name]} if name in REQUIRED else {}
    return fields.String(
        required=name in REQUIRED,
        validate=validate.Length(max=LONGEST[name]),
        metadata={"label": label, "hint": hint, "who": WHO, "limit": LONGEST[name], **more},
    )


class NoticeForm(Schema):
    """Who is responsible, and what else the region says."""

    version = fields.Integer(required=True)
    controller = _field("controller", "Who is responsible (controller)", "The body’s full name.")
    contact = _field("contact", "How to reach it", "An address, an email address, a telephone number.")
    protection_officer = _field("protection_officer", "Data protection officer", "Name or post, and how to reach it.")
    processor = _field("processor", "Who runs the service for you (processor)", "Whoever holds the data in your name.")
    words = _field("words", "What else people should know", "Why you keep it, who receives it, and people’s rights.")


@blueprint.get(PAGE)
@requires(Permission.ACCESS_GRANT)
def edit() -> str:
    """What stands there now."""
    row = find_privacy_notice(place_id())
    shown = {name: getattr(row, name) for name in LONGEST} if row else {"controller": place().name}
    return _page(Bound.empty(NoticeForm, shown | {"version": row.version if row else 0}))


@blueprint.post(PAGE)
@requires(Permission.ACCESS_GRANT)
def save() -> ResponseReturnValue:
    """Keep it: everybody reads it from now on."""
    form = bind(NoticeForm, request.form)
    if form.valid:
        given = {name: form.values[name] for name in LONGEST}
        try:
            save_privacy_notice(place_id(), given, version=form.values["version"], by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        except Conflict:
            row = find_privacy_notice(place_id())
            change = Change(row.set_by_name, row.set_at) if row else None
            stored = {name: getattr(row, name) for name in LONGEST} if row else {}
            return _page(form, compare(form, stored, {}, version=row.version if row else 0, change=change)), 409
        else:
            flash("The privacy notice is saved. Everybody can read it.", "success")
            return redirect(url_for("privacy_notices.edit"), code=303)
    return _page(form), 422


@blueprint.get("/regions/<slug>/privacy")
@public("who is responsible for what is kept about people is for everybody")
def show(slug: str) -> str:
    """Who is responsible in this region."""
    region = get_public_region(slug)
    return render_template(
        "tenants/privacy_notices/show.html",
        region=region,
        accent=region.accent,
        notice=find_privacy_notice(region.id),
    )


def _page(form: Bound, stale: Stale | None = None) -> str:
    return render_template(
        "tenants/privacy_notices/edit.html",
        form=form,
        stale=stale,
        saved=find_privacy_notice(place_id()),
        slug=place().slug,
    )
