"""What factories made is remembered: the rows the services wrote once are put back, not written again, in later tests.

Every test begins on empty tables and ends with a rollback, so the same factories called in the same order with the
same words come to the same rows. The first time the services make them, and the whole state is kept (rows, files,
what was printed); from then on it is put back in one go, at the test's first statement. A write by anything else
ends that for the rest of the test: after it the services are asked again.
"""

from __future__ import annotations

import copy
import functools
import io
import itertools
import re
import sys
import time as clocks
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import FunctionType
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from assessment.queries import frameworks
from saas import clock, db

P = ParamSpec("P")
MADE = TypeVar("MADE")
Key = tuple[Any, ...]
PLAIN = (str, bytes, int, float, bool, type(None), UUID, date, datetime, time, timedelta, Decimal, Enum)
GROUND = "ground"
LONGEST = 600
"""Seconds after which a state is made anew: what tells a sitting from the next looks at the time that passed."""
HARMLESS = re.compile(r"\s*(select|savepoint|release|rollback|set|show)\b", re.IGNORECASE)
TABLES = """select quote_ident(n.nspname) || '.' || quote_ident(c.relname) from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') and c.relname <> 'alembic_version'
    order by 1"""
WRITERS = """select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'tenancy' and p.provolatile = 'v'"""


class CannotBeNamed(Exception):
    """A value that does not say what it is: what is made of it cannot be found again."""


@dataclass(frozen=True)
class State:
    """Everything there is after some factories were called."""

    number: int
    tables: tuple[str, ...]
    files: frozenset[str]
    made: Any
    printed: str
    read: dict[UUID, Any]
    """The frameworks that a process keeps once it has read them, as they were kept then."""
    made_at: float


class Memory:
    """The states of one test process, and how far the present test has come."""

    def __init__(self, app: Flask, engine: sa.Engine, folder: Path) -> None:
        """engine: signs in as an administrator who acts as `app`; folder: where the server may write."""
        self.app, self.engine, self.folder = app, engine, folder
        self.root: Path = app.extensions["charterway_storage"].root
        self.states: dict[Key, State] = {}
        self.numbers = itertools.count()
        self.contents: dict[str, bytes] = {}
        self.connection: sa.Connection | None = None
        self.history: Key | None = None
        self.pending: State | None = None
        with engine.connect() as connection:
            self.tables: list[str] = list(connection.execute(sa.text(TABLES)).scalars())
            names = "|".join(connection.execute(sa.text(WRITERS)).scalars())
        self.writers = re.compile(rf"tenancy\.({names})\b")
        sa.event.listen(engine, "before_cursor_execute", self._before)

    @contextmanager
    def over(self, connection: sa.Connection) -> Iterator[None]:
        """One test: on empty tables, in a transaction that is rolled back after the block."""
        connection.execute(sa.text(f"savepoint {GROUND}"))
        self.connection, self.history, self.pending = connection, (), None
        try:
            yield
        finally:
            self.begin_again()
            self.connection = self.history = None

    def begin_again(self) -> None:
        """As at the beginning of a test: no rows, no files, nothing called yet."""
        self._driver().execute(f"rollback to savepoint {GROUND}")
        self.history, self.pending = (), None
        frameworks._kept.clear()
        for path in self._files():
            path.unlink()

    def call(self, make: Callable[..., Any], app: Flask, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """What the factory makes: put back if it was made before after the same history, else made."""
        before = self.history
        if before is None or app is not self.app or self.connection is None or self._inside():
            return make(app, *args, **options)
        try:
            key = (*before, (make.__module__, make.__qualname__, named(args), named(options), *_moment()))
        except CannotBeNamed:
            return make(app, *args, **options)
        state = self.states.get(key)
        if state is None or clocks.monotonic() - state.made_at > LONGEST:
            self._forget_what_follows(key)
            state = self._kept(key, make, app, args, options)
        else:
            self.pending = state
            self._put_files_back(state)
            frameworks._kept.update(state.read)
            sys.stdout.write(state.printed)
        self.history = key
        return copy.copy(state.made)

    def _forget_what_follows(self, key: Key) -> None:
        """Forget every state that was made after this one: it holds the rows of the one that is made anew."""
        for other in [each for each in self.states if each[: len(key)] == key]:
            del self.states[other]

    def _kept(self, key: Key, make: Callable[..., Any], app: Flask, args: tuple[Any, ...], options: Any) -> State:
        printed = _Both(sys.stdout)
        with redirect_stdout(printed):
            made = make(app, *args, **options)
        self._put_back()
        number = next(self.numbers)
        exists = " union all ".join(f"select '{name}' where exists (select from {name})" for name in self.tables)
        run = self._driver().execute
        run("reset session authorization")
        filled = tuple(row[0] for row in run(exists))
        run("; ".join(f"copy {name} to '{self._path(number, name)}'" for name in filled) or "select 1")
        run("set session authorization app")
        files = frozenset(str(path.relative_to(self.root)) for path in self._files())
        for name in files - self.contents.keys():
            self.contents[name] = (self.root / name).read_bytes()
        read = dict(frameworks._kept)
        self.states[key] = State(number, filled, files, made, printed.getvalue(), read, clocks.monotonic())
        return self.states[key]

    def _before(self, connection: sa.Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if connection is not self.connection or self.history is None:
            return
        self._put_back()
        if not HARMLESS.match(statement) or self.writers.search(statement):
            self.history = None

    def _put_back(self) -> None:
        state, self.pending = self.pending, None
        if state is None:
            return
        copies = "".join(f"copy {name} from '{self._path(state.number, name)}'; " for name in state.tables)
        self._driver().execute(
            f"rollback to savepoint {GROUND}; reset session authorization;"
            f" set local session_replication_role = replica; {copies}"
            " set local session_replication_role = origin; set session authorization app"
        )

    def _put_files_back(self, state: State) -> None:
        for name in state.files:
            path = self.root / name
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self.contents[name])

    def _files(self) -> list[Path]:
        return [path for path in self.root.rglob("*") if path.is_file()] if self.root.is_dir() else []

    def _inside(self) -> bool:
        assert self.connection is not None
        return self.connection.in_nested_transaction() or db._ids.get() is not None

    def _driver(self) -> Any:
        assert self.connection is not None
        return self.connection.connection.driver_connection

    def _path(self, number: int, table: str) -> Path:
        return self.folder / f"{number}-{table}"


class _Both(io.StringIO):
    """Keeps what is printed, and prints it."""

    def __init__(self, to: Any) -> None:
        super().__init__()
        self.to = to

    def write(self, text: str) -> int:
        self.to.write(text)
        return super().write(text)


memory: Memory | None = None
"""That of this process, while a test may use it; see `tests/conftest.py`."""


def remembered(make: Callable[P, MADE]) -> Callable[P, MADE]:
    """Let what the factory makes be put back in later tests. It takes the app first, and returns plain values."""

    @functools.wraps(make)
    def made(app: Any, *args: Any, **options: Any) -> Any:
        return make(app, *args, **options) if memory is None else memory.call(make, app, args, options)  # type: ignore[call-arg,arg-type]

    return made  # type: ignore[return-value]


def named(value: Any) -> Key:
    """What a value is, so that an equal one is found again; raises CannotBeNamed."""
    if isinstance(value, PLAIN):
        return (type(value), value)
    if isinstance(value, (tuple, list)):
        return (type(value), *(named(each) for each in value))
    if isinstance(value, dict):
        return (dict, *((key, named(each)) for key, each in sorted(value.items())))
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value), *(named(getattr(value, each.name)) for each in fields(value)))
    if isinstance(value, FunctionType):
        cells = tuple(named(cell.cell_contents) for cell in value.__closure__ or ())
        return (value.__module__, value.__code__, *cells, named(value.__defaults__), named(value.__kwdefaults__))
    raise CannotBeNamed(repr(value))


def _moment() -> tuple[object, ...]:
    """What the clock is held at, and the day: what was made yesterday is not what would be made today."""
    return (clock._set_moment.get(), clock.today())
