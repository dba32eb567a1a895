"""The lines of the assessor's tree: every requirement that was sent, and how far this scorer is with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import String, and_, bindparam, cast, exists, func, select

from assessment.models.assignments import Assignment
from assessment.models.frameworks import Requirement
from assessment.models.scores import ScoreDraft
from assessment.models.submissions import SubmissionAnswer
from assessment.rules.scoring import DONE, Standing, standing
from saas.db import db


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement: own judgement (None: none yet, or it cannot be assessed), and what the council sent.

    `changed` says that judgement or words differ from what the last cycle's submission said of it.
    """

    requirement_id: UUID
    standing: Standing
    judgement: str | None
    flagged: bool
    said: str
    evidence: int
    before: bool
    changed: bool

    @property
    def done(self) -> bool:
        """Whether it needs nothing more before everything is submitted."""
        return self.standing in DONE

    def matches(self, show: str) -> bool:
        """Whether it is among those looked at: "open", "flagged", "no-evidence", "changed", anything else: all."""
        looked_at = {
            "open": not self.done,
            "flagged": self.flagged,
            "no-evidence": self.evidence == 0,
            "changed": self.changed,
        }
        return looked_at.get(show, True)


def list_lines(assignment: Assignment) -> list[Line]:
    """Every requirement of the submission, in the order of the framework; one statement, in file scope."""
    values = {"assignment_id": assignment.id, "submission_id": assignment.submission_id}
    rows = db.session.execute(_lines(), values)
    return [
        Line(
            row.requirement_id,
            standing(row.judgement, row.reason, row.cannot_assess, row.typed),
            row.judgement,
            row.flagged,
            row.said,
            row.evidence,
            row.before,
            row.changed,
        )
        for row in rows
    ]


@cache
def _lines() -> Any:
    """Put together once: that takes longer than asking it."""
    last = func.jsonb_array_elements(SubmissionAnswer.previous["answers"]).table_valued("value").alias("last")
    said = last.c.value
    same = exists(
        select(1)
        .select_from(last)
        .where(
            cast(said.op("->>")("narrative"), String) == SubmissionAnswer.narrative,
            cast(said.op("->>")("judgement"), String) == SubmissionAnswer.judgement,
        )
        .correlate(SubmissionAnswer)
    )
    before = func.coalesce(func.jsonb_typeof(SubmissionAnswer.previous) == "object", False)
    typed = func.concat(ScoreDraft.strength, ScoreDraft.improvement, ScoreDraft.note)
    return (
        select(
            SubmissionAnswer.requirement_id,
            SubmissionAnswer.judgement.label("said"),
            func.jsonb_array_length(SubmissionAnswer.evidence).label("evidence"),
            before.label("before"),
            (before & ~same).label("changed"),
            ScoreDraft.judgement,
            func.coalesce(ScoreDraft.reason, "").label("reason"),
            func.coalesce(ScoreDraft.cannot_assess, False).label("cannot_assess"),
            func.coalesce(ScoreDraft.flagged, False).label("flagged"),
            typed.label("typed"),
        )
        .join(Requirement, Requirement.id == SubmissionAnswer.requirement_id)
        .outerjoin(
            ScoreDraft,
            and_(
                ScoreDraft.council_id == SubmissionAnswer.council_id,
                ScoreDraft.assignment_id == bindparam("assignment_id"),
                ScoreDraft.requirement_id == SubmissionAnswer.requirement_id,
            ),
        )
        .where(SubmissionAnswer.submission_id == bindparam("submission_id"))
        .order_by(Requirement.position)
    )
