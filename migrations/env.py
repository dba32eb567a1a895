"""Migrations run as role `owner`: one at a time, never waiting long for a lock, policies compared with the models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from flask import current_app

import assessment.models  # noqa: F401  makes its tables known
import saas.events  # noqa: F401  makes its tables known
import tenants.models  # noqa: F401  makes its tables known
from saas.db import Base
from saas.tenancy import visibility_of

LOCK = 74_206_115
"""Any number, the same for every process that migrates this database."""
METADATA = Base.metadata


def wall_of(connection: sa.Connection, table: str, *, policies_only: bool = False) -> list[tuple[Any, ...]]:
    """Policies and grants of one table as the database holds them, in a stable order."""
    policies = connection.execute(
        sa.text(
            "select policyname::text, permissive, roles::text, cmd, qual, with_check from pg_policies"
            " where schemaname = 'public' and tablename = :table order by policyname"
        ),
        {"table": table},
    )
    if policies_only:
        return [tuple(row) for row in policies]
    grants = connection.execute(
        sa.text(
            "select grantee, privilege_type, column_name from information_schema.column_privileges"
            " where table_schema = 'public' and table_name = :table and grantee in ('app', 'gate') order by 1, 2, 3"
        ),
        {"table": table},
    )
    return [tuple(row) for row in [*policies, *grants]]


def clear_wall(connection: sa.Connection, table: str) -> list[str]:
    """The statements that take down a table's policies and grants."""
    names = connection.scalars(
        sa.text("select policyname from pg_policies where schemaname = 'public' and tablename = :table"),
        {"table": table},
    )
    return [f"drop policy {name} on {table}" for name in names] + [f"revoke all on {table} from app, gate"]


class WallStatement(ops.ExecuteSQLOp):
    """The statements of one table's wall."""


def standing_wall(connection: sa.Connection, table: str) -> list[str]:
    """The statements that would make a table's present wall again, for the way back."""
    made = []
    for name, permissive, roles, command, condition, check in wall_of(connection, table, policies_only=True):
        using = f" using ({condition})" if condition else ""
        checked = f" with check ({check})" if check else ""
        kind = permissive.lower()
        made.append(f"create policy {name} on {table} as {kind} for {command.lower()} to {roles[1:-1]}{using}{checked}")
    grants = connection.execute(
        sa.text(
            "select lower(privilege_type), grantee from information_schema.table_privileges"
            " where table_schema = 'public' and table_name = :table and grantee in ('app', 'gate') order by 2, 1"
        ),
        {"table": table},
    )
    return made + [f"grant {privilege} on {table} to {role}" for privilege, role in grants]


@renderers.dispatch_for(WallStatement)
def render_wall(_context: AutogenContext, statement: WallStatement) -> str:
    """A wall as SQL that reads like SQL."""
    return f'op.execute("""\n    {str(statement.sqltext).replace(chr(10), chr(10) + "    ")}\n    """)'


def joined(statements: Iterable[str]) -> str:
    """Several statements as one text."""
    return ";\n".join(statements)


def add_walls(_context: object, _revision: object, scripts: list[ops.MigrationScript]) -> None:
    """Add what makes each table's wall the declared one, after the tables; nothing when it is already."""
    if not getattr(context.config.cmd_opts, "autogenerate", True) or scripts[0].upgrade_ops is None:
        return
    connection = context.get_bind()
    present = set(sa.inspect(connection).get_table_names())
    upgrade, downgrade = scripts[0].upgrade_ops.ops, scripts[0].downgrade_ops.ops
    for table in METADATA.sorted_tables:
        wanted = visibility_of(table).statements(table.name)
        if table.name not in present:
            upgrade.append(WallStatement(joined(wanted)))
            continue
        before = wall_of(connection, table.name)
        clearing = clear_wall(connection, table.name)
        with connection.begin_nested() as trial:
            for statement in [*clearing, *wanted]:
                connection.execute(sa.text(statement))
            after = wall_of(connection, table.name)
            trial.rollback()
        if before != after:
            back = standing_wall(connection, table.name)
            taking_down = [f"drop policy {policy.name} on {table.name}" for policy in visibility_of(table).policies]
            taking_down.append(f"revoke all on {table.name} from app, gate")
            upgrade.append(WallStatement(joined([*clearing, *wanted])))
            downgrade.insert(0, WallStatement(joined([*taking_down, *back])))


def run() -> None:
    """Migrate over the owner's connection, or over the one handed in by a test."""
    url = current_app.config["CHARTERWAY"].sqlalchemy_owner_url
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.execute(sa.text("set lock_timeout = '5s'"))
        connection.execute(sa.text("set statement_timeout = '15min'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            compare_type=True,
            process_revision_directives=add_walls,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        # Readiness asks, as role app, whether the schema is the one this version was made for.
        connection.execute(sa.text("grant select on alembic_version to app"))
        connection.commit()


run()
