"""Improvements from a document: read and shown first, then taken into the report as a whole or discarded."""

from __future__ import annotations

from uuid import UUID

from assessment.models.reports import ReportDraft
from assessment.rules import reports
from assessment.services.reports import MOST_IMPROVEMENTS, change_draft, keyed
from saas import clock
from saas.errors import Conflict, Invalid
from saas.files import display_name
from saas.tenancy import Actor
from tenants.rules import action_plans, import_rows
from tenants.services import documents_apart


def read_document(accreditation_id: UUID, data: bytes, filename: str, *, version: int, by: Actor) -> ReportDraft:
    """Read a .docx, .xlsx or .csv file and keep what was read for the preview; it replaces an earlier reading.

    Raises Invalid (document), saying what was looked for, when it has no table of actions; Conflict when stale.
    """
    try:
        reading = documents_apart.read_plan(data, filename)
    except action_plans.UnreadableDocument as unreadable:
        raise Invalid({"document": [str(unreadable)]}) from unreadable

    def change(draft: ReportDraft) -> None:
        draft.pending_import = {
            "filename": display_name(filename),
            "read_at": clock.now().isoformat(),
            "read_by": by.name,
            "taken": False,
            "rows": [import_rows.kept(row) for row in reading.rows],
            "columns": [list(pair) for pair in reading.columns],
            "leftovers": list(reading.leftovers),
            "warnings": list(reading.warnings),
        }

    return change_draft(accreditation_id, change, version=version, part="document read", by=by)


def take_in(accreditation_id: UUID, *, version: int, by: Actor) -> ReportDraft:
    """Add every row as an improvement, in the document's order; its other lines stay to be read beside the report."""

    def change(draft: ReportDraft) -> None:
        found = draft.pending_import
        if found is None or found["taken"]:
            raise Conflict("No document waits to be taken in.")
        items = [*draft.improvements, *(reports.from_row(row) for row in found["rows"])]
        if len(items) > MOST_IMPROVEMENTS:
            raise Conflict(f"A report holds at most {MOST_IMPROVEMENTS} improvements; this would make {len(items)}.")
        draft.improvements = keyed(items)
        draft.pending_import = {**found, "taken": True}

    return change_draft(accreditation_id, change, version=version, part="document taken in", by=by)


def discard(accreditation_id: UUID, *, version: int, by: Actor) -> ReportDraft:
    """Forget what was read; improvements already taken in stay."""

    def change(draft: ReportDraft) -> None:
        draft.pending_import = None

    return change_draft(accreditation_id, change, version=version, part="document discarded", by=by)
