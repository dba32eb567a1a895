"""What a document says of a self-assessment, kept for its preview: what each row speaks of, what each column means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assessment.models.accreditations import Accreditation
from assessment.queries.frameworks import get_framework
from assessment.queries.self_assessment_imports import SELF_ASSESSMENT
from assessment.rules import template_rows
from assessment.rules.template_columns import MEANINGS
from assessment.rules.template_rows import CHOSEN, LEFT_OUT, UNMATCHED, TemplateRow
from assessment.services import template_readings
from assessment.services.answers import refuse_at_rest
from assessment.services.template_readings import Opened
from saas import events
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.imports import Import
from tenants.rules import import_columns
from tenants.rules.action_columns import Corrections
from tenants.rules.grids import UnreadableDocument
from tenants.services.import_readings import keep as keep_import

TAKEN_IN = "This document was taken in meanwhile. Undo that before you change how it is read."


def keep(accreditation: Accreditation, data: bytes, filename: str, *, by: Actor) -> Import:
    """Read a document and keep its rows for the preview; no answer is touched.

    Raises Invalid (file), and Conflict while answers rest: nothing of it could be taken in.
    """
    refuse_at_rest(accreditation)
    try:
        opened = template_readings.read(data, filename)
    except UnreadableDocument as unreadable:
        raise Invalid({"file": [str(unreadable)]}) from unreadable
    if opened.nothing and not opened.reading.tables:
        raise Invalid({"file": [opened.nothing]})
    kept = Import(
        council_id=accreditation.council_id,
        kind=SELF_ASSESSMENT,
        accreditation_id=accreditation.id,
        filename=filename,
        grid=dict(opened.grid),
    )
    _write_reading(accreditation, kept, opened, {})
    return keep_import(kept, data, count=len(kept.rows), by=by)


def correct_columns(accreditation: Accreditation, kept: Import, meanings: Mapping[str, str], *, by: Actor) -> bool:
    """Read the document again with the meanings that a person says its columns have; whether any is another one.

    meanings: by import_columns.Group.field, keys of template_columns.MEANINGS or "" for none. What was said of
    single rows stays. Raises Invalid (a field of a column), Conflict once it is taken in or where it cannot be read.
    """
    if kept.taken_in_at is not None:
        raise Conflict(TAKEN_IN)
    unknown = [name for name, meaning in meanings.items() if meaning and meaning not in MEANINGS]
    if unknown:
        raise Invalid({name: ["Choose one of the meanings in the list."] for name in unknown})
    corrections = import_columns.corrected(kept.columns, meanings)
    if corrections == import_columns.corrections_of(kept.columns):
        return False
    try:
        opened = template_readings.read_again(kept.grid or {}, kept.filename, corrections)
    except UnreadableDocument as unreadable:
        raise Conflict(str(unreadable)) from unreadable
    said = {row["place"]: row for row in kept.rows if row["how"] in (CHOSEN, LEFT_OUT)}
    _write_reading(accreditation, kept, opened, corrections)
    kept.rows = [
        {**row, "code": said[row["place"]]["code"], "how": said[row["place"]]["how"]} if row["place"] in said else row
        for row in kept.rows
    ]
    payload = {"filename": kept.filename, "rows": len(kept.rows)}
    events.record("import.read", kept, by=by, audience="council", payload=payload)
    return True


def _write_reading(accreditation: Accreditation, kept: Import, opened: Opened, corrections: Corrections) -> None:
    framework = get_framework(accreditation.framework_id).tree
    reading = opened.reading
    ours = template_rows.names_framework(reading.leftovers, framework.title, framework.version)
    requirements = framework.requirements_of(accreditation.level)
    rows = template_rows.matched(reading.rows, requirements, same_framework=ours)
    kept.rows, kept.columns = [asdict(row) for row in rows], import_columns.kept(reading.tables, corrections)
    kept.leftovers = list(reading.leftovers)
    kept.warnings = [*filter(None, [opened.nothing]), *reading.warnings]


def rows_of(kept: Import) -> list[TemplateRow]:
    """The rows that were kept."""
    return [TemplateRow(**{**row, "extra": tuple(row["extra"])}) for row in kept.rows]


def choose(accreditation: Accreditation, kept: Import, codes: Mapping[int, str]) -> bool:
    """Say which requirement rows speak of; whether any now speaks of another one.

    codes: number of the row from 0 → code, LEFT_OUT for none, "" while nobody has said. Raises Invalid
    (row-<number>), Conflict once it is taken in.
    """
    if kept.taken_in_at is not None:
        raise Conflict(TAKEN_IN)
    framework = get_framework(accreditation.framework_id).tree
    known = {each.code for each in framework.requirements_of(accreditation.level)}
    wrong = [at for at, code in codes.items() if code not in known | {"", LEFT_OUT}]
    if wrong:
        raise Invalid({f"row-{at}": ["Choose one of the requirements in the list."] for at in wrong})
    rows = [
        _speaking_of(row, codes[at]) if at in codes and chosen(row) != codes[at] else row
        for at, row in enumerate(kept.rows)
    ]
    changed = any(row["code"] != before["code"] for row, before in zip(rows, kept.rows, strict=True))
    kept.rows = rows
    return changed


def chosen(row: Mapping[str, Any]) -> str:
    """What is said of a kept row: its requirement's code, LEFT_OUT, or "" while a person is still to be asked."""
    return LEFT_OUT if row["how"] == LEFT_OUT else row["code"]


def _speaking_of(row: dict[str, Any], code: str) -> dict[str, Any]:
    if code == LEFT_OUT:
        return {**row, "code": "", "how": LEFT_OUT}
    return {**row, "code": code, "how": CHOSEN if code else UNMATCHED}
