"""Meetings about a plan: planning one, entering its changes in one sitting, closing it, and its record."""

from __future__ import annotations

import re
from typing import Any, cast
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
from tenants.queries.plans import get_plan
from tenants.rules.action_words import STATUS_LABELS, as_status
from tenants.rules.meetings import HEAD_LABELS, LABELS, field_of, mark
from tenants.services import meetings as services
from tenants.services.meetings import LONGEST_BODY, LONGEST_MINUTE, LONGEST_WORDS, Clash, Entry
from tenants.services.plans import LONGEST_TEXT
from tenants.web.stale import compare
from tenants.web.told import tell

blueprint = Blueprint("meetings", __name__)
PAGE = "/councils/<council>/plans/<uuid:plan_id>/meetings"
MEETING = f"{PAGE}/<uuid:meeting_id>"
LIMITS = {
    "status": 20,
    "timescale": LONGEST_TEXT,
    "responsibility": LONGEST_TEXT,
    "decision": LONGEST_WORDS,
    "minute": LONGEST_MINUTE,
    "note": LONGEST_WORDS,
    "seen": 16,
}
"""What is sent for each line, and how long it may be."""
LINE = re.compile("seen-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


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
    return _to(meeting)


@blueprint.get(f"{MEETING}/edit")
@requires(Permission.MEETING_RECORD)
def edit_form(plan_id: UUID, meeting_id: UUID) -> str:
    """Ask for another body or day."""
    plan, meeting = _find(plan_id, meeting_id)
    return _edit_page(plan, meeting, Bound.empty(ChangedMeetingForm, _stored(meeting) | {"version": meeting.version}))


@blueprint.post(f"{MEETING}/edit")
@requires(Permission.MEETING_RECORD)
def edit(plan_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Keep another body or day."""
    plan, meeting = _find(plan_id, meeting_id, lock=True)
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
            return _to(meeting)
    return _edit_page(plan, meeting, form, stale), status


def _stored(meeting: Meeting) -> dict[str, Any]:
    return {"body": meeting.body, "held_on": meeting.held_on}


def _edit_page(plan: Plan, meeting: Meeting | None, form: Bound, stale: Any = None) -> str:
    return render_template("tenants/meetings/edit.html", plan=plan, meeting=meeting, form=form, stale=stale)


@blueprint.post(f"{MEETING}/call-off")
@requires(Permission.MEETING_RECORD)
def call_off(plan_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Take out a meeting in which nothing was entered."""
    _, meeting = _find(plan_id, meeting_id, lock=True)
    services.call_off(meeting, by=guard.actor())
    flash("The meeting was called off.", "success")
    return redirect(url_for("meetings.index", plan_id=plan_id), code=303)


@blueprint.get(MEETING)
@requires(Permission.ACTION_READ)
def show(plan_id: UUID, meeting_id: UUID) -> str:
    """The record: what was decided, what changed, which notes were taken."""
    plan, meeting = _find(plan_id, meeting_id)
    return render_template("tenants/meetings/show.html", plan=plan, meeting=meeting, **_record_of(meeting))


def _record_of(meeting: Meeting) -> dict[str, Any]:
    items = queries.list_items(meeting)
    return {
        "decided": [(row, items[row.id]) for row in queries.list_lines(meeting, ended=True) if items[row.id].decision],
        "changes": queries.list_meeting_changes(meeting),
        "notes": queries.list_notes(meeting),
        "entered": len(items),
        "today": clock.today(),
    }


@blueprint.get(f"{MEETING}/close")
@requires(Permission.MEETING_RECORD)
def close_form(plan_id: UUID, meeting_id: UUID) -> str:
    """Say what closing does, and show what will stand."""
    plan, meeting = _find(plan_id, meeting_id)
    return render_template("tenants/meetings/close.html", plan=plan, meeting=meeting, **_record_of(meeting))


@blueprint.post(f"{MEETING}/close")
@requires(Permission.MEETING_RECORD)
def close(plan_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Close the record."""
    plan, meeting = _find(plan_id, meeting_id, lock=True)
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
    return _to(meeting)


@blueprint.get(f"{MEETING}/sitting")
@requires(Permission.MEETING_RECORD)
def sitting_form(plan_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Every open line, to be gone through."""
    plan, meeting = _find(plan_id, meeting_id)
    if meeting.closed_at is not None or meeting.held_on > clock.today():
        return _to(meeting)
    rows = queries.list_lines(meeting)
    stored = _stored_texts(meeting, rows)
    initial = {
        "version": meeting.version,
        "head-seen": mark(services.head_texts(meeting)),
        **{f"head-{name}": text for name, text in services.head_texts(meeting).items()},
    }
    for row in rows:
        initial |= {field_of(name, row.id): text for name, text in stored[row.id].items()}
        initial[field_of("seen", row.id)] = mark(stored[row.id])
    return _sitting_page(plan, meeting, rows, Bound.empty(_schema([row.id for row in rows]), initial))


@blueprint.post(f"{MEETING}/sitting")
@requires(Permission.MEETING_RECORD)
def sit(plan_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Keep all that was entered, or nothing."""
    plan, meeting = _find(plan_id, meeting_id, lock=True)
    sent = [UUID(found[1]) for name in request.form if (found := LINE.fullmatch(name))]
    form = bind(_schema(sent), request.form)
    status = 422
    clashes: tuple[Clash, ...] = ()
    if form.valid:
        head = {name: form.values[f"head-{name}"] for name in HEAD_LABELS}
        entries = {each: _entry(form, each) for each in sent}
        try:
            number = services.record_sitting(
                meeting, entries, head=head, head_seen=form.values["head-seen"], by=guard.actor()
            )
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        except Conflict as conflict:
            if conflict.theirs is None:
                raise
            status, clashes = 409, cast(tuple[Clash, ...], conflict.theirs)
        else:
            entered = "1 line was" if number == 1 else f"{number} lines were"
            flash(f"Saved at {clock.now().astimezone(clock.LONDON):%H:%M}. {entered} entered.", "success")
            return _to(meeting)
    rows = queries.list_lines(meeting, more=sent)
    if status == 409:
        _take_stored(form, meeting, rows, sent, {each.line_id for each in clashes})
    return _sitting_page(plan, meeting, rows, form, clashes), status


def _schema(line_ids: list[UUID]) -> Schema:
    """The form of a sitting over these lines."""
    named: dict[str, fields.Field] = {
        "version": fields.Integer(),
        "head-seen": fields.String(validate=validate.Length(max=16)),
        "head-minute": fields.String(
            validate=validate.Length(max=LONGEST_MINUTE), metadata={"label": HEAD_LABELS["minute"]}
        ),
        "head-notes": fields.String(
            validate=validate.Length(max=LONGEST_WORDS), metadata={"label": HEAD_LABELS["notes"]}
        ),
    }
    for line_id in line_ids:
        for name, longest in LIMITS.items():
            label = LABELS.get(name, "Note")
            checked = fields.String(validate=validate.Length(max=longest), metadata={"label": label})
            named[field_of(name, line_id)] = checked
    return Schema.from_dict(named, name="SittingForm")()


def _entry(form: Bound, line_id: UUID) -> Entry:
    texts = {name: form.values[field_of(name, line_id)] for name in LABELS}
    return Entry(texts, form.values[field_of("note", line_id)], form.values[field_of("seen", line_id)])


def _take_stored(
    form: Bound, meeting: Meeting, rows: list[Action], sent: list[UUID], disputed: set[UUID | None]
) -> None:
    """After a conflict: what was typed stays, and is compared from now on with what is stored.

    Lines that somebody else changed and of which nothing was typed show what is stored.
    """
    stored = _stored_texts(meeting, rows)
    for line_id in sent:
        typed = {name: form.typed(field_of(name, line_id)) for name in LABELS}
        seen = field_of("seen", line_id)
        if line_id not in stored or mark(stored[line_id]) == form.typed(seen):
            continue
        if mark(typed) == form.typed(seen):
            form.raw |= {field_of(name, line_id): text for name, text in stored[line_id].items()}
        if line_id in disputed or mark(typed) == form.typed(seen):
            form.raw[seen] = mark(stored[line_id])
    head = services.head_texts(meeting)
    if mark({name: form.typed(f"head-{name}") for name in head}) == form.typed("head-seen"):
        form.raw |= {f"head-{name}": text for name, text in head.items()}
    form.raw |= {"version": str(meeting.version), "head-seen": mark(head)}


def _stored_texts(meeting: Meeting, rows: list[Action]) -> dict[UUID, dict[str, str]]:
    items = queries.list_items(meeting)
    return {row.id: services.stored_texts(row, items.get(row.id)) for row in rows}


def _sitting_page(
    plan: Plan, meeting: Meeting, rows: list[Action], form: Bound, clashes: tuple[Clash, ...] = ()
) -> str:
    shown = [row for row in rows if field_of("seen", row.id) in form.schema.fields]
    return render_template(
        "tenants/meetings/sitting.html",
        plan=plan,
        meeting=meeting,
        lines=[(tell(row, clock.today()), _choices(row)) for row in shown],
        form=form,
        clashes=clashes,
        field_of=field_of,
        draft=f"{guard.viewer().id}/{meeting.id}/the meeting of {meeting.held_on:%Y-%m-%d}",
    )


def _choices(row: Action) -> list[tuple[str, str]]:
    """Every status; before it, while nobody confirmed one, what is proposed."""
    proposed = as_status(row.status_proposed)
    blank = f"Proposed: {STATUS_LABELS[proposed]}" if proposed else "No status yet"
    return [*([] if row.status else [("", blank)]), *STATUS_LABELS.items()]


def _find(plan_id: UUID, meeting_id: UUID, *, lock: bool = False) -> tuple[Plan, Meeting]:
    plan = get_plan(guard.place_id(), plan_id)
    return plan, queries.get_meeting(plan, meeting_id, lock=lock)


def _to(meeting: Meeting) -> ResponseReturnValue:
    return redirect(url_for("meetings.show", plan_id=meeting.plan_id, meeting_id=meeting.id), code=303)
