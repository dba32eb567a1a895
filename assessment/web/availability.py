"""An assessor's own page: what the regions' pools say of him or her, and the days he or she cannot be asked."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from assessment.models.assessors import Assessor
from assessment.queries import assessors as queries
from assessment.rules.teams import LABELS
from assessment.services import assessors as services
from assessment.web.assessors import RELATIONS, enter_absence
from saas import clock, guard
from saas.errors import NotFound
from saas.forms import Bound, bind
from saas.guard import signed_in

blueprint = Blueprint("availability", __name__)


class AwayForm(Schema):
    """Days on which the viewer cannot be asked, and by which region."""

    assessor = fields.UUID(required=True, metadata={"label": "Region"})
    away_from_on = fields.Date(required=True, metadata={"label": "First day away"})
    away_to_on = fields.Date(required=True, metadata={"label": "Last day away"})


@blueprint.get("/availability")
@signed_in("an assessor's own entry, by the rows of the person", strong=True)
def index() -> str:
    """What each pool says of the viewer, and when he or she is away."""
    return _page(Bound.empty(AwayForm))


@blueprint.post("/availability")
@signed_in("an assessor's own entry, by the rows of the person", strong=True)
def add() -> Response | tuple[str, int]:
    """Record days on which the viewer cannot be asked."""
    form = bind(AwayForm, request.form)
    if form.valid and enter_absence(_own(form.values["assessor"]), form):
        flash("Saved. Your region will not ask you on these days.", "success")
        return redirect(url_for("availability.index"), 303)
    return _page(form), 422


@blueprint.post("/availability/<uuid:absence_id>/remove")
@signed_in("an assessor's own entry, by the rows of the person", strong=True)
def remove(absence_id: UUID) -> Response:
    """Take an absence out again."""
    row = queries.get_absence(guard.viewer().id, absence_id)
    services.remove_absence(row, name=guard.viewer().name, by=guard.actor())
    return redirect(url_for("availability.index"), 303)


def _own(assessor_id: UUID) -> Assessor:
    found = next((each for each in queries.list_entries(guard.viewer().id) if each.id == assessor_id), None)
    if found is None:
        raise NotFound
    return found


def _page(form: Bound) -> str:
    viewer = guard.viewer()
    return render_template(
        "assessment/assessors/availability.html",
        entries=queries.list_entries(viewer.id),
        councils=queries.list_own_councils(viewer.id),
        absences=queries.list_absences(viewer.id),
        regions={place.region_id: place.region_name for place in viewer.places},
        labels=LABELS,
        relations=RELATIONS,
        today=clock.today(),
        form=form,
    )
