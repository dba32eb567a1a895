"""The lines of a visit's timetable, as the region adds, changes and takes them out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.models.visits import Visit
from assessment.queries import visits as queries
from assessment.queries.accreditations import get_accreditation
from assessment.rules import visits as rules
from assessment.rules.visits import Slot
from assessment.services import visits
from assessment.web.visit_views import seen_version
from assessment.web.visits import PAGE, WHO
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, requires
from saas.policy import Permission

blueprint = Blueprint("visit_timetable", __name__)


class SlotForm(Schema):
    """One line of the timetable; `version` is the visit's."""

    version = fields.Integer(required=True)
    at = fields.String(
        required=True,
        metadata={"label": "Begins at", "required": "Enter when it begins.", "hint": "For example, 09:30"},
    )
    minutes = fields.Integer(
        required=True,
        validate=validate.Range(min=5, max=rules.MOST_MINUTES),
        metadata={"label": "Minutes", "subject": "The length", "required": "Enter how many minutes it lasts."},
    )
    title = fields.String(
        required=True,
        validate=validate.Length(max=rules.LONGEST_TITLE),
        metadata={"label": "What", "required": "Enter what happens.", "who": WHO},
    )
    who = fields.String(
        validate=validate.Length(max=rules.LONGEST_WHO),
        metadata={"label": "Whom the team meets", "subject": "Whom", "who": WHO},
    )
    following = fields.Boolean(metadata={"label": "Move everything after it by the same time"})


@blueprint.get(f"{PAGE}/timetable/new")
@requires(Permission.VISIT_PLAN)
def add_form(accreditation_id: UUID) -> str:
    """A new line, after the last one."""
    accreditation, visit = _opened(accreditation_id)
    last = rules.read(visit.timetable)[-1]
    initial = {"version": visit.version, "at": f"{last.until:%H:%M}", "minutes": 30}
    return _page(accreditation, visit, Bound.empty(SlotForm, initial), None)


@blueprint.post(f"{PAGE}/timetable/new")
@requires(Permission.VISIT_PLAN)
def add(accreditation_id: UUID) -> ResponseReturnValue:
    """Add the line where its time puts it."""
    return _save(accreditation_id, None)


@blueprint.get(f"{PAGE}/timetable/<key>")
@requires(Permission.VISIT_PLAN)
def edit(accreditation_id: UUID, key: str) -> str:
    """One line to be changed."""
    accreditation, visit = _opened(accreditation_id)
    slot = queries.get_slot(visit, key)
    initial = {
        "version": visit.version,
        "at": f"{slot.at:%H:%M}",
        "minutes": slot.minutes,
        "title": slot.title,
        "who": slot.who,
        "following": True,
    }
    return _page(accreditation, visit, Bound.empty(SlotForm, initial), slot)


@blueprint.post(f"{PAGE}/timetable/<key>")
@requires(Permission.VISIT_PLAN)
def save(accreditation_id: UUID, key: str) -> ResponseReturnValue:
    """Change the line, and move what follows if asked."""
    return _save(accreditation_id, key)


@blueprint.post(f"{PAGE}/timetable/<key>/remove")
@requires(Permission.VISIT_PLAN)
def remove(accreditation_id: UUID, key: str) -> Response:
    """Take the line out."""
    accreditation, visit = _opened(accreditation_id, lock=True)
    slot = queries.get_slot(visit, key)
    visits.remove_slot(accreditation, visit, key, version=seen_version(), by=actor())
    flash(f"“{slot.title}” is out of the timetable.", "success")
    return redirect(url_for("visits.show", accreditation_id=accreditation_id), code=303)


def _save(accreditation_id: UUID, key: str | None) -> ResponseReturnValue:
    accreditation, visit = _opened(accreditation_id, lock=True)
    slot = queries.get_slot(visit, key) if key else None
    form = bind(SlotForm, request.form)
    at = rules.read_time(form.typed("at"))
    if at is None and not form.error("at"):
        form.add_error("at", "Enter a time like 09:30.")
    if not form.valid or at is None:
        return _page(accreditation, visit, form, slot), 422
    given: dict[str, Any] = dict(form.values) | {"at": at}
    try:
        if key:
            visits.change_slot(accreditation, visit, key, by=actor(), **given)
        else:
            given.pop("following")
            visits.add_slot(accreditation, visit, by=actor(), **given)
    except Invalid as refusal:
        form.add_errors(refusal.messages)
        return _page(accreditation, visit, form, slot), 422
    except Conflict as refusal:
        if refusal.theirs is None:
            raise
        form.raw["version"] = str(visit.version)
        form.add_error(None, refusal.message)
        return _page(accreditation, visit, form, slot, stale=True), 409
    flash("The timetable is saved.", "success")
    return redirect(url_for("visits.show", accreditation_id=accreditation_id), code=303)


def _opened(accreditation_id: UUID, *, lock: bool = False) -> tuple[Accreditation, Visit]:
    accreditation = get_accreditation(accreditation_id, share=lock)
    visit = queries.get_visit(accreditation_id, lock=lock)
    refusal = visits.why_not(accreditation)
    if refusal or visit.state in ("held", "called_off"):
        raise Conflict(refusal or "The timetable of this visit cannot be changed any more.")
    return accreditation, visit


def _page(accreditation: Accreditation, visit: Visit, form: Bound, slot: Slot | None, *, stale: bool = False) -> str:
    return render_template(
        "assessment/visits/slot.html",
        accreditation=accreditation,
        visit=visit,
        form=form,
        slot=slot,
        saved=rules.read(visit.timetable) if stale else (),
    )
