"""The pool of assessors as the region sees it: who can be asked, what is known of each, and who assesses whom now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, text

from assessment.models.accreditations import Accreditation
from assessment.models.assessors import Assessor, AssessorAbsence, AssessorCouncil, CouncilNeighbour
from assessment.models.assignments import Assignment
from assessment.queries.assignments import list_candidates
from assessment.rules import suggestions
from assessment.rules.conflicts import Background, Employment
from assessment.rules.stages import BEFORE_DECISION
from assessment.rules.suggestions import Absence, Candidate, File
from saas import clock
from saas.db import db
from saas.errors import NotFound
from tenants.models.councils import Council

ACCESS_OF_POOL = text("select user_id, council_id from tenancy.access_of_pool()")


def plain(name: str) -> str:
    """A council's name as names are compared."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the pool, or who could be entered in it. `assessor` is None for who is not entered.

    `accessed` are the region's councils where the person has access; `files` those he or she still has to score, by
    council; `before` the councils of files that are over.
    """

    user_id: UUID
    name: str
    scores: bool
    leads: bool
    assessor: Assessor | None
    councils: tuple[AssessorCouncil, ...]
    absences: tuple[AssessorAbsence, ...]
    accessed: frozenset[UUID]
    files: tuple[str, ...]
    leading: int
    before: frozenset[UUID]

    @property
    def can_be_asked(self) -> bool:
        """Whether he or she has access in the region still."""
        return self.scores or self.leads

    @property
    def home(self) -> list[AssessorCouncil]:
        """The councils served today, the first entered first."""
        today = clock.today()
        return [each for each in self.councils if each.ended_on is None or each.ended_on >= today]


@dataclass(frozen=True, slots=True)
class Pool:
    """Everything the rules need of a region's people, read in a fixed number of statements."""

    people: Mapping[UUID, Person]
    names: Mapping[str, UUID]
    """Plain name → id of the region's councils."""
    council_names: Mapping[UUID, str]
    neighbours: Mapping[Hashable, frozenset[UUID]]
    pairs: frozenset[tuple[Hashable, Hashable]] = field(default=frozenset())
    """(council an assessor comes from, council he or she assesses) of every scorer at work."""

    def key(self, council_id: UUID | None, name: str) -> Hashable:
        """What identifies a council: its id where it is known, else its name."""
        return council_id or self.names.get(plain(name), plain(name))

    def background(self, person: Person, typed: str = "") -> Background[Hashable]:
        """The councils of a person: those of the pool, those he or she has access in, and the one that was typed."""
        today = clock.today()
        own = {self.key(each.council_id, each.name) for each in person.home} | person.accessed
        if plain(typed):
            own.add(self.key(None, typed))
        past = tuple(
            Employment(self.key(each.council_id, each.name), each.ended_on, each.relation == "member")
            for each in person.councils
            if each.ended_on is not None and each.ended_on < today
        )
        return Background(frozenset(own), past)

    def home_of(self, person: Person, typed: str) -> tuple[UUID | None, str]:
        """Id (where it is in the service) and name of where somebody comes from: the pool's, else what was typed."""
        if person.home:
            return person.home[0].council_id, ", ".join(dict.fromkeys(each.name for each in person.home))
        name = " ".join(typed.split())
        return self.names.get(plain(name)), name

    def candidate(self, person: Person, typed: str = "") -> Candidate:
        """The person as the rules weigh him or her."""
        entry = person.assessor
        return Candidate(
            user_id=person.user_id,
            name=person.name,
            scores=person.scores,
            leads=person.leads,
            capacity=entry.capacity if entry else None,
            background=self.background(person, typed),
            load=len(person.files) + person.leading,
            most=entry.most_at_once if entry else None,
            trained_until_on=entry.trained_until_on if entry else None,
            left_on=entry.left_on if entry else None,
            absences=tuple(Absence(each.from_on, each.to_on) for each in person.absences),
            before=frozenset(person.before),
        )


def load_pool(region_id: UUID) -> Pool:
    """The region's people with all that is known of them; in region scope, nine statements however many there are."""
    candidates = {each.user_id: each for each in list_candidates(region_id)}
    entries = {
        each.user_id: each for each in db.session.scalars(select(Assessor).where(Assessor.region_id == region_id))
    }
    councils = _by_user(
        select(AssessorCouncil)
        .where(AssessorCouncil.region_id == region_id)
        .order_by(AssessorCouncil.ended_on.desc().nulls_first(), AssessorCouncil.id)
    )
    absences = _by_user(
        select(AssessorAbsence)
        .where(AssessorAbsence.region_id == region_id, AssessorAbsence.to_on >= clock.today())
        .order_by(AssessorAbsence.from_on, AssessorAbsence.id)
    )
    accessed: dict[UUID, set[UUID]] = defaultdict(set)
    for row in db.session.execute(ACCESS_OF_POOL):
        accessed[row.user_id].add(row.council_id)
    known = db.session.execute(select(Council.id, Council.name).where(Council.region_id == region_id)).all()
    names = {plain(row.name): row.id for row in known}
    work, leading, before = _work(region_id)
    people = {}
    for user_id in candidates | entries:
        asked, entry = candidates.get(user_id), entries.get(user_id)
        people[user_id] = Person(
            user_id=user_id,
            name=asked.name if asked else entry.name if entry else "",
            scores=asked is not None and asked.scores,
            leads=asked is not None and asked.leads,
            assessor=entry,
            councils=tuple(councils[user_id]),
            absences=tuple(absences[user_id]),
            accessed=frozenset(accessed[user_id]),
            files=tuple(each.council_name for each in work[user_id] if each.submitted_at is None),
            leading=leading[user_id],
            before=frozenset(before[user_id]),
        )
    pool = Pool(people, names, {row.id: row.name for row in known}, _neighbours(region_id))
    pairs: set[tuple[Hashable, Hashable]] = set()
    for user_id, rows in work.items():
        for row in rows:
            own = {pool.key(row.home_council_id, row.home_council)} if row.home_council else set()
            if user_id in people:
                own |= pool.background(people[user_id]).councils
            pairs |= {(each, row.council_id) for each in own}
    return Pool(pool.people, pool.names, pool.council_names, pool.neighbours, frozenset(pairs))


def why_not(pool: Pool, file: File, person: Person, typed: str = "") -> str:
    """Why this person may not be asked for this file, in words; "" when nothing is known against it.

    file: see `queries.team_places.file_of`. typed: the council he or she comes from, where the pool does not know it.
    """
    found = suggestions.why_not(
        pool.candidate(person, "" if person.home else typed),
        file,
        today=clock.today(),
        under_way=pool.pairs,
        neighbours=pool.neighbours,
    )
    return found[0] if found else ""


def get_person(pool: Pool, user_id: UUID) -> Person:
    """Somebody of the pool or who could be entered in it; raises NotFound."""
    try:
        return pool.people[user_id]
    except KeyError:
        raise NotFound from None


def find_assessor(region_id: UUID, user_id: UUID, *, lock: bool = False) -> Assessor | None:
    """Somebody's entry in the pool of a region."""
    wanted = select(Assessor).where(Assessor.region_id == region_id, Assessor.user_id == user_id)
    return db.session.scalar(wanted.with_for_update(key_share=True) if lock else wanted)


def get_assessor(region_id: UUID, user_id: UUID) -> Assessor:
    """The same; raises NotFound for who is not entered."""
    found = find_assessor(region_id, user_id)
    if found is None:
        raise NotFound
    return found


def list_entries(user_id: UUID) -> list[Assessor]:
    """A person's own entries, one for each region; in the person's own scope too."""
    return list(db.session.scalars(select(Assessor).where(Assessor.user_id == user_id).order_by(Assessor.updated_at)))


def list_own_councils(user_id: UUID, region_id: UUID | None = None) -> list[AssessorCouncil]:
    """The councils that the pools know of a person, those served now first; in any scope of the person's."""
    wanted = select(AssessorCouncil).where(AssessorCouncil.user_id == user_id)
    if region_id is not None:
        wanted = wanted.where(AssessorCouncil.region_id == region_id)
    return list(db.session.scalars(wanted.order_by(AssessorCouncil.ended_on.desc().nulls_first(), AssessorCouncil.id)))


def list_absences(user_id: UUID) -> list[AssessorAbsence]:
    """Days on which a person cannot be asked, today's and later ones; in the person's own scope too."""
    wanted = select(AssessorAbsence).where(AssessorAbsence.user_id == user_id, AssessorAbsence.to_on >= clock.today())
    return list(db.session.scalars(wanted.order_by(AssessorAbsence.from_on, AssessorAbsence.id)))


def get_absence(user_id: UUID, absence_id: UUID) -> AssessorAbsence:
    """One absence of this person; raises NotFound."""
    found = db.session.scalar(
        select(AssessorAbsence).where(AssessorAbsence.id == absence_id, AssessorAbsence.user_id == user_id)
    )
    if found is None:
        raise NotFound
    return found


def get_council_served(user_id: UUID, row_id: UUID) -> AssessorCouncil:
    """One council of this person; raises NotFound."""
    found = db.session.scalar(
        select(AssessorCouncil).where(AssessorCouncil.id == row_id, AssessorCouncil.user_id == user_id)
    )
    if found is None:
        raise NotFound
    return found


def list_councils(region_id: UUID) -> list[tuple[UUID, str]]:
    """(id, name) of every council of the region, by name."""
    rows = db.session.execute(select(Council.id, Council.name).where(Council.region_id == region_id))
    return sorted(((row.id, row.name) for row in rows), key=lambda row: plain(row[1]))


def list_neighbours(region_id: UUID) -> list[CouncilNeighbour]:
    """Every declared pair, in no order."""
    return list(db.session.scalars(select(CouncilNeighbour).where(CouncilNeighbour.region_id == region_id)))


def _neighbours(region_id: UUID) -> dict[Hashable, frozenset[UUID]]:
    found: dict[Hashable, set[UUID]] = defaultdict(set)
    for each in list_neighbours(region_id):
        found[each.council_id].add(each.neighbour_id)
        found[each.neighbour_id].add(each.council_id)
    return {council: frozenset(others) for council, others in found.items()}


def _work(region_id: UUID) -> tuple[dict[UUID, list[Any]], dict[UUID, int], dict[UUID, set[UUID]]]:
    """By person: what is scored in files under way, how many files are led, and the councils of files that are over."""
    rows = db.session.execute(
        select(
            Assignment.user_id,
            Assignment.council_id,
            Assignment.council_name,
            Assignment.home_council,
            Assignment.home_council_id,
            Assignment.duty,
            Assignment.submitted_at,
            Assignment.closed_at,
            Accreditation.stage,
        )
        .join(
            Accreditation,
            (Accreditation.council_id == Assignment.council_id) & (Accreditation.id == Assignment.accreditation_id),
        )
        .where(Assignment.region_id == region_id, Assignment.withdrawn_at.is_(None))
        .order_by(Assignment.council_name, Assignment.id)
    )
    work: dict[UUID, list[Any]] = defaultdict(list)
    leading: dict[UUID, int] = defaultdict(int)
    before: dict[UUID, set[UUID]] = defaultdict(set)
    under_way = {stage.value for stage in BEFORE_DECISION}
    for row in rows:
        if row.stage not in under_way or row.closed_at is not None:
            before[row.user_id].add(row.council_id)
        elif row.duty == "scorer":
            work[row.user_id].append(row)
        else:
            leading[row.user_id] += 1
    return work, leading, before


def _by_user(wanted: Select[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in db.session.scalars(wanted):
        found[row.user_id].append(row)
    return found
