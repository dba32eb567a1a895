"""Files with places of their team still empty, all of a region's in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, union

from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.models.scores import Moderation
from assessment.models.submissions import Submission, SubmissionDecision
from assessment.queries.accreditations import process_of
from assessment.queries.frameworks import get_framework
from assessment.rules import teams
from assessment.rules.process_words import day_words
from assessment.rules.stages import Stage, may_change_team
from assessment.rules.suggestions import File
from assessment.rules.teams import Place
from saas import clock
from saas.db import db
from saas.events import Event

WROTE = ("moderation.agreed", "moderation.decided", "report.begun", "report.changed", "report.comment_answered")
"""What is done by whoever compares the scores or writes the report."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An accreditation whose submission is accepted and whose team has empty places, and the file the rules weigh."""

    accreditation: Accreditation
    level_title: str
    file: File
    has_team: bool


def list_open_files(region_id: UUID) -> list[OpenFile]:
    """Every file of the region with an empty place, the one that has waited longest first; in region scope."""
    accepted = exists().where(
        Submission.council_id == Accreditation.council_id,
        Submission.accreditation_id == Accreditation.id,
        Submission.kind == "readiness",
        SubmissionDecision.council_id == Submission.council_id,
        SubmissionDecision.submission_id == Submission.id,
        SubmissionDecision.outcome == "accepted",
    )
    stages = [stage.value for stage in Stage if may_change_team(stage)]
    rows = db.session.scalars(
        select(Accreditation)
        .where(Accreditation.region_id == region_id, Accreditation.stage.in_(stages), accepted)
        .order_by(Accreditation.stage_since, Accreditation.id)
    ).all()
    ids = [each.id for each in rows]
    assigned, seen = _assigned(ids), _seen(ids)
    found = []
    for accreditation in rows:
        everybody = assigned[accreditation.id]
        standing = [(each.duty, each.capacity) for each in everybody if each.withdrawn_at is None]
        empty = teams.vacant(process_of(accreditation), standing)
        if empty:
            file = _file(accreditation, empty, everybody, seen[accreditation.id])
            title = get_framework(accreditation.framework_id).tree.level(accreditation.level).title
            found.append(OpenFile(accreditation, title, file, bool(standing)))
    return found


def file_of(accreditation: Accreditation) -> File:
    """One file as the rules weigh it, whichever of its places are to be filled; in region scope, two statements."""
    ids = [accreditation.id]
    return _file(accreditation, (), _assigned(ids)[accreditation.id], _seen(ids)[accreditation.id])


def _file(
    accreditation: Accreditation, empty: tuple[Place, ...], everybody: Sequence[Assignment], seen: set[UUID]
) -> File:
    process = process_of(accreditation)
    seated = frozenset(each.user_id for each in everybody if each.withdrawn_at is None)
    return File(
        accreditation.id,
        accreditation.council_id,
        empty,
        process.conflict_rules,
        process.training_required,
        seated=seated,
        left={
            each.user_id: _why_left(each)
            for each in sorted(everybody, key=lambda each: each.interest == "conflict")
            if each.withdrawn_at is not None or each.interest == "conflict"
        },
        seen=frozenset(seen),
    )


def _why_left(assignment: Assignment) -> str:
    """In words for the region: whoever left, or has an interest, is not asked for the same file again."""
    left = assignment.withdrawn_at
    conflict = "declared a conflict of interest on this file" if assignment.interest == "conflict" else ""
    parted = f"left this file on {day_words(left.astimezone(clock.LONDON).date())}" if left else ""
    return f"They {' and '.join(words for words in (conflict, parted) if words)}."


def _assigned(accreditation_ids: Collection[UUID]) -> dict[UUID, list[Assignment]]:
    """Everybody who was ever asked, by file."""
    found: dict[UUID, list[Assignment]] = defaultdict(list)
    for row in db.session.scalars(select(Assignment).where(Assignment.accreditation_id.in_(accreditation_ids))):
        found[row.accreditation_id].append(row)
    return found


def _seen(accreditation_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """Everybody who agreed a judgement or wrote at the report, by file."""
    agreed = select(Moderation.accreditation_id, Moderation.moderated_by.label("user_id")).where(
        Moderation.accreditation_id.in_(accreditation_ids), Moderation.moderated_by.is_not(None)
    )
    wrote = select(Event.accreditation_id, Event.actor.label("user_id")).where(
        Event.accreditation_id.in_(accreditation_ids), Event.verb.in_(WROTE), Event.actor.is_not(None)
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    row: Any
    for row in db.session.execute(union(agreed, wrote)):
        found[row.accreditation_id].add(row.user_id)
    return found
