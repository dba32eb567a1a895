"""A person's own name: kept as typed but for blanks, and carried to a place once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.db import db
from saas.errors import Invalid
from saas.events import Event
from saas.tenancy import Actor, Scope
from tenants.models.access import Access, User
from tenants.models.tokens import Token
from tenants.services.names import rename, rename_in_place
from tests.conftest import InScope
from tests.factories.invitations import target_of
from tests.factories.tenants import MadeCouncil, MadeUser, make_token


def test_the_account_and_the_own_tokens_take_the_name(
    app: Flask, in_scope: InScope, council: MadeCouncil, lead: MadeUser
) -> None:
    make_token(app, lead, council)
    by = Actor(lead.id, lead.name)
    with in_scope(Scope.person(lead.id)):
        assert [rename(lead.id, f" {lead.name} ", by=by), rename(lead.id, " Ada  Archer ", by=by)] == [False, True]
    with in_scope(Scope.person(lead.id)):
        assert (db.session.scalar(sa.select(User.name)), db.session.scalar(sa.select(Token.user_name))) == (
            "Ada Archer",
            "Ada Archer",
        )
        told = db.session.scalars(sa.select(Event.payload).where(Event.verb == "user.renamed")).all()
        assert told == [{"by": lead.name, "name_before": lead.name, "name": "Ada Archer"}]


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_a_name_has_letters_and_an_end(in_scope: InScope, lead: MadeUser, name: str) -> None:
    with in_scope(Scope.person(lead.id)), pytest.raises(Invalid) as refused:
        rename(lead.id, name, by=Actor(lead.id, lead.name))
    assert refused.value.messages == {"name": ["Enter a name of at most 120 characters."]}


def test_colleagues_see_it_and_a_job_that_runs_twice_says_it_once(
    in_scope: InScope, council: MadeCouncil, lead: MadeUser
) -> None:
    for _ in range(2):
        with in_scope(council.scope()):
            rename_in_place(target_of(council), lead.id, "Ada Archer")
    with in_scope(council.scope()):
        assert db.session.scalars(sa.select(Access.display_name)).all() == ["Ada Archer"]
        told = db.session.scalars(sa.select(Event.payload).where(Event.verb == "access.renamed")).all()
        assert told == [{"by": "Ada Archer", "name_before": lead.name, "name": "Ada Archer"}]
