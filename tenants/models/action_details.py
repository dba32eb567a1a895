"""What hangs on a line of a plan: owners, dated notes, evidence, priorities, and every version of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from saas.db import Base, TenantKeyed, same_council
from saas.tenancy import visible_to

OWNER_KINDS = ("person", "post", "group", "body", "to_be_agreed")


@visible_to(council="siud")
class ActionOwner(TenantKeyed, Base):
    """Who does a line, or helps with it. At most one of a line is `accountable`.

    kind: a person, a post ("Head of Democratic Services"), a group of members, an outside body, or still to be agreed.
    """

    __tablename__ = "action_owners"
    __table_args__ = (
        same_council("action_id", "actions", ondelete="CASCADE"),
        CheckConstraint(f"kind in {OWNER_KINDS}", name="kind"),
        CheckConstraint("name <> '' or kind = 'to_be_agreed'", name="is_named"),
        UniqueConstraint("council_id", "action_id", "position"),
        Index(
            "uq_action_owners_one_accountable",
            "council_id",
            "action_id",
            unique=True,
            postgresql_where="accountable",
        ),
    )

    action_id: Mapped[UUID]
    position: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str]
    accountable: Mapped[bool]


@visible_to(council="siud")
class ActionNote(TenantKeyed, Base):
    """A dated note on the progress of a line, with the minute where a meeting took it."""

    __tablename__ = "action_notes"
    __table_args__ = (
        same_council("action_id", "actions", ondelete="CASCADE"),
        same_council("meeting_id", "meetings"),
        CheckConstraint("words <> ''", name="says_something"),
        Index("ix_action_notes_council_id_action_id", "council_id", "action_id"),
    )

    action_id: Mapped[UUID]
    meeting_id: Mapped[UUID | None]
    noted_on: Mapped[date]
    words: Mapped[str]
    minute: Mapped[str]
    written_at: Mapped[datetime]
    written_by: Mapped[UUID | None]
    written_by_name: Mapped[str]


@visible_to(council="sid")
class ActionEvidence(TenantKeyed, Base):
    """A piece of evidence that shows what a line came to, and where in it."""

    __tablename__ = "action_evidence"
    __table_args__ = (
        same_council("action_id", "actions", ondelete="CASCADE"),
        same_council("evidence_id", "evidence"),
        UniqueConstraint("council_id", "action_id", "evidence_id"),
        Index("ix_action_evidence_council_id_evidence_id", "council_id", "evidence_id"),
    )

    action_id: Mapped[UUID]
    evidence_id: Mapped[UUID]
    pinpoint: Mapped[str]
    linked_at: Mapped[datetime]
    linked_by_name: Mapped[str]


@visible_to(council="siud")
class Priority(TenantKeyed, Base):
    """A corporate priority, in the council's words. One that is past stays with the lines that named it."""

    __tablename__ = "priorities"
    __table_args__ = (UniqueConstraint("council_id", "title"), CheckConstraint("title <> ''", name="is_named"))

    title: Mapped[str]
    position: Mapped[int]
    past: Mapped[bool]


@visible_to(council="sid")
class ActionPriority(TenantKeyed, Base):
    """A line serves a corporate priority."""

    __tablename__ = "action_priorities"
    __table_args__ = (
        same_council("action_id", "actions", ondelete="CASCADE"),
        same_council("priority_id", "priorities", ondelete="CASCADE"),
        UniqueConstraint("council_id", "action_id", "priority_id"),
    )

    action_id: Mapped[UUID]
    priority_id: Mapped[UUID]


@visible_to(council="si")
class ActionVersion(TenantKeyed, Base):
    """What a line said after one change, and who made it, in which meeting.

    Written by the database itself at every change of a line (trigger `keep_action_version`). `document`: the line's
    texts, dates, status and figures by the names of their columns.
    """

    __tablename__ = "action_versions"
    __table_args__ = (
        same_council("action_id", "actions", ondelete="CASCADE"),
        UniqueConstraint("council_id", "action_id", "number"),
        Index("ix_action_versions_council_id_meeting_id", "council_id", "meeting_id"),
    )

    action_id: Mapped[UUID]
    number: Mapped[int]
    document: Mapped[dict[str, Any]]
    meeting_id: Mapped[UUID | None]
    written_at: Mapped[datetime]
    written_by_name: Mapped[str]
