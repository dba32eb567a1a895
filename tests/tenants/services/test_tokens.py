"""Tokens: of one person in one place, kept as a hash alone, and ended for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock
from saas.errors import Invalid
from saas.events import Event
from saas.security import digest
from saas.tenancy import CONSOLE, Actor, Scope
from tenants.models.tokens import Token
from tenants.queries.access import PLATFORM, Target
from tenants.services import tokens
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil, MadeUser, make_user
from tests.factories.webhooks import target_of


def make(in_scope: InScope, council: MadeCouncil, who: MadeUser, **options: Any) -> tuple[Token, str]:
    """A token of this person in the council."""
    with in_scope(council.scope(who.id)):
        by = Actor(who.id, who.name)
        return tokens.make(target_of(council), **{"name": "Figures"} | options, by=by)


def told_of(in_scope: InScope, scope: Scope) -> list[tuple[str, str, dict[str, Any] | None]]:
    """(verb, audience, payload) of every event of tokens that this scope reads, in their order."""
    with in_scope(scope) as session:
        rows = session.scalars(sa.select(Event).where(Event.verb.startswith("token.")).order_by(Event.seq))
        return [(row.verb, row.audience, row.payload) for row in rows]


def test_a_token_is_kept_without_its_secret(in_scope: InScope, council: MadeCouncil, lead: MadeUser) -> None:
    with clock.at(moment := clock.now().replace(microsecond=0)):
        made, secret = make(in_scope, council, lead, name="  Monthly \n figures ", days=30, read_only=True)
    assert (secret[:3], len(secret)) == ("cw_", 46)
    with in_scope(council.scope(lead.id)) as session:
        kept = session.get_one(Token, made.id)
        names = ("user_id", "user_name", "region_id", "council_id", "purpose", "name", "key_hash", "read_only")
        assert {name: getattr(kept, name) for name in names} == {
            "user_id": lead.id,
            "user_name": lead.name,
            "region_id": council.region.id,
            "council_id": council.id,
            "purpose": "api",
            "name": "Monthly figures",
            "key_hash": digest(secret),
            "read_only": True,
        }
        assert (kept.made_at, kept.expires_at) == (moment, moment + timedelta(days=30))
        assert (kept.revoked_at, kept.revoked_by_name, kept.last_used_on, kept.reminded_at) == (None, "", None, None)
    payload = {"by": lead.name, "name": "Monthly figures", "read_only": True}
    assert told_of(in_scope, council.scope()) == [("token.made", "council", payload)]


def test_no_secret_is_made_twice(in_scope: InScope, council: MadeCouncil, lead: MadeUser) -> None:
    made = [make(in_scope, council, lead) for _ in range(3)]
    assert len({secret for _, secret in made}) == len({token.key_hash for token, _ in made}) == 3


@pytest.mark.parametrize(
    ("wrong", "messages"),
    [
        ({"name": " \n "}, {"name": ["Say what it is for, in at most 100 characters."]}),
        ({"name": "a" * 101}, {"name": ["Say what it is for, in at most 100 characters."]}),
        ({"days": 0}, {"days": ["A token lives 1 to 366 days."]}),
        (
            {"name": "", "days": 367},
            {"name": ["Say what it is for, in at most 100 characters."], "days": ["A token lives 1 to 366 days."]},
        ),
    ],
)
def test_what_cannot_be_made_is_said_and_not_made(
    in_scope: InScope, council: MadeCouncil, lead: MadeUser, wrong: dict[str, Any], messages: dict[str, list[str]]
) -> None:
    with pytest.raises(Invalid) as refusal:
        make(in_scope, council, lead, **wrong)
    assert refusal.value.messages == messages
    with in_scope(council.scope(lead.id)) as session:
        assert session.scalars(sa.select(Token)).all() == []


def test_a_token_belongs_to_a_person(in_scope: InScope, council: MadeCouncil) -> None:
    with in_scope(council.scope()), pytest.raises(ValueError, match="a token belongs to a user"):
        tokens.make(target_of(council), name="Figures", by=CONSOLE)


def test_a_token_of_a_region_or_of_the_platform_names_no_council(
    app: Flask, in_scope: InScope, officer: MadeUser, council: MadeCouncil
) -> None:
    operator = make_user(app, "platform", "operator")
    places: tuple[tuple[Target, Scope, MadeUser], ...] = (
        (target_of(council.region), council.region.scope(officer.id), officer),
        (PLATFORM, Scope.operator(operator.id), operator),
    )
    named = []
    for target, scope, who in places:
        with in_scope(scope):
            made, _ = tokens.make(target, name="Figures", by=Actor(who.id, who.name))
            named.append((made.region_id, made.council_id))
    assert named == [(council.region.id, None), (None, None)]


def test_a_token_ends_once_and_for_good(in_scope: InScope, council: MadeCouncil, lead: MadeUser) -> None:
    made, _ = make(in_scope, council, lead)
    first, second = Actor(lead.id, "Lea Lead"), Actor(lead.id, "Cal Colleague")
    moment = clock.now().replace(microsecond=0)
    for by, later in ((first, timedelta(0)), (second, timedelta(hours=1))):
        with in_scope(council.scope(lead.id)) as session, clock.at(moment + later):
            tokens.revoke(target_of(council), session.get_one(Token, made.id), by=by)
    with in_scope(council.scope(lead.id)) as session:
        kept = session.get_one(Token, made.id)
        assert (kept.revoked_at, kept.revoked_by_name) == (moment, "Lea Lead")
    ended = [each for each in told_of(in_scope, council.scope()) if each[0] == "token.revoked"]
    assert ended == [("token.revoked", "council", {"by": "Lea Lead", "name": "Figures"})]
