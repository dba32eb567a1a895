"""Files with places of their team still empty, all of a region's in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select

from assessment.models.accreditations import Accreditation
from assessment.models.assignments import Assignment
from assessment.models.submissions import Submission, SubmissionDecision
from assessment.queries.accreditations import process_of
from assessment.queries.frameworks import get_framework
from assessment.rules import teams
from assessment.rules.stages import Stage, may_change_team
from assessment.rules.suggestions import File
from saas.db import db


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
    assigned: dict[UUID, list[Assignment]] = defaultdict(list)
    for row in db.session.scalars(
        select(Assignment).where(
            Assignment.region_id == region_id, Assignment.accreditation_id.in_([each.id for each in rows])
        )
    ):
        assigned[row.accreditation_id].append(row)
    found = []
    for accreditation in rows:
        everybody = assigned[accreditation.id]
        standing = [(each.duty, each.capacity) for each in everybody if each.withdrawn_at is None]
        process = process_of(accreditation)
        empty = teams.vacant(process, standing)
        if empty:
            file = File(
                accreditation.id,
                accreditation.council_id,
                empty,
                process.conflict_rules,
                process.training_required,
                seated=frozenset(
                    each.user_id for each in everybody if each.withdrawn_at is None or each.interest == "conflict"
                ),
            )
            title = get_framework(accreditation.framework_id).tree.level(accreditation.level).title
            found.append(OpenFile(accreditation, title, file, bool(standing)))
    return found
