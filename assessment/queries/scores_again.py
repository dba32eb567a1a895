"""What is open to be scored again, and what a scorer gave before; in file scope, or over all files of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import exists, select, text

from assessment.models.assignments import Assignment
from assessment.models.frameworks import Requirement
from assessment.models.scores import Score, ScoreReopening
from saas.db import db
from tenants.models.councils import Region

OWN_FILES = text("select accreditation_id, stage, visit_on, question_due_on, again from tenancy.own_files()")


def find_reopening(accreditation_id: UUID, requirement_id: UUID) -> ScoreReopening | None:
    """The reopening of one requirement that is not closed yet."""
    return db.session.scalar(
        select(ScoreReopening).where(
            ScoreReopening.accreditation_id == accreditation_id,
            ScoreReopening.requirement_id == requirement_id,
            ScoreReopening.closed_at.is_(None),
        )
    )


def find_by_id(reopening_id: UUID) -> ScoreReopening | None:
    """A reopening by its id, in any scope that sees it."""
    return db.session.scalar(select(ScoreReopening).where(ScoreReopening.id == reopening_id))


def find_to_score(reopening_id: UUID, user_id: UUID) -> tuple[ScoreReopening, str, Requirement, str] | None:
    """The reopening, the council's name, the requirement and the region's name; in file scope.

    None when it is closed, and for whoever has scored it again or does not score this file any more.
    """
    given = exists().where(
        Score.council_id == Assignment.council_id,
        Score.assignment_id == Assignment.id,
        Score.requirement_id == ScoreReopening.requirement_id,
        Score.submitted_at > ScoreReopening.reopened_at,
    )
    wanted = (
        select(ScoreReopening, Assignment.council_name, Requirement, Region.name)
        .join(
            Assignment,
            (Assignment.council_id == ScoreReopening.council_id)
            & (Assignment.accreditation_id == ScoreReopening.accreditation_id),
        )
        .join(Requirement, Requirement.id == ScoreReopening.requirement_id)
        .join(Region, Region.id == ScoreReopening.region_id)
        .where(
            ScoreReopening.id == reopening_id,
            ScoreReopening.closed_at.is_(None),
            Assignment.user_id == user_id,
            Assignment.duty == "scorer",
            Assignment.withdrawn_at.is_(None),
            ~given,
        )
    )
    return db.session.execute(wanted).one_or_none()


def list_given(assignment: Assignment, requirement_id: UUID) -> list[Score]:
    """Every score this scorer has sent of one requirement, the first one first."""
    rows = db.session.scalars(
        select(Score)
        .where(Score.assignment_id == assignment.id, Score.requirement_id == requirement_id)
        .order_by(Score.number)
    )
    return list(rows)


@dataclass(frozen=True, slots=True)
class OwnFile:
    """What a file that is open to the viewer waits for, beside its scores.

    `question_due_on` is the first day by which the council is to answer a question; `again` holds the codes of the
    requirements that are open to be scored again and that the viewer has not scored again.
    """

    stage: str
    visit_on: date | None
    question_due_on: date | None
    again: tuple[str, ...]


def list_own_files() -> dict[UUID, OwnFile]:
    """Every file that is open to the viewer as a scorer, by accreditation id; in the person's own scope."""
    rows = db.session.execute(OWN_FILES)
    return {
        row.accreditation_id: OwnFile(row.stage, row.visit_on, row.question_due_on, tuple(row.again)) for row in rows
    }
