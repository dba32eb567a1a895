"""Comments: colleagues talk about a requirement among themselves; whoever is mentioned is told."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.answers import AnswerComment
from assessment.queries.accreditations import address_of
from assessment.rules import stages
from assessment.rules.framework_tree import Requirement
from assessment.rules.mentions import called
from assessment.rules.stages import Stage
from assessment.services.answers import requirement_of
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.policy import Permission
from saas.tenancy import Actor
from tenants.queries.access import list_colleagues
from tenants.services.notices import Told, tell_all

LONGEST = 2000
"""Characters of one comment."""
NOBODY = "No colleague is called {}. Write the name as it stands in the list of people, or leave the @ out."


def write(
    accreditation: Accreditation, requirement_id: UUID, words: str, *, mentions: Collection[UUID] = (), by: Actor
) -> AnswerComment:
    """Say something about a requirement; who is chosen in `mentions`, or called by "@name", is told.

    Raises NotFound (the requirement), Conflict (the accreditation is decided), Invalid (words, mentions): no words,
    somebody who may not read the self-assessment, a name that several colleagues have, or one that nobody has.
    """
    requirement = requirement_of(accreditation, requirement_id)
    stage = Stage(accreditation.stage)
    if stage not in stages.BEFORE_DECISION:
        raise Conflict(f"Nothing can be said any more at the stage “{stages.LABELS[stage]}”.")
    words = words.strip()
    if not words or len(words) > LONGEST:
        raise Invalid({"words": ["Enter your comment." if not words else f"Use {LONGEST:,} characters or fewer."]})
    told = _told(accreditation.council_id, words, mentions)
    comment = AnswerComment(
        council_id=accreditation.council_id,
        id=new_id(),
        accreditation_id=accreditation.id,
        requirement_id=requirement_id,
        words=words,
        mentions=[str(each) for each in told],
        written_at=clock.now(),
        written_by=by.id,
        written_by_name=by.name,
    )
    db.session.add(comment)
    db.session.flush()
    events.record("comment.written", comment, by=by, audience="council", payload={"requirement": requirement.code})
    _tell(accreditation, comment, requirement, [each for each in told if each != by.id], by)
    return comment


def settle(comment: AnswerComment, *, by: Actor) -> None:
    """Say that a comment is dealt with; settled once, it keeps who did it."""
    if comment.settled_at is None:
        comment.settled_at, comment.settled_by_name = clock.now(), by.name
        events.record("comment.settled", comment, by=by, audience="council")


def reopen(comment: AnswerComment, *, by: Actor) -> None:
    """Say that a comment is not dealt with after all."""
    if comment.settled_at is not None:
        comment.settled_at, comment.settled_by_name = None, ""
        events.record("comment.reopened", comment, by=by, audience="council")


def _told(council_id: UUID, words: str, mentions: Collection[UUID]) -> list[UUID]:
    names = {each.user_id: each.name for each in list_colleagues(council_id, Permission.ANSWER_COMMENT)}
    if any(each not in names for each in mentions):
        raise Invalid({"mentions": ["Choose colleagues who may read the self-assessment."]})
    found = called(words, names, mentions)
    if found.unknown:
        raise Invalid({"words": [NOBODY.format(_or(tuple(f"“{typed}”" for typed in found.unknown)))]})
    if found.unclear:
        raise Invalid(
            {
                "mentions": [
                    f"“{typed}” could be {_or(people)}: tick who is to be told." for typed, people in found.unclear
                ]
            }
        )
    return list(dict.fromkeys([*mentions, *found.people]))


def _or(names: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _tell(
    accreditation: Accreditation, comment: AnswerComment, requirement: Requirement, people: list[UUID], by: Actor
) -> None:
    if not people:
        return
    path = f"{address_of(accreditation)}requirements/{requirement.code}#comments"
    words = f"{by.name} mentions you in a comment on {requirement.code} {requirement.title}."
    told = [Told(each, f"comment:{comment.id}", "mention", words, path) for each in people]
    tell_all(accreditation.council_id, told)
