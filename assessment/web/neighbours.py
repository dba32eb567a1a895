"""Which councils of a region are declared neighbours: their people do not assess each other."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from assessment.queries.assessors import list_councils
from assessment.queries.neighbours import get_pair, list_pairs
from assessment.services import assessors as services
from saas import guard
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("neighbours", __name__)
NEIGHBOURS = "/regions/<region>/neighbours"


class PairForm(Schema):
    """Two councils."""

    one = fields.UUID(required=True, metadata={"label": "Council", "required": "Choose a council of your region."})
    other = fields.UUID(
        required=True, metadata={"label": "Its neighbour", "required": "Choose a council of your region."}
    )


@blueprint.get(NEIGHBOURS)
@requires(Permission.TEAM_ASSIGN)
def index() -> str:
    """Every declared pair."""
    return _page(Bound.empty(PairForm))


@blueprint.post(NEIGHBOURS)
@requires(Permission.TEAM_ASSIGN)
def declare() -> Response | tuple[str, int]:
    """Declare a pair."""
    form = bind(PairForm, request.form)
    status = 422
    if form.valid:
        try:
            services.declare_neighbours(guard.place_id(), form.values["one"], form.values["other"], by=guard.actor())
        except Invalid as error:
            form.add_errors(error.messages)
        except Conflict as error:
            form.add_error("other", error.message)
            status = 409
        else:
            flash("Declared. Neither council’s people will be asked to assess the other.", "success")
            return redirect(url_for("neighbours.index"), 303)
    return _page(form), status


@blueprint.post(f"{NEIGHBOURS}/<uuid:pair_id>/end")
@requires(Permission.TEAM_ASSIGN)
def end(pair_id: UUID) -> Response:
    """Let two councils count as neighbours no longer."""
    pair = get_pair(guard.place_id(), pair_id)
    services.end_neighbours(pair.row, names=pair.words, by=guard.actor())
    flash(f"{pair.words} are no longer declared neighbours.", "success")
    return redirect(url_for("neighbours.index"), 303)


def _page(form: Bound) -> str:
    councils, pairs = list_councils(guard.place_id()), list_pairs(guard.place_id())
    return render_template("assessment/assessors/neighbours.html", pairs=pairs, councils=councils, form=form)
