"""The transaction: one scope, one log, one commit.

`within(scope)` is the only way to the database for a request, a job or a command. It asserts that no transaction is
open, tells the database the scope, and on leaving writes the events recorded on the way, commits, and only then
hands what is due to the queue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.orm.exc import StaleDataError

from saas import events
from saas.db import db
from saas.errors import Conflict
from saas.tenancy import SETTINGS, Scope

SET_SCOPE = (
    "select "
    + ", ".join(f"set_config('{name}', %({name})s, true)" for name in SETTINGS)
    + ", set_config('transaction_read_only', %(read_only)s, true)"
)
SET_SCOPE_NOT_AT_ONCE = f"{SET_SCOPE}, set_config('synchronous_commit', 'off', true)"

_not_at_once: ContextVar[bool] = ContextVar("not_at_once", default=False)

after_commit: list[Callable[[Mapping[UUID, str]], None]] = []
"""Called with the outbox rows just committed, id → name of the job; the queue registers itself here."""


class Rollback(Exception):
    """Leave the transaction without keeping anything, and go on."""


@event.listens_for(Session, "after_begin")
def _tell_scope(session: Session, transaction: SessionTransaction, connection: Any) -> None:
    scope: Scope | None = session.info.get("scope")
    if scope is None or transaction.nested:
        return
    at_once = not _not_at_once.get()
    usual = at_once and not session.info.get("read_only") and not session.info.get("shared_connection")
    if scope == Scope() and usual:
        return
    read_only = "on" if session.info.get("read_only") else "off"
    statement = SET_SCOPE if at_once else SET_SCOPE_NOT_AT_ONCE
    connection.exec_driver_sql(statement, {**scope.settings(), "read_only": read_only})


def is_within() -> bool:
    """Whether a transaction is open, in whatever scope."""
    return db.session.info.get("scope") is not None


def current_scope() -> Scope:
    """The scope of the transaction that is open."""
    scope: Scope | None = db.session.info.get("scope")
    if scope is None:
        raise RuntimeError("no scope: open one with saas.transaction.within")
    return scope


@contextmanager
def not_at_once() -> Iterator[None]:
    """Let no commit inside the block wait for the disk: a power cut may take the last ones, never one without those
    after it. For what can be loaded again.
    """
    token = _not_at_once.set(True)
    try:
        yield
    finally:
        _not_at_once.reset(token)


@contextmanager
def within(
    scope: Scope, *, read_only: bool = False, isolation: str | None = None, engine: Engine | None = None
) -> Iterator[Session]:
    """Run a block in one transaction of this scope.

    engine: of the database it runs on, where that is not the primary.
    Raises Conflict when a row changed since it was read (the version no longer matches).
    """
    session = db.session()
    if session.info.get("scope") is not None or session.in_transaction():
        raise RuntimeError("a transaction is already open: its rows would be those of another scope")
    session.info.update(scope=scope, read_only=read_only, engine=engine, events=[])
    due: dict[UUID, str] = {}
    try:
        if isolation and not session.info.get("shared_connection"):
            session.connection(execution_options={"isolation_level": isolation})
        yield session
        if read_only:
            session.expunge_all()  # what was read stays readable after the transaction
            session.rollback()
        else:
            session.flush()
            if session.info["events"]:
                due = events.write(session, scope)
            session.commit()
    except Rollback:
        session.rollback()
    except StaleDataError as error:
        session.rollback()
        raise Conflict("Somebody else changed this in the meantime.") from error
    except BaseException:
        session.rollback()
        raise
    finally:
        for key in ("scope", "read_only", "engine", "events", "figures"):
            session.info.pop(key, None)
        session.expunge_all()
    if due:
        for tell in after_commit:
            tell(due)
