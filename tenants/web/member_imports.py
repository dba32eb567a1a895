"""Bringing in a list of members: what would happen is shown first, then every row is taken in, or none."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from saas import guard, uploads
from saas.errors import Invalid
from saas.forms import Bound, Upload
from saas.guard import requires
from saas.policy import Permission
from saas.tables import csv_response
from tenants.queries.imports import get_import
from tenants.rules import member_rows
from tenants.services import member_imports

blueprint = Blueprint("member_imports", __name__)
uploads.read_whole(blueprint, "upload_members")


class MembersForm(Schema):
    """A table of members."""

    file = Upload(required=True, metadata={"label": "Table", "who": "your council only", "accept": ".csv"})


@blueprint.get("/councils/<council>/members/import")
@requires(Permission.MEMBER_WRITE)
def members_form() -> str:
    """Ask for the table."""
    return _members_page(Bound.empty(MembersForm))


def _members_page(form: Bound) -> str:
    return render_template(
        "tenants/imports/members.html", form=form, headings=member_rows.HEADINGS, labels=member_rows.LABELS
    )


@blueprint.get("/councils/<council>/members/import/template.csv")
@requires(Permission.MEMBER_WRITE)
def members_template() -> ResponseReturnValue:
    """An empty table with the headings."""
    return csv_response("members.csv", member_rows.TEMPLATE, [])


@blueprint.post("/councils/<council>/members/import")
@requires(Permission.MEMBER_WRITE)
def upload_members() -> ResponseReturnValue:
    """Read the table and show what it would do."""
    form, content = uploads.received(MembersForm)
    if content is not None:
        data, filename = content
        try:
            kept = member_imports.keep_members(guard.place_id(), data, filename, by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        else:
            return redirect(url_for("member_imports.members_preview", import_id=kept.id), code=303)
    return _members_page(form), 422


@blueprint.get("/councils/<council>/members/imports/<uuid:import_id>")
@requires(Permission.MEMBER_WRITE)
def members_preview(import_id: UUID) -> str:
    """What every row would do, or why rows cannot be taken."""
    kept = get_import(guard.place_id(), import_id, kind=member_imports.MEMBERS)
    return _members_preview(kept)


def _members_preview(kept: Any) -> str:
    preview = member_imports.preview_of(kept)
    return render_template("tenants/imports/members_preview.html", kept=kept, preview=preview)


@blueprint.post("/councils/<council>/members/imports/<uuid:import_id>/take-in")
@requires(Permission.MEMBER_WRITE)
def take_in_members(import_id: UUID) -> ResponseReturnValue:
    """Do what was shown."""
    kept = get_import(guard.place_id(), import_id, kind=member_imports.MEMBERS, lock=True)
    try:
        done = member_imports.take_in_members(kept, by=guard.actor())
    except Invalid:
        return _members_preview(kept), 422
    counts = ", ".join(
        f"{done.count(verb)} {words}"
        for verb, words in (
            ("added", "added"),
            ("updated", "updated"),
            ("re_elected", "re-elected"),
            ("unchanged", "unchanged"),
        )
    )
    flash(f"Members taken in from {kept.filename}: {counts}.", "success")
    return redirect(url_for("members.index"), code=303)
