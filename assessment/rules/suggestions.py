"""Proposed teams: which people of the pool could sit where, spread fairly, and why each of the others is left out."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from assessment.rules.conflicts import Background, conflicts
from assessment.rules.processes import ConflictRules
from assessment.rules.teams import LABELS, Place

Council = Hashable
_NOBODY = UUID(int=0)
SEEN = "They have worked on this file’s moderation or report, and cannot score it any more."


@dataclass(frozen=True)
class Absence:
    """Days on which somebody cannot be asked, both included."""

    from_on: date
    to_on: date


@dataclass(frozen=True)
class Candidate:
    """Somebody of the region who may score or lead; `capacity` is None for who is not entered in the pool.

    `load` is how many files this person scores or leads now, `most` how many at once he or she agreed to (None: any).
    `left_on` is the last day on which he or she is asked. `before` are the councils assessed in an earlier cycle.
    """

    user_id: UUID
    name: str
    scores: bool
    leads: bool
    capacity: str | None
    background: Background[Council]
    load: int = 0
    most: int | None = None
    trained_until_on: date | None = None
    left_on: date | None = None
    absences: tuple[Absence, ...] = ()
    before: frozenset[Council] = frozenset()


@dataclass(frozen=True)
class File:
    """A file with places to fill; `seated` are those who sit in the team.

    `left` are those who left it or declared a conflict on it (person → why not again, in a sentence), `seen` those who
    worked on its judgements or its report: they can lead it, and no longer score.
    """

    id: UUID
    council: Council
    places: tuple[Place, ...]
    rules: ConflictRules
    training_required: bool = True
    seated: frozenset[UUID] = frozenset()
    left: Mapping[UUID, str] = field(default_factory=dict)
    seen: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class LeftOut:
    """Somebody who is not proposed for a file, and why, in a sentence."""

    name: str
    why: str


@dataclass(frozen=True)
class Proposal:
    """Who could sit where in one file (place key → person; None where nobody can), and who is left out and why."""

    file_id: UUID
    seats: Mapping[str, UUID | None]
    left_out: tuple[LeftOut, ...]


@dataclass
class _Spread:
    """What is taken on while one file after the other is given its team."""

    today: date
    under_way: set[tuple[Council, Council]]
    neighbours: Mapping[Council, Collection[Council]]
    taken_on: dict[UUID, int] = field(default_factory=dict)

    def load(self, person: Candidate) -> int:
        return person.load + self.taken_on.get(person.user_id, 0)


def unavailable(person: Candidate, *, today: date, training_required: bool) -> str | None:
    """Why somebody cannot be asked for any file on this day, in a sentence; None where nothing is known against it.

    Of those who are not entered in the pool nothing is known: neither training nor absences.
    """
    if person.left_on is not None and person.left_on < today:
        return f"They left the pool on {_day(person.left_on)}."
    away = next((each for each in person.absences if each.from_on <= today <= each.to_on), None)
    if away is not None:
        return f"They are away until {_day(away.to_on)}."
    if person.capacity is None or not training_required or not person.scores:
        return None
    if person.trained_until_on is None:
        return "No training is recorded."
    if person.trained_until_on < today:
        return f"Their training ran out on {_day(person.trained_until_on)}."
    return None


def why_not(
    person: Candidate,
    file: File,
    *,
    today: date,
    under_way: Collection[tuple[Council, Council]],
    neighbours: Mapping[Council, Collection[Council]],
) -> list[str]:
    """Every reason for which this person may not be asked for this file: who left it, conflicts, training and absence.

    under_way: (council an assessor comes from, council he or she is assessing) of the whole region; neighbours:
    council → councils declared its neighbours.
    """
    found = conflicts(
        person.background,
        file.council,
        rules=file.rules,
        today=today,
        assessing_now=under_way,
        neighbours=neighbours.get(file.council, ()),
    )
    stands = unavailable(person, today=today, training_required=file.training_required)
    left = file.left.get(person.user_id)
    return [*([left] if left else []), *(reason.words for reason in found), *([stands] if stands else [])]


def suggest(
    files: Sequence[File],
    people: Sequence[Candidate],
    *,
    today: date,
    under_way: Collection[tuple[Council, Council]] = (),
    neighbours: Mapping[Council, Collection[Council]] | None = None,
) -> list[Proposal]:
    """A team for each file, in the order of `files`: nobody kept away by a rule, the least busy first.

    What one file takes counts for the next: the work, and who assesses whom. Somebody who assessed a council in an
    earlier cycle comes last. Files with the fewest people to choose from are served first; the same input always
    gives the same teams.
    """
    spread = _Spread(today, set(under_way), neighbours or {})
    choice = {
        file.id: sum(
            1
            for each in people
            if not why_not(each, file, today=today, under_way=under_way, neighbours=spread.neighbours)
        )
        for file in files
    }
    served = {file.id: _serve(file, people, spread) for file in sorted(files, key=lambda file: choice[file.id])}
    return [served[file.id] for file in files]


def _serve(file: File, people: Sequence[Candidate], spread: _Spread) -> Proposal:
    hindered = {
        each.user_id: why_not(each, file, today=spread.today, under_way=spread.under_way, neighbours=spread.neighbours)
        for each in people
    }
    free = [each for each in people if not hindered[each.user_id] and each.user_id not in file.seated]
    seats: dict[str, UUID | None] = {}
    for place in sorted(file.places, key=lambda place: place.asks_for is None):
        fitting = [each for each in free if _fits(each, place, file) and each.user_id not in seats.values()]
        fitting = [each for each in fitting if not _is_full(each, spread)]
        chosen = min(fitting, key=lambda each: _order(each, file, spread), default=None)
        seats[place.key] = chosen.user_id if chosen else None
    sitting = [each for each in people if each.user_id in seats.values()]
    left_out = tuple(
        LeftOut(each.name, _why_left_out(each, file, hindered[each.user_id], spread))
        for each in people
        if each not in sitting and each.user_id not in file.seated
    )
    scorers = {seats[place.key] for place in file.places if place.scores}
    for each in sitting:
        spread.taken_on[each.user_id] = spread.taken_on.get(each.user_id, 0) + 1
        if each.user_id in scorers:
            spread.under_way |= {(own, file.council) for own in each.background.councils}
    return Proposal(file.id, {place.key: seats[place.key] for place in file.places}, left_out)


def _fits(person: Candidate, place: Place, file: File) -> bool:
    if not place.scores:
        return person.leads
    fits = person.scores and person.capacity is not None and place.asks_for in (None, person.capacity)
    return fits and person.user_id not in file.seen


def _is_full(person: Candidate, spread: _Spread) -> bool:
    return person.most is not None and spread.load(person) >= person.most


def _order(person: Candidate, file: File, spread: _Spread) -> tuple[bool, float, int, str, str]:
    load = spread.load(person)
    return (file.council in person.before, load / (person.most or 1), load, person.name, str(person.user_id))


def _why_left_out(person: Candidate, file: File, hindered: list[str], spread: _Spread) -> str:
    if hindered:
        return " ".join(hindered)
    if person.scores and person.user_id in file.seen:
        return SEEN
    if person.scores and person.capacity is None:
        return "They are not entered in the pool: their council is not known."
    if not any(_fits(person, place, file) for place in file.places):
        named = LABELS[person.capacity].lower() if person.capacity else "region officer"
        return f"No place here asks for them ({named})."
    if _is_full(person, spread):
        return f"They have {spread.load(person)} of {person.most} files."
    if file.council in person.before:
        return "They assessed this council before: others come first."
    return "Others, no busier, come first."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def check(
    files: Sequence[File],
    chosen: Mapping[UUID, Mapping[str, UUID | None]],
    people: Mapping[UUID, Candidate],
    *,
    today: date,
    under_way: Collection[tuple[Council, Council]] = (),
    neighbours: Mapping[Council, Collection[Council]] | None = None,
) -> dict[tuple[UUID, str], str]:
    """What is wrong with teams chosen by hand: (file, place key) → a sentence; empty when all of them may be asked.

    chosen: file → place key → person. As in `suggest`, each file counts for those after it.
    """
    wrong: dict[tuple[UUID, str], str] = {}
    pairs = set(under_way)
    for file in files:
        seats = chosen.get(file.id, {})
        taken = set(file.seated)
        for place in file.places:
            person = people.get(seats.get(place.key) or _NOBODY)
            if person is None or not (person.scores if place.scores else person.leads):
                wrong[file.id, place.key] = f"Choose who sits as {place.label.lower()}."
                continue
            hindered = why_not(person, file, today=today, under_way=pairs, neighbours=neighbours or {})
            if person.user_id in taken:
                wrong[file.id, place.key] = f"{person.name} is in this team already."
            elif hindered:
                wrong[file.id, place.key] = f"{person.name} cannot assess this council. {hindered[0]}"
            elif place.scores and person.user_id in file.seen:
                wrong[file.id, place.key] = f"{person.name} cannot score this file. {SEEN}"
            taken.add(person.user_id)
        for place in file.places:
            person = people.get(seats.get(place.key) or _NOBODY)
            if person is not None and place.scores:
                pairs |= {(own, file.council) for own in person.background.councils}
    return wrong
