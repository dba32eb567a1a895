"""A whole region for programs: its pipeline, its matrix, its improvements, and each of them as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import Response
from marshmallow import fields, validate

from assessment.models.improvements import PROGRESS, REPLIES
from assessment.queries.matrix import Matrix, MatrixRow, narrow, read_matrix
from assessment.queries.pipeline import list_pipeline
from assessment.queries.region_improvements import (
    AGES,
    NONE,
    STATES,
    Count,
    Grouped,
    Narrowed,
    count_by,
    list_improvement_rows,
)
from assessment.rules import pipeline as pipelines
from assessment.rules.improvements import ImprovementState, state_of
from assessment.rules.matrix import steps_of
from assessment.rules.matrix_lines import Asked, lines_of
from assessment.rules.pipeline import PipelineRow, arrange, without_leads
from assessment.rules.states import LABELS, ORDER
from assessment.services import region_tables
from saas import clock
from saas.api import ApiSchema, FileOf, Listed, Operations
from saas.downloads import EXCEL, file_response
from saas.guard import may, place, place_id, requires
from saas.papers import write
from saas.policy import Permission
from saas.tables import csv_response
from tenants.rules.council_kinds import KIND_LABELS

operations = Operations("region_reports", "The whole region")
SHORT = validate.Length(max=200)
SORTS = [f"{sign}{name}" for name in pipelines.SORTS for sign in ("", "-")]
TABLES = ("pipeline", "judgements", "improvements")
KINDS = ["", *KIND_LABELS]


class PipelineRowSchema(ApiSchema):
    """One council: its accreditation under way, else its newest, and its newest award."""

    council_id = fields.UUID(required=True)
    council = fields.String(required=True, attribute="slug", metadata={"example": "harrowfen"})
    name = fields.String(required=True)
    kind = fields.String(required=True, metadata={"description": "The type of the council."})
    county = fields.String(required=True)
    accreditation_id = fields.UUID(required=True, allow_none=True)
    level_title = fields.String(required=True, attribute="level")
    framework = fields.String(required=True, metadata={"description": "Its title and version."})
    state = fields.String(
        required=True, metadata={"enum": [*LABELS, "awarded"], "description": "Stage, state of the award, or none."}
    )
    days = fields.Integer(required=True, allow_none=True, metadata={"description": "Whole days in this state."})
    next_due_on = fields.Date(required=True, allow_none=True)
    late = fields.Boolean(required=True)
    leads = fields.List(
        fields.String(), required=True, metadata={"description": "Empty for who may not read the cases."}
    )
    open_improvements = fields.Integer(required=True)
    mandatory = fields.Integer(required=True, metadata={"description": "Of them, those that must be done."})
    valid_to_on = fields.Date(required=True, allow_none=True, metadata={"description": "The award's last day."})
    grace_to_on = fields.Date(required=True, allow_none=True)


class AskedPipelineSchema(ApiSchema):
    """Which councils, and in which order."""

    stage = fields.String(
        load_default="", validate=validate.OneOf(["", pipelines.ON_THE_WAY, pipelines.HOLDING, *LABELS])
    )
    kind = fields.String(load_default="", validate=validate.OneOf(KINDS))
    county = fields.String(load_default="", validate=SHORT)
    lead = fields.String(
        load_default="", validate=SHORT, metadata={"description": "Who leads, by name; - for nobody yet."}
    )
    ends_within = fields.String(
        load_default="",
        validate=validate.OneOf(["", *pipelines.ENDS_WITHIN]),
        metadata={"description": "So many days."},
    )
    late = fields.Boolean(load_default=False, metadata={"description": "Late ones only."})
    sort = fields.String(load_default="name", validate=validate.OneOf(SORTS))


class MatrixRowSchema(ApiSchema):
    """One council's newest sealed judgements beside the newest issued report's."""

    council_id = fields.UUID(required=True)
    council = fields.String(required=True, metadata={"example": "harrowfen"})
    name = fields.String(required=True)
    kind = fields.String(required=True)
    county = fields.String(required=True)
    stage = fields.String(required=True)
    framework_id = fields.UUID(required=True)
    accreditation_id = fields.UUID(required=True, allow_none=True)
    own = fields.Dict(
        keys=fields.String(),
        values=fields.String(allow_none=True),
        required=True,
        metadata={"description": "Requirement code to the code of a step; null without a judgement."},
    )
    own_at = fields.AwareDateTime(required=True, allow_none=True, metadata={"description": "When it was sealed."})
    issued = fields.Dict(keys=fields.String(), values=fields.String(allow_none=True), required=True)
    issued_at = fields.AwareDateTime(required=True, allow_none=True)


class AskedMatrixSchema(ApiSchema):
    """Which framework, and which councils."""

    framework_id = fields.UUID(
        load_default=None, metadata={"description": "Without it, the one that most councils use."}
    )
    kind = fields.String(load_default="", validate=validate.OneOf(KINDS))
    county = fields.String(load_default="", validate=SHORT)
    stage = fields.String(load_default="", validate=SHORT)


class RegionImprovementSchema(ApiSchema):
    """One issued improvement of a council of the region."""

    id = fields.UUID(required=True)
    accreditation_id = fields.UUID(required=True)
    council = fields.String(required=True, attribute="council_name")
    framework = fields.String(required=True)
    number = fields.Integer(required=True)
    criterion_code = fields.String(required=True)
    criterion_title = fields.String(required=True)
    action = fields.String(required=True)
    reason = fields.String(required=True)
    remark = fields.String(required=True)
    timescale = fields.String(required=True)
    mandatory = fields.Boolean(required=True)
    themes = fields.Function(
        lambda row: row.themes or [], required=True, metadata={"type": "array", "items": {"type": "string"}}
    )
    issued_at = fields.AwareDateTime(required=True)
    reply_due_on = fields.Date(required=True)
    state = fields.Function(
        lambda row: state_of(row.answer, row.progress, row.ending).value,
        required=True,
        metadata={"type": "string", "enum": [each.value for each in ImprovementState]},
    )
    reply = fields.String(required=True, allow_none=True, attribute="answer", metadata={"enum": [*REPLIES, None]})
    reply_body = fields.String(required=True, allow_none=True, attribute="body")
    reply_decided_on = fields.Date(required=True, allow_none=True, attribute="decided_on")
    reply_minute = fields.String(required=True, allow_none=True, attribute="minute")
    reply_reason = fields.String(required=True, allow_none=True)
    progress = fields.String(required=True, allow_none=True, metadata={"enum": [*PROGRESS, None]})


class AskedImprovementsSchema(ApiSchema):
    """Which improvements."""

    criterion = fields.String(
        load_default="", validate=SHORT, metadata={"description": "Code of the framework, a colon, its code."}
    )
    theme = fields.String(load_default="", validate=SHORT, metadata={"description": "Its id, or - for none."})
    age = fields.String(load_default="", validate=validate.OneOf(["", *AGES]))
    reply = fields.String(load_default="", validate=validate.OneOf(["", NONE, *REPLIES]))
    weight = fields.String(load_default="", validate=validate.OneOf(["", "mandatory", "recommended"]))
    state = fields.String(load_default="", validate=validate.OneOf(["", *STATES]))
    council = fields.String(load_default="", validate=SHORT, metadata={"description": "Its slug."})
    words = fields.String(load_default="", validate=SHORT)


class ImprovementCountSchema(ApiSchema):
    """Issued improvements of one group."""

    key = fields.String(required=True)
    title = fields.String(required=True)
    about = fields.String(required=True)
    issued = fields.Integer(required=True)
    open = fields.Integer(required=True)
    councils = fields.Integer(required=True, metadata={"description": "That have one of them open."})
    replied = fields.Integer(required=True)
    decided_against = fields.Integer(required=True)
    verified = fields.Integer(required=True)


class AskedCountsSchema(ApiSchema):
    """From which side."""

    by = fields.String(load_default="criterion", validate=validate.OneOf([each.value for each in Grouped]))


class AskedTableSchema(ApiSchema):
    """Which table, and as what."""

    table = fields.String(load_default="pipeline", validate=validate.OneOf(TABLES))
    kind = fields.String(load_default="csv", validate=validate.OneOf(["csv", "xlsx"]))


@operations.get("/regions/<region>/pipeline", "regionalPipeline", answers=Listed(PipelineRowSchema, "council_id"),
                asks=AskedPipelineSchema)  # fmt: skip
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def regional_pipeline(asked: dict[str, Any]) -> list[PipelineRow]:
    """List every council of a region on its way. One row each."""
    sort, today = asked.pop("sort"), clock.today()
    narrowed = pipelines.Narrowed(**asked)
    return arrange([row for row in _pipeline() if narrowed.holds(row, today)], sort, ORDER)


@operations.get("/regions/<region>/matrix", "regionalMatrix", answers=Listed(MatrixRowSchema, "council_id"),
                asks=AskedMatrixSchema)  # fmt: skip
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def regional_matrix(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """List the judgements of every council of a region. Of one framework, by council."""
    found = read_matrix(place_id(), asked.pop("framework_id"))
    return [_matrix_row(found, row) for row in narrow(found.rows, **asked)] if found.framework else []


@operations.get("/regions/<region>/improvements", "regionalImprovements",
                answers=Listed(RegionImprovementSchema), asks=AskedImprovementsSchema)  # fmt: skip
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def regional_improvements(asked: dict[str, Any]) -> list[Any]:
    """List every issued improvement of a region. By council and day of issue."""
    return list_improvement_rows(place_id(), Narrowed(**asked))


@operations.get("/regions/<region>/improvements/counts", "countRegionalImprovements",
                answers=Listed(ImprovementCountSchema, "key"), asks=AskedCountsSchema)  # fmt: skip
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def count_regional_improvements(asked: dict[str, Any]) -> Sequence[Count]:
    """Count the issued improvements of a region. By criterion, theme, age, reply or weight."""
    return count_by(place_id(), Grouped(asked["by"]))


@operations.get("/regions/<region>/export", "regionalExport", answers=FileOf(("text/csv", EXCEL)),
                asks=AskedTableSchema)  # fmt: skip
@requires(Permission.REGION_REPORT_READ, may_lag=True)
def regional_export(asked: dict[str, Any]) -> Response:
    """Download a table of the whole region. Its pipeline, its judgements line by line, or its improvements."""
    table, about = _table(asked["table"])
    name = f"{place().slug}-{asked['table']}"
    if asked["kind"] == "csv":
        return csv_response(f"{name}.csv", *table)
    paper = region_tables.paper_of(asked["table"].capitalize(), *table, about, region=place().name)
    return file_response(write(paper, "xlsx"), f"{name}.xlsx", EXCEL)


def _pipeline() -> list[PipelineRow]:
    """Every council's row; who reads no cases reads no names of assessors."""
    rows = list_pipeline(place_id())
    return rows if may(Permission.CASE_READ) else without_leads(rows)


def _matrix_row(found: Matrix, row: MatrixRow) -> dict[str, Any]:
    if found.framework is None:
        raise ValueError("a matrix without a framework has no rows")
    tree = found.framework.tree
    steps = {"own": steps_of(tree, row.own), "issued": steps_of(tree, row.issued)}
    return asdict(row) | steps | {"council": row.slug, "framework_id": found.framework.id}


def _table(wanted: str) -> tuple[region_tables.Table, str]:
    """Headings and lines, and what they mean."""
    if wanted == "improvements":
        rows = list_improvement_rows(place_id())
        return region_tables.table_of_improvements(rows), region_tables.ABOUT_IMPROVEMENTS
    if wanted == "judgements":
        found = read_matrix(place_id())
        lines = lines_of(found.framework.tree, found.rows, Asked()) if found.framework else ()
        return region_tables.table_of_judgements(lines), region_tables.ABOUT_JUDGEMENTS
    table = region_tables.table_of_pipeline(_pipeline(), names_leads=may(Permission.CASE_READ))
    return table, region_tables.ABOUT_PIPELINE
