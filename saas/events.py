"""The log: every change of state is an event, chained by hash per scope, with what is still to be done beside it.

One event is audit trail, timeline and trigger. Its `audience` follows the policy of its subject: a score's event is
never the council's. The chain runs over digests of the payload, so that a payload can be erased by retention and the
chain still verifies. `app` may read events and nothing else: they are written by the gate function
`tenancy.append_events`, which locks the chain's head last, just before commit.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from saas import clock, present
from saas.db import Base, db, new_id
from saas.tenancy import Actor, Policy, Scope, visible_to

AUDIENCES = ("council", "region", "shared", "person", "platform")
COUNCIL = "audience in ('council', 'shared') and council_id = (select tenancy.council())"
REGION = "audience in ('region', 'shared') and region_id = (select tenancy.region())"
PERSON = "audience = 'person' and actor = (select tenancy.user_id())"
PLATFORM = "audience = 'platform' and (select tenancy.is_operator())"


@visible_to(
    Policy("council_select", "select", COUNCIL),
    Policy("region_select", "select", REGION),
    Policy("person_select", "select", PERSON),
    Policy("platform_select", "select", PLATFORM),
    gate="siu",
)
class Event(Base):
    """One change of state. `subject` is the table's name and the row's id; values that are confidential never enter."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("scope", "seq"),
        CheckConstraint(f"audience in {AUDIENCES}", name="audience"),
        Index("ix_events_council_id_at", "council_id", "at"),
        Index("ix_events_accreditation_id_at", "accreditation_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    scope: Mapped[str]
    seq: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[UUID | None]
    verb: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID | None]
    audience: Mapped[str]
    council_id: Mapped[UUID | None]
    region_id: Mapped[UUID | None]
    accreditation_id: Mapped[UUID | None]
    payload: Mapped[dict[str, Any] | None]
    salt: Mapped[str | None]
    payload_digest: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]


@visible_to(gate="siu")
class EventHead(Base):
    """The last link of each scope's chain; only the gate function touches it."""

    __tablename__ = "event_heads"

    scope: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str]


@visible_to(
    Policy("started_insert", "insert", "tenancy.may_start(scope)"),
    everyone="sud",
    gate="si",
    update_columns=("attempts", "due_at", "failure", "leased_until"),
)
class Outbox(Base):
    """What is still to be done because of an event: a job's name, its ids and its scope. No content, ever.

    Each scope starts jobs in itself and where its work goes on: `tenancy.may_start` judges the pair. What a job is and
    where it runs never changes.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due_at", "due_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID]
    job: Mapped[str]
    args: Mapped[dict[str, Any]]
    scope: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    failure: Mapped[str | None]


@visible_to(Policy("operator_insert", "insert", "(select tenancy.is_operator())"), everyone="s")
class Round(Base):
    """A job that goes over every council was started on a day; the key lets it start once. No content."""

    __tablename__ = "rounds"

    job: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


RunsIn = Callable[[UUID, UUID], Scope]
"""The scope of a job from its event's council and region: `Scope.council` for one that works as the council's own."""

_reactions: dict[str, dict[str, RunsIn | None]] = defaultdict(dict)


def react(verb: str, job: str, *, runs_in: RunsIn | None = None) -> None:
    """Let a job run after every event of this verb; it gets the event's `subject_id` as its one argument.

    runs_in: the scope it runs in where that is not the event's own. It is made from the event's council and region
    alone, which the database checks against the scope that recorded it, and carries no user.
    """
    _reactions[verb].setdefault(job, runs_in)


def record(
    verb: str,
    subject: Any,
    *,
    by: Actor,
    audience: str,
    payload: dict[str, Any] | None = None,
    delay: timedelta = timedelta(0),
) -> None:
    """Record that something happened to a row, in the transaction that is open.

    verb: past tense with its noun, ``submission.sealed``. subject: the row; its council, region and accreditation
    are taken from it where it has them. payload: JSON values for the timeline, never anything confidential.
    """
    if audience not in AUDIENCES:
        raise ValueError(f"audience {audience!r} is none of {AUDIENCES}")
    accreditation_id = getattr(subject, "accreditation_id", None)
    if subject.__tablename__ == "accreditations":
        accreditation_id = subject.id
    council_id = subject.id if subject.__tablename__ == "councils" else getattr(subject, "council_id", None)
    region_id = subject.id if subject.__tablename__ == "regions" else getattr(subject, "region_id", None)
    scope = db.session.info["scope"]
    document = {"by": by.name} | (payload or {})
    salt = secrets.token_hex(16)
    db.session.info["events"].append(
        {
            "id": str(new_id()),
            "at": clock.now().isoformat(timespec="microseconds"),
            "actor": str(by.id) if by.id else None,
            "verb": verb,
            "subject": subject.__tablename__,
            "subject_id": str(subject.id),
            "audience": audience,
            "council_id": _text(council_id or scope.council_id),
            "region_id": _text(region_id or scope.region_id or scope.home_region_id),
            "accreditation_id": _text(accreditation_id),
            "payload": document,
            "salt": salt,
            "payload_digest": digest_of(document, salt),
            "delay": delay.total_seconds(),
        }
    )


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


def digest_of(payload: dict[str, Any], salt: str) -> str:
    """SHA-256 over the salt and the payload's canonical JSON; what the chain keeps when the payload is erased."""
    return hashlib.sha256(salt.encode() + orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)).hexdigest()


def link_hash(previous_hash: str, event: dict[str, Any]) -> str:
    """The hash of one link, as the gate function computes it too.

    SHA-256 over previous hash, scope, seq, at, actor, verb, subject, subject id, audience, council, region and
    payload digest, joined with "|" (nothing where there is none; `at` as ISO 8601 with microseconds and offset).
    """
    names = (
        "scope",
        "seq",
        "at",
        "actor",
        "verb",
        "subject",
        "subject_id",
        "audience",
        "council_id",
        "region_id",
    )
    parts = [previous_hash, *("" if event[name] is None else str(event[name]) for name in names)]
    return hashlib.sha256("|".join([*parts, event["payload_digest"]]).encode()).hexdigest()


APPEND = text("select tenancy.append_events(cast(:events as jsonb), cast(:outbox as jsonb))")


def write(session: Session, scope: Scope) -> dict[UUID, str]:
    """Write the events of this transaction and their outbox rows; id → job of the rows that are due at once."""
    pending = session.info["events"]
    rows, due = [], {}
    for item in pending:
        delay = timedelta(seconds=item.pop("delay"))
        for job, runs_in in _reactions.get(item["verb"], {}).items():
            row_id = new_id()
            rows.append(
                {
                    "id": str(row_id),
                    "event_id": item["id"],
                    "job": job,
                    "args": args_of(item["subject_id"]),
                    "scope": _job_scope(item, scope, runs_in).to_json(),
                    "due_at": (clock.now() + delay).isoformat(),
                }
            )
            if not delay:
                due[row_id] = job
    session.execute(APPEND, {"events": orjson.dumps(pending).decode(), "outbox": orjson.dumps(rows).decode()})
    pending.clear()
    return due


def args_of(subject_id: str | None) -> dict[str, Any]:
    """What a job carries: the id it works on, and the id of the request that it follows from."""
    request_id = present.request_id()
    return {"subject_id": subject_id} | ({"request_id": request_id} if request_id else {})


def _job_scope(item: dict[str, Any], scope: Scope, runs_in: RunsIn | None) -> Scope:
    if runs_in is None:
        return scope
    if item["council_id"] is None or item["region_id"] is None:
        raise ValueError(f"{item['verb']} starts a job in its council, but its subject names no council and region")
    return runs_in(UUID(item["council_id"]), UUID(item["region_id"]))


def verify(scope: str, rows: list[Event]) -> str | None:
    """Check a chain read in order of `seq`; the words for the first broken link, or None when it holds."""
    previous = ""
    for expected, row in enumerate(rows, start=1):
        if row.seq != expected or row.previous_hash != previous:
            return f"{scope}: link {expected} does not follow the one before it"
        if row.payload is not None and digest_of(row.payload, row.salt or "") != row.payload_digest:
            return f"{scope}: the payload of link {row.seq} was changed"
        values = {column.name: getattr(row, column.name) for column in Event.__table__.columns}
        values["at"] = row.at.astimezone(clock.UTC).isoformat(timespec="microseconds")
        if link_hash(previous, values) != row.hash:
            return f"{scope}: link {row.seq} was changed"
        previous = row.hash
    return None
