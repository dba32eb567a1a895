"""The sitting of a meeting: every open line of the plan on one page, entered at once or not at all."""

from __future__ import annotations

import re
from typing import cast
from uuid import UUID

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas import clock, guard
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from saas.templating import time_of_day
from tenants.models.meetings import Meeting
from tenants.models.plans import Action, Plan
from tenants.queries import meetings as queries
from tenants.queries.action_details import load_details
from tenants.rules.action_words import STATUS_LABELS, as_status, line_name
from tenants.rules.meetings import HEAD_LABELS, LABELS, NEW_LABELS, NEW_LINES, field_of, mark, new_field
from tenants.services import meetings as services
from tenants.services.meetings import LONGEST_MINUTE, LONGEST_WORDS, Clash, Entry
from tenants.services.plans import LONGEST_TEXT
from tenants.web.meetings import MEETING, doubtful_lines, find, to_record
from tenants.web.told_actions import tell

blueprint = Blueprint("sittings", __name__)
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
NEW_LIMITS = {"action": LONGEST_TEXT} | {name: LIMITS[name] for name in NEW_LABELS if name != "action"}
LINE = re.compile("seen-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


@blueprint.get(f"{MEETING}/sitting")
@requires(Permission.MEETING_RECORD)
def enter_form(plan_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Every open line, to be gone through."""
    plan, meeting = find(plan_id, meeting_id)
    if meeting.closed_at is not None or meeting.held_on > clock.today():
        return to_record(meeting)
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
def enter(plan_id: UUID, meeting_id: UUID) -> ResponseReturnValue:
    """Keep all that was entered, or nothing."""
    plan, meeting = find(plan_id, meeting_id, lock=True)
    sent = [UUID(found[1]) for name in request.form if (found := LINE.fullmatch(name))]
    form = bind(_schema(sent), request.form)
    status = 422
    clashes: tuple[Clash, ...] = ()
    if form.valid:
        head = {name: form.values[f"head-{name}"] for name in HEAD_LABELS}
        entries = {each: _entry(form, each) for each in sent}
        try:
            number = services.record_sitting(
                meeting, entries, head=head, head_seen=form.values["head-seen"], added=_added(form), by=guard.actor()
            )
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        except Conflict as conflict:
            if conflict.theirs is None:
                raise
            status, clashes = 409, cast(tuple[Clash, ...], conflict.theirs)
        else:
            entered = "1 line was" if number == 1 else f"{number} lines were"
            flash(f"Saved at {time_of_day(clock.now())}. {entered} entered.", "success")
            _say_what_to_check(meeting)
            return to_record(meeting)
    rows = queries.list_lines(meeting, more=sent)
    if status == 409:
        _take_stored(form, meeting, rows, sent, {each.line_id for each in clashes})
    return _sitting_page(plan, meeting, rows, form, clashes), status


def _say_what_to_check(meeting: Meeting) -> None:
    """Say that timescales were saved from which no sure date could be read; the record lists them."""
    doubtful = doubtful_lines(queries.list_lines(meeting, ended=True), queries.list_meeting_changes(meeting))
    if doubtful:
        numbers = ", ".join(line_name(row.ref, row.action) for row in doubtful)
        what = "the timescale of action" if len(doubtful) == 1 else "the timescales of actions"
        flash(f"Check {what} {numbers}: no sure date could be read. Each is listed below.", "notice")


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
    for number in range(1, NEW_LINES + 1):
        for name, longest in NEW_LIMITS.items():
            checked = fields.String(validate=validate.Length(max=longest), metadata={"label": NEW_LABELS[name]})
            named[new_field(name, number)] = checked
    return Schema.from_dict(named, name="SittingForm")()


def _entry(form: Bound, line_id: UUID) -> Entry:
    texts = {name: form.values[field_of(name, line_id)] for name in LABELS}
    return Entry(texts, form.values[field_of("note", line_id)], form.values[field_of("seen", line_id)])


def _added(form: Bound) -> list[dict[str, str]]:
    return [{name: form.values[new_field(name, number)] for name in NEW_LABELS} for number in range(1, NEW_LINES + 1)]


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
    ids = [row.id for row in shown]
    return render_template(
        "tenants/meetings/sitting.html",
        plan=plan,
        meeting=meeting,
        lines=[(tell(row, clock.today()), _choices(row)) for row in shown],
        form=form,
        clashes=clashes,
        notes={key: each.notes[0] for key, each in load_details(plan.council_id, ids).items() if each.notes},
        field_of=field_of,
        new_field=new_field,
        new_lines=NEW_LINES,
        more_typed=any(form.typed(new_field(name, at)) for name in NEW_LABELS for at in range(2, NEW_LINES + 1)),
        draft=f"{guard.viewer().id}/{meeting.id}/the meeting of {meeting.held_on:%Y-%m-%d}",
    )


def _choices(row: Action) -> list[tuple[str, str]]:
    """Every status; before it, while nobody confirmed one, what is proposed."""
    proposed = as_status(row.status_proposed)
    blank = f"Proposed: {STATUS_LABELS[proposed]}" if proposed else "No status yet"
    return [*([] if row.status else [("", blank)]), *STATUS_LABELS.items()]
