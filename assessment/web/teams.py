"""The team of one assessment: who is asked, how far each is, who leaves and who comes instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.queries import assignments as queries
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.assessors import Person, load_pool, why_not
from assessment.queries.readiness import find_accepted
from assessment.queries.team_places import file_of
from assessment.rules import stages, teams
from assessment.rules.stages import Stage
from assessment.rules.suggestions import SEEN
from assessment.rules.teams import LABELS, LONGEST_HOME, LONGEST_REASON, Place
from assessment.services import assignments
from assessment.services.assignments import Asked
from saas import guard
from saas.errors import Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("teams", __name__)
TEAM = "/regions/<region>/cases/<uuid:accreditation_id>/team"
HOME_HINT = "Only for somebody whose council the pool does not know. It is used to find conflicts of interest."


@dataclass(frozen=True, slots=True)
class Choices:
    """Who can be asked: by whether the place scores; who cannot, and why; whether every own council is known."""

    people: dict[bool, list[tuple[UUID, str]]]
    left_out: list[tuple[str, str]]
    homes_known: bool


class WithdrawalForm(Schema):
    """Why somebody leaves the team, and who comes instead."""

    reason = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_REASON),
        metadata={
            "label": "Why this person leaves the team",
            "who": "your region only",
            "required": "Say why this person leaves the team.",
        },
    )
    replacement_person = fields.UUID(metadata={"label": "Who comes instead"})
    replacement_home = fields.String(
        validate=validate.Length(max=LONGEST_HOME),
        metadata={"label": "The council he or she comes from", "hint": HOME_HINT},
    )


@blueprint.get(TEAM)
@requires(Permission.TEAM_ASSIGN)
def edit(accreditation_id: UUID) -> str:
    """The team, and the places that are still empty."""
    accreditation = get_accreditation(accreditation_id)
    team = queries.list_team(accreditation.id)
    return _page(accreditation, team, Bound.empty(_form(_vacant(accreditation, team))))


@blueprint.post(TEAM)
@requires(Permission.TEAM_ASSIGN)
def assign(accreditation_id: UUID) -> Response | tuple[str, int]:
    """Fill the empty places."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    team = queries.list_team(accreditation.id)
    empty = _vacant(accreditation, team)
    form = bind(_form(empty), request.form)
    if form.valid:
        asked = {
            place.key: Asked(form.values[f"{place.key}_person"], form.values.get(f"{place.key}_home", ""))
            for place in empty
        }
        try:
            made = assignments.assign(accreditation, asked, by=guard.actor())
        except Invalid as error:
            form.add_errors(error.messages)
        else:
            people = [each.name for each in made]
            names = " and ".join(filter(None, [", ".join(people[:-1]), *people[-1:]]))
            flash(f"Asked {names}. Scorers see the file once they have declared their interests.", "success")
            return redirect(url_for("teams.edit", accreditation_id=accreditation_id), 303)
    return _page(accreditation, team, form), 422


@blueprint.get(f"{TEAM}/<uuid:assignment_id>")
@requires(Permission.TEAM_ASSIGN)
def replace(accreditation_id: UUID, assignment_id: UUID) -> str:
    """Before somebody is withdrawn: what will happen, and who comes instead."""
    accreditation = get_accreditation(accreditation_id)
    assignment = queries.get_assignment(accreditation_id, assignment_id)
    return _replace_page(accreditation, assignment, Bound.empty(WithdrawalForm))


@blueprint.post(f"{TEAM}/<uuid:assignment_id>")
@requires(Permission.TEAM_ASSIGN)
def withdraw(accreditation_id: UUID, assignment_id: UUID) -> Response | tuple[str, int]:
    """Withdraw somebody, with a reason, and name the replacement."""
    accreditation = get_accreditation(accreditation_id, lock=True)
    assignment = queries.get_assignment(accreditation_id, assignment_id)
    form = bind(WithdrawalForm, request.form)
    if form.valid:
        person = form.values["replacement_person"]
        replacement = Asked(person, form.values["replacement_home"]) if person else None
        try:
            assignments.withdraw(
                accreditation, assignment, reason=form.values["reason"], replacement=replacement, by=guard.actor()
            )
        except Invalid as error:
            form.add_errors(error.messages)
        else:
            flash(f"{assignment.name} has left the team.", "success")
            return redirect(url_for("teams.edit", accreditation_id=accreditation_id), 303)
    return _replace_page(accreditation, assignment, form), 422


def _vacant(accreditation: Accreditation, team: list[Assignment]) -> tuple[Place, ...]:
    return teams.vacant(process_of(accreditation), [(each.duty, each.capacity) for each in team])


def _form(empty: tuple[Place, ...]) -> type[Schema]:
    """A form with a person for each empty place, and the home council of those who score."""
    parts: dict[str, Any] = {}
    for place in empty:
        label = f"{place.label}, who scores" if place.scores else place.label
        wanted = f"Choose who sits as {place.label.lower()}."
        parts[f"{place.key}_person"] = fields.UUID(required=True, metadata={"label": label, "required": wanted})
        if place.scores:
            parts[f"{place.key}_home"] = fields.String(
                validate=validate.Length(max=LONGEST_HOME),
                metadata={"label": f"The {place.label.lower()}’s own council", "hint": HOME_HINT},
            )
    return Schema.from_dict(parts, name="TeamForm")


def _page(accreditation: Accreditation, team: list[Assignment], form: Bound) -> str:
    empty = _vacant(accreditation, team)
    withdrawn = queries.list_withdrawn(accreditation.id)
    return render_template(
        "assessment/teams/edit.html",
        accreditation=accreditation,
        team=team,
        withdrawn=withdrawn,
        empty=empty,
        choices=_choices(accreditation, {each.user_id for each in team}) if empty else None,
        can_change=stages.may_change_team(Stage(accreditation.stage)),
        scores_again=stages.scores_again(Stage(accreditation.stage)) and any(place.scores for place in empty),
        accepted=find_accepted(accreditation.id, "readiness") is not None,
        places={(place.duty, place.capacity): place for place in teams.places(process_of(accreditation))},
        form=form,
    )


def _replace_page(accreditation: Accreditation, assignment: Assignment, form: Bound) -> str:
    seated = {each.user_id for each in queries.list_team(accreditation.id)}
    return render_template(
        "assessment/teams/replace.html",
        accreditation=accreditation,
        assignment=assignment,
        choices=_choices(accreditation, seated),
        scores_again=stages.scores_again(Stage(accreditation.stage)) and assignment.duty == "scorer",
        form=form,
    )


def _choices(accreditation: Accreditation, seated: set[UUID]) -> Choices:
    """Who can be asked to score and to lead, and why the others cannot; without those who sit in the team."""
    pool, file = load_pool(accreditation.region_id), file_of(accreditation)
    scorers, leads, left_out = [], [], []
    for person in sorted(pool.people.values(), key=lambda each: (each.name.casefold(), str(each.user_id))):
        if person.user_id in seated or not person.can_be_asked:
            continue
        hindered = why_not(pool, file, person)
        if hindered:
            left_out.append((person.name, hindered))
            continue
        if person.scores and person.user_id in file.seen:
            left_out.append((person.name, SEEN))
        elif person.scores:
            scorers.append((person.user_id, words_of(person)))
        if person.leads:
            leads.append((person.user_id, words_of(person)))
    known = all(person.home for person in pool.people.values() if person.scores)
    return Choices({True: scorers, False: leads}, left_out, known)


def words_of(person: Person) -> str:
    """A person as a choice: name, capacity, own council and work; no more than the name for who is not in the pool."""
    entry = person.assessor
    if entry is None:
        return person.name
    load = f"{len(person.files) + person.leading} of {entry.most_at_once} files"
    return f"{person.name} ({', '.join([LABELS[entry.capacity].lower(), *(each.name for each in person.home), load])})"
