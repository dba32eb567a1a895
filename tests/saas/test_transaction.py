"""The transaction: the scope reaches the database, events are written with it, nothing stays of a refusal."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from saas import clock, events
from saas.db import new_id
from saas.errors import Conflict
from saas.tenancy import SERVICE, SETTINGS, Scope
from saas.transaction import Rollback, not_at_once, within
from tenants.models.members import Member
from tests.conftest import InScope
from tests.factories.tenants import MadeCouncil


def settings_of(session) -> dict[str, str]:
    """What the database believes the scope to be; empty settings left out."""
    values = {name: session.scalar(sa.text(f"select current_setting('{name}', true)")) for name in SETTINGS}
    return {name: value for name, value in values.items() if value}


def test_each_kind_of_scope_sets_its_own_settings_and_no_other(in_scope: InScope) -> None:
    one, two, three = new_id(), new_id(), new_id()
    expected = {
        Scope.nobody(): {},
        Scope.person(one): {"app.user_id": str(one)},
        Scope.council(one, two, three): {
            "app.council_id": str(one),
            "app.home_region_id": str(two),
            "app.user_id": str(three),
        },
        Scope.region(one, two): {"app.region_id": str(one), "app.user_id": str(two)},
        Scope.file(one, two, three): {
            "app.accreditation_id": str(one),
            "app.home_region_id": str(two),
            "app.user_id": str(three),
        },
        Scope.operator(one): {"app.user_id": str(one), "app.platform": "on"},
        Scope.operator(None): {"app.platform": "on"},
        Scope.bearer(key_hash="k"): {"app.key_hash": "k"},
        Scope.bearer(email_key="a@example.org"): {"app.email_key": "a@example.org"},
    }
    for scope, wanted in expected.items():
        with in_scope(scope) as session:
            assert settings_of(session) == wanted
        assert Scope.from_json(scope.to_json()) == scope


def a_member(council: MadeCouncil, **values) -> Member:
    """A member with the least there can be."""
    plain = {
        "given_name": "Ada",
        "family_name": "Lee",
        "title": "Cllr",
        "email": "",
        "kind": "elected",
        "ward": "North",
    }
    return Member(council_id=council.id, created_at=clock.now(), **(plain | values))


def test_two_people_on_one_row_are_never_both_taken(app, council: MadeCouncil, in_scope: InScope) -> None:
    with in_scope(council.scope()) as session:
        member = a_member(council)
        session.add(member)
    with pytest.raises(Conflict), in_scope(council.scope()) as session:
        stale = session.get(Member, (council.id, member.id))
        session.execute(sa.text("update members set version = version + 1, ward = 'South'"))
        stale.ward = "East"
    with in_scope(council.scope()) as session:
        assert session.get(Member, (council.id, member.id)).ward == "North"


def test_a_rollback_keeps_nothing_and_goes_on(council: MadeCouncil, in_scope: InScope) -> None:
    with in_scope(council.scope()) as session:
        session.add(a_member(council))
        raise Rollback
    with in_scope(council.scope()) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Member)) == 0


def test_a_reading_transaction_cannot_write(council: MadeCouncil, in_scope: InScope) -> None:
    with (
        pytest.raises(sa.exc.InternalError, match="read-only"),
        in_scope(council.scope(), read_only=True) as session,
    ):
        session.add(a_member(council))
        session.flush()


def test_only_what_can_be_loaded_again_does_not_wait_for_the_disk(council: MadeCouncil, in_scope: InScope) -> None:
    asked = sa.text("select setting, source from pg_settings where name = 'synchronous_commit'")
    with in_scope(council.scope()) as session:
        assert session.execute(asked).one().source != "session"
    for scope in (Scope.nobody(), council.scope()):
        with not_at_once(), in_scope(scope) as session:
            assert tuple(session.execute(asked).one()) == ("off", "session")


def test_one_transaction_at_a_time(app, council: MadeCouncil) -> None:
    with (
        app.app_context(),
        within(council.scope()),
        pytest.raises(RuntimeError, match="already open"),
        within(Scope()),
    ):
        pass


def test_events_are_chained_and_a_change_shows(council: MadeCouncil, in_scope: InScope) -> None:
    for name in ("Ada", "Ben", "Cem"):
        with in_scope(council.scope()) as session:
            member = a_member(council, given_name=name)
            session.add(member)
            session.flush()
            events.record("member.added", member, by=SERVICE, audience="council", payload={"name": name})
    with in_scope(council.scope()) as session:
        rows = list(session.scalars(sa.select(events.Event).order_by(events.Event.seq)))
        assert [(row.seq, row.verb, row.payload["name"]) for row in rows] == [
            (1, "member.added", "Ada"),
            (2, "member.added", "Ben"),
            (3, "member.added", "Cem"),
        ]
        assert events.verify(rows[0].scope, rows) is None
        rows[1].payload = rows[1].payload | {"name": "Bea"}
        assert events.verify(rows[0].scope, rows) == f"council:{council.id}: the payload of link 2 was changed"
        raise Rollback
