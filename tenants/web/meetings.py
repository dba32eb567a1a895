"""Meetings about a plan: planning one, closing it, and its record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas import clock, guard
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from tenants.models.meetings import Meeting
from tenants.models.plans import Action, Plan
from tenants.queries import meetings as queries
from tenants.queries.meetings import LineChange
from tenants.queries.plans import get_plan
from tenants.rules.action_history import TEXTS
from tenants.rules.action_words import needs_a_look, words_of_reading
from tenants.services import meetings as services
from tenants.services.meetings import LONGEST_BODY
from tenants.web.stale import compare

blueprint = Blueprint("meetings", __name__)
PAGE = "/councils/<council>/plans/<uuid:plan_id>/meetings"
MEETING = f"{PAGE}/<uuid:meeting_id>"


class MeetingForm(Schema):
    """A meeting to be planned."""

    body = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_BODY),
        metadata={
            "label": "Who meets",
            "required": "Enter who meets.",
            "hint": "Such as: Member development steering group.",
        },
    )
    held_on = fields.Date(
        required=True,
        metadata={"label": "Day of the meeting", "hint": "To come, or already held."},
    )


class ChangedMeetingForm(MeetingForm):
    """A meeting to be changed."""

    version = fields.Integer(required=True)


class CloseForm(Schema):
    """The record of a meeting, to be closed as it was seen."""

    version = fields.Integer(required=True)


@blueprint.get(PAGE)
@requires(Permission.ACTION_READ)
def index(plan_id: UUID) -> str:
    """Every meeting about the plan."""
    plan = get_plan(guard.place_id(), plan_id)
    return render_template(
        "tenants/meetings/index.html", plan=plan, rows=queries.list_meetings(plan), today=clock.today()
    )


@blueprint.get(f"{PAGE}/add")
@requires(Permission.MEETING_RECORD)
def add_form(plan_id: UUID) -> str:
    """Ask who meets and when."""
    return _edit_page(get_plan(guard.place_id(), plan_id), None, Bound.empty(MeetingForm))


@blueprint.post(f"{PAGE}/add")
@requires(Permission.MEETING_RECORD)
def add(plan_id: UUID) -> ResponseReturnValue:
    """Plan a meeting."""
    plan = get_plan(guard.place_id(), plan_id)
    form = bind(MeetingForm, request.form)
    if not form.valid:
        return _edit_page(plan, None, form), 422
    meeting = services.plan_meeting(plan, **form.values, by=guard.actor())
    return to_record(meeting)


@blueprint.get(f"{MEETING}/edit")
@requires(Permission.MEETING_RECORD)
def edit_form(plan_id: UUID, meeting_id: UUID) -> str:
    """Ask for another body or day."""
    plan, meeting = find(plan_id, meeting_id)
    return _edit_page(plan, meeting, Bound.empty(ChangedMeetingForm, _stored(meeting) | {"version": meeting.version}))


@blueprint.post(f"{MEETING}/edit")
@requires(Permission.MEETING_RECORD)
def edit(plan_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Keep another body or day."""
    plan, meeting = find(plan_id, meeting_id, lock=True)
    form = bind(ChangedMeetingForm, request.form)
    stale, status = None, 422
    if form.valid:
        try:
            services.change_meeting(meeting, **form.values, by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        except Conflict as conflict:
            if conflict.theirs is None:
                raise
            stale, status = compare(form, guard.place_id(), meeting, _stored(meeting), {}), 409
        else:
            flash("Saved.", "success")
            return to_record(meeting)
    return _edit_page(plan, meeting, form, stale), status


def _stored(meeting: Meeting) -> dict[str, Any]:
    return {"body": meeting.body, "held_on": meeting.held_on}


def _edit_page(plan: Plan, meeting: Meeting | None, form: Bound, stale: Any = None) -> str:
    return render_template("tenants/meetings/edit.html", plan=plan, meeting=meeting, form=form, stale=stale)


@blueprint.post(f"{MEETING}/call-off")
@requires(Permission.MEETING_RECORD)
def call_off(plan_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Take out a meeting in which nothing was entered."""
    _, meeting = find(plan_id, meeting_id, lock=True)
    services.call_off(meeting, by=guard.actor())
    flash("The meeting was called off.", "success")
    return redirect(url_for("meetings.index", plan_id=plan_id), code=303)


@blueprint.get(MEETING)
@requires(Permission.ACTION_READ)
def show(plan_id: UUID, meeting_id: UUID) -> str:
    """The record: what was decided, what changed, which notes were taken."""
    plan, meeting = find(plan_id, meeting_id)
    return render_template("tenants/meetings/show.html", plan=plan, meeting=meeting, **_record_of(meeting))


def _record_of(meeting: Meeting) -> dict[str, Any]:
    items = queries.list_items(meeting)
    lines = queries.list_lines(meeting, ended=True)
    changes = queries.list_meeting_changes(meeting)
    return {
        "decided": [(row, items[row.id]) for row in lines if items[row.id].decision],
        "changes": changes,
        "doubtful": [
            (row, words_of_reading(row.timescale_kind, row.earliest_on, row.latest_on))
            for row in doubtful_lines(lines, changes)
        ],
        "notes": queries.list_notes(meeting),
        "entered": len(items),
        "today": clock.today(),
    }


@blueprint.get(f"{MEETING}/close")
@requires(Permission.MEETING_RECORD)
def close_form(plan_id: UUID, meeting_id: UUID) -> str:
    """Say what closing does, and show what will stand."""
    plan, meeting = find(plan_id, meeting_id)
    return render_template("tenants/meetings/close.html", plan=plan, meeting=meeting, **_record_of(meeting))


@blueprint.post(f"{MEETING}/close")
@requires(Permission.MEETING_RECORD)
def close(plan_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Close the record."""
    plan, meeting = find(plan_id, meeting_id, lock=True)
    form = bind(CloseForm, request.form)
    if not form.valid:
        raise Conflict("This page is not complete. Open it again.")
    try:
        services.close_meeting(meeting, **form.values, by=guard.actor())
    except Conflict as conflict:
        if conflict.theirs is None:
            raise
        flash("Somebody changed the meeting after you opened this page. Read it again, then close it.", "notice")
        return render_template("tenants/meetings/close.html", plan=plan, meeting=meeting, **_record_of(meeting)), 409
    flash("The record of the meeting is closed.", "success")
    return to_record(meeting)


def doubtful_lines(lines: Sequence[Action], changes: Sequence[LineChange]) -> list[Action]:
    """Of these lines, those whose timescale the meeting gave words that still cannot be read for sure."""
    changed = {
        each.action_id
        for each in changes
        if each.added or any(change.label == TEXTS["timescale"] for change in each.changes)
    }
    return [
        row
        for row in lines
        if row.id in changed and needs_a_look(row.timescale, row.timescale_confidence, row.timescale_chosen_by)
    ]


def find(plan_id: UUID, meeting_id: UUID, *, lock: bool = False) -> tuple[Plan, Meeting]:
    """The plan and a meeting about it; raises NotFound. `lock` holds the meeting for a change."""
    plan = get_plan(guard.place_id(), plan_id)
    return plan, queries.get_meeting(plan, meeting_id, lock=lock)


def to_record(meeting: Meeting) -> ResponseReturnValue:
    """On to the record of the meeting."""
    return redirect(url_for("meetings.show", plan_id=meeting.plan_id, meeting_id=meeting.id), code=303)
