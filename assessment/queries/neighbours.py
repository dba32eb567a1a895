"""Pairs of councils that are declared neighbours, with their names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from assessment.models.assessors import CouncilNeighbour
from assessment.queries.assessors import list_councils, list_neighbours
from saas.errors import NotFound


@dataclass(frozen=True, slots=True)
class NamedCouncil:
    """A council of the region."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class NeighbourPair:
    """Two councils that are declared neighbours, by name."""

    row: CouncilNeighbour
    councils: tuple[NamedCouncil, ...]

    @property
    def id(self) -> UUID:
        """Of the declaration."""
        return self.row.id

    @property
    def declared_at(self) -> datetime:
        """When it was declared."""
        return self.row.declared_at

    @property
    def declared_by_name(self) -> str:
        """By whom."""
        return self.row.declared_by_name

    @property
    def words(self) -> str:
        """Both names."""
        return " and ".join(each.name for each in self.councils)


def list_pairs(region_id: UUID) -> list[NeighbourPair]:
    """Every declared pair, by name; in region scope, two statements."""
    names = dict(list_councils(region_id))
    pairs = [NeighbourPair(row, _named(row, names)) for row in list_neighbours(region_id)]
    return sorted(pairs, key=lambda pair: [each.name.casefold() for each in pair.councils])


def get_pair(region_id: UUID, pair_id: UUID) -> NeighbourPair:
    """One of them; raises NotFound."""
    found = next((pair for pair in list_pairs(region_id) if pair.id == pair_id), None)
    if found is None:
        raise NotFound
    return found


def _named(row: CouncilNeighbour, names: dict[UUID, str]) -> tuple[NamedCouncil, ...]:
    both = [NamedCouncil(each, names[each]) for each in (row.council_id, row.neighbour_id)]
    return tuple(sorted(both, key=lambda council: council.name.casefold()))
