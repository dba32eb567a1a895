"""Declared neighbours, for programs: two councils of a region whose people do not assess each other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from assessment.queries import neighbours as queries
from assessment.queries.neighbours import NeighbourPair
from assessment.services import assessors as services
from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, place_id, requires
from saas.policy import Permission

operations = Operations("neighbours", "Assessors and teams")
NEIGHBOURS = "/regions/<region>/neighbours"


class NamedCouncilSchema(ApiSchema):
    """A council of the region."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class NeighbourPairSchema(ApiSchema):
    """Two councils that are declared neighbours."""

    id = fields.UUID(required=True)
    councils = fields.List(fields.Nested(NamedCouncilSchema), required=True, metadata={"description": "By name."})
    declared_at = fields.AwareDateTime(required=True)
    declared_by_name = fields.String(required=True)


class DeclaredPairSchema(ApiSchema):
    """Two councils of the region, by their ids."""

    one = fields.UUID(required=True)
    other = fields.UUID(required=True)


@operations.get(NEIGHBOURS, "listNeighbours", answers=Listed(NeighbourPairSchema))
@requires(Permission.TEAM_ASSIGN)
def list_neighbours() -> list[NeighbourPair]:
    """List the councils that are declared neighbours. Pair by pair, by name."""
    return queries.list_pairs(place_id())


@operations.post(NEIGHBOURS, "declareNeighbours", takes=DeclaredPairSchema, answers=NeighbourPairSchema)
@requires(Permission.TEAM_ASSIGN)
def declare_neighbours(given: dict[str, Any]) -> NeighbourPair:
    """Declare two councils neighbours. Neither one's people are asked to assess the other."""
    row = services.declare_neighbours(place_id(), given["one"], given["other"], by=actor())
    return queries.get_pair(place_id(), row.id)


@operations.delete(f"{NEIGHBOURS}/<uuid:pair_id>", "endNeighbours")
@requires(Permission.TEAM_ASSIGN)
def end_neighbours(pair_id: UUID) -> None:
    """Let two councils count as neighbours no longer."""
    pair = queries.get_pair(place_id(), pair_id)
    services.end_neighbours(pair.row, names=pair.words, by=actor())
