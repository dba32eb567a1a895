"""Action plans and their lines, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import url_for
from marshmallow import fields, validate

from saas import clock
from saas.api import ApiSchema, Given, Listed, Operations
from saas.db import db
from saas.errors import NotFound
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from tenants.models.plans import ACTION_STATUSES, PLAN_KINDS, Action
from tenants.queries import plan_lines as lines
from tenants.queries import plans as queries
from tenants.services import plans as services

operations = Operations("plans", "Action plans")
OF_COUNCIL = "/councils/<council>/plans"
PLAN = f"{OF_COUNCIL}/<uuid:plan_id>"
OF_PLAN = f"{PLAN}/actions"
ONE_ACTION = f"{OF_PLAN}/<uuid:action_id>"

EXACT = {"type": "string", "example": "12.50"}
"""Of a number that is answered as text, so that nothing of it is lost."""


class PlanSchema(ApiSchema):
    """An action plan, and how far it is."""

    id = fields.UUID(required=True, attribute="plan.id")
    kind = fields.String(
        required=True,
        attribute="plan.kind",
        metadata={"enum": list(PLAN_KINDS), "description": "Of gaps found, of improvements asked for, or its own."},
    )
    title = fields.String(required=True, attribute="plan.title", metadata={"example": "Gap plan"})
    monitor = fields.String(
        required=True, attribute="plan.monitor", metadata={"description": "Who watches over the whole of it."}
    )
    accreditation_id = fields.UUID(required=True, allow_none=True, attribute="plan.accreditation_id")
    put_away_at = fields.AwareDateTime(required=True, allow_none=True, attribute="plan.put_away_at")
    version = fields.Integer(required=True, attribute="plan.version")
    total = fields.Integer(required=True, metadata={"description": "Its actions."})
    closed = fields.Integer(
        required=True, metadata={"description": "Completed, decided against, or transferred to somebody else."}
    )
    overdue = fields.Integer(required=True, metadata={"description": "Open after their last day."})
    due_soon = fields.Integer(required=True)
    to_confirm = fields.Integer(required=True, metadata={"description": "With no status that a person confirmed."})


class WrittenPlanSchema(ApiSchema):
    """What a plan is called, and who watches over it."""

    title = fields.String(
        required=True, validate=validate.Length(1, services.LONGEST_TITLE), metadata={"example": "Learning plan"}
    )
    monitor = fields.String(validate=validate.Length(max=services.LONGEST_TITLE))


class ActionSchema(ApiSchema):
    """A line of a plan: what was written, kept to the word, and beside it what was read from it."""

    id = fields.UUID(required=True)
    plan_id = fields.UUID(required=True)
    position = fields.Integer(required=True)
    ref = fields.String(required=True, metadata={"example": "1"})
    action = fields.String(required=True, metadata={"example": "Publish the training calendar"})
    reason = fields.String(required=True)
    remark = fields.String(required=True)
    responsibility = fields.String(required=True, metadata={"description": "Who, as it was written."})
    source = fields.String(required=True)
    timescale = fields.String(required=True, metadata={"example": "Before Cabinet on 2 December 2026"})
    earliest_on = fields.Date(required=True, allow_none=True, metadata={"description": "Read from the timescale."})
    latest_on = fields.Date(required=True, allow_none=True, metadata={"description": "Read from the timescale."})
    timescale_kind = fields.String(required=True, metadata={"description": "A deadline, a month …"})
    timescale_reason = fields.String(required=True, metadata={"description": "Why it was read so."})
    status = fields.String(
        required=True,
        allow_none=True,
        metadata={"enum": [*ACTION_STATUSES, None], "description": "As a person confirmed it; null until then."},
    )
    status_text = fields.String(required=True, metadata={"description": "How far it is, as it was written."})
    status_proposed = fields.String(required=True, allow_none=True)
    completed_on = fields.Date(required=True, allow_none=True)
    officer_days = fields.Decimal(required=True, allow_none=True, as_string=True, metadata=EXACT)
    cost = fields.Decimal(
        required=True, allow_none=True, as_string=True, metadata=EXACT | {"description": "Pounds and pence."}
    )
    restricted = fields.Boolean(
        required=True, metadata={"description": "Whether it stays out of papers made for the public."}
    )
    updated_at = fields.AwareDateTime(required=True)
    version = fields.Integer(required=True)


class WrittenActionSchema(ApiSchema):
    """What can be written of a line."""

    action = fields.String(
        required=True, validate=validate.Length(1, services.LONGEST_TEXT), metadata={"example": "Publish the calendar"}
    )
    ref = fields.String(validate=validate.Length(max=100))
    reason = fields.String(validate=validate.Length(max=services.LONGEST_TEXT))
    remark = fields.String(validate=validate.Length(max=services.LONGEST_TEXT))
    responsibility = fields.String(validate=validate.Length(max=services.LONGEST_TEXT))
    source = fields.String(validate=validate.Length(max=services.LONGEST_TEXT))
    timescale = fields.String(
        validate=validate.Length(max=services.LONGEST_TEXT), metadata={"example": "By 31 March 2027"}
    )
    status_text = fields.String(validate=validate.Length(max=services.LONGEST_TEXT))
    officer_days = fields.Decimal(places=2, allow_none=True, validate=validate.Range(0, services.MOST_POUNDS_OR_DAYS))
    cost = fields.Decimal(places=2, allow_none=True, validate=validate.Range(0, services.MOST_POUNDS_OR_DAYS))
    restricted = fields.Boolean()


class ConfirmedStatusSchema(ApiSchema):
    """How far a line is, as a person says."""

    status = fields.String(required=True, validate=validate.OneOf(ACTION_STATUSES), metadata={"example": "in_progress"})
    completed_on = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "Only of a completed one, where the day is known."}
    )


class AskedPlansSchema(ApiSchema):
    """Which plans."""

    kind = fields.String(load_default="", validate=validate.OneOf(["", *PLAN_KINDS]))


class AskedActionsSchema(ApiSchema):
    """Which lines of a plan."""

    status = fields.String(
        load_default="", validate=validate.OneOf(["", *ACTION_STATUSES, queries.OPEN, queries.TO_CONFIRM])
    )
    due = fields.String(load_default="", validate=validate.OneOf(["", *queries.DUES]))


@operations.get(OF_COUNCIL, "listPlans", answers=Listed(PlanSchema, "plan.id"), asks=AskedPlansSchema)
@requires(Permission.ACTION_READ)
def list_plans(asked: dict[str, Any]) -> list[queries.PlanLine]:
    """List the action plans of a council. Newest first, those put away too."""
    return queries.list_plans(place_id(), today=clock.today(), kind=asked["kind"], put_away=None)


@operations.post(OF_COUNCIL, "createPlan", takes=WrittenPlanSchema, answers=PlanSchema)
@requires(Permission.ACTION_WRITE)
def create_plan(given: dict[str, Any]) -> Given:
    """Make a plan of the council's own. Under a title that none of its own plans has."""
    plan = services.add_plan(place_id(), **given, by=actor())
    return Given(_plan(plan.id), url_for("api_plans.getPlan", plan_id=plan.id))


@operations.get(PLAN, "getPlan", answers=PlanSchema)
@requires(Permission.ACTION_READ)
def get_plan(plan_id: UUID) -> queries.PlanLine:
    """Read one plan and how far it is."""
    return _plan(plan_id)


@operations.patch(PLAN, "updatePlan", takes=WrittenPlanSchema, answers=PlanSchema)
@requires(Permission.ACTION_WRITE)
def update_plan(plan_id: UUID, given: dict[str, Any], version: int) -> queries.PlanLine:
    """Rename a plan, or name who watches over it. What is not named stays."""
    plan = queries.get_plan(place_id(), plan_id, lock=True)
    services.change_plan(plan, **{"title": plan.title, "monitor": plan.monitor} | given, version=version, by=actor())
    return _plan(plan_id)


@operations.post(f"{PLAN}/put-away", "putPlanAway", answers=PlanSchema, status=200, versioned=True)
@requires(Permission.ACTION_WRITE)
def put_plan_away(plan_id: UUID, version: int) -> queries.PlanLine:
    """Put a plan away that is over. Nothing of it is lost."""
    services.put_away(queries.get_plan(place_id(), plan_id, lock=True), version=version, by=actor())
    return _plan(plan_id)


@operations.post(f"{PLAN}/bring-back", "bringPlanBack", answers=PlanSchema, status=200)
@requires(Permission.ACTION_WRITE)
def bring_plan_back(plan_id: UUID) -> queries.PlanLine:
    """Work on a plan again that was put away."""
    services.bring_back(queries.get_plan(place_id(), plan_id, lock=True), by=actor())
    return _plan(plan_id)


@operations.get(OF_PLAN, "listActions", answers=Listed(ActionSchema), asks=AskedActionsSchema)
@requires(Permission.ACTION_READ)
def list_actions(plan_id: UUID, asked: dict[str, Any]) -> Sequence[Any]:
    """List the lines of a plan. In the order of the plan."""
    plan = queries.get_plan(place_id(), plan_id)
    return lines.list_actions(plan, lines.Narrowed(status=asked["status"], due=asked["due"], today=clock.today()))


@operations.get(ONE_ACTION, "getAction", answers=ActionSchema)
@requires(Permission.ACTION_READ)
def get_action(plan_id: UUID, action_id: UUID) -> Action:
    """Read one line of a plan."""
    return line_of(plan_id, action_id)


@operations.post(OF_PLAN, "createAction", takes=WrittenActionSchema, answers=ActionSchema)
@requires(Permission.ACTION_WRITE)
def create_action(plan_id: UUID, given: dict[str, Any]) -> Action:
    """Add a line at the end of a plan. What its timescale says is read at once."""
    return services.add_action(queries.get_plan(place_id(), plan_id), **given, by=actor())


@operations.patch(ONE_ACTION, "updateAction", takes=WrittenActionSchema, answers=ActionSchema)
@requires(Permission.ACTION_WRITE)
def update_action(plan_id: UUID, action_id: UUID, given: dict[str, Any], version: int) -> Action:
    """Change a line of a plan. What is not named stays."""
    row = line_of(plan_id, action_id, lock=True)
    services.update_action(row, **given, version=version, by=actor())
    return row


@operations.post(
    f"{ONE_ACTION}/status",
    "confirmActionStatus",
    takes=ConfirmedStatusSchema,
    answers=ActionSchema,
    status=200,
    versioned=True,
)
@requires(Permission.ACTION_WRITE)
def confirm_action_status(plan_id: UUID, action_id: UUID, given: dict[str, Any], version: int) -> Action:
    """Say how far a line is. As proposed from its words or otherwise; who said so and when is kept."""
    row = line_of(plan_id, action_id, lock=True)
    services.confirm_status(row, **given, version=version, by=actor())
    return row


def _plan(plan_id: UUID) -> queries.PlanLine:
    db.session.flush()
    return queries.get_plan_line(place_id(), plan_id, today=clock.today())


def line_of(plan_id: UUID, action_id: UUID, *, lock: bool = False) -> Action:
    """The line, where it belongs to that plan; raises NotFound."""
    row = queries.get_action(place_id(), action_id, lock=lock)
    if row.plan_id != plan_id:
        raise NotFound
    return row
