"""Taking a council away: everything it can read of itself, as one ZIP file that can be taken in elsewhere."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from uuid import UUID

import orjson
from sqlalchemy import Table, text

from assessment.rules.council_exports import (
    BLANKED,
    CHAINED,
    FILES,
    FORMAT,
    LEFT,
    MANIFEST,
    OF_COUNCIL,
    READ_ME,
    REFERRED,
    TABLES,
    WORDS,
)
from saas import clock, files
from saas.backups.tables import Count
from saas.db import Base, db
from saas.health import schema_heads
from saas.tenancy import visibility_of
from tenants.models.councils import Council
from tenants.models.data_protection import PreparedFile
from tenants.services.prepared_files import makes

UTC = text("select set_config('timezone', 'UTC', true)")
ROWS_AT_ONCE = 500
Tell = Callable[[int, int], None]


def taken_tables() -> list[Table]:
    """Every table that goes along, those first that others refer to."""
    return [table for table in Base.metadata.sorted_tables if table.name in REFERRED or _is_of_council(table)]


def _is_of_council(table: Table) -> bool:
    """Whether the council as such reads it, whoever of its people asks."""
    if "council_id" not in table.columns or table.name in LEFT:
        return False
    conditions = [
        policy.condition
        for policy in visibility_of(table).policies
        if policy.role == "app" and policy.command in {"select", "all"} and not policy.restrictive
    ]
    return any("tenancy.council()" in each and "tenancy.user_id()" not in each for each in conditions)


def left_columns(table: Table) -> tuple[str, ...]:
    """Columns that stay: secrets, and what the database works out itself."""
    return (*BLANKED.get(table.name, ()), *(column.name for column in table.columns if column.computed is not None))


def rows_of(table: Table, *, without: tuple[str, ...] = ()) -> str:
    """The statement for the rows that go along, each as one line of JSON; bound to :council and :region."""
    # An export is asked for by a person, whose own rows in the council's log are nobody else's.
    own = " and audience <> 'person'" if table.name == "events" else ""
    names = ", ".join(f"'{name}'" for name in (*left_columns(table), *without))
    columns = f"(to_jsonb(t) - array[{names}]::text[])" if names else "to_jsonb(t)"
    order = ", ".join(column.name for column in table.primary_key.columns)
    where = REFERRED.get(table.name, OF_COUNCIL)
    return f"select {columns}::text from {table.name} t where {where}{own} order by {order}"  # noqa: S608 - our own names


@makes("council")
def make_prepared(asked: PreparedFile, stream: BinaryIO) -> None:
    """Write the export that a council's lead asked for."""
    if asked.council_id is None or asked.region_id is None:
        raise ValueError("an export is of a council")
    write_export(asked.council_id, asked.region_id, stream)


def write_export(
    council_id: UUID, region_id: UUID, stream: BinaryIO, *, tell: Tell = lambda _done, _total: None
) -> dict[str, Any]:
    """Write the ZIP file and return its manifest. In the council's scope, best in a transaction of one moment.

    The scope is the wall: what the council cannot read there is not in the file. tell: tables and files done of all.
    """
    db.session.execute(UTC)
    where = {"council": council_id, "region": region_id}
    council = db.session.get_one(Council, council_id)
    tables = taken_tables()
    stored = {sha256 for _, sha256 in files.storage().list_files(str(council_id))}
    named: set[str] = set()
    records: dict[str, Any] = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, table in enumerate(tables, start=1):
            records[str(table.name)] = _write_table(archive, table, where, named)
            tell(done, len(tables) + len(stored))
        kept = sorted(stored & named)
        for done, sha256 in enumerate(kept, start=1):
            _write_file(archive, str(council_id), sha256)
            tell(len(tables) + done, len(tables) + len(kept))
        manifest = {
            "format": FORMAT,
            "made_at": clock.now().isoformat(timespec="seconds"),
            "revision": min(schema_heads()),
            "council": {"id": str(council_id), "slug": council.slug, "name": council.name},
            "region": {"id": str(region_id)},
            "tables": records,
            "files": kept,
        }
        archive.writestr(READ_ME, WORDS.format(council=council.name, moment=manifest["made_at"]))
        archive.writestr(MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    return manifest


def _write_table(archive: zipfile.ZipFile, table: Table, where: dict[str, Any], named: set[str]) -> dict[str, Any]:
    digests = [column.name for column in table.columns if column.name.endswith("sha256")]
    count = Count()
    with archive.open(f"{TABLES}{table.name}.jsonl", "w", force_zip64=True) as target:
        for line in _lines(rows_of(table), where):
            count.add(line)
            target.write(line)
            if digests:
                row = orjson.loads(line)
                named.update(row[name] for name in digests if row[name])
    record: dict[str, Any] = {"rows": count.rows, "digest": count.digest}
    if table.name == "events":
        unchained = Count()
        for line in _lines(rows_of(table, without=CHAINED), where):
            unchained.add(line)
        record["unchained_digest"] = unchained.digest
    return record


def _lines(statement: str, where: dict[str, Any]) -> Iterator[bytes]:
    rows = db.session.execute(text(statement), where, execution_options={"yield_per": ROWS_AT_ONCE})
    for row in rows:
        yield row[0].encode() + b"\n"


def _write_file(archive: zipfile.ZipFile, namespace: str, sha256: str) -> None:
    """As it is: most of what people send is packed already."""
    entry = zipfile.ZipInfo(FILES + sha256)
    with files.storage().open(namespace, sha256) as opened, archive.open(entry, "w", force_zip64=True) as target:
        for piece in opened:
            target.write(piece)
