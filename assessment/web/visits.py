"""The region's pages of a visit: planned, changed, put before those invited, called off, held."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.models.visits import Visit
from assessment.queries import visits as queries
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.rules import visits as rules
from assessment.services import interviews, visits
from assessment.web.visit_views import about, calendar_response, seen_version
from saas import clock
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, requires, viewer
from saas.policy import Permission

blueprint = Blueprint("visits", __name__)
CASE = "/regions/<region>/cases/<uuid:accreditation_id>"
PAGE = f"{CASE}/visit"
WHO = "the team, the council and your region"
TEXTS = ("place", "joining", "reason")


class DayForm(Schema):
    """Day, place and how to take part; `version` is the visit's, 0 where there is none."""

    version = fields.Integer(load_default=0)
    held_on = fields.Date(
        required=True,
        metadata={"label": "Day", "subject": "The day of the visit", "required": "Enter the day of the visit."},
    )
    place = fields.String(
        required=True,
        validate=validate.Length(max=rules.LONGEST_PLACE),
        metadata={"label": "Place", "required": "Enter where the visit takes place.", "who": WHO},
    )
    joining = fields.String(
        validate=validate.Length(max=rules.LONGEST_JOINING),
        metadata={"label": "How to take part from afar", "subject": "How to take part", "who": WHO},
    )
    reason = fields.String(
        validate=validate.Length(max=visits.LONGEST_REASON),
        metadata={
            "label": "Why this day stands",
            "hint": "Needed for a weekend, a bank holiday, a pre-election period, or where one of the team is away.",
            "subject": "The reason",
            "who": WHO,
        },
    )


class PlanForm(DayForm):
    """A new visit has a length and a beginning too, from which its timetable follows."""

    length = fields.String(
        required=True,
        validate=validate.OneOf(tuple(rules.LENGTHS)),
        metadata={"label": "Length", "required": "Choose how long the visit is."},
    )
    begins_at = fields.String(
        required=True,
        metadata={
            "label": "Begins at",
            "subject": "The beginning",
            "required": "Enter when the visit begins.",
            "hint": "For example, 09:30",
        },
    )


class CallOffForm(Schema):
    """Why the visit does not take place."""

    version = fields.Integer(required=True)
    reason = fields.String(
        required=True,
        validate=validate.Length(max=visits.LONGEST_REASON),
        metadata={
            "label": "Why the visit does not take place",
            "subject": "The reason",
            "required": "Say why the visit does not take place.",
            "who": WHO,
        },
    )


@blueprint.get(PAGE)
@requires(Permission.CASE_READ)
def show(accreditation_id: UUID) -> str:
    """The visit as it stands, and what can be done next."""
    accreditation = get_accreditation(accreditation_id)
    visit = queries.find_visit(accreditation_id)
    people = queries.find_people(accreditation_id)
    return render_template(
        "assessment/visits/show.html",
        accreditation=accreditation,
        visit=visit,
        about=about(visit, people),
        named=people is not None,
        refusal=visits.why_not(accreditation),
        holdable=visits.may_hold(accreditation),
        leads=queries.leads(accreditation_id, viewer().id),
        noting=not interviews.why_not(accreditation),
        away=_away_on(accreditation, visit),
        today=clock.today(),
    )


@blueprint.get(f"{PAGE}/plan")
@requires(Permission.VISIT_PLAN)
def plan_form(accreditation_id: UUID) -> str:
    """Ask for day, place and length; for the day and place alone where the visit is planned."""
    accreditation, visit = _opened(accreditation_id)
    if visit is None:
        return _plan_page(accreditation, visit, Bound.empty(PlanForm, {"version": 0, "begins_at": "09:30"}))
    initial = {name: getattr(visit, name) for name in ("version", "held_on", *TEXTS)}
    if _is_new(visit):
        return _plan_page(accreditation, visit, Bound.empty(PlanForm, initial | {"begins_at": "09:30"}))
    return _plan_page(accreditation, visit, Bound.empty(DayForm, initial))


@blueprint.post(f"{PAGE}/plan")
@requires(Permission.VISIT_PLAN)
def plan(accreditation_id: UUID) -> ResponseReturnValue:
    """Plan the visit, or change its day and place."""
    accreditation, visit = _opened(accreditation_id, lock=True)
    # Two plan at once: the second one's form has a length, and the visit is there.
    form = bind(PlanForm if _is_new(visit) or "length" in request.form else DayForm, request.form)
    begins_at = rules.read_time(form.typed("begins_at")) if "begins_at" in form.schema.fields else None
    if "begins_at" in form.schema.fields and not form.error("begins_at") and begins_at is None:
        form.add_error("begins_at", "Enter a time like 09:30.")
    if not form.valid:
        return _plan_page(accreditation, visit, form), 422
    given = dict(form.values)
    try:
        if begins_at is not None:
            visits.plan(accreditation, by=actor(), **given | {"begins_at": begins_at})
        elif visit is not None:
            visits.change(accreditation, visit, by=actor(), **given)
    except Invalid as refusal:
        form.add_errors(refusal.messages)
        return _plan_page(accreditation, visit, form), 422
    except Conflict as refusal:
        if not isinstance(refusal.theirs, Visit):
            raise
        return _both_page(accreditation, form, refusal.theirs), 409
    flash("The visit is saved.", "success")
    return redirect(url_for("visits.show", accreditation_id=accreditation_id), code=303)


@blueprint.post(f"{PAGE}/invite")
@requires(Permission.VISIT_PLAN)
def invite(accreditation_id: UUID) -> Response:
    """Send the invitations, or what has changed."""
    accreditation, visit = _there(accreditation_id)
    visits.invite(accreditation, visit, version=seen_version(), by=actor())
    flash("The invitations are on their way to the team and the council's leads.", "success")
    return redirect(url_for("visits.show", accreditation_id=accreditation_id), code=303)


@blueprint.post(f"{PAGE}/held")
@requires(Permission.VISIT_PLAN)
def hold(accreditation_id: UUID) -> Response:
    """Say that the visit was held."""
    accreditation, visit = _there(accreditation_id)
    visits.hold(accreditation, visit, version=seen_version(), by=actor())
    flash("The visit is marked as held.", "success")
    return redirect(url_for("visits.show", accreditation_id=accreditation_id), code=303)


@blueprint.get(f"{PAGE}/call-off")
@requires(Permission.VISIT_PLAN)
def call_off_form(accreditation_id: UUID) -> str:
    """Ask why the visit does not take place."""
    accreditation = get_accreditation(accreditation_id)
    visit = queries.get_visit(accreditation_id)
    if visit.state in ("held", "called_off"):
        raise Conflict("The visit was held." if visit.state == "held" else "The visit was called off.")
    form = Bound.empty(CallOffForm, {"version": visit.version})
    return render_template("assessment/visits/call_off.html", accreditation=accreditation, visit=visit, form=form)


@blueprint.post(f"{PAGE}/call-off")
@requires(Permission.VISIT_PLAN)
def call_off(accreditation_id: UUID) -> ResponseReturnValue:
    """Call the visit off."""
    accreditation, visit = _there(accreditation_id)
    form = bind(CallOffForm, request.form)
    status = 422
    if form.valid:
        try:
            visits.call_off(accreditation, visit, by=actor(), **form.values)
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        except Conflict as refusal:
            if refusal.theirs is None:
                raise
            form.raw["version"] = str(visit.version)
            form.add_error(None, refusal.message)
            status = 409
        else:
            flash("The visit is called off.", "success")
            return redirect(url_for("visits.show", accreditation_id=accreditation_id), code=303)
    page = render_template("assessment/visits/call_off.html", accreditation=accreditation, visit=visit, form=form)
    return page, status


@blueprint.get(f"{CASE}/visit.ics")
@requires(Permission.CASE_READ)
def download(accreditation_id: UUID) -> Response:
    """The visit as a calendar entry."""
    link = url_for("visits.show", accreditation_id=accreditation_id)
    return calendar_response(get_accreditation(accreditation_id), queries.get_visit(accreditation_id), link)


def _is_new(visit: Visit | None) -> bool:
    return visit is None or visit.state == "called_off"


def _opened(accreditation_id: UUID, *, lock: bool = False) -> tuple[Accreditation, Visit | None]:
    """The accreditation and its visit, which can be planned or changed now."""
    accreditation = get_accreditation(accreditation_id, share=lock)
    refusal = visits.why_not(accreditation)
    if refusal:
        raise Conflict(refusal)
    visit = queries.find_visit(accreditation_id, lock=lock)
    if visit is not None and visit.state == "held":
        raise Conflict("The visit was held.")
    return accreditation, visit


def _there(accreditation_id: UUID) -> tuple[Accreditation, Visit]:
    return get_accreditation(accreditation_id, share=True), queries.get_visit(accreditation_id, lock=True)


def _away_on(accreditation: Accreditation, visit: Visit | None) -> tuple[str, ...]:
    """Who of the team cannot come on the day of a visit that is still to be held."""
    if visit is None or visit.state not in ("planned", "invited"):
        return ()
    return rules.away_on(visit.held_on, queries.list_away(accreditation.id, since=visit.held_on))


def _plan_page(accreditation: Accreditation, visit: Visit | None, form: Bound) -> str:
    return render_template(
        "assessment/visits/plan.html",
        accreditation=accreditation,
        visit=visit,
        form=form,
        has_length="length" in form.schema.fields,
        lengths=list(rules.LENGTHS.items()),
        periods=process_of(accreditation).pre_election_periods,
        away=queries.list_away(accreditation.id, since=clock.today()),
    )


def _both_page(accreditation: Accreditation, form: Bound, theirs: Visit) -> str:
    day = form.values["held_on"]
    return render_template(
        "assessment/visits/conflict.html",
        accreditation=accreditation,
        pairs=[
            {"label": form.label(name), "name": name, "mine": form.typed(name), "theirs": getattr(theirs, name)}
            for name in TEXTS
        ],
        mine_on=day,
        theirs=theirs,
        hidden={"held_on-day": day.day, "held_on-month": day.month, "held_on-year": day.year},
    )
