"""Scores: an assessor's own drafts, the file they are about, and what all have submitted once it may be seen."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.models.frameworks import Requirement
from assessment.models.scores import Score, ScoreDraft
from assessment.models.submissions import SubmissionAnswer, SubmissionFile
from saas.db import db
from saas.errors import NotFound


def get_file(accreditation_id: UUID, user_id: UUID) -> tuple[Accreditation, Assignment]:
    """The open file and this scorer's part in it; raises NotFound while it is not open to him or her."""
    values = {"accreditation_id": accreditation_id, "user_id": user_id}
    found = db.session.execute(_file(), values).one_or_none()
    if found is None:
        raise NotFound
    return found.Accreditation, found.Assignment


def get_file_to_score(
    accreditation_id: UUID, user_id: UUID, code: str
) -> tuple[Accreditation, Assignment, UUID, ScoreDraft | None]:
    """The open file, this scorer's part in it (locked), the requirement of this code and its draft; raises NotFound."""
    values = {"accreditation_id": accreditation_id, "user_id": user_id, "code": code}
    found = db.session.execute(_file_to_score(), values).one_or_none()
    if found is None:
        raise NotFound
    return found.Accreditation, found.Assignment, found.id, found.ScoreDraft


def get_answer(assignment: Assignment, requirement_id: UUID) -> tuple[SubmissionAnswer, ScoreDraft | None]:
    """What the council sent on one requirement, and this scorer's draft; raises NotFound."""
    values = {
        "assignment_id": assignment.id,
        "submission_id": assignment.submission_id,
        "requirement_id": requirement_id,
    }
    found = db.session.execute(_answer(), values).one_or_none()
    if found is None:
        raise NotFound
    return found.SubmissionAnswer, found.ScoreDraft


@cache
def _answer() -> Any:
    """Put together once, as the two below: that takes longer than asking it."""
    own_draft = and_(
        ScoreDraft.council_id == SubmissionAnswer.council_id,
        ScoreDraft.assignment_id == bindparam("assignment_id"),
        ScoreDraft.requirement_id == SubmissionAnswer.requirement_id,
    )
    return (
        select(SubmissionAnswer, ScoreDraft)
        .outerjoin(ScoreDraft, own_draft)
        .where(
            SubmissionAnswer.submission_id == bindparam("submission_id"),
            SubmissionAnswer.requirement_id == bindparam("requirement_id"),
        )
    )


def list_sealed_files(assignment: Assignment, ids: list[UUID]) -> dict[UUID, SubmissionFile]:
    """The sealed files of these ids, of this assignment's submission, by id; no statement without ids."""
    if not ids:
        return {}
    rows = db.session.scalars(
        select(SubmissionFile).where(
            SubmissionFile.submission_id == assignment.submission_id, SubmissionFile.id.in_(ids)
        )
    )
    return {file.id: file for file in rows}


def get_sealed_file(accreditation_id: UUID, file_id: UUID) -> SubmissionFile:
    """One sealed file of this accreditation; raises NotFound, also while the file is not open to who asks."""
    found = db.session.scalar(
        select(SubmissionFile).where(SubmissionFile.accreditation_id == accreditation_id, SubmissionFile.id == file_id)
    )
    if found is None:
        raise NotFound
    return found


def list_drafts(assignment: Assignment) -> dict[UUID, ScoreDraft]:
    """This scorer's drafts by requirement id."""
    rows = db.session.scalars(select(ScoreDraft).where(ScoreDraft.assignment_id == assignment.id))
    return {draft.requirement_id: draft for draft in rows}


def list_scores(accreditation_id: UUID) -> list[Score]:
    """The newest submitted score of everybody who still sits in the team, by name; in region scope.

    Empty until every scoring place is filled and all have submitted, and for whoever has access in that council.
    """
    rows = db.session.scalars(
        select(Score)
        .ext(distinct_on(Score.name, Score.assignment_id, Score.requirement_id))
        .join(Assignment, (Assignment.council_id == Score.council_id) & (Assignment.id == Score.assignment_id))
        .where(Score.accreditation_id == accreditation_id, Assignment.withdrawn_at.is_(None))
        .order_by(Score.name, Score.assignment_id, Score.requirement_id, Score.number.desc())
    )
    return list(rows)


def list_others(assignment: Assignment, requirement_id: UUID) -> list[Score]:
    """What the other scorers said last of one requirement, once all have submitted; in file scope."""
    rows = db.session.scalars(
        select(Score)
        .ext(distinct_on(Score.name, Score.assignment_id))
        .where(
            Score.accreditation_id == assignment.accreditation_id,
            Score.requirement_id == requirement_id,
            Score.assignment_id != assignment.id,
            text("scores.assignment_id = any((select tenancy.standing_scorers())::uuid[])"),
        )
        .order_by(Score.name, Score.assignment_id, Score.number.desc())
    )
    return list(rows)


@cache
def _file_to_score() -> Any:
    asked = (Requirement.framework_id == Accreditation.framework_id) & (Requirement.code == bindparam("code"))
    draft = and_(
        ScoreDraft.council_id == Assignment.council_id,
        ScoreDraft.assignment_id == Assignment.id,
        ScoreDraft.requirement_id == Requirement.id,
    )
    wanted = _file().add_columns(Requirement.id, ScoreDraft).join(Requirement, asked).outerjoin(ScoreDraft, draft)
    return wanted.with_for_update(of=Assignment, key_share=True)


@cache
def _file() -> Any:
    return (
        select(Accreditation, Assignment)
        .join(
            Assignment,
            (Assignment.council_id == Accreditation.council_id) & (Assignment.accreditation_id == Accreditation.id),
        )
        .where(
            Accreditation.id == bindparam("accreditation_id"),
            Assignment.user_id == bindparam("user_id"),
            Assignment.duty == "scorer",
            Assignment.withdrawn_at.is_(None),
        )
    )
