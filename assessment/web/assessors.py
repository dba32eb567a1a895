"""The pool of assessors: the list with everybody's work, and one person's entry, councils and absences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.assessors import Assessor, AssessorCouncil
from assessment.queries import assessors as queries
from assessment.queries.assessors import Person, get_person, load_pool
from assessment.queries.availability import list_available
from assessment.rules.teams import CAPACITIES, LABELS
from assessment.services import assessors as services
from assessment.services.assessors import Entry, ServedCouncil
from saas import clock, guard
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from saas.tables import csv_response

blueprint = Blueprint("assessors", __name__)
POOL = "/regions/<region>/assessors"
ONE = f"{POOL}/<uuid:user_id>"
RELATIONS = {"member": "Councillor", "officer": "Officer"}
SORTS: dict[str, Callable[[Person], Any]] = {
    "name": lambda each: each.name.casefold(),
    "files": lambda each: len(each.files),
    "trained": lambda each: (each.assessor.trained_until_on if each.assessor else None) or clock.today().max,
}
HEADINGS = ("Name", "Capacity", "Own councils", "Trained until", "Files", "At most", "Leads", "Away", "Can be asked")


class EntryForm(Schema):
    """What the region knows of an assessor."""

    capacity = fields.String(
        required=True,
        validate=validate.OneOf(CAPACITIES),
        metadata={"label": "Sits in a team as", "required": "Choose in which capacity this person sits in a team."},
    )
    trained_until_on = fields.Date(
        metadata={"label": "Trained until", "hint": "The last day the training counts, for example 27 3 2026."}
    )
    most_at_once = fields.Integer(
        required=True,
        validate=validate.Range(1, services.MOST_AT_ONCE),
        metadata={"label": "Files at once, at most", "required": "Enter how many files at once, at most."},
    )
    left_on = fields.Date(
        metadata={
            "label": "Last day in the pool",
            "hint": "For a guest, or for who leaves. After this day nobody asks this person, and no file opens.",
        }
    )
    version = fields.Integer(required=True)


class CouncilForm(Schema):
    """A council somebody serves or served."""

    council_id = fields.UUID(metadata={"label": "Council of your region"})
    name = fields.String(
        validate=validate.Length(max=services.LONGEST_COUNCIL),
        metadata={
            "label": "Or the name of another council",
            "hint": "For a council outside the service.",
            "who": "officers of your region, and the assessor",
        },
    )
    relation = fields.String(
        required=True,
        validate=validate.OneOf(list(RELATIONS)),
        metadata={"label": "As", "required": "Say whether as a councillor or as an officer."},
    )
    from_on = fields.Date(metadata={"label": "First day"})
    ended_on = fields.Date(metadata={"label": "Last day", "hint": "Leave it empty while it goes on."})


class AbsenceForm(Schema):
    """Days on which somebody cannot be asked."""

    away_from_on = fields.Date(required=True, metadata={"label": "First day away"})
    away_to_on = fields.Date(required=True, metadata={"label": "Last day away"})


class EndForm(Schema):
    """The end of serving a council."""

    ended_on = fields.Date(required=True, metadata={"label": "Last day there"})


@blueprint.get(POOL)
@requires(Permission.TEAM_ASSIGN)
def index() -> str:
    """Everybody who can be asked, with what stands against it today."""
    return render_template(
        "assessment/assessors/index.html",
        rows=_rows(),
        labels=LABELS,
        sort=request.args.get("sort", "name"),
        csv_href=url_for("assessors.index_csv", sort=request.args.get("sort")),
    )


@blueprint.get(f"{POOL}.csv")
@requires(Permission.TEAM_ASSIGN)
def index_csv() -> Response:
    """The rows of the pool in the same order."""
    lines = [
        (
            each.name,
            LABELS[each.assessor.capacity] if each.assessor else "",
            ", ".join(council.name for council in each.home),
            each.assessor.trained_until_on if each.assessor else None,
            len(each.files),
            each.assessor.most_at_once if each.assessor else None,
            each.leading,
            "; ".join(f"{absence.from_on} to {absence.to_on}" for absence in each.absences),
            why or "Yes",
        )
        for each, why in _rows()
    ]
    return csv_response(f"{guard.place().slug}-assessors.csv", HEADINGS, lines)


@blueprint.get(ONE)
@requires(Permission.TEAM_ASSIGN)
def show(user_id: UUID) -> str:
    """One person's entry, councils, absences and work."""
    return _page(user_id)


@blueprint.post(ONE)
@requires(Permission.TEAM_ASSIGN)
def save(user_id: UUID) -> Response | tuple[str, int]:
    """Enter somebody in the pool, or change the entry."""
    form = bind(EntryForm, request.form)
    status, theirs = 422, None
    if form.valid:
        values = dict(form.values)
        version = values.pop("version")
        person = get_person(load_pool(guard.place_id()), user_id)
        try:
            services.save_entry(guard.place_id(), person, Entry(**values), version=version, by=guard.actor())
        except Invalid as error:
            form.add_errors(error.messages)
        except Conflict as error:
            theirs = error.theirs if isinstance(error.theirs, Assessor) else None
            form.raw["version"] = str(theirs.version if theirs else 0)
            status = 409
        else:
            flash(f"{person.name} was saved.", "success")
            return redirect(url_for("assessors.show", user_id=user_id), 303)
    return _page(user_id, entry=form, theirs=theirs), status


@blueprint.post(f"{ONE}/councils")
@requires(Permission.TEAM_ASSIGN)
def add_council(user_id: UUID) -> Response | tuple[str, int]:
    """Record a council this person serves or served."""
    assessor = _entered(user_id)
    form = bind(CouncilForm, request.form)
    if form.valid:
        try:
            services.add_council(assessor, ServedCouncil(**form.values), by=guard.actor())
        except Invalid as error:
            form.add_errors(error.messages)
        else:
            return redirect(url_for("assessors.show", user_id=user_id), 303)
    return _page(user_id, served=form), 422


@blueprint.get(f"{ONE}/councils/<uuid:row_id>")
@requires(Permission.TEAM_ASSIGN)
def end_council_form(user_id: UUID, row_id: UUID) -> str:
    """Ask for the last day at a council."""
    return _end_page(_entered(user_id), _served(user_id, row_id), Bound.empty(EndForm))


@blueprint.post(f"{ONE}/councils/<uuid:row_id>")
@requires(Permission.TEAM_ASSIGN)
def end_council(user_id: UUID, row_id: UUID) -> Response | tuple[str, int]:
    """Record the last day at a council."""
    assessor, row = _entered(user_id), _served(user_id, row_id)
    form = bind(EndForm, request.form)
    if form.valid:
        try:
            services.end_council(assessor, row, on=form.values["ended_on"], by=guard.actor())
        except Invalid as error:
            form.add_errors(error.messages)
        else:
            return redirect(url_for("assessors.show", user_id=user_id), 303)
    return _end_page(assessor, row, form), 422


@blueprint.post(f"{ONE}/councils/<uuid:row_id>/remove")
@requires(Permission.TEAM_ASSIGN)
def remove_council(user_id: UUID, row_id: UUID) -> Response:
    """Take out a council that was entered by mistake."""
    services.remove_council(_entered(user_id), _served(user_id, row_id), by=guard.actor())
    return redirect(url_for("assessors.show", user_id=user_id), 303)


@blueprint.post(f"{ONE}/absences")
@requires(Permission.TEAM_ASSIGN)
def add_absence(user_id: UUID) -> Response | tuple[str, int]:
    """Record days on which this person cannot be asked."""
    assessor = _entered(user_id)
    form = bind(AbsenceForm, request.form)
    if form.valid and enter_absence(assessor, form):
        return redirect(url_for("assessors.show", user_id=user_id), 303)
    return _page(user_id, away=form), 422


@blueprint.post(f"{ONE}/absences/<uuid:absence_id>/remove")
@requires(Permission.TEAM_ASSIGN)
def remove_absence(user_id: UUID, absence_id: UUID) -> Response:
    """Take an absence out again."""
    assessor = _entered(user_id)
    services.remove_absence(queries.get_absence(user_id, absence_id), name=assessor.name, by=guard.actor())
    return redirect(url_for("assessors.show", user_id=user_id), 303)


def enter_absence(assessor: Assessor, form: Bound) -> bool:
    """Record the absence of a valid form, by the region or the person; False with the form's errors when refused."""
    days = {"from_on": form.values["away_from_on"], "to_on": form.values["away_to_on"]}
    try:
        services.add_absence(assessor, **days, by=guard.actor())
    except Invalid as error:
        form.add_errors({f"away_{name}": texts for name, texts in error.messages.items()})
        return False
    return True


def _rows() -> list[tuple[Person, str]]:
    """Everybody of the pool or who could score, in the order asked for, with why he or she cannot be asked today."""
    sort = request.args.get("sort", "name")
    by = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    return sorted(list_available(guard.place_id()), key=lambda row: by(row[0]), reverse=sort.startswith("-"))


def _entered(user_id: UUID) -> Assessor:
    return queries.get_assessor(guard.place_id(), user_id)


def _served(user_id: UUID, row_id: UUID) -> AssessorCouncil:
    return queries.get_council_served(user_id, row_id)


def _page(
    user_id: UUID,
    *,
    entry: Bound | None = None,
    served: Bound | None = None,
    away: Bound | None = None,
    theirs: Assessor | None = None,
) -> str:
    pool = load_pool(guard.place_id())
    person = get_person(pool, user_id)
    known = person.assessor
    stored = {"most_at_once": 2, "version": 0}
    if known is not None:
        stored = {name: getattr(known, name) for name in EntryForm().fields}
    return render_template(
        "assessment/assessors/show.html",
        person=person,
        entry=entry or Bound.empty(EntryForm, stored),
        served=served or Bound.empty(CouncilForm, {"relation": "member"}),
        away=away or Bound.empty(AbsenceForm),
        form=entry or served or away,
        theirs=theirs,
        capacities=[(capacity, LABELS[capacity]) for capacity in CAPACITIES],
        labels=LABELS,
        relations=RELATIONS,
        councils=sorted(((key, name) for key, name in pool.council_names.items()), key=lambda pair: pair[1].casefold()),
        accessed=sorted(pool.council_names[each] for each in person.accessed if each in pool.council_names),
        today=clock.today(),
    )


def _end_page(assessor: Assessor, row: AssessorCouncil, form: Bound) -> str:
    return render_template("assessment/assessors/end.html", assessor=assessor, row=row, form=form)
