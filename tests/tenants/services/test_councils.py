"""Regions and councils are added with the first person who works for them, and what is wrong names its field."""

from __future__ import annotations

from typing import Any

import pytest

from saas.errors import Invalid
from saas.policy import Role
from saas.tenancy import CONSOLE, Scope
from tenants.queries.access import Target, list_invitations
from tenants.queries.councils import get_council
from tenants.services.councils import add_region_with_lead, add_with_lead, invite_first
from tests.conftest import InScope
from tests.factories.tenants import MadeRegion

COUNCIL: dict[str, Any] = {"name": "Harrowfen Council", "slug": "", "kind": "district", "county": "Fen", "seats": 30}
LEAD = {"lead_name": "Lea Ward", "lead_email": "lea@example.org"}


def test_a_council_is_added_with_its_first_lead(region: MadeRegion, in_scope: InScope) -> None:
    with in_scope(region.scope()):
        made = add_with_lead(region.id, **COUNCIL, **LEAD, by=CONSOLE)
    with in_scope(region.scope()):
        found = get_council(region.id, made)
        assert (found.slug, found.name, found.seats) == ("harrowfen-council", "Harrowfen Council", 30)
    with in_scope(Scope.council(made, region.id)):
        waiting = list_invitations(Target("council", region.id, made, "Harrowfen Council"))
        assert [(each.name, each.email, each.role) for each in waiting] == [
            ("Lea Ward", "lea@example.org", "council_lead")
        ]


def test_a_region_is_added_with_its_first_officer(in_scope: InScope) -> None:
    with in_scope(Scope.operator(None)):
        made = add_region_with_lead(name="East Fold", slug="east-fold", accent="plum", **LEAD, by=CONSOLE)
    with in_scope(Scope.region(made)):
        waiting = list_invitations(Target("region", made, None, "East Fold"))
        assert [(each.name, each.role) for each in waiting] == [("Lea Ward", Role.REGION_OFFICER)]


def test_what_is_wrong_with_the_first_person_names_the_field_it_was_typed_in(
    region: MadeRegion, in_scope: InScope
) -> None:
    target = Target("region", region.id, None, region.name)
    with in_scope(region.scope()), pytest.raises(Invalid) as invited:
        invite_first(target, name="Lea Ward", email="nowhere", by=CONSOLE)
    with in_scope(region.scope()), pytest.raises(Invalid) as added:
        add_with_lead(region.id, **COUNCIL, **LEAD | {"lead_email": "nowhere"}, by=CONSOLE)
    words = ["Enter an email address in the correct format, like name@example.com."]
    assert (invited.value.messages, added.value.messages) == ({"email": words}, {"lead_email": words})
