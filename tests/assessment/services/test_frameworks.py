"""Publishing frameworks: once, for everybody or for one region, and for good."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from assessment.queries.frameworks import find_by_code, list_published
from assessment.services.frameworks import publish_framework, publish_starters, starter
from saas import jobs
from saas.errors import Conflict
from saas.tenancy import CONSOLE, Scope
from tests.conftest import InScope
from tests.factories.assessment import tree_of
from tests.factories.tenants import MadeRegion, make_region


def test_the_same_content_again_changes_nothing(app: Flask, in_scope: InScope) -> None:
    with in_scope(Scope.operator(None)):
        first, new = publish_framework(tree_of("charter-2008"), by=CONSOLE)
        again, new_again = publish_framework(tree_of("charter-2008"), by=CONSOLE)
        assert (new, new_again, first.id) == (True, False, again.id)


def test_a_changed_framework_needs_a_new_code(app: Flask, in_scope: InScope) -> None:
    with in_scope(Scope.operator(None)):
        publish_framework(tree_of("charter-2008"), by=CONSOLE)
        with pytest.raises(Conflict, match="charter-2008 is published already and differs"):
            publish_framework(replace(tree_of("charter-2008"), title="Another"), by=CONSOLE)


def test_a_regions_own_framework_stands_before_the_one_of_all_and_no_other_region_offers_it(
    app: Flask, region: MadeRegion, in_scope: InScope
) -> None:
    other = make_region(app)
    with in_scope(Scope.operator(None)):
        publish_starters(by=CONSOLE)
    with in_scope(region.scope()):
        own = replace(tree_of("charter-2008"), title="Our own words", starter=False)
        publish_framework(own, region_id=region.id, by=CONSOLE)
        found = find_by_code("charter-2008", region.id)
        assert found is not None
        assert found.title == "Our own words"
    with in_scope(other.scope()):
        found = find_by_code("charter-2008", other.id)
        assert found is not None
        assert found.title == starter("charter-2008").title


def test_a_new_region_can_begin_at_once(app: Flask, in_scope: InScope) -> None:
    made = make_region(app)
    with app.app_context():
        jobs.run_all()
    with in_scope(made.scope()):
        assert [row.code for row in list_published(made.id)] == ["charter-2017", "charter-2008"]


def test_a_starter_stays_away_where_its_code_is_taken(app: Flask, in_scope: InScope) -> None:
    with in_scope(Scope.operator(None)):
        publish_framework(replace(tree_of("charter-2008"), starter=False), by=CONSOLE)
        published = publish_starters(by=CONSOLE)
        assert [(row.code, row.starter) for row in published] == [("charter-2008", False), ("charter-2017", True)]
