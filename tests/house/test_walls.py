"""The walls as the database holds them are the ones declared beside the models; no table slips past."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

import assessment.models
import tenants.models
from saas import events
from saas.config import Config
from saas.db import Base
from saas.tenancy import SETTINGS, visibility_of

assert assessment.models, tenants.models  # importing them makes their tables known
TABLES = Base.metadata.sorted_tables
PLATFORM = {
    "users", "regions", "councils", "slugs", "access", "credentials", "invitations", "links", "outbox",
    "frameworks", "requirements", "process_versions", "register_entries", "events", "event_heads",
}  # fmt: skip
"""Tables not keyed by a council, by name: the one list of exemptions."""


@pytest.fixture
def owner(config: Config, built_app: Any) -> Iterator[sa.Connection]:
    """A connection as role owner; what it does is undone."""
    engine = sa.create_engine(config.sqlalchemy_owner_url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def wall(connection: sa.Connection, table: str) -> list[tuple[Any, ...]]:
    """Policies and grants of a table, as the catalogue tells them."""
    policies = connection.execute(
        sa.text(
            "select policyname::text, permissive, roles::text, cmd, qual, with_check from pg_policies"
            " where schemaname = 'public' and tablename = :table order by 1"
        ),
        {"table": table},
    )
    grants = connection.execute(
        sa.text(
            "select grantee, privilege_type, column_name from information_schema.column_privileges"
            " where table_schema = 'public' and table_name = :table and grantee <> 'owner' order by 1, 2, 3"
        ),
        {"table": table},
    )
    return [tuple(row) for row in (*policies, *grants)]


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_each_table_has_exactly_the_wall_it_declares(owner: sa.Connection, table: str) -> None:
    flags = owner.execute(
        sa.text("select relrowsecurity, relforcerowsecurity from pg_class where oid = cast(:table as regclass)"),
        {"table": table},
    ).one()
    assert tuple(flags) == (True, True)
    standing = wall(owner, table)
    for name in {row[0] for row in standing if len(row) == 6}:
        owner.execute(sa.text(f"drop policy {name} on {table}"))
    owner.execute(sa.text(f"revoke all on {table} from app, gate, public"))
    for statement in visibility_of(Base.metadata.tables[table]).statements(table):
        owner.execute(sa.text(statement))
    assert standing == wall(owner, table)


def test_there_is_no_table_without_a_declaration_and_no_view_that_leaks(owner: sa.Connection) -> None:
    found = owner.execute(
        sa.text(
            "select relname, relkind from pg_class"
            " where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'm', 'p')"
        )
    )
    assert {tuple(row) for row in found} == {(table.name, "r") for table in TABLES} | {("alembic_version", "r")}


def test_every_key_of_a_councils_table_carries_the_council() -> None:
    wrong = []
    for table in TABLES:
        if table.name in PLATFORM:
            continue
        if next(iter(table.primary_key.columns)).name != "council_id":
            wrong.append(f"{table.name}: primary key")
        for constraint in table.constraints:
            if isinstance(constraint, sa.UniqueConstraint) and "council_id" not in constraint.columns:
                wrong.append(f"{table.name}: {constraint.name}")
            if isinstance(constraint, sa.ForeignKeyConstraint):
                target = constraint.referred_table.name
                if target not in PLATFORM and "council_id" not in constraint.column_keys:
                    wrong.append(f"{table.name}: {constraint.name}")
        wrong += [
            f"{table.name}: {index.name}"
            for index in table.indexes
            if index.unique and "council_id" not in index.columns
        ]
    assert wrong == []


def test_app_and_gate_can_do_no_more_than_they_should(owner: sa.Connection) -> None:
    roles = owner.execute(
        sa.text(
            "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit and rolname = 'owner'"
            " from pg_roles where rolname in ('owner', 'app', 'gate') order by 1"
        )
    )
    assert [tuple(row) for row in roles] == [
        ("app", False, False, False, False, False),
        ("gate", False, False, False, False, False),
        ("owner", False, False, False, False, False),
    ]
    more = owner.execute(
        sa.text(
            "select grantee, privilege_type from information_schema.table_privileges where table_schema = 'public'"
            " and grantee in ('app', 'gate', 'PUBLIC')"
            " and privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')"
        )
    )
    assert list(more) == []
    creates = owner.execute(
        sa.text(
            "select r, has_schema_privilege(r, 'public', 'create'), has_schema_privilege(r, 'tenancy', 'create'),"
            " has_database_privilege(r, current_database(), 'temp') from unnest(array['app', 'gate']) r"
        )
    )
    assert [tuple(row) for row in creates] == [("app", False, False, False), ("gate", False, False, False)]


def test_gate_owns_just_the_definer_functions_and_each_fixes_its_search_path(owner: sa.Connection) -> None:
    functions = owner.execute(
        sa.text(
            "select p.proname::text, p.prosecdef, coalesce(p.proconfig[1], ''), r.rolname::text,"
            " has_function_privilege('app', p.oid, 'execute') from pg_proc p join pg_roles r on r.oid = p.proowner"
            " where p.pronamespace = 'tenancy'::regnamespace"
        )
    ).all()
    for name, definer, path, role, callable_by_app in functions:
        assert definer == (role == "gate"), name
        assert not definer or path == "search_path=public, pg_temp", name
        assert callable_by_app == (name != "take_slug"), name
    assert len([row for row in functions if row[1]]) > 10


def test_without_a_scope_app_sees_only_what_is_public(in_scope: Any, app: Any, council: Any, lead: Any) -> None:
    """`council` and `lead` have put rows into regions, councils, users, access, credentials and events."""
    from saas.tenancy import Scope

    public = {"frameworks", "requirements", "register_entries", "outbox"}
    with in_scope(Scope.nobody()) as session:
        seen = {}
        for table in TABLES:
            if visibility_of(table).grants(table.name) and any(
                policy.role == "app" and policy.command in {"select", "all"} for policy in visibility_of(table).policies
            ):
                seen[table.name] = session.scalar(sa.select(sa.func.count()).select_from(table))
        assert {name for name, rows in seen.items() if rows} <= public
        assert {"councils", "users", "access", "answers", "scores", "events"} <= set(seen)


def test_the_log_cannot_be_changed_or_written_by_app(in_scope: Any, council: Any) -> None:
    for statement in (
        "update events set verb = 'x'",
        "delete from events",
        "insert into events (id, scope, seq, at, verb, subject, audience, payload_digest, previous_hash, hash)"
        " values (gen_random_uuid(), 'x', 1, now(), 'v', 's', 'council', '', '', '')",
        "select * from event_heads",
        "truncate events",
    ):
        with (
            pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
            in_scope(council.scope()) as session,
        ):
            session.execute(sa.text(statement))


def test_an_event_of_another_council_is_refused_by_the_database(in_scope: Any, council: Any, region: Any) -> None:
    from tests.factories.tenants import MadeCouncil

    assert isinstance(council, MadeCouncil)
    forged = '[{"id": "00000000-0000-7000-8000-000000000001", "council_id": "00000000-0000-7000-8000-000000000002"}]'
    with (
        pytest.raises(sa.exc.ProgrammingError, match="an event of another council"),
        in_scope(council.scope()) as session,
    ):
        session.execute(events.APPEND, {"events": forged, "outbox": "[]"})


def test_the_settings_the_database_knows_are_those_the_code_sets(owner: sa.Connection) -> None:
    bodies = owner.scalars(
        sa.text("select prosrc from pg_proc where pronamespace = 'tenancy'::regnamespace and prosrc like '%''app.%'")
    )
    known = {part.split("'")[0] for body in bodies for part in body.split("'")[1::2] if part.startswith("app.")}
    assert known == set(SETTINGS)
