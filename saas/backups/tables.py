"""Tables, out and in: as PostgreSQL's own text, counted and digested on the way, in the eyes of role owner."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from saas.backups.manifest import TableRecord
from saas.errors import Refused

Connection = psycopg.Connection[Any]
CHUNK = 1024 * 1024
MODULUS = 1 << 256
UNCOUNTED = ("alembic_version",)
"""Written by the migrations themselves."""
UNSEEN = """
    select c.relname from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
      and not exists (
        select from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname
          and p.permissive = 'PERMISSIVE' and p.cmd = 'ALL' and p.qual = 'true' and 'owner' = any (p.roles))
    union select p.tablename from pg_policies p
    where p.schemaname = 'public' and p.permissive = 'RESTRICTIVE' and p.roles && array['owner', 'public']::name[]
    order by 1"""
COLUMNS = """
    select c.relname, array_agg(a.attname order by a.attnum)
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.relname order by c.relname"""
SEQUENCES = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' order by 1"
FOREIGN_KEYS = """
    select c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid) from pg_constraint c
    where c.contype = 'f' and c.connamespace = 'public'::regnamespace order by 1, 2"""


class Count:
    """Counts rows and digests them in whatever order they come: the sum of the SHA-256 of each, modulo 2^256."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0
        self._rest = b""

    def add(self, block: bytes) -> None:
        """A piece of the text, which need not end with a line."""
        lines = (self._rest + block).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            self._sum += int.from_bytes(hashlib.sha256(line).digest())
        self.rows += len(lines)

    @property
    def digest(self) -> str:
        """In hex, of what was added."""
        return f"{self._sum % MODULUS:064x}"


def connect(dsn: str) -> Connection:
    """As owner; times are UTC, so that the text is the same everywhere. Raises Refused."""
    try:
        return psycopg.connect(dsn, options="-c timezone=UTC -c datestyle=ISO,YMD -c intervalstyle=postgres")
    except psycopg.OperationalError as error:
        raise Refused(f"the database does not answer: {str(error).strip().splitlines()[0]}") from error


def list_tables(connection: Connection) -> dict[str, list[str]]:
    """Table → its columns, but for those that the database works out itself.

    Raises Refused where the owner would not see every row: under forced row-level security it would see none, silently.
    """
    unseen = [row[0] for row in connection.execute(UNSEEN)]
    if unseen:
        raise Refused(f"role owner does not see every row of {', '.join(unseen)}: run `charterway migrate`")
    sequences = [row[0] for row in connection.execute(SEQUENCES)]
    if sequences:
        raise Refused(f"sequences are not kept by backups: {', '.join(sequences)}")
    return {name: columns for name, columns in connection.execute(COLUMNS) if name not in UNCOUNTED}


def copy_out(connection: Connection, name: str, columns: list[str], path: Path) -> TableRecord:
    """Write one table as packed text."""
    count = Count()
    with gzip.open(path, "wb", compresslevel=1) as packed:
        for block in _blocks(connection, name, columns):
            count.add(block)
            packed.write(block)
    return TableRecord(columns, count.rows, count.digest)


def counted(connection: Connection, name: str, columns: list[str]) -> TableRecord:
    """The same of the rows that stand in the database."""
    count = Count()
    for block in _blocks(connection, name, columns):
        count.add(block)
    return TableRecord(columns, count.rows, count.digest)


def check_packed(path: Path, record: TableRecord) -> None:
    """See that the packed text is the one that was written; raises Refused."""
    count = Count()
    for block in _unpacked(path):
        count.add(block)
    if (count.rows, count.digest) != (record.rows, record.digest):
        raise Refused(f"{path} was changed since the backup was made")


def filled(connection: Connection, names: Iterable[str]) -> list[str]:
    """Those tables that hold a row."""
    query = sql.SQL("select exists (select from {})")
    return [
        name
        for name in names
        if (row := connection.execute(query.format(sql.Identifier(name))).fetchone()) is not None and row[0]
    ]


def copy_in(connection: Connection, folder: Path, records: Mapping[str, TableRecord]) -> Iterator[str]:
    """Fill the tables, which lose what a service writes by itself; yields the name of each that is done."""
    with at_rest(connection, records):
        for name in records:
            connection.execute(sql.SQL("delete from {}").format(sql.Identifier(name)))
        for name, record in records.items():
            statement = sql.SQL("copy {} ({}) from stdin").format(
                sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, record.columns))
            )
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                for block in _unpacked(folder / f"{name}.gz"):
                    copy.write(block)
            yield name


@contextmanager
def at_rest(connection: Connection, names: Collection[str]) -> Iterator[None]:
    """Let rows be put into tables as they were elsewhere, in one transaction, which the caller ends.

    Row-level security and triggers rest meanwhile, because COPY is refused under the one and the others would write a
    second time what stands there; foreign keys are taken away and put back, which checks every one of them.
    """
    keys = connection.execute(FOREIGN_KEYS).fetchall()
    for table, name, _ in keys:
        connection.execute(sql.SQL("alter table {} drop constraint {}").format(_named(table), sql.Identifier(name)))
    for name in names:
        _alter(connection, name, "disable row level security", "disable trigger user")
    yield
    for table, name, definition in keys:
        add = sql.SQL("alter table {} add constraint {} {}")
        connection.execute(add.format(_named(table), sql.Identifier(name), sql.SQL(definition)))
    for name in names:
        _alter(connection, name, "enable trigger user", "enable row level security")


def _alter(connection: Connection, name: str, *changes: str) -> None:
    for change in changes:
        connection.execute(sql.SQL("alter table {} {}").format(sql.Identifier(name), sql.SQL(change)))


def _named(table: str) -> sql.SQL:
    """As PostgreSQL wrote it, quoted where that is needed."""
    return sql.SQL(table)


def _blocks(connection: Connection, name: str, columns: list[str]) -> Iterator[bytes]:
    statement = sql.SQL("copy (select {} from {}) to stdout").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(name)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            yield bytes(block)


def _unpacked(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path, "rb") as packed:
            while block := packed.read(CHUNK):
                yield block
    except (OSError, EOFError) as error:
        raise Refused(f"{path} cannot be read to its end") from error
