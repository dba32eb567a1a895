"""People with access to a place: a council, a region or the platform; and ending a role."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from saas import clock
from saas.guard import actor, place, requires, viewer
from saas.policy import GRANTED_BY, ROLE_LABELS, Permission, Role
from tenants.queries import access as queries
from tenants.queries import councils, tokens
from tenants.queries.access import Target
from tenants.services import access as service

blueprint = Blueprint("access", __name__)


@blueprint.get("/councils/<council>/access")
@blueprint.get("/regions/<region>/access")
@blueprint.get("/platform/access")
@requires(Permission.ACCESS_GRANT)
def list_people() -> str:
    """Everybody with a role here, and the invitations that wait."""
    here = place()
    target = Target.of(here)
    people = queries.list_access(target)
    granting = [row.id for row in people if row.role == GRANTED_BY[here.kind]]
    return render_template(
        "tenants/access/list.html",
        people=people,
        invitations=queries.list_invitations(target),
        unclaimed=councils.list_unclaimed_councils(here.region_id) if here.kind == "region" and here.region_id else [],
        last=granting[0] if len(granting) == 1 else None,
        labels={role.value: label for role, label in ROLE_LABELS.items()},
        tokens=tokens.list_of_place(target),
        now=clock.now(),
    )


@blueprint.get("/councils/<council>/access/<uuid:access>/end")
@blueprint.get("/regions/<region>/access/<uuid:access>/end")
@blueprint.get("/platform/access/<uuid:access>/end")
@requires(Permission.ACCESS_GRANT)
def confirm_end(access: UUID) -> str:
    """What ending this role will do."""
    row = queries.get_access(Target.of(place()), access)
    return render_template(
        "tenants/access/end.html", row=row, label=ROLE_LABELS[Role(row.role)], own=row.user_id == viewer().id
    )


@blueprint.post("/councils/<council>/access/<uuid:access>/end")
@blueprint.post("/regions/<region>/access/<uuid:access>/end")
@blueprint.post("/platform/access/<uuid:access>/end")
@requires(Permission.ACCESS_GRANT)
def end(access: UUID) -> Response:
    """End this role."""
    target = Target.of(place())
    row = queries.get_access(target, access)
    service.end(target, row, by=actor())
    flash(f"{row.display_name} is no longer {ROLE_LABELS[Role(row.role)].lower()} here.", "success")
    if row.user_id == viewer().id:
        return redirect("/", code=303)
    return redirect(url_for("access.list_people"), code=303)
