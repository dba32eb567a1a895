"""Writing the crowd: threads keep its files and insert its rows while the next batch is made."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from assessment.demo.crowd_people import Row
from assessment.demo.papers import Paper
from saas import files
from saas.db import Base

KEEPERS = 8
"""Files kept at once: each waits for the disk several times."""
WRITERS = 2
"""Batches inserted at once: PostgreSQL takes longer for one than it takes to make the next."""
MOST_WAITING = 3
"""Batches that are made and not written yet; each holds some 25 MB."""
LARGEST_PAPER = 1 << 20
TABLES = (
    "political_groups", "members", "terms", "evidence", "evidence_pages", "accreditations", "declaration_signatures",
    "plans", "answers", "citations", "actions", "answer_actions", "seal_requests", "submissions", "submission_answers",
    "submission_files", "submission_decisions", "assignments", "scores", "moderations", "decisions", "reports",
    "issued_judgements", "awards", "register_entries", "improvements", "replies", "improvement_progress",
)  # fmt: skip
"""What is written, each after what it points at."""
NOT_AT_ONCE = text("set local synchronous_commit = off")
"""These transactions name no scope, so that `saas.transaction.not_at_once` does not reach them."""
AsOwner = Callable[[], AbstractContextManager[Session]]
Rows = dict[str, list[Row]]


@dataclass(frozen=True)
class Kept:
    """A paper that is in the storage now."""

    paper: Paper
    sha256: str
    size: int
    content_type: str
    filename: str
    crc32: int


class Writing:
    """Open until all that was handed to it is written; what went wrong there is raised here, at the latest at the end.

    as_owner: opens a transaction as the tables' owner; tell: called with how many councils are written.
    """

    def __init__(self, as_owner: AsOwner, tell: Callable[[int], None]) -> None:
        self._as_owner, self._tell = as_owner, tell
        self._storage = files.storage()
        self._keepers = ThreadPoolExecutor(KEEPERS, thread_name_prefix="keep")
        self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="write")
        self._begun: dict[Future[None], int] = {}
        self._written = 0

    def __enter__(self) -> Writing:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if error is None:
                self._hear(ALL_COMPLETED)
        finally:
            self._keepers.shutdown(cancel_futures=True)
            self._writers.shutdown(cancel_futures=True)

    def keep(self, council_id: UUID, paper: Paper) -> Future[Kept]:
        """Put the paper into the council's storage."""
        return self._keepers.submit(self._keep, council_id, paper)

    def write(self, rows: Rows, councils: int) -> None:
        """Insert what there is of so many councils; waits while too many batches stand in line."""
        while len(self._begun) >= MOST_WAITING:
            self._hear(FIRST_COMPLETED)
        self._begun[self._writers.submit(self._insert, rows)] = councils

    def leave_undone(self, told: list[UUID]) -> None:
        """Take away what these events started: nobody waits for letters about what was never lived through."""
        with self._as_owner() as session:
            session.execute(NOT_AT_ONCE)
            session.execute(text("delete from outbox where event_id = any(:ids)"), {"ids": told})

    def _hear(self, when: str) -> None:
        for future in wait(self._begun, return_when=when).done:
            self._written += self._begun.pop(future)
            future.result()
            self._tell(self._written)

    def _keep(self, council_id: UUID, paper: Paper) -> Kept:
        with files.receive(io.BytesIO(paper.content), paper.filename, limit_bytes=LARGEST_PAPER) as received:
            self._storage.put(str(council_id), received)
            crc32 = zlib.crc32(paper.content)
            return Kept(paper, received.sha256, received.size, received.content_type, received.filename, crc32)

    def _insert(self, rows: Rows) -> None:
        with self._as_owner() as session:
            session.execute(NOT_AT_ONCE)
            insert(session, rows)


def insert(session: Session, rows: Rows) -> None:
    """Write the rows of each table with one statement; a column that a row does not name has the model's default."""
    if unknown := set(rows) - set(TABLES):
        raise ValueError(f"no order is known for {', '.join(sorted(unknown))}")
    for table in TABLES:
        if rows.get(table):
            columns = [column for column in Base.metadata.tables[table].columns if column.computed is None]
            usual = {
                column.name: column.default.arg  # type: ignore[attr-defined]
                for column in columns
                if column.default is not None and column.default.is_scalar
            }
            names = ", ".join(column.name for column in columns)
            statement = text(
                f"insert into {table} ({names})"  # noqa: S608
                f" select {names} from jsonb_populate_recordset(null::{table}, cast(:rows as jsonb))"
            )
            session.execute(statement, {"rows": orjson.dumps([usual | row for row in rows[table]]).decode()})
