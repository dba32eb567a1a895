"""The database: our declarative base, the one extension object, and ids."""

from __future__ import annotations

import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import BigInteger, Date, DateTime, ForeignKeyConstraint, MetaData, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.event import listen, listens_for
from sqlalchemy.exc import DisconnectionError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.pool import Pool
from uuid_utils.compat import uuid7

from saas.errors import Refused

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table inherits this; Python types map to one database type each."""

    metadata = MetaData(naming_convention=NAMES)
    registry = registry(
        metadata=metadata,
        type_annotation_map={
            str: Text(),
            int: BigInteger(),
            UUID: Uuid(),
            date: Date(),
            datetime: DateTime(timezone=True),
            Decimal: Numeric(12, 2),
            dict[str, Any]: JSONB(none_as_null=True),
            list[Any]: JSONB(none_as_null=True),
        },
    )


REPLICA = "replica"
"""The name of the second database, which copies the first; there where REPLICA_URL is set."""


class OneDatabase(Session):
    """A session whose every statement goes to one database: the one its transaction names, else the primary."""

    def get_bind(self, *arguments: Any, **options: Any) -> Engine | Connection:
        """Where a statement goes."""
        named: Engine | None = self.info.get("engine")
        return super().get_bind(*arguments, **options) if named is None else named


db = SQLAlchemy(
    model_class=Base,
    session_options={"expire_on_commit": False, "class_": OneDatabase},
    engine_options={"json_deserializer": orjson.loads},  # most of what somebody with many places waits for
)


HUNG_UP = getattr(select, "POLLRDHUP", select.POLLHUP)


@listens_for(Pool, "checkout")
def _refuse_ended(connection: Any, _record: Any, _fairy: Any) -> None:
    """A connection that the database has ended meanwhile is made anew, unnoticed by whoever asks for it.

    The kernel knows whether the other side has hung up: no question is sent.
    """
    if connection.closed:
        raise DisconnectionError
    line = select.poll()
    line.register(connection.fileno(), HUNG_UP)
    if line.poll(0):
        raise DisconnectionError


PREPARE_AFTER, PREPARED = 5, 150
"""How often a connection is asked the same before it is planned once and for all, and how many plans it keeps."""


def install(app: Flask) -> None:
    """Give the app its databases; their connections keep the plans of what they are asked often."""
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            listen(engine, "connect", _prepare_where_alone)


def _prepare_where_alone(connection: Any, _record: Any) -> None:
    """Planning takes longer than most answers.

    Not where a pooler stands between, which hands a connection on after each transaction: the process that it names is
    not the one that answers.
    """
    connection.autocommit = True
    (answering,) = connection.execute("select pg_backend_pid()").fetchone()
    connection.autocommit = False
    if answering == connection.info.backend_pid:
        connection.prepare_threshold, connection.prepared_max = PREPARE_AFTER, PREPARED


_ids: ContextVar[Callable[[], UUID] | None] = ContextVar("ids", default=None)


def new_id() -> UUID:
    """A time-ordered id (UUIDv7). Never a secret: it tells when it was made."""
    make = _ids.get()
    return make() if make else uuid7()


@contextmanager
def ids_from(make: Callable[[], UUID]) -> Iterator[None]:
    """Take new ids from elsewhere inside the block: the demo gives the same rows the same ids at every load."""
    token = _ids.set(make)
    try:
        yield
    finally:
        _ids.reset(token)


class TenantKeyed:
    """Primary key of every table about one council: the council, then the row."""

    council_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Versioned:
    """A row that two people may edit: the version is checked in the UPDATE itself, and a stale one is refused."""

    version: Mapped[int] = mapped_column(default=1)

    @classmethod
    def __declare_first__(cls) -> None:
        cls.__mapper__.version_id_col = cls.__table__.c.version  # type: ignore[attr-defined]


def same_council(column: str, table: str, **options: Any) -> ForeignKeyConstraint:
    """A foreign key to another table of the same council.

    Foreign-key checks bypass row-level security, so the key carries the council itself: anything less would
    store a pointer across tenants and tell whether an id exists.
    """
    return ForeignKeyConstraint(["council_id", column], [f"{table}.council_id", f"{table}.id"], **options)


@contextmanager
def turning(constraint: str, refusal: Callable[[], Refused]) -> Iterator[None]:
    """Write inside a savepoint; when the named constraint refuses, raise the refusal instead, with the write undone.

    The refusal is made after the savepoint was undone, so it may read what stands there instead. What any other
    constraint refuses stays an IntegrityError.
    """
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", None) == constraint:
            raise refusal() from error
        raise
