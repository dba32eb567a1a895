"""The page of one line of a plan with everything that hangs on it, for all who show it again after a refusal."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import render_template
from marshmallow import Schema, fields, validate

from saas import clock
from saas.forms import Bound
from tenants.models.plans import Action
from tenants.queries.action_details import document_day, list_detail_events, list_versions, load_details
from tenants.queries.plans import get_plan
from tenants.rules import timescales
from tenants.rules.action_history import DETAIL_EVENTS, Detail, Version, history
from tenants.rules.action_words import SOON, STATUS_LABELS, needs_a_look, words_of_reading
from tenants.rules.owners import KIND_LABELS
from tenants.services import action_notes, action_owners
from tenants.web.told_actions import tell

WHO = "your council. Your region sees an action once an answer or a reply that names it is sent"


class NoteForm(Schema):
    """A note to be written."""

    noted_on = fields.Date(required=True, metadata={"label": "Day it speaks of"})
    words = fields.String(
        required=True,
        validate=validate.Length(max=action_notes.LONGEST_NOTE),
        metadata={
            "label": "Note",
            "who": "your council. It stands in the restricted version of papers, never in the public one",
        },
    )
    minute = fields.String(
        validate=validate.Length(max=action_notes.LONGEST_MINUTE),
        metadata={"label": "Minute", "hint": "The reference of the minute that records it, such as 14/2027."},
    )


class ReadingForm(Schema):
    """What a timescale is meant to say."""

    version = fields.Integer(required=True)
    reading = fields.String(required=True, metadata={"required": "Choose what the timescale means."})


def page(row: Action, *, note: Bound | None = None, reading: Bound | None = None) -> str:
    """The page; note, reading: what was typed there, to be mended."""
    details = load_details(row.council_id, [row.id])[row.id]
    offered = readings_of(row)
    chosen = timescales.key_of(row.timescale_kind, row.earliest_on, row.latest_on)
    initial = {"version": row.version, "reading": chosen} if row.timescale_chosen_by else {"version": row.version}
    proposed = () if details.owners else action_owners.propose(row)
    return render_template(
        "tenants/actions/show.html",
        row=row,
        plan=get_plan(row.council_id, row.plan_id),
        told=tell(row, clock.today()),
        details=details,
        proposed=proposed,
        seen=action_owners.seen(details.owners),
        proposed_seen=action_owners.seen(proposed),
        owner_kinds=KIND_LABELS,
        readings=[
            (
                timescales.key_of(each.kind, each.earliest, each.latest),
                words_of_reading(each.kind, each.earliest, each.latest) or "No date",
                each.reason,
            )
            for each in offered
        ],
        reading=reading or Bound.empty(ReadingForm, initial),
        note=note or Bound.empty(NoteForm, {"noted_on": clock.today()}),
        form=note or reading,
        history=_history_of(row),
        days=SOON.days,
        words_of_reading=words_of_reading,
        needs_a_look=needs_a_look,
        STATUS_LABELS=STATUS_LABELS,
    )


def readings_of(row: Action) -> tuple[timescales.Timescale, ...]:
    """What its timescale may mean, where that is more than one thing; else nothing."""
    found = timescales.readings(row.timescale, document_on=document_day(row))
    return found if len(found) > 1 else ()


def _history_of(row: Action) -> list[dict[str, Any]]:
    """Everything that happened to a line, the newest first, as the timeline shows it."""
    versions = [
        Version(each.document, each.written_at, each.written_by_name, each.body)
        for each in list_versions(row.council_id, row.id)
    ]
    events = [
        Detail(each.verb, each.at, each.payload or {})
        for each in list_detail_events(row.council_id, row.id, DETAIL_EVENTS)
    ]
    return [asdict(entry) for entry in history(versions, events)]
