"""The proof: what the ledger says was done, beside what the database, the files and the post hold."""

from __future__ import annotations

import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.rules.seal_checks import verify_archive
from saas import events
from saas.config import database_address, sqlalchemy_url
from saas.kept import Kept
from tests.soak.acts import LINES
from tests.soak.ledger import Ledger, Write
from tests.soak.post import Post
from tests.soak.visitor import Visitor

ONCE = ("evidence.added", "access.invited", "submission.sealed", "submission.seal_requested")
"""Events that a row has once in its life."""
WAITING = """select job, coalesce(failure, 'never done'), attempts from outbox
    where job in ('read_evidence', 'send_invitation', 'seal_submission') or failure is not null"""


@dataclass
class Proof:
    """What was found; everything but the counts of writes and mails should be empty."""

    acknowledged: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    unclaimed: list[str] = field(default_factory=list)
    """Files that no row names and that nobody sent: those of uploads that were cut off are tidied away later."""
    cut_off: int = 0
    """Files of uploads that were never acknowledged, which the nightly tidying removes."""
    repeated_mails: int = 0
    """Mails that came again with the same Message-ID, after a kill between the mail server's yes and our commit."""

    def check(self, write: Write, found: int, *, whole: int = 1) -> None:
        """One write that should be there once and whole if it was acknowledged, and at most once in any case."""
        words = f"{write.kind} {write.key}"
        if write.acknowledged:
            self.acknowledged[write.kind] += 1
        if found == 0 and write.acknowledged:
            self.lost.append(words)
        elif found > whole:
            self.twice.append(f"{words}: {found}")
        elif 0 < found < whole:
            self.half.append(f"{words}: {found} of {whole}")


def connect(data_dir: Path) -> psycopg.Connection[Any]:
    """The database of the service, as its administrator."""
    kept = Kept.read(data_dir)
    return psycopg.connect(database_address("postgres", kept.admin_password, kept.database_port), autocommit=True)


def count_waiting(data_dir: Path) -> int:
    """Jobs of people's writes that are still to be done, and jobs that failed."""
    with connect(data_dir) as connection:
        return len(connection.execute(WAITING).fetchall())


def prove(data_dir: Path, ledger: Ledger, post: Post, readers: Iterable[tuple[Visitor, str]]) -> Proof:
    """Look at everything. readers: of each council that sends in, somebody signed in and where its seals are read."""
    proof = Proof()
    with connect(data_dir) as connection:
        _answers(proof, ledger, connection)
        _counted(proof, ledger, connection, "note", "select words, count(*) from action_notes group by 1")
        _counted(proof, ledger, connection, "upload", "select sha256, count(*) from evidence group by 1")
        _imports(proof, ledger, connection)
        _mails(proof, ledger, connection, post)
        _seals(proof, ledger, connection, readers)
        _events(proof, connection, data_dir)
        _files(proof, ledger, connection, data_dir)
        found = connection.execute(WAITING).fetchall()
        proof.waiting = [f"{job}: {failure} after {attempts} tries" for job, failure, attempts in found]
    return proof


def _answers(proof: Proof, ledger: Ledger, connection: psycopg.Connection[Any]) -> None:
    """What stands there is the last that was acknowledged, or something sent after it."""
    rows = connection.execute(
        "select a.accreditation_id || ' ' || r.code, a.narrative from answers a"
        " join requirements r on r.id = a.requirement_id"
    )
    there: dict[str, str] = dict(rows.fetchall())
    sent: defaultdict[str, list[Write]] = defaultdict(list)
    for write in ledger.of_kind("answer"):
        sent[write.of].append(write)
    for place, writes in sent.items():
        last = max((number for number, write in enumerate(writes) if write.acknowledged), default=None)
        proof.acknowledged["answer"] += sum(write.acknowledged for write in writes)
        if last is not None and there.get(place) not in {write.key for write in writes[last:]}:
            proof.lost.append(f"answer {place}: {there.get(place)!r} instead of {writes[last].key!r}")


def _counted(proof: Proof, ledger: Ledger, connection: psycopg.Connection[Any], kind: str, question: str) -> None:
    there = dict(connection.execute(question).fetchall())
    for write in ledger.of_kind(kind):
        proof.check(write, there.get(write.key, 0))


def _imports(proof: Proof, ledger: Ledger, connection: psycopg.Connection[Any]) -> None:
    rows = connection.execute("select action from actions where action like 'Do part %'").fetchall()
    there = Counter(words.partition(" of ")[2].rstrip(".") for (words,) in rows)
    for write in ledger.of_kind("import"):
        proof.check(write, there[write.key], whole=LINES)


def _mails(proof: Proof, ledger: Ledger, connection: psycopg.Connection[Any], post: Post) -> None:
    invited = dict(connection.execute("select email, count(*) from invitations group by 1").fetchall())
    for write in ledger.of_kind("mail"):
        letters = [message_id for message_id, _ in post.letters[write.key]]
        proof.repeated_mails += len(letters) - len(set(letters))
        proof.check(write, len(set(letters)))
        if invited.get(write.key, 0) != len(set(letters)):
            proof.half.append(f"{write.key}: {invited.get(write.key, 0)} invitations and {len(set(letters))} mails")


def _seals(
    proof: Proof, ledger: Ledger, connection: psycopg.Connection[Any], readers: Iterable[tuple[Visitor, str]]
) -> None:
    """Each request came to one seal; each archive agrees with itself and with the hash that was given out."""
    asked: defaultdict[str, list[Write]] = defaultdict(list)
    for write in ledger.of_kind("seal"):
        asked[write.of].append(write)
    rows = connection.execute(
        "select q.accreditation_id::text, q.id, q.done_at, count(s.id) from seal_requests q"
        " left join submissions s on s.seal_request_id = q.id and s.council_id = q.council_id group by 1, 2, 3"
    ).fetchall()
    for place, writes in asked.items():
        requests = [row for row in rows if row[0] == place]
        acknowledged = sum(write.acknowledged for write in writes)
        proof.acknowledged["seal"] += acknowledged
        if not acknowledged <= len(requests) <= len(writes):
            (proof.lost if len(requests) < acknowledged else proof.twice).append(
                f"seal {place}: {len(requests)} requests"
            )
        proof.half += [f"seal {place}: a request is not done" for row in requests if row[2] is None or row[3] != 1]
    sealed = connection.execute(
        "select accreditation_id::text, id::text, hash from submissions order by sealed_at"
    ).fetchall()
    for visitor, page in readers:
        for place, submission_id, digest in sealed:
            if place in page:
                archive = visitor.get(f"{page}/submissions/{submission_id}/archive")
                checked = verify_archive(io.BytesIO(archive.body), digest)
                if not checked.ok:
                    proof.broken.append(f"seal {submission_id}: {' '.join(checked.lines)}")


def _events(proof: Proof, connection: psycopg.Connection[Any], data_dir: Path) -> None:
    kept = Kept.read(data_dir)
    address = database_address("postgres", kept.admin_password, kept.database_port)
    engine = sa.create_engine(sqlalchemy_url(address), poolclass=sa.pool.NullPool)
    with Session(engine) as session:
        for scope in session.scalars(sa.select(events.Event.scope).distinct().order_by("scope")):
            rows = session.scalars(
                sa.select(events.Event).where(events.Event.scope == scope).order_by(events.Event.seq)
            )
            fault = events.verify(scope, list(rows))
            proof.broken += [fault] if fault else []
            session.expunge_all()
    engine.dispose()
    doubled = connection.execute(
        "select verb, subject_id::text, count(*) from events where verb = any(%s) group by 1, 2 having count(*) > 1",
        (list(ONCE),),
    )
    proof.twice += [f"event {verb} of {subject_id}: {number}" for verb, subject_id, number in doubled]


def _files(proof: Proof, ledger: Ledger, connection: psycopg.Connection[Any], data_dir: Path) -> None:
    """Every row's file is there, whole; a file without a row is that of an upload which was cut off."""
    named = {
        (str(council_id), sha256)
        for table in ("evidence_versions", "submission_files")
        for council_id, sha256 in connection.execute(f"select council_id, sha256 from {table}")
    }
    root = data_dir / "files"
    there = {(path.parent.parent.name, path.name): path for path in root.glob("*/??/*") if path.is_file()}
    for key in named:
        path = there.get(key)
        if path is None:
            proof.half.append(f"file {key[1]} of {key[0]} is not on the disk")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != key[1]:
            proof.half.append(f"file {key[1]} of {key[0]} is not what it was")
    cut_off = {(write.of, write.key) for write in ledger.of_kind("upload") if not write.acknowledged}
    for key in there.keys() - named:
        if key in cut_off:
            proof.cut_off += 1
        else:
            proof.unclaimed.append("/".join(key))
