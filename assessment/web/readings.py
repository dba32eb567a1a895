"""Pages of readings that are recorded: for whoever manages access, and for whose own words were read."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, render_template, request

from assessment.queries.readings import list_own_readings, list_readings
from saas.guard import place, requires, signed_in
from saas.policy import Permission

blueprint = Blueprint("readings", __name__)
ON_A_PAGE = 100


@blueprint.get("/councils/<council>/readings")
@blueprint.get("/regions/<region>/readings")
@requires(Permission.ACCESS_GRANT)
def index() -> str:
    """Who read what here, newest first."""
    here = place()
    of_council = here.kind == "council"
    readings, following = list_readings(
        region_id=None if of_council else here.id,
        council_id=here.id if of_council else None,
        limit=ON_A_PAGE,
        before=_before(),
    )
    return render_template("assessment/readings/index.html", readings=readings, following=following)


@blueprint.get("/account/readings")
@signed_in("everybody may see who read the own notes")
def own() -> str:
    """Who read the viewer's own notes."""
    return render_template("assessment/readings/own.html", readings=list_own_readings())


def _before() -> UUID | None:
    typed = request.args.get("before", "")
    try:
        return UUID(typed) if typed else None
    except ValueError:
        abort(404)
