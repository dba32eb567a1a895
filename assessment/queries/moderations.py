"""Moderation: the agreed judgement of each requirement, what the scorers said beside it, and the whole trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Uuid, and_, func, or_, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.models.scores import Moderation, Score, ScoreReopening
from assessment.queries.frameworks import get_framework
from assessment.queries.scores import list_scores
from assessment.rules.judgements import Given
from saas.db import db

SCORED_AGAIN = (
    text("select reopening_id, given, scorers from tenancy.scored_again()")
    .columns(reopening_id=Uuid, given=BigInteger, scorers=BigInteger)
    .subquery("scored_again")
)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What stands for one requirement: the step, the reason ("" where the scorers were of one mind), their words."""

    judgement: str
    reason: str
    strengths: list[str]
    improvements: list[str]
    good_practice: list[str]
    """The strengths a scorer ticked as good practice."""
    mandatory: list[str]
    """The improvements a scorer ticked as having to be made."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """A requirement that is open to be scored again: how many of its scorers have given a new score."""

    row: ScoreReopening
    given: int
    scorers: int

    @property
    def awaited(self) -> bool:
        """Whether a scorer has not scored it again; until then nobody sees the new scores of others."""
        return self.given < self.scorers


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a requirement's trail: a score, a judgement that was agreed, or its being opened again.

    `judgement` is None where somebody could not assess it and where it was opened again; `void` says in words why the
    record counts no more ("" while it counts). `number` counts the scores of one person, or the agreed judgements.
    """

    kind: str
    name: str
    at: datetime
    judgement: str | None
    reason: str
    number: int = 1
    strength: str = ""
    improvement: str = ""
    flagged: bool = False
    good_practice: bool = False
    mandatory: bool = False
    agreed: bool = False
    void: str = ""


def list_moderations(accreditation_id: UUID) -> dict[UUID, Moderation]:
    """The agreed judgement that stands for each requirement, by requirement id; in region scope.

    What was agreed before moderation began with the present team, or before the requirement was opened to be scored
    again, is void and stays away.
    """
    rows = db.session.scalars(
        select(Moderation)
        .ext(distinct_on(Moderation.requirement_id))
        .join(Accreditation, _of_accreditation())
        .where(Moderation.accreditation_id == accreditation_id, *standing())
        .order_by(Moderation.requirement_id, Moderation.number.desc())
    )
    return {row.requirement_id: row for row in rows}


def last_numbers(accreditation_id: UUID) -> dict[UUID, int]:
    """The number of the last agreed judgement of each requirement, void ones too; in region scope."""
    rows = db.session.execute(
        select(Moderation.requirement_id, func.max(Moderation.number).label("last"))
        .where(Moderation.accreditation_id == accreditation_id)
        .group_by(Moderation.requirement_id)
    )
    return {row.requirement_id: row.last for row in rows}


def find_last(accreditation_id: UUID, requirement_id: UUID) -> Moderation | None:
    """The judgement that was agreed last of one requirement, void or not; in region scope."""
    wanted = select(Moderation).where(
        Moderation.accreditation_id == accreditation_id, Moderation.requirement_id == requirement_id
    )
    return db.session.scalar(wanted.order_by(Moderation.number.desc()).limit(1))


def list_reopenings(accreditation_id: UUID) -> dict[UUID, Reopened]:
    """The requirements that are open to be scored again, by requirement id; in region or file scope."""
    rows = db.session.execute(
        select(ScoreReopening, SCORED_AGAIN.c.given, SCORED_AGAIN.c.scorers)
        .outerjoin(SCORED_AGAIN, SCORED_AGAIN.c.reopening_id == ScoreReopening.id)
        .where(ScoreReopening.accreditation_id == accreditation_id, ScoreReopening.closed_at.is_(None))
    )
    return {row.requirement_id: Reopened(row, given or 0, scorers or 0) for row, given, scorers in rows}


def list_awaited(accreditation_id: UUID) -> dict[UUID, Reopened]:
    """Those of them that a scorer has not scored again, by requirement id; in region or file scope."""
    return {key: each for key, each in list_reopenings(accreditation_id).items() if each.awaited}


def list_trail(accreditation_id: UUID, requirement_id: UUID) -> list[Record]:
    """Everything that was ever submitted or agreed about one requirement, oldest first; in region scope."""
    of_requirement = (accreditation_id, requirement_id)
    trail = [*_scores(*of_requirement), *_moderations(*of_requirement), *_reopened(*of_requirement)]
    return sorted(trail, key=lambda record: record.at)


def agreed_judgements(accreditation_id: UUID) -> dict[UUID, Agreed]:
    """What was agreed for each moderated requirement, with the scorers' strengths and improvements; in region scope."""
    scores: dict[UUID, list[Score]] = {}
    for score in list_scores(accreditation_id):
        scores.setdefault(score.requirement_id, []).append(score)
    return {
        requirement_id: Agreed(
            moderation.judgement,
            moderation.reason,
            [score.strength for score in scores.get(requirement_id, []) if score.strength],
            [score.improvement for score in scores.get(requirement_id, []) if score.improvement],
            [each.strength for each in scores.get(requirement_id, []) if each.strength and each.good_practice],
            [each.improvement for each in scores.get(requirement_id, []) if each.improvement and each.mandatory],
        )
        for requirement_id, moderation in list_moderations(accreditation_id).items()
    }


def given_by_scorer(accreditation: Accreditation, scores: list[Score]) -> dict[UUID, dict[str, Given]]:
    """The scores as the rules compare them: assignment id → requirement code → step, comment and flag.

    A reason stands beside every score; the comment a judgement below met needs is what could be better.
    """
    codes = get_framework(accreditation.framework_id).codes
    given: dict[UUID, dict[str, Given]] = {}
    for score in scores:
        of_scorer = given.setdefault(score.assignment_id, {})
        of_scorer[codes[score.requirement_id]] = Given(score.judgement, score.improvement, score.flagged)
    return given


def standing() -> tuple[Any, Any]:
    """The conditions on which an agreed judgement, joined to its accreditation, is not void."""
    reopened = (
        select(ScoreReopening.id)
        .where(
            ScoreReopening.council_id == Moderation.council_id,
            ScoreReopening.accreditation_id == Moderation.accreditation_id,
            ScoreReopening.requirement_id == Moderation.requirement_id,
            or_(ScoreReopening.closed_at.is_(None), ScoreReopening.reopened_at > Moderation.moderated_at),
        )
        .exists()
    )
    began = Accreditation.moderation_began_at
    return or_(began.is_(None), Moderation.moderated_at >= began), ~reopened


def _of_accreditation() -> Any:
    return and_(Accreditation.council_id == Moderation.council_id, Accreditation.id == Moderation.accreditation_id)


def _scores(accreditation_id: UUID, requirement_id: UUID) -> list[Record]:
    rows = db.session.execute(
        select(Score, Assignment.withdrawn_at)
        .join(Assignment, and_(Assignment.council_id == Score.council_id, Assignment.id == Score.assignment_id))
        .where(Score.accreditation_id == accreditation_id, Score.requirement_id == requirement_id)
        .order_by(Score.number)
    ).all()
    last = {score.assignment_id: score.number for score, _ in rows}
    return [
        Record(
            "score",
            score.name,
            score.submitted_at,
            score.judgement,
            score.reason,
            score.number,
            score.strength,
            score.improvement,
            score.flagged,
            score.good_practice,
            score.mandatory,
            void=f"{score.name} left the team."
            if withdrawn_at
            else "Scored again later."
            if score.number < last[score.assignment_id]
            else "",
        )
        for score, withdrawn_at in rows
    ]


def _moderations(accreditation_id: UUID, requirement_id: UUID) -> list[Record]:
    from_present_team, not_reopened = standing()
    rows = db.session.execute(
        select(Moderation, from_present_team.label("present"), not_reopened.label("closed"))
        .join(Accreditation, _of_accreditation())
        .where(Moderation.accreditation_id == accreditation_id, Moderation.requirement_id == requirement_id)
        .order_by(Moderation.number)
    ).all()
    last = max((row.Moderation.number for row in rows), default=0)
    return [_moderation(row.Moderation, row.present, row.closed, last) for row in rows]


def _moderation(row: Moderation, present: bool, closed: bool, last: int) -> Record:
    void = (
        "The team has changed since."
        if not present
        else "Opened to be scored again."
        if not closed
        else "Another judgement was agreed later."
        if row.number < last
        else ""
    )
    return Record(
        "moderation",
        row.moderated_by_name,
        row.moderated_at,
        row.judgement,
        row.reason,
        row.number,
        agreed=row.agreed,
        void=void,
    )


def _reopened(accreditation_id: UUID, requirement_id: UUID) -> list[Record]:
    rows = db.session.scalars(
        select(ScoreReopening).where(
            ScoreReopening.accreditation_id == accreditation_id, ScoreReopening.requirement_id == requirement_id
        )
    )
    return [Record("reopening", row.reopened_by_name, row.reopened_at, None, row.reason) for row in rows]
