"""Taking a council in: an export becomes the first council of an empty service, proved before and after."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from psycopg import sql
from sqlalchemy import Table

from assessment.rules.council_exports import CHAINED, FILES, FORMAT, MANIFEST, TABLES
from assessment.services.council_exports import Tell, left_columns, rows_of, taken_tables
from saas import clock
from saas.backups import refuse_in_use
from saas.backups.tables import Connection, Count, at_rest, connect
from saas.config import Config
from saas.db import Base, new_id
from saas.errors import Refused
from saas.events import digest_of, link_hash
from saas.files import Received, Storage, storage_at
from saas.health import schema_heads
from saas.tenancy import CONSOLE

ROWS_AT_ONCE = 500
CHUNK = 1024 * 1024
FIRST_WRITTEN = ("users", "slugs", "event_heads")
"""Tables whose rows are made from what came: they do not go along."""


@dataclass(frozen=True)
class Arrived:
    """What was taken in. `gaps` counts links of the old log that were not the council's to take along."""

    name: str
    rows: int
    files: int
    people: int
    events: int
    gaps: int


def take_in(config: Config, path: Path, *, tell: Tell = lambda _done, _total: None) -> Arrived:
    """Take an export in; raises Refused, and leaves the service empty then.

    Its log is checked as it was and then written anew, as one chain with the digests it had: its first place was among
    events of others. People come without passwords, and set one by the link that is mailed to them.
    config: resolved, with the owner's address.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _take_in(config, _Export(archive, path), tell)
    except (OSError, zipfile.BadZipFile, EOFError) as error:
        raise Refused(f"{path} cannot be read as an export: {error}") from error


class _Export:
    """The ZIP file, read table by table."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self.archive = archive
        self.path = path
        try:
            self.manifest: dict[str, Any] = orjson.loads(archive.read(MANIFEST))
            known = self.manifest["format"] == FORMAT
            self.revision = str(self.manifest["revision"])
            self.council = {key: str(value) for key, value in self.manifest["council"].items()}
            self.council_id = UUID(self.council["id"])
            self.region_id = UUID(self.manifest["region"]["id"])
            self.tables: dict[str, dict[str, Any]] = self.manifest["tables"]
            self.files: list[str] = self.manifest["files"]
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise Refused(f"{path} is no export of a council") from error
        if not known:
            raise Refused(f"{path} is of another format than {FORMAT}: use the release that made it")
        if {self.revision} != schema_heads():
            raise Refused(f"{path} was made by a release with schema {self.revision}: take it in with the same")

    @property
    def where(self) -> dict[str, UUID]:
        return {"council": self.council_id, "region": self.region_id}

    def lines(self, name: str) -> Iterator[bytes]:
        try:
            member = self.archive.open(f"{TABLES}{name}.jsonl")
        except KeyError as error:
            raise Refused(f"{self.path} lacks {TABLES}{name}.jsonl") from error
        with member:
            yield from member

    def rows(self, name: str) -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in self.lines(name)]


def _take_in(config: Config, export: _Export, tell: Tell) -> Arrived:
    tables = taken_tables()
    if [table.name for table in tables] != list(export.tables):
        raise Refused(f"{export.path} does not hold the tables of its schema")
    total = 2 * len(tables) + 2 * len(export.files)
    done = 0
    dsn, store = config.dsn("owner"), storage_at(config.storage_url)
    namespace = str(export.council_id)
    refuse_in_use(dsn, store, {(namespace, sha256) for sha256 in export.files})
    for table in tables:
        _prove(export, table)
        tell(done := done + 1, total)
    gaps = _check_log(export)
    put: list[str] = []
    try:
        for sha256 in export.files:
            was_there = store.exists(namespace, sha256)
            _put(export, store, namespace, sha256)  # one that no row named counts as put now, and is not swept away
            if not was_there:
                put.append(sha256)
            tell(done := done + 2, total)
        with connect(dsn) as connection:
            names = [*(table.name for table in tables), *FIRST_WRITTEN]
            with at_rest(connection, names):
                for table in tables:
                    _fill(connection, export, table)
                    tell(done := done + 1, total)
                people = _make_people(connection)
                _take_names(connection)
                _write_log(connection, export, gaps)
            _compare(connection, export, tables)
    except BaseException:
        for sha256 in put:
            store.delete(namespace, sha256)
        raise
    rows = sum(record["rows"] for record in export.tables.values())
    return Arrived(export.council["name"], rows, len(export.files), people, export.tables["events"]["rows"], gaps)


def _prove(export: _Export, table: Table) -> None:
    count = Count()
    for line in export.lines(table.name):
        count.add(line)
    record = export.tables[table.name]
    if (count.rows, count.digest) != (record["rows"], record["digest"]):
        raise Refused(f"{TABLES}{table.name}.jsonl was changed since the export was made")


def _put(export: _Export, store: Storage, namespace: str, sha256: str) -> None:
    with tempfile.TemporaryDirectory(prefix="charterway-arriving-") as folder:
        path = Path(folder) / "file"
        digest = hashlib.sha256()
        try:
            with export.archive.open(FILES + sha256) as source, path.open("wb") as target:
                while piece := source.read(CHUNK):
                    digest.update(piece)
                    target.write(piece)
        except KeyError as error:
            raise Refused(f"{export.path} lacks {FILES}{sha256}") from error
        if digest.hexdigest() != sha256:
            raise Refused(f"{FILES}{sha256} was changed since the export was made")
        store.put(namespace, Received(sha256, path.stat().st_size, "application/octet-stream", sha256, path))


def _fill(connection: Connection, export: _Export, table: Table) -> None:
    """Put a table's rows in as they were; the log follows in a chain of its own."""
    if table.name == "events":
        return
    left = left_columns(table)
    columns = [column.name for column in table.columns if column.name not in left]
    lines = export.lines(table.name)
    while batch := list(islice(lines, ROWS_AT_ONCE)):
        _insert(connection, table.name, columns, b"[" + b",".join(batch) + b"]")


def _insert(connection: Connection, name: str, columns: list[str], rows: bytes) -> None:
    statement = sql.SQL(
        "insert into {table} ({columns}) select {columns} from jsonb_populate_recordset(null::{table}, %s::jsonb)"
    ).format(table=sql.Identifier(name), columns=sql.SQL(", ").join(map(sql.Identifier, columns)))
    connection.execute(statement, [rows.decode()])


def _make_people(connection: Connection) -> int:
    """Users for everybody who has or had access; without passwords."""
    made = connection.execute(
        "insert into users (id, email, name, epoch, created_at)"
        " select distinct on (user_id) user_id, lower(email), display_name, 1, granted_at from access"
        " order by user_id, ended_at desc nulls first, granted_at desc"
    )
    return made.rowcount


def _take_names(connection: Connection) -> None:
    connection.execute("insert into slugs (slug) select slug from regions union select slug from councils")


def _check_log(export: _Export) -> int:
    """Check every event as it stood, and count the links between them that did not come; raises Refused."""
    chains: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in export.rows("events"):
        chains[row["scope"]].append(row)
    gaps = 0
    for scope, rows in chains.items():
        before: dict[str, Any] | None = None
        for row in sorted(rows, key=lambda each: each["seq"]):
            if _hash_of(row, row["previous_hash"]) != row["hash"] or not _payload_holds(row):
                raise Refused(f"{scope}: event {row['seq']} of the export was changed")
            follows = before is not None and before["seq"] + 1 == row["seq"]
            if before is not None and follows and before["hash"] != row["previous_hash"]:
                raise Refused(f"{scope}: event {row['seq']} of the export does not follow the one before it")
            gaps += 0 if follows or row["seq"] == 1 else 1
            before = row
    return gaps


def _hash_of(row: dict[str, Any], previous: str) -> str:
    at = datetime.fromisoformat(row["at"]).astimezone(clock.UTC).isoformat(timespec="microseconds")
    return link_hash(previous, row | {"at": at})


def _payload_holds(row: dict[str, Any]) -> bool:
    return row["payload"] is None or digest_of(row["payload"], row["salt"] or "") == row["payload_digest"]


def _write_log(connection: Connection, export: _Export, gaps: int) -> None:
    """One chain of everything that came, in the order in which it happened, and at its end that it came here."""
    rows = sorted(export.rows("events"), key=lambda row: (datetime.fromisoformat(row["at"]), row["scope"], row["seq"]))
    came = {"by": CONSOLE.name, "events": len(rows), "gaps": gaps, "digest": export.tables["events"]["digest"]}
    salt = secrets.token_hex(16)
    rows.append(
        {
            "id": str(new_id()),
            "at": clock.now().isoformat(timespec="microseconds"),
            "actor": None,
            "verb": "council.arrived",
            "subject": "councils",
            "subject_id": str(export.council_id),
            "audience": "council",
            "council_id": str(export.council_id),
            "region_id": str(export.region_id),
            "accreditation_id": None,
            "payload": came,
            "salt": salt,
            "payload_digest": digest_of(came, salt),
        }
    )
    scope, previous = f"council:{export.council_id}", ""
    for seq, row in enumerate(rows, start=1):
        row |= {"scope": scope, "seq": seq, "previous_hash": previous}
        previous = row["hash"] = _hash_of(row, previous)
    columns = [column.name for column in Base.metadata.tables["events"].columns]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        _insert(connection, "events", columns, orjson.dumps(rows[start : start + ROWS_AT_ONCE]))
    connection.execute("insert into event_heads (scope, seq, hash) values (%s, %s, %s)", [scope, len(rows), previous])


def _compare(connection: Connection, export: _Export, tables: list[Table]) -> None:
    """Count and digest what stands there now, and raise Refused unless it is what was taken away."""
    for table in tables:
        is_log = table.name == "events"
        statement = rows_of(table, without=CHAINED if is_log else ())
        if is_log:
            statement = statement.replace(" order by", " and verb <> 'council.arrived' order by")
        for name in export.where:
            statement = statement.replace(f":{name}", f"%({name})s")
        count = Count()
        for row in connection.execute(statement.encode(), export.where):
            count.add(row[0].encode() + b"\n")
        record = export.tables[table.name]
        expected = record["unchained_digest"] if is_log else record["digest"]
        if (count.rows, count.digest) != (record["rows"], expected):
            raise Refused(f"{table.name} holds {count.rows} rows that are not the {record['rows']} of the export")
