"""A plan seen in other ways than as a table: as a board, as a calendar, and as one page for those who meet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas import clock, guard
from saas.downloads import PDF, file_response
from saas.errors import Conflict, NotFound
from saas.forms import bind
from saas.guard import requires
from saas.policy import Permission
from tenants.queries import plans as queries
from tenants.queries.action_details import load_details
from tenants.queries.plan_lines import Narrowed, list_actions
from tenants.rules import plan_views as rules
from tenants.rules.action_words import STATUS_LABELS, line_name
from tenants.services import plan_briefs, plans
from tenants.web.told_actions import tell

blueprint = Blueprint("plan_views", __name__)
PAGE = "/councils/<council>/plans/<uuid:plan_id>"
CLOSED_TOO = "all"
MOST_CARDS = 12
"""Lines of one status that the board shows before it is asked for all of them."""


class MoveForm(Schema):
    """A line put under another status."""

    action_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(STATUS_LABELS)))


@blueprint.get(f"{PAGE}/board")
@requires(Permission.ACTION_READ)
def board(plan_id: UUID) -> str:
    """The lines under their statuses."""
    return _board(plan_id)


@blueprint.post(f"{PAGE}/board")
@requires(Permission.ACTION_WRITE)
def move(plan_id: UUID) -> ResponseReturnValue:
    """Confirm another status for a line."""
    form = bind(MoveForm, request.form)
    if not form.valid:
        return _board(plan_id, "Choose a line and a status of the list."), 422
    row = queries.get_action(guard.place_id(), form.values["action_id"], lock=True)
    if row.plan_id != plan_id:
        raise NotFound
    status = form.values["status"]
    try:
        plans.confirm_status(row, status=status, version=form.values["version"], by=guard.actor())
    except Conflict:
        mine, theirs = STATUS_LABELS[status], STATUS_LABELS.get(row.status or "", rules.NO_STATUS)
        by = row.updated_by_name or "Somebody else"
        name = line_name(row.ref, row.action)
        refused = f"{by} changed action {name} after you opened this page. Its status now: {theirs}. You chose: {mine}."
        return _board(plan_id, f"{refused} Nothing was saved; choose again."), 409
    flash(f"Action {line_name(row.ref, row.action)}: {STATUS_LABELS[status]}.", "success")
    return redirect(url_for("plan_views.board", plan_id=plan_id, _anchor=f"action-{row.id}"), code=303)


def _board(plan_id: UUID, refused: str = "") -> str:
    plan = queries.get_plan(guard.place_id(), plan_id)
    rows = list_actions(plan)
    return render_template(
        "tenants/plan_views/board.html",
        plan=plan,
        columns=rules.by_status(rows),
        told={row.id: tell(row, clock.today()) for row in rows},
        owners=_owners(rows),
        statuses=STATUS_LABELS,
        refused=refused,
        all=request.args.get("all", ""),
        MOST_CARDS=MOST_CARDS,
    )


def _owners(rows: Any) -> dict[UUID, str]:
    """Who does each line: as confirmed, else as it is written."""
    details = load_details(guard.place_id(), [row.id for row in rows])
    return {
        row.id: "; ".join(owner.name or "To be agreed" for owner in details[row.id].owners) or row.responsibility
        for row in rows
    }


@blueprint.get(f"{PAGE}/calendar")
@requires(Permission.ACTION_READ)
def calendar(plan_id: UUID) -> str:
    """The months in which lines begin and end, and the lines without a last day."""
    plan = queries.get_plan(guard.place_id(), plan_id)
    with_closed = request.args.get("show") == CLOSED_TOO
    rows = list_actions(plan, Narrowed(status="" if with_closed else queries.OPEN))
    return render_template(
        "tenants/plan_views/calendar.html",
        plan=plan,
        months=rules.by_month(rows),
        undated=rules.undated(rows),
        told={row.id: tell(row, clock.today()) for row in rows},
        owners=_owners(rows),
        with_closed=with_closed,
        this_month=clock.today().replace(day=1),
    )


@blueprint.get(f"{PAGE}/brief")
@requires(Permission.ACTION_READ)
def brief(plan_id: UUID) -> str:
    """One page for those who meet."""
    line = queries.get_plan_line(guard.place_id(), plan_id, today=clock.today())
    return render_template(
        "tenants/plan_views/brief.html", plan=line.plan, brief=plan_briefs.read_brief(line), marking=plan_briefs.MARKING
    )


@blueprint.get(f"{PAGE}/brief.pdf")
@requires(Permission.ACTION_READ)
def brief_paper(plan_id: UUID) -> Response:
    """The same page on one sheet of A4."""
    line = queries.get_plan_line(guard.place_id(), plan_id, today=clock.today())
    place = guard.place()
    written = plan_briefs.write_brief(
        plan_briefs.read_brief(line), council=place.name, region=place.region_name, created=clock.now()
    )
    return file_response(written, f"{line.plan.title}, one page, {clock.today().isoformat()}.pdf", PDF)
