"""What colleagues say to each other about a requirement, and who may be told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, select, true

from assessment.models.accreditations import Accreditation
from assessment.models.answers import AnswerComment
from saas.db import db
from saas.errors import NotFound
from saas.policy import Permission
from tenants.models.access import Access
from tenants.queries.access import Colleague, roles_with


@dataclass(frozen=True, slots=True)
class CommentLine:
    """One comment, and the names of those it tells; who is no longer here is not named."""

    comment: AnswerComment
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Discussion:
    """The comments on one requirement, the oldest first, and everybody who may be told, by name."""

    comments: list[CommentLine]
    colleagues: list[Colleague]


def get_discussion(accreditation: Accreditation, requirement_id: UUID) -> Discussion:
    """The comments on a requirement and the colleagues who may comment there too, in one statement."""
    people = (
        select(func.jsonb_object_agg(Access.user_id, Access.display_name))
        .where(
            Access.council_id == accreditation.council_id,
            Access.ended_at.is_(None),
            Access.role.in_(roles_with(Permission.ANSWER_COMMENT)),
        )
        .scalar_subquery()
    )
    once = select(people.label("people"), literal(1).label("one")).subquery("once")
    wanted: Any = (
        select(once.c.people, AnswerComment)
        .select_from(once)
        .outerjoin(
            AnswerComment,
            true()
            & (AnswerComment.council_id == accreditation.council_id)
            & (AnswerComment.accreditation_id == accreditation.id)
            & (AnswerComment.requirement_id == requirement_id),
        )
        .order_by(AnswerComment.written_at, AnswerComment.id)
    )
    rows = db.session.execute(wanted).all()
    names: dict[str, str] = rows[0].people or {}
    colleagues = sorted((Colleague(UUID(key), name) for key, name in names.items()), key=lambda each: each.name)
    comments = [row.AnswerComment for row in rows if row.AnswerComment is not None]
    return Discussion([_line(comment, names) for comment in comments], colleagues)


def get_comment(accreditation: Accreditation, comment_id: UUID) -> AnswerComment:
    """One comment of this accreditation; raises NotFound."""
    found = db.session.scalar(
        select(AnswerComment).where(
            AnswerComment.council_id == accreditation.council_id,
            AnswerComment.accreditation_id == accreditation.id,
            AnswerComment.id == comment_id,
        )
    )
    if found is None:
        raise NotFound
    return found


def _line(comment: AnswerComment, names: dict[str, str]) -> CommentLine:
    return CommentLine(comment, tuple(names[each] for each in comment.mentions if each in names))
