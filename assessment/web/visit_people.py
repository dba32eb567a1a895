"""The council's page of its visit: day, place and timetable, and the people it puts before the team."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.models.visits import Visit, VisitPeople
from assessment.queries import visits as queries
from assessment.queries.accreditations import get_accreditation
from assessment.rules import visits as rules
from assessment.services import visit_people
from assessment.web.visit_views import about, calendar_response, seen_version
from saas import clock
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, may, place_id, requires
from saas.policy import Permission
from tenants.queries.members import MemberLine, list_members

blueprint = Blueprint("visit_people", __name__)
JOURNEY = "/councils/<council>/accreditations/<uuid:accreditation_id>"
PAGE = f"{JOURNEY}/visit"
WHO = "the team, the region and your council"


class PersonForm(Schema):
    """One person to meet: a member of the council, or somebody whose name is typed."""

    version = fields.Integer(required=True)
    member = fields.UUID(metadata={"label": "A councillor", "quiet": True})
    name = fields.String(
        validate=validate.Length(max=visit_people.LONGEST),
        metadata={"label": "Or somebody else's name", "subject": "The name", "quiet": True, "who": WHO},
    )
    role = fields.String(
        required=True,
        validate=validate.Length(max=visit_people.LONGEST),
        metadata={
            "label": "What he or she does",
            "subject": "What he or she does",
            "required": "Enter what this person does, like Group leader or Head of service.",
            "who": WHO,
        },
    )
    slot = fields.String(validate=validate.Length(max=10), metadata={"label": "When the team meets this person"})


class SlotForm(Schema):
    """When the team meets one person."""

    version = fields.Integer(required=True)
    slot = fields.String(validate=validate.Length(max=10), metadata={"label": "When the team meets this person"})


@blueprint.get(PAGE)
@requires(Permission.ACCREDITATION_READ)
def show(accreditation_id: UUID) -> str:
    """Day, place, timetable and people; the form to name one more where that is open."""
    accreditation = get_accreditation(accreditation_id)
    people = queries.find_people(accreditation_id)
    return _page(accreditation, people, Bound.empty(PersonForm, {"version": people.version if people else 0}))


@blueprint.post(PAGE)
@requires(Permission.VISIT_JOIN)
def name(accreditation_id: UUID) -> ResponseReturnValue:
    """Name one more person."""
    accreditation = get_accreditation(accreditation_id, share=True)
    form = bind(PersonForm, request.form)
    status = 422
    if form.valid:
        given = dict(form.values)
        try:
            visit_people.name(
                accreditation,
                member_id=given["member"],
                person=given["name"],
                role=given["role"],
                slot=given["slot"],
                version=given["version"],
                by=actor(),
            )
        except Invalid as refusal:
            form.add_errors(
                {"name" if field == "person" else field: messages for field, messages in refusal.messages.items()}
            )
        except Conflict as refusal:
            if refusal.theirs is None:
                raise
            form.add_error(None, refusal.message)
            status = 409
        else:
            flash("The person is named. The region and the team see it now.", "success")
            return redirect(f"{url_for('visit_people.show', accreditation_id=accreditation_id)}#people", code=303)
    people = queries.find_people(accreditation_id)
    if status == 409:
        form.raw["version"] = str(people.version if people else 0)
    return _page(accreditation, people, form), status


@blueprint.get(f"{PAGE}/people/<key>")
@requires(Permission.VISIT_JOIN)
def edit(accreditation_id: UUID, key: str) -> str:
    """When the team meets one person, to be changed."""
    accreditation, people, person = _named(accreditation_id, key)
    form = Bound.empty(SlotForm, {"version": people.version, "slot": person["slot"]})
    return _person_page(accreditation, person, form)


@blueprint.post(f"{PAGE}/people/<key>")
@requires(Permission.VISIT_JOIN)
def move(accreditation_id: UUID, key: str) -> ResponseReturnValue:
    """Put one person into another part of the timetable."""
    accreditation, people, person = _named(accreditation_id, key, share=True)
    form = bind(SlotForm, request.form)
    status = 422
    if form.valid:
        try:
            visit_people.move(accreditation, key, **form.values, by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        except Conflict as refusal:
            if refusal.theirs is None:
                raise
            form.raw["version"] = str(people.version)
            form.add_error(None, refusal.message)
            status = 409
        else:
            flash("The change is saved. The region and the team see it now.", "success")
            return redirect(f"{url_for('visit_people.show', accreditation_id=accreditation_id)}#people", code=303)
    return _person_page(accreditation, person, form), status


@blueprint.get(f"{PAGE}/people/<key>/remove")
@requires(Permission.VISIT_JOIN)
def confirm_remove(accreditation_id: UUID, key: str) -> str:
    """Ask before somebody is taken off the list."""
    accreditation, people, person = _named(accreditation_id, key)
    return render_template(
        "assessment/visits/remove_person.html", accreditation=accreditation, person=person, version=people.version
    )


@blueprint.post(f"{PAGE}/people/<key>/remove")
@requires(Permission.VISIT_JOIN)
def remove(accreditation_id: UUID, key: str) -> Response:
    """Take somebody off the list."""
    accreditation = get_accreditation(accreditation_id, share=True)
    visit_people.remove(accreditation, key, version=seen_version(), by=actor())
    flash("The person is off the list.", "success")
    return redirect(f"{url_for('visit_people.show', accreditation_id=accreditation_id)}#people", code=303)


@blueprint.get(f"{JOURNEY}/visit.ics")
@requires(Permission.ACCREDITATION_READ)
def download(accreditation_id: UUID) -> Response:
    """The visit as a calendar entry."""
    link = url_for("visit_people.show", accreditation_id=accreditation_id)
    return calendar_response(get_accreditation(accreditation_id), queries.get_visit(accreditation_id), link)


def _named(
    accreditation_id: UUID, key: str, *, share: bool = False
) -> tuple[Accreditation, VisitPeople, dict[str, str]]:
    """One person of the list, which can be changed now."""
    accreditation = get_accreditation(accreditation_id, share=share)
    refusal = visit_people.why_not(accreditation)
    if refusal:
        raise Conflict(refusal)
    return accreditation, *queries.get_named(accreditation_id, key)


def _slots(visit: Visit | None) -> list[tuple[str, str]]:
    return [(slot.key, f"{slot.at:%H:%M} {slot.title}") for slot in rules.read(visit.timetable if visit else [])]


def _person_page(accreditation: Accreditation, person: dict[str, str], form: Bound) -> str:
    return render_template(
        "assessment/visits/person.html",
        accreditation=accreditation,
        person=person,
        form=form,
        slots=_slots(queries.find_visit(accreditation.id)),
    )


def _members() -> list[MemberLine]:
    return list_members(place_id(), today=clock.today())


def _page(accreditation: Accreditation, people: VisitPeople | None, form: Bound) -> str:
    visit = queries.find_visit(accreditation.id)
    open_to_names = may(Permission.VISIT_JOIN) and not visit_people.why_not(accreditation)
    members = _members() if open_to_names else []
    groups = {line.group for line in members if line.group}
    named = people.people if people else []
    return render_template(
        "assessment/visits/council.html",
        accreditation=accreditation,
        visit=visit,
        about=about(visit, people),
        missing=rules.missing_groups(sorted(groups, key=str.casefold) or (people.groups if people else []), named),
        form=form,
        open_to_names=open_to_names,
        members=[(line.member.id, f"{line.name}, {line.group or 'no group'}") for line in members],
        slots=_slots(visit),
    )
