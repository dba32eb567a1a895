"""What hangs on a line of a plan: dated notes, evidence and corporate priorities."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas import guard
from saas.errors import Conflict, Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from tenants.models.plans import Action
from tenants.queries import evidence as evidence_queries
from tenants.queries.action_details import get_note, load_details
from tenants.queries.plans import get_action, get_plan
from tenants.queries.priorities import list_priorities
from tenants.services import action_details, action_notes
from tenants.web import action_pages
from tenants.web.action_pages import WHO, NoteForm

blueprint = Blueprint("action_details", __name__)

MOST_CHOICES = 50
"""How much of the library one page offers; its words narrow it."""


class FindForm(Schema):
    """What the library is narrowed by."""

    words = fields.String(metadata={"label": "Title or name"})


class LinkForm(Schema):
    """A piece of evidence, and where in it."""

    evidence_id = fields.UUID(required=True, metadata={"label": "Evidence", "required": "Choose a piece of evidence."})
    pinpoint = fields.String(
        validate=validate.Length(max=action_details.LONGEST_PINPOINT),
        metadata={"label": "Where in it", "hint": "Such as page 3, or minute 14.", "who": WHO},
    )


class PrioritiesForm(Schema):
    """The priorities that a line serves."""

    seen = fields.String(required=True)
    priorities = fields.List(fields.UUID(), metadata={"label": "Corporate priorities"})


def _row(action_id: UUID, *, lock: bool = False) -> Action:
    return get_action(guard.place_id(), action_id, lock=lock)


def _back(row: Action, anchor: str) -> ResponseReturnValue:
    return redirect(url_for("actions.show", plan_id=row.plan_id, action_id=row.id, _anchor=anchor), code=303)


@blueprint.post("/councils/<council>/actions/<uuid:action_id>/notes")
@requires(Permission.ACTION_WRITE)
def add_note(action_id: UUID) -> ResponseReturnValue:
    """Write a dated note."""
    row = _row(action_id)
    form = bind(NoteForm, request.form)
    if form.valid:
        try:
            action_notes.add_note(row, **form.values, by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        else:
            flash("The note was added.", "success")
            return _back(row, "notes")
    return action_pages.page(row, note=form), 422


@blueprint.post("/councils/<council>/actions/<uuid:action_id>/notes/<uuid:note_id>/remove")
@requires(Permission.ACTION_WRITE)
def remove_note(action_id: UUID, note_id: UUID) -> ResponseReturnValue:
    """Take a note out that no meeting took."""
    row = _row(action_id)
    action_notes.remove_note(row, get_note(row, note_id), by=guard.actor())
    flash("The note was taken out.", "success")
    return _back(row, "notes")


@blueprint.get("/councils/<council>/actions/<uuid:action_id>/evidence")
@requires(Permission.ACTION_WRITE)
def evidence_form(action_id: UUID) -> str:
    """Offer the library."""
    return _evidence_page(_row(action_id), Bound.empty(LinkForm))


def _evidence_page(row: Action, form: Bound) -> str:
    find = bind(FindForm, request.args)
    found = evidence_queries.list_evidence(guard.place_id(), words=find.values.get("words") or "", sort="title")
    there = {each.evidence_id for each in load_details(row.council_id, [row.id])[row.id].evidence}
    offered = [each for each in found if each.id not in there]
    return render_template(
        "tenants/actions/evidence.html",
        row=row,
        plan=get_plan(row.council_id, row.plan_id),
        form=form,
        find=find,
        offered=[(each.id, each.title, each.filename or each.url or "") for each in offered[:MOST_CHOICES]],
        left=max(0, len(offered) - MOST_CHOICES),
    )


@blueprint.post("/councils/<council>/actions/<uuid:action_id>/evidence")
@requires(Permission.ACTION_WRITE)
def link_evidence(action_id: UUID) -> ResponseReturnValue:
    """Name a piece of evidence, and where in it."""
    row = _row(action_id, lock=True)
    form = bind(LinkForm, request.form)
    if form.valid:
        try:
            evidence = evidence_queries.get_evidence(guard.place_id(), form.values["evidence_id"])
            action_details.link_evidence(row, evidence, pinpoint=form.values["pinpoint"], by=guard.actor())
        except NotFound:
            form.add_error("evidence_id", "This piece is no longer in the library.")
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        else:
            flash(f"“{evidence.title}” was linked.", "success")
            return _back(row, "evidence")
    return _evidence_page(row, form), 422


@blueprint.post("/councils/<council>/actions/<uuid:action_id>/evidence/<uuid:evidence_id>/remove")
@requires(Permission.ACTION_WRITE)
def unlink_evidence(action_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """Name a piece of evidence no longer; it stays in the library."""
    row = _row(action_id, lock=True)
    title = action_details.unlink_evidence(row, evidence_id, by=guard.actor())
    flash(f"“{title}” is no longer linked. It stays in the library.", "success")
    return _back(row, "evidence")


@blueprint.get("/councils/<council>/actions/<uuid:action_id>/priorities")
@requires(Permission.ACTION_WRITE)
def priorities_form(action_id: UUID) -> str:
    """Offer the council's priorities."""
    row = _row(action_id)
    there = load_details(row.council_id, [row.id])[row.id].priorities
    initial = {"seen": action_details.seen(there), "priorities": [each.id for each in there]}
    return _priorities_page(row, Bound.empty(PrioritiesForm, initial))


def _priorities_page(row: Action, form: Bound, theirs: list[str] | None = None) -> str:
    had = {each.id for each in load_details(row.council_id, [row.id])[row.id].priorities}
    return render_template(
        "tenants/actions/priorities.html",
        row=row,
        plan=get_plan(row.council_id, row.plan_id),
        form=form,
        offered=[
            (each.id, each.title, "No longer a priority" if each.past else "")
            for each in list_priorities(guard.place_id())
            if not each.past or each.id in had
        ],
        theirs=theirs,
    )


@blueprint.post("/councils/<council>/actions/<uuid:action_id>/priorities")
@requires(Permission.ACTION_WRITE)
def save_priorities(action_id: UUID) -> ResponseReturnValue:
    """Keep which priorities the line serves."""
    row = _row(action_id, lock=True)
    form = bind(PrioritiesForm, request.form)
    if form.valid:
        try:
            action_details.set_priorities(
                row, form.values["priorities"] or [], seen_as=form.values["seen"], by=guard.actor()
            )
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        except Conflict:
            theirs = load_details(row.council_id, [row.id])[row.id].priorities
            form.raw["seen"] = action_details.seen(theirs)
            return _priorities_page(row, form, [each.title for each in theirs]), 409
        else:
            flash("The priorities were saved.", "success")
            return _back(row, "priorities")
    return _priorities_page(row, form), 422
