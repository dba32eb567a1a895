"""The history of an answer: what it said before, who wrote it and when."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from assessment.models.answers import Answer, AnswerVersion
from saas.db import db
from saas.errors import NotFound


def list_versions(answer: Answer, *, below: int | None = None, most: int) -> Sequence[AnswerVersion]:
    """The newest versions of an answer, at most so many; below: only those older than this number."""
    wanted = select(AnswerVersion).where(
        AnswerVersion.council_id == answer.council_id, AnswerVersion.answer_id == answer.id
    )
    if below is not None:
        wanted = wanted.where(AnswerVersion.number < below)
    return db.session.scalars(wanted.order_by(AnswerVersion.number.desc()).limit(most)).all()


def get_version(answer: Answer, number: int) -> AnswerVersion:
    """One version of an answer. Raises NotFound."""
    found = db.session.scalar(
        select(AnswerVersion).where(
            AnswerVersion.council_id == answer.council_id,
            AnswerVersion.answer_id == answer.id,
            AnswerVersion.number == number,
        )
    )
    if found is None:
        raise NotFound
    return found
