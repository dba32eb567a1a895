"""Documents that plans were read from, for programs: listed, undone, and the headings remembered of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields

from saas.api import ApiSchema, Listed, Operations
from saas.errors import NotFound
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from tenants.models.imports import RememberedColumn
from tenants.queries import imports as queries
from tenants.queries.remembered_columns import list_remembered
from tenants.services import imports as services
from tenants.services import remembered_columns

operations = Operations("plan_imports", "Action plans")
LIST = "/councils/<council>/plan-imports"
HEADINGS = "/councils/<council>/plan-headings"


class PlanImportSchema(ApiSchema):
    """A document whose lines were taken into a plan."""

    id = fields.UUID(required=True, attribute="import_id")
    filename = fields.String(required=True)
    taken_in_at = fields.AwareDateTime(required=True)
    plan_id = fields.UUID(required=True, allow_none=True)
    plan_title = fields.String(required=True, allow_none=True, attribute="title")
    worked_on = fields.Boolean(
        required=True, metadata={"description": "Whether somebody worked on its lines, so that it cannot be undone."}
    )


class UndoneImportSchema(ApiSchema):
    """What undoing came to."""

    removed = fields.Integer(required=True, metadata={"description": "How many lines were taken out again."})
    plan = fields.String(required=True, metadata={"description": "The plan that went with them; empty for none."})


class HeadingSchema(ApiSchema):
    """A heading of the council's documents, and what somebody said it means."""

    id = fields.UUID(required=True)
    heading = fields.String(required=True)
    meaning = fields.String(required=True, metadata={"description": "Empty for a column that is kept as it stands."})


@operations.get(LIST, "listPlanImports", answers=Listed(PlanImportSchema, "import_id"))
@requires(Permission.ACTION_READ)
def list_plan_imports() -> Sequence[Any]:
    """List the documents that plans were read from. The newest first."""
    return queries.list_plan_imports(place_id())


@operations.post(f"{LIST}/<uuid:import_id>/undo", "undoPlanImport", answers=UndoneImportSchema, status=200)
@requires(Permission.ACTION_WRITE)
def undo_plan_import(import_id: UUID) -> services.Undone:
    """Take the lines of a document out again. Not once somebody has worked on one of them; what was read is kept."""
    kept = queries.get_import(place_id(), import_id, kind=services.ACTION_PLAN, lock=True)
    return services.undo(kept, by=actor())


@operations.get(HEADINGS, "listHeadings", answers=Listed(HeadingSchema))
@requires(Permission.ACTION_READ)
def list_headings() -> list[RememberedColumn]:
    """List the headings that the council's documents are known by."""
    return list_remembered(place_id(), services.ACTION_PLAN)


@operations.delete(f"{HEADINGS}/<uuid:column_id>", "forgetHeading")
@requires(Permission.ACTION_WRITE)
def forget_heading(column_id: UUID) -> None:
    """Forget what a heading means. Plans that were taken in stay as they are."""
    if not remembered_columns.forget(place_id(), services.ACTION_PLAN, column_id, by=actor()):
        raise NotFound
