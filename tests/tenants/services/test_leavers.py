"""Somebody left: the name goes, the figures and the record stay, and nobody in office or with access is touched."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from saas import clock, jobs
from saas.db import db
from saas.errors import Conflict, NotFound
from saas.events import Event, verify
from saas.tenancy import CONSOLE, Actor, Scope
from tenants.models.access import Access, Credential, User
from tenants.models.members import Member
from tenants.models.tokens import Token
from tenants.queries.access import Target, find_credential, list_access
from tenants.queries.leavers import list_former_colleagues, list_former_members, list_idle_users
from tenants.services import access, leavers, members
from tests.conftest import InScope
from tests.factories.members import make_member
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_token, make_user

LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)


def target_of(council: MadeCouncil) -> Target:
    return Target("council", council.region.id, council.id, council.name)


def end_access(in_scope: InScope, council: MadeCouncil, user: MadeUser, at: datetime = LONG_AGO) -> None:
    with in_scope(council.scope()), clock.at(at):
        (row,) = (row for row in list_access(target_of(council)) if row.user_id == user.id)
        access.end(target_of(council), row, by=CONSOLE)


def test_a_member_who_left_is_anonymised_and_by_whom_stands_in_the_log(
    app: Flask, in_scope: InScope, council: MadeCouncil, lead: MadeUser
) -> None:
    member_id = make_member(app, council, given_name="Una", family_name="Left", email="u@example.org")
    by = Actor(lead.id, lead.name)
    with in_scope(council.scope(lead.id)):
        with pytest.raises(Conflict, match="This member is in office"):
            leavers.anonymise_member(council.id, member_id, by=by)
        members.end_term(db.session.get_one(Member, (council.id, member_id)), ended_on=date(2026, 5, 4),
                         reason="resigned", by=by)  # fmt: skip
        assert [each.name for each in list_former_members(council.id)] == ["Cllr Una Left"]
    with in_scope(council.scope(lead.id)):
        leavers.anonymise_member(council.id, member_id, by=by)
        assert list_former_members(council.id) == []
    with in_scope(council.scope()):
        chain = db.session.scalars(sa.select(Event).where(Event.scope == f"council:{council.id}").order_by(Event.seq))
        events = list(chain)
        assert [(each.verb, each.payload) for each in events if each.subject_id == member_id] == [
            ("member.added", None),
            ("member.term_ended", None),
            ("member.anonymised", {"by": lead.name}),
        ]
        assert verify(f"council:{council.id}", events) is None
    with in_scope(make_council(app, council.region).scope()), pytest.raises(NotFound):
        leavers.anonymise_member(council.id, member_id, by=CONSOLE)


def test_a_colleague_who_left_is_anonymised_in_this_place_alone(
    app: Flask, in_scope: InScope, council: MadeCouncil, lead: MadeUser
) -> None:
    gone = make_user(app, council, "council_editor")
    with in_scope(council.scope()), pytest.raises(Conflict, match="still has a role here"):
        leavers.anonymise_colleague(target_of(council), gone.id, by=CONSOLE)
    end_access(in_scope, council, gone)
    with in_scope(council.scope()):
        assert [each.name for each in list_former_colleagues(target_of(council))] == [gone.name]
        leavers.anonymise_colleague(target_of(council), gone.id, by=CONSOLE)
    with in_scope(council.scope()):
        assert list_former_colleagues(target_of(council)) == []
        rows = db.session.execute(sa.select(Access.display_name, Access.email).where(Access.user_id == gone.id))
        assert [tuple(row) for row in rows] == [("A former colleague", "")]
    with in_scope(Scope.person(gone.id)):
        assert db.session.get_one(User, gone.id).name == gone.name
    other = make_council(app, council.region)
    with in_scope(other.scope()), pytest.raises(NotFound):
        leavers.anonymise_colleague(target_of(other), gone.id, by=CONSOLE)


def test_an_account_that_opens_nothing_is_emptied_everywhere(
    app: Flask, in_scope: InScope, council: MadeCouncil, lead: MadeUser
) -> None:
    gone = make_user(app, council, "council_editor")
    make_token(app, gone, council)
    with in_scope(Scope.person(gone.id)), pytest.raises(Conflict, match="still opens"):
        leavers.empty_account(gone.id, by=CONSOLE)
    end_access(in_scope, council, gone)
    with in_scope(Scope.person(gone.id)):
        leavers.empty_account(gone.id, by=Actor(gone.id, gone.name))
    with app.app_context():
        jobs.run_all()
    with in_scope(Scope.person(gone.id)):
        user = db.session.get_one(User, gone.id)
        assert (user.name, user.email, user.disabled_at is not None, user.epoch) == (
            "Somebody who left",
            f"{gone.id}@left.invalid",
            True,
            2,
        )
        assert db.session.get_one(Credential, gone.id).password_hash == "!"
        own = db.session.scalars(sa.select(Event).where(Event.scope == f"user:{gone.id}").order_by(Event.seq)).all()
        assert (own[-1].verb, own[-1].payload) == ("account.emptied", {"by": "Somebody who left"})
        with pytest.raises(Conflict, match="emptied already"):
            leavers.empty_account(gone.id, by=CONSOLE)
    with in_scope(Scope.bearer(email_key=gone.email)):
        assert find_credential() is None
    with in_scope(council.scope()):
        names = db.session.scalars(sa.select(Access.display_name).where(Access.user_id == gone.id)).all()
        tokens = db.session.execute(sa.select(Token.user_name, Token.revoked_at.is_not(None))).all()
        assert (names, [tuple(row) for row in tokens]) == (["A former colleague"], [("A former colleague", True)])


def test_only_accounts_that_open_nothing_for_long_are_idle_and_only_the_console_asks(
    app: Flask, in_scope: InScope, council: MadeCouncil, lead: MadeUser
) -> None:
    gone, late = (make_user(app, council, "council_editor") for _ in range(2))
    end_access(in_scope, council, gone)
    end_access(in_scope, council, late, clock.now())
    with app.app_context(), in_scope(Scope.operator(None)):
        assert list_idle_users(LONG_AGO) == []
        idle = list_idle_users(clock.now() + timedelta(days=1))
        assert (set(idle) & {gone.id, late.id}, lead.id in idle) == ({gone.id, late.id}, False)
    for scope in (Scope.nobody(), council.scope(), Scope.operator(lead.id)):
        with in_scope(scope):
            assert list_idle_users(clock.now() + timedelta(days=1)) == []
