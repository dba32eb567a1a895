"""Declared neighbours: pair by pair, both sides by name."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask

from assessment.queries.neighbours import get_pair, list_pairs
from saas.errors import NotFound
from tests.conftest import InScope
from tests.factories.assessors import neighbours
from tests.factories.tenants import MadeRegion, make_council, make_region


def test_pairs_stand_by_name_whoever_was_named_first(app: Flask, region: MadeRegion, in_scope: InScope) -> None:
    west, east, north = (make_council(app, region, name=name) for name in ("Westbrook", "eastmoor", "Northfold"))
    neighbours(app, west, north)
    neighbours(app, west, east)
    with in_scope(region.scope()):
        pairs = list_pairs(region.id)
        assert [pair.words for pair in pairs] == ["eastmoor and Westbrook", "Northfold and Westbrook"]
        assert get_pair(region.id, pairs[0].id) == pairs[0]


def test_another_regions_pair_is_not_found(app: Flask, region: MadeRegion, in_scope: InScope) -> None:
    neighbours(app, make_council(app, region), make_council(app, region))
    with in_scope(region.scope()):
        (pair,) = list_pairs(region.id)
        with pytest.raises(NotFound):
            get_pair(region.id, uuid4())
    elsewhere = make_region(app)
    with in_scope(elsewhere.scope()):
        assert list_pairs(region.id) == []
        with pytest.raises(NotFound):
            get_pair(elsewhere.id, pair.id)
