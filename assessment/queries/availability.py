"""Who of a region's people can be asked to assess today, and what stands against the others."""

from __future__ import annotations

from uuid import UUID

from assessment.queries.accreditations import find_process
from assessment.queries.assessors import Person, Pool, load_pool
from assessment.rules import processes, suggestions
from assessment.rules.processes import Process
from saas import clock


def list_available(region_id: UUID) -> list[tuple[Person, str]]:
    """Everybody of the pool or who could score, by name, with why he or she cannot be asked ("" for who can)."""
    pool = load_pool(region_id)
    settings = find_process(region_id)
    process = processes.parse(settings.document) if settings else processes.DEFAULT
    wanted = [each for each in pool.people.values() if each.scores or each.assessor is not None]
    return [(each, _hindered(pool, each, process)) for each in sorted(wanted, key=lambda each: each.name.casefold())]


def _hindered(pool: Pool, person: Person, process: Process) -> str:
    if not person.can_be_asked:
        return "They have no access in your region."
    if person.assessor is None:
        return "They are not entered in the pool."
    if not person.home and person.scores:
        return "Their own council is not recorded."
    candidate = pool.candidate(person)
    found = suggestions.unavailable(candidate, today=clock.today(), training_required=process.training_required)
    if found is None and candidate.most is not None and candidate.load >= candidate.most:
        return f"They have {candidate.load} of {candidate.most} files."
    return found or ""
