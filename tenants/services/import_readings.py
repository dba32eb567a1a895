"""Reading documents for a preview, and again as people correct what the columns mean; nothing enters a plan here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.imports import Import
from tenants.queries.imports import find_document_date
from tenants.queries.plans import get_plan
from tenants.queries.remembered_columns import remembered_meanings
from tenants.rules import action_plans, import_columns, import_rows
from tenants.rules.action_plans import NoActions, Reading
from tenants.services import documents_apart

ACTION_PLAN = "action_plan"
PASTED = "Pasted table"
MOST_TITLE = 200


def read_action_plan(
    data: bytes,
    filename: str,
    *,
    document_on: date | None = None,
    remembered: Mapping[str, str] | None = None,
) -> Reading:
    """Read a document. Raises Invalid (file), saying what was looked for, when there is no plan in it."""
    try:
        return documents_apart.read_plan(data, filename, document_on, remembered)
    except action_plans.UnreadableDocument as unreadable:
        raise Invalid({"file": [str(unreadable)]}) from unreadable


def keep_action_plan(
    council_id: UUID,
    data: bytes,
    filename: str,
    *,
    plan_id: UUID | None = None,
    plan_title: str = "",
    document_on: date | None = None,
    by: Actor,
) -> Import:
    """Read a document and keep what was read for the preview; nothing enters a plan yet.

    plan_id: the plan that it is meant for, None for one of its own, called `plan_title` or else after the document.
    document_on: the document's own day, where somebody says it; else what was said when this very file was read before.
    A document with tables but no actions is kept too: a person may say what the columns mean. Raises Invalid (file)
    or NotFound.
    """
    remembered = remembered_meanings(council_id, ACTION_PLAN)
    document_on = document_on or _dated_before(council_id, data)
    try:
        reading = documents_apart.read_plan(data, filename, document_on, remembered)
    except NoActions as nothing:
        reading = _with_tables(nothing, "file")
    except action_plans.UnreadableDocument as unreadable:
        raise Invalid({"file": [str(unreadable)]}) from unreadable
    kept = _kept(council_id, reading, filename, plan_id, plan_title)
    kept.document_on = document_on
    return keep(kept, data, count=len(kept.rows), by=by)


def keep_pasted(council_id: UUID, text: str, *, plan_id: UUID | None = None, plan_title: str = "", by: Actor) -> Import:
    """The same for a table, or lines, copied from elsewhere. Raises Invalid (pasted) or NotFound."""
    remembered = remembered_meanings(council_id, ACTION_PLAN)
    # The same words pasted from another program have other line ends and other empty lines round them.
    data = "\n".join(line.rstrip() for line in text.strip().splitlines()).encode()
    document_on = _dated_before(council_id, data)
    try:
        reading = documents_apart.read_pasted(text, PASTED, document_on, remembered)
    except NoActions as nothing:
        reading = _with_tables(nothing, "pasted")
    except action_plans.UnreadableDocument as unreadable:
        raise Invalid({"pasted": [str(unreadable)]}) from unreadable
    kept = _kept(council_id, reading, PASTED, plan_id, plan_title)
    kept.document_on = document_on
    return keep(kept, data, count=len(kept.rows), by=by)


def _dated_before(council_id: UUID, data: bytes) -> date | None:
    return find_document_date(council_id, hashlib.sha256(data).hexdigest(), kind=ACTION_PLAN)


def keep(kept: Import, data: bytes, *, count: int, by: Actor) -> Import:
    """Keep what was read of a document, for its preview. data: the document; count: how many rows it has."""
    kept.id, kept.sha256 = new_id(), hashlib.sha256(data).hexdigest()
    kept.read_at, kept.read_by, kept.read_by_name, kept.taken_in_at = clock.now(), by.id, by.name, None
    db.session.add(kept)
    db.session.flush()
    payload = {"filename": kept.filename, "rows": count}
    events.record("import.read", kept, by=by, audience="council", payload=payload)
    return kept


def read_again(
    kept: Import,
    *,
    chosen: Mapping[str, str],
    document_on: date | None,
    plan_id: UUID | None,
    plan_title: str,
    by: Actor,
) -> bool:
    """Read the rows again as a person says; whether anything was said that stood otherwise.

    chosen: meanings by import_columns.Group.field. document_on: the document's own day. Raises Conflict once it is
    taken in or where it cannot be read so, Invalid (a field of a column), NotFound for a plan that is not there.
    """
    if kept.taken_in_at is not None:
        raise Conflict("This document was taken in meanwhile. Undo that before you read it again.")
    unknown = [name for name, meaning in chosen.items() if meaning and meaning not in import_columns.MEANINGS]
    if unknown:
        raise Invalid({name: ["Choose one of the meanings in the list."] for name in unknown})
    if plan_id is not None:
        get_plan(kept.council_id, plan_id)
    corrections = import_columns.corrected(kept.columns, chosen)
    read_otherwise = corrections != import_columns.corrections_of(kept.columns) or document_on != kept.document_on
    if not read_otherwise and (plan_id, plan_title) == (kept.plan_id, kept.plan_title):
        return False
    kept.plan_id, kept.plan_title, kept.document_on = plan_id, plan_title, document_on
    if read_otherwise:
        remembered = remembered_meanings(kept.council_id, kept.kind)
        try:
            reading = documents_apart.read_grid(kept.grid or {}, kept.filename, document_on, remembered, corrections)
        except NoActions as nothing:
            reading = _with_words(nothing)
        except action_plans.UnreadableDocument as unreadable:
            raise Conflict(str(unreadable)) from unreadable
        _write(kept, reading, corrections)
    payload = {"filename": kept.filename, "rows": len(kept.rows)}
    events.record("import.read", kept, by=by, audience="council", payload=payload)
    return True


def _kept(council_id: UUID, reading: Reading, filename: str, plan_id: UUID | None, plan_title: str) -> Import:
    if plan_id is not None:
        get_plan(council_id, plan_id)
    kept = Import(
        council_id=council_id,
        kind=ACTION_PLAN,
        plan_id=plan_id,
        plan_title=plan_title,
        filename=filename,
        grid=reading.grid,
        document_on=None,
    )
    _write(kept, reading, {})
    return kept


def _write(kept: Import, reading: Reading, corrections: action_plans.Corrections) -> None:
    kept.rows = [import_rows.kept(row) for row in reading.rows]
    kept.columns = import_columns.kept(reading.tables, corrections)
    kept.leftovers, kept.warnings, kept.outside = list(reading.leftovers), list(reading.warnings), reading.outside


def _with_tables(nothing: NoActions, field: str) -> Reading:
    """What was read without an action, while it has columns to be asked about; else Invalid."""
    if not nothing.reading.tables:
        raise Invalid({field: [str(nothing)]}) from nothing
    return _with_words(nothing)


def _with_words(nothing: NoActions) -> Reading:
    reading = nothing.reading
    return Reading(
        rows=(),
        columns=reading.columns,
        leftovers=reading.leftovers,
        warnings=(str(nothing), *reading.warnings),
        tables=reading.tables,
        grid=reading.grid,
        outside=reading.outside,
    )
