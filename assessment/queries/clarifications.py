"""Clarifications: what the council was asked, what it answered and with which files, and its drafts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select

from assessment.models.accreditations import Accreditation
from assessment.models.clarifications import (
    Clarification,
    ClarificationAnswer,
    ClarificationDraft,
    ClarificationFile,
)
from assessment.models.frameworks import Requirement
from assessment.models.submissions import Submission
from saas.db import db
from saas.errors import NotFound
from tenants.models.evidence import Evidence


@dataclass(frozen=True, slots=True)
class SentFile:
    """One file that came with an answer; size in bytes."""

    id: UUID
    title: str
    filename: str
    content_type: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Item:
    """One question with its answer; `answered_at` is None, and `words` and `hash` are empty, until it is answered.

    asked_as: "assessor" or "region".
    """

    id: UUID
    number: int
    code: str
    title: str
    requirement_id: UUID
    question: str
    due_on: date
    asked_at: datetime
    asked_by: UUID
    asked_by_name: str
    asked_as: str
    submission_id: UUID
    submission_hash: str
    words: str
    hash: str
    answered_at: datetime | None
    answered_by_name: str
    files: tuple[SentFile, ...]

    def is_late(self, today: date) -> bool:
        """Whether the answer is past its day and still missing."""
        return self.answered_at is None and today > self.due_on


def list_for(accreditation_id: UUID, requirement_id: UUID | None = None) -> list[Item]:
    """Everything asked (about one requirement), oldest first, with answers and files; one statement, in any scope."""
    values = {"accreditation_id": accreditation_id, "requirement_id": requirement_id}
    rows = db.session.execute(_items_of(one_requirement=requirement_id is not None), values)
    return [_item(row) for row in rows]


@cache
def _items_of(*, one_requirement: bool) -> Any:
    """Put together once: that takes longer than asking it."""
    wanted = _items().where(Clarification.accreditation_id == bindparam("accreditation_id"))
    if one_requirement:
        wanted = wanted.where(Clarification.requirement_id == bindparam("requirement_id"))
    return wanted.order_by(Clarification.number)


def get_item(accreditation_id: UUID, clarification_id: UUID) -> Item:
    """One question with its answer, in any scope that sees it; raises NotFound."""
    wanted = _items().where(Clarification.accreditation_id == accreditation_id, Clarification.id == clarification_id)
    found = db.session.execute(wanted).one_or_none()
    if found is None:
        raise NotFound
    return _item(found)


def find_with_case(
    *, clarification_id: UUID | None = None, answer_id: UUID | None = None
) -> tuple[Item, Accreditation] | None:
    """One question (or the one that this answer is to) with its accreditation, in any scope that sees them."""
    given = Clarification.id == clarification_id if answer_id is None else ClarificationAnswer.id == answer_id
    wanted = (
        _items()
        .add_columns(Accreditation)
        .join(
            Accreditation,
            (Accreditation.council_id == Clarification.council_id)
            & (Accreditation.id == Clarification.accreditation_id),
        )
        .where(given)
    )
    found = db.session.execute(wanted).one_or_none()
    return None if found is None else (_item(found), found.Accreditation)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was asked about one accreditation, how much waits for an answer, and the first day one is due.

    Questions are numbered from 1 without a gap.
    """

    asked: int
    waiting: int
    due_on: date | None


def count_questions(accreditation_id: UUID) -> Counts:
    """The counts of one accreditation, in any scope."""
    waits = ClarificationAnswer.id.is_(None)
    wanted = (
        select(func.count(), func.count().filter(waits), func.min(Clarification.due_on).filter(waits))
        .select_from(Clarification)
        .outerjoin(
            ClarificationAnswer,
            (ClarificationAnswer.council_id == Clarification.council_id)
            & (ClarificationAnswer.clarification_id == Clarification.id),
        )
        .where(Clarification.accreditation_id == accreditation_id)
    )
    return Counts(*db.session.execute(wanted).one())


def get_sent_file(accreditation_id: UUID, file_id: UUID) -> ClarificationFile:
    """One file as it was sent with an answer, in any scope that sees it; raises NotFound."""
    found = db.session.scalar(
        select(ClarificationFile).where(
            ClarificationFile.accreditation_id == accreditation_id, ClarificationFile.id == file_id
        )
    )
    if found is None:
        raise NotFound
    return found


def find_draft(clarification_id: UUID, *, lock: bool = False) -> ClarificationDraft | None:
    """The council's answer while it is written; in the council's scope."""
    wanted = select(ClarificationDraft).where(ClarificationDraft.clarification_id == clarification_id)
    return db.session.scalar(wanted.with_for_update() if lock else wanted)


def list_attached(council_id: UUID, ids: Collection[UUID]) -> list[Evidence]:
    """The council's evidence of these ids that is not removed, by title; no statement without ids."""
    if not ids:
        return []
    wanted = select(Evidence).where(
        Evidence.council_id == council_id, Evidence.id.in_(ids), Evidence.removed_at.is_(None)
    )
    return list(db.session.scalars(wanted.order_by(Evidence.title, Evidence.id)))


def list_drafted(accreditation_id: UUID) -> dict[UUID, ClarificationDraft]:
    """The drafts of an accreditation's answers, by question; in the council's scope."""
    rows = db.session.scalars(
        select(ClarificationDraft)
        .join(
            Clarification,
            (Clarification.council_id == ClarificationDraft.council_id)
            & (Clarification.id == ClarificationDraft.clarification_id),
        )
        .where(Clarification.accreditation_id == accreditation_id)
    )
    return {draft.clarification_id: draft for draft in rows}


def list_files_to_attach(council_id: UUID) -> list[Evidence]:
    """Every file of the council's library that can go with an answer, by title."""
    wanted = select(Evidence).where(
        Evidence.council_id == council_id,
        Evidence.kind == "file",
        Evidence.removed_at.is_(None),
        Evidence.scan != "quarantined",
    )
    return list(db.session.scalars(wanted.order_by(func.lower(Evidence.title), Evidence.id)))


def _items() -> Select[Any]:
    files = (
        select(
            func.jsonb_agg(
                func.jsonb_build_object(
                    "id",
                    ClarificationFile.id,
                    "title",
                    ClarificationFile.title,
                    "filename",
                    ClarificationFile.filename,
                    "content_type",
                    ClarificationFile.content_type,
                    "sha256",
                    ClarificationFile.sha256,
                    "size",
                    ClarificationFile.size,
                )
            )
        )
        .where(
            ClarificationFile.council_id == ClarificationAnswer.council_id,
            ClarificationFile.answer_id == ClarificationAnswer.id,
        )
        .correlate(ClarificationAnswer)
        .scalar_subquery()
    )
    return (
        select(
            Clarification,
            Requirement.code,
            Requirement.title,
            Submission.hash.label("submission_hash"),
            ClarificationAnswer.words,
            ClarificationAnswer.hash,
            ClarificationAnswer.answered_at,
            ClarificationAnswer.answered_by_name,
            files.label("files"),
        )
        .join(Requirement, Requirement.id == Clarification.requirement_id)
        .join(
            Submission,
            (Submission.council_id == Clarification.council_id) & (Submission.id == Clarification.submission_id),
        )
        .outerjoin(
            ClarificationAnswer,
            (ClarificationAnswer.council_id == Clarification.council_id)
            & (ClarificationAnswer.clarification_id == Clarification.id),
        )
    )


def _item(row: Any) -> Item:
    asked = row.Clarification
    return Item(
        id=asked.id,
        number=asked.number,
        code=row.code,
        title=row.title,
        requirement_id=asked.requirement_id,
        question=asked.question,
        due_on=asked.due_on,
        asked_at=asked.asked_at,
        asked_by=asked.asked_by,
        asked_by_name=asked.asked_by_name,
        asked_as=asked.asked_as,
        submission_id=asked.submission_id,
        submission_hash=row.submission_hash,
        words=row.words or "",
        hash=row.hash or "",
        answered_at=row.answered_at,
        answered_by_name=row.answered_by_name or "",
        files=_files(row.files or []),
    )


def _files(found: Sequence[Mapping[str, Any]]) -> tuple[SentFile, ...]:
    files = [SentFile(**{**each, "id": UUID(each["id"])}) for each in found]
    return tuple(sorted(files, key=lambda file: (file.title, file.sha256)))
