"""Teams for several files at once: choose the files, see proposed teams and change any, then ask them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.queries.assessors import Person, Pool, load_pool
from assessment.queries.team_places import OpenFile, list_open_files
from assessment.rules import suggestions
from assessment.rules.suggestions import File, LeftOut
from assessment.rules.teams import Place
from assessment.services import assignments
from assessment.services.assignments import Asked
from assessment.web.teams import words_of
from saas import clock, guard
from saas.errors import Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission

blueprint = Blueprint("team_proposals", __name__)
TEAMS = "/regions/<region>/teams"
MOST_FILES = 50
NONE_CHOSEN = "Choose at least one council."
GONE = "One of these councils has its team already. Choose again."


@dataclass(frozen=True, slots=True)
class Line:
    """One person's work, now and with these teams."""

    name: str
    now: int
    then: int
    most: int | None

    @property
    def is_over(self) -> bool:
        """Whether it is more than this person agreed to."""
        return self.most is not None and self.then > self.most


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the page shows of one file: fields, who can be chosen for each, and who is left out and why."""

    open_file: OpenFile
    places: tuple[tuple[Place, str, list[tuple[UUID, str]]], ...]
    left_out: tuple[LeftOut, ...]


@blueprint.get(TEAMS)
@requires(Permission.TEAM_ASSIGN)
def choose() -> str:
    """First step: every file with an empty place."""
    return _choose_page()


@blueprint.get(f"{TEAMS}/proposed")
@requires(Permission.TEAM_ASSIGN)
def propose() -> str | tuple[str, int]:
    """Second step: a team for each chosen file; nothing is kept of it."""
    files = _chosen(request.args.getlist("file"))
    if not files or len(files) > MOST_FILES:
        words = f"Choose at most {MOST_FILES} councils at a time." if files else NONE_CHOSEN
        return _choose_page(words), 422
    pool = load_pool(guard.place_id())
    proposals = _proposals(files, pool)
    seats = {_field(each.file_id, key): user for each in proposals for key, user in each.seats.items()}
    initial = {"file": [each.file.id for each in files]} | {name: user for name, user in seats.items() if user}
    left_out = {each.file_id: each.left_out for each in proposals}
    return _proposed_page(files, pool, left_out, Bound.empty(_form(files), initial))


@blueprint.post(f"{TEAMS}/proposed")
@requires(Permission.TEAM_ASSIGN)
def decide() -> Response | str | tuple[str, int]:
    """Third step: check what was chosen, go back to change it, or ask everybody in one step."""
    files = _chosen(request.form.getlist("file"))
    if not files:
        return _choose_page(GONE if request.form.getlist("file") else NONE_CHOSEN), 422
    form = bind(_form(files), request.form)
    pool = load_pool(guard.place_id())
    if form.valid and form.values["then"] == "change":
        return _proposed_page(files, pool, _left_out(files, pool), form)
    if form.valid:
        values = dict(form.values)
        wanted = {each.file.id: seats for each in files if any((seats := _seats(each.file, values)).values())}
        for name, words in _wrong(files, wanted, pool).items():
            form.add_error(name, words)
        if form.valid and values["then"] == "ask":
            return _ask(files, wanted, pool, form)
        if form.valid:
            return _check_page([each for each in files if each.file.id in wanted], wanted, pool, form)
    return _proposed_page(files, pool, _left_out(files, pool), form), 422


def _ask(
    files: list[OpenFile], wanted: Mapping[UUID, Mapping[str, UUID | None]], pool: Pool, form: Bound
) -> Response | tuple[str, int]:
    asked = {file_id: {key: Asked(user) for key, user in seats.items()} for file_id, seats in wanted.items()}
    try:
        made = assignments.assign_many(asked, by=guard.actor())
    except Invalid as refused:
        form.add_errors(refused.messages)
        return _proposed_page(files, pool, _left_out(files, pool), form), 422
    people = len({each.user_id for each in made})
    one = "1 council has its team" if len(wanted) == 1 else f"{len(wanted)} councils have their teams"
    flash(f"{one}. Asked {people} {'person' if people == 1 else 'people'}.", "success")
    return redirect(url_for("case_lists.show"), 303)


def _wrong(
    files: list[OpenFile], wanted: Mapping[UUID, Mapping[str, UUID | None]], pool: Pool
) -> dict[str | None, str]:
    if not wanted:
        return {None: "Choose a team for at least one council."}
    found = suggestions.check(
        [each.file for each in files if each.file.id in wanted],
        wanted,
        {each.user_id: pool.candidate(each) for each in pool.people.values()},
        today=clock.today(),
        under_way=pool.pairs,
        neighbours=pool.neighbours,
    )
    wrong: dict[str | None, str] = {_field(file_id, key): words for (file_id, key), words in found.items()}
    for each in files:
        for place in each.file.places:
            person = pool.people.get(wanted.get(each.file.id, {}).get(place.key) or each.file.id)
            if place.scores and person is not None and not person.home:
                wrong.setdefault(
                    _field(each.file.id, place.key), f"Record {person.name}’s own council in the pool first."
                )
    return wrong


def _field(file_id: UUID, key: str) -> str:
    return f"{file_id}_{key}_person"


def _seats(file: File, values: Mapping[str, Any]) -> dict[str, UUID | None]:
    return {place.key: values[_field(file.id, place.key)] for place in file.places}


def _form(files: list[OpenFile]) -> type[Schema]:
    """A person for each empty place of each file; a file whose places are all left empty is left out."""
    parts: dict[str, Any] = {
        "file": fields.List(fields.UUID(), required=True),
        "then": fields.String(validate=validate.OneOf(["check", "change", "ask"]), load_default="check"),
    }
    for each in files:
        for place in each.file.places:
            label = f"{place.label}, who scores" if place.scores else place.label
            parts[_field(each.file.id, place.key)] = fields.UUID(metadata={"label": label, "quiet": True})
    return Schema.from_dict(parts, name="TeamsForm")


def _chosen(typed: list[str]) -> list[OpenFile]:
    return [each for each in list_open_files(guard.place_id()) if str(each.file.id) in typed]


def _proposals(files: list[OpenFile], pool: Pool) -> list[suggestions.Proposal]:
    return suggestions.suggest(
        [each.file for each in files],
        [pool.candidate(each) for each in sorted(pool.people.values(), key=_by_name) if each.can_be_asked],
        today=clock.today(),
        under_way=pool.pairs,
        neighbours=pool.neighbours,
    )


def _left_out(files: list[OpenFile], pool: Pool) -> dict[UUID, tuple[LeftOut, ...]]:
    return {each.file_id: each.left_out for each in _proposals(files, pool)}


def _by_name(person: Person) -> tuple[str, str]:
    return person.name.casefold(), str(person.user_id)


def _choices(pool: Pool, file: File, place: Place) -> list[tuple[UUID, str]]:
    """Who may be asked for this place: nobody whom a rule keeps away is offered."""
    found = []
    for person in sorted(pool.people.values(), key=_by_name):
        candidate = pool.candidate(person)
        scores = person.scores and person.home and person.user_id not in file.seen
        fits = scores if place.scores else person.leads
        if not fits or person.user_id in file.seated:
            continue
        if not suggestions.why_not(
            candidate, file, today=clock.today(), under_way=pool.pairs, neighbours=pool.neighbours
        ):
            found.append((person.user_id, words_of(person)))
    return found


def _work(pool: Pool, seats: Mapping[UUID, Mapping[str, UUID | None]]) -> list[Line]:
    added: dict[UUID, int] = {}
    for team in seats.values():
        for user_id in {user for user in team.values() if user in pool.people}:
            added[user_id] = added.get(user_id, 0) + 1  # type: ignore[index,arg-type]
    lines = []
    for user_id in sorted(added, key=lambda each: _by_name(pool.people[each])):
        candidate = pool.candidate(pool.people[user_id])
        lines.append(Line(candidate.name, candidate.load, candidate.load + added[user_id], candidate.most))
    return lines


def _choose_page(error: str | None = None) -> str:
    files = list_open_files(guard.place_id())
    return render_template("assessment/teams/choose.html", files=files, error=error, most=MOST_FILES)


def _proposed_page(files: list[OpenFile], pool: Pool, left_out: Mapping[UUID, tuple[LeftOut, ...]], form: Bound) -> str:
    shown = [
        Proposed(
            each,
            tuple(
                (place, _field(each.file.id, place.key), _choices(pool, each.file, place)) for place in each.file.places
            ),
            left_out[each.file.id],
        )
        for each in files
    ]
    typed = {
        each.file.id: {
            place.key: UUID(form.typed(_field(each.file.id, place.key)))
            for place in each.file.places
            if form.error(_field(each.file.id, place.key)) is None and form.typed(_field(each.file.id, place.key))
        }
        for each in files
    }
    return render_template("assessment/teams/proposed.html", shown=shown, work=_work(pool, typed), form=form)


def _check_page(
    files: list[OpenFile], wanted: Mapping[UUID, Mapping[str, UUID | None]], pool: Pool, form: Bound
) -> str:
    teams = [
        (
            each,
            [
                (place, _field(each.file.id, place.key), pool.people[user])
                for place in each.file.places
                if (user := wanted[each.file.id][place.key])
            ],
        )
        for each in files
    ]
    return render_template("assessment/teams/check.html", teams=teams, work=_work(pool, wanted), form=form)
