"""Inviting: the walls hold even when a service is asked for too much."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import ProgrammingError

from saas.errors import Invalid
from saas.tenancy import CONSOLE, Scope
from tenants.models.access import Invitation
from tenants.services import invitations
from tests.conftest import InScope
from tests.factories.invitations import target_of
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_user

NIA = {"name": "Nia New", "email": "nia@example.org"}


def invite(in_scope: InScope, scope: Scope, place: MadeRegion | MadeCouncil | None, role: str) -> None:
    """Invite Nia from a scope into a place."""
    with in_scope(scope):
        invitations.invite(target_of(place), **NIA, role=role, by=CONSOLE)


def invited_in(in_scope: InScope, scope: Scope) -> set[str]:
    """The roles of all invitations that this scope sees."""
    with in_scope(scope) as session:
        return set(session.scalars(sa.select(Invitation.role)))


def test_each_scope_invites_to_itself(in_scope: InScope, region: MadeRegion, council: MadeCouncil) -> None:
    invite(in_scope, council.scope(), council, "council_lead")
    invite(in_scope, region.scope(), region, "assessor")
    invite(in_scope, Scope.operator(None), None, "operator")
    assert {
        scope: invited_in(in_scope, scope) for scope in (council.scope(), region.scope(), Scope.operator(None))
    } == {
        council.scope(): {"council_lead"},
        region.scope(): {"council_lead", "assessor"},
        Scope.operator(None): {"council_lead", "operator"},
    }


def test_a_scope_above_invites_the_first_and_only_to_lead(
    app: Flask, in_scope: InScope, region: MadeRegion, council: MadeCouncil
) -> None:
    invite(in_scope, region.scope(), council, "council_lead")
    other = make_council(app, region)
    with pytest.raises(ProgrammingError, match="row-level security"):
        invite(in_scope, region.scope(), other, "council_editor")
    make_user(app, other, "council_editor")
    with pytest.raises(ProgrammingError, match="row-level security"):
        invite(in_scope, region.scope(), other, "council_lead")


def test_nobody_invites_sideways_or_upwards(
    app: Flask, in_scope: InScope, region: MadeRegion, council: MadeCouncil, lead: MadeUser
) -> None:
    sibling, foreign = make_council(app, region), make_council(app, make_region(app))
    for scope, place, role in (
        (council.scope(lead.id), sibling, "council_lead"),
        (council.scope(lead.id), region, "region_officer"),
        (council.scope(lead.id), None, "operator"),
        (region.scope(), foreign, "council_lead"),
        (region.scope(), foreign.region, "region_officer"),
        (region.scope(), None, "operator"),
        (Scope.operator(lead.id), council, "council_lead"),
        (Scope.operator(lead.id), None, "operator"),
        (Scope.person(lead.id), council, "council_lead"),
        (Scope.nobody(), council, "council_lead"),
    ):
        with pytest.raises(ProgrammingError, match="row-level security"):
            invite(in_scope, scope, place, role)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "  "}, {"name": ["Enter a name of at most 120 characters."]}),
        ({"name": "x" * 121}, {"name": ["Enter a name of at most 120 characters."]}),
        ({"email": "x"}, {"email": ["Enter an email address in the correct format, like name@example.com."]}),
        (
            {"email": "a\nBcc: b@example.org"},
            {"email": ["Enter an email address in the correct format, like name@example.com."]},
        ),
        ({"role": "operator"}, None),
        ({"role": ""}, None),
    ],
)
def test_what_is_wrong_is_named(
    in_scope: InScope, council: MadeCouncil, change: dict[str, str], expected: dict[str, list[str]] | None
) -> None:
    values = NIA | {"role": "member"} | change
    with pytest.raises(Invalid) as refusal, in_scope(council.scope()):
        invitations.invite(target_of(council), **values, by=CONSOLE)
    if expected is None:
        assert list(refusal.value.messages) == ["role"]
    else:
        assert refusal.value.messages == expected
