"""Live measures, counted in the council's own scope from what it has recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer, Citation
from assessment.queries.frameworks import get_framework
from assessment.rules.measures import MEASURES, Measured, Share, measured
from assessment.rules.stages import Stage, is_closed
from saas.clock import LONDON
from saas.db import db
from tenants.models.evidence import Evidence
from tenants.models.members import Member, Term

OF_MEMBERS = {"members_in_office", "members_in_group"}
CLOSED = [stage.value for stage in Stage if is_closed(stage)]


def compute_all(
    accreditation: Accreditation | None, council_id: UUID, codes: Collection[str], as_of: datetime
) -> dict[str, Measured]:
    """Measures by code, in the order of the registry; three statements at most, none for no codes.

    accreditation: whose answers are counted; without one there is nothing to count of them. as_of: the moment they are
    stated for. Raises KeyError for an unknown code.
    """
    wanted = [code for code in MEASURES if code in codes]
    if len(wanted) != len(set(codes)):
        raise KeyError(*sorted(set(codes) - set(MEASURES)))
    figures: dict[str, tuple[int, int, tuple[Share, ...]]] = {}
    if OF_MEMBERS & set(wanted):
        figures |= _members(council_id, as_of)
    if any(MEASURES[code].of_answers for code in wanted):
        figures |= _answers(accreditation)
    if "evidence_in_force" in wanted:
        figures |= _evidence(council_id, as_of)
    return {
        code: measured(code, numerator, denominator, as_of, parts)
        for code in wanted
        for numerator, denominator, parts in [figures[code]]
    }


def measures_of(accreditation: Accreditation, cited: Iterable[Any], as_of: datetime) -> dict[str, Measured]:
    """The measures among citations (rows with `Evidence`), by code; no statement where none is cited."""
    codes = {row.Evidence.measure for row in cited if row.Evidence.measure}
    return compute_all(accreditation, accreditation.council_id, codes, as_of)


def find_current(council_id: UUID) -> Accreditation | None:
    """The self-assessment whose answers a council's own page counts: the newest that is not closed, else the newest."""
    wanted = select(Accreditation).where(Accreditation.council_id == council_id)
    newest = Accreditation.stage.in_(CLOSED), Accreditation.committed_at.desc(), Accreditation.id
    return db.session.scalar(wanted.order_by(*newest).limit(1))


def _members(council_id: UUID, as_of: datetime) -> dict[str, tuple[int, int, tuple[Share, ...]]]:
    day = as_of.astimezone(LONDON).date()
    own = (Term.council_id == Member.council_id, Term.member_id == Member.id)
    lasts = Term.ended_on.is_(None) | (Term.ended_on > day)
    not_due = Term.due_to_end_on.is_(None) | (Term.due_to_end_on >= day)
    current = exists().where(*own, lasts, not_due, Term.started_on <= day)
    stays = ~exists().where(*own) | exists().where(*own, lasts)
    row = db.session.execute(
        select(
            func.count().filter(current).label("in_office"),
            func.count().filter(stays).label("recorded"),
            func.count().filter(current, Member.group_id.is_not(None)).label("in_group"),
        ).where(Member.council_id == council_id, Member.kind == "elected")
    ).one()
    return {
        "members_in_office": (row.in_office, row.recorded, ()),
        "members_in_group": (row.in_group, row.in_office, ()),
    }


def _answers(accreditation: Accreditation | None) -> dict[str, tuple[int, int, tuple[Share, ...]]]:
    if accreditation is None:
        return {code: (0, 0, ()) for code, measure in MEASURES.items() if measure.of_answers}
    framework = get_framework(accreditation.framework_id)
    tree = framework.tree
    rows: dict[str, Any] = {
        framework.codes[row.requirement_id]: row for row in db.session.execute(_wanted(accreditation))
    }
    wanted = tree.requirements_of(accreditation.level)
    judged = {
        code: tree.step(row.judgement)
        for code, row in rows.items()
        if row.judgement is not None and tree.has_step(row.judgement)
    }
    parts = []
    for criterion in tree.criteria:
        counted = [
            each.code
            for each in wanted
            if tree.place_of(each.code)[0] is criterion
            and not (each.code in judged and judged[each.code].not_applicable)
        ]
        if counted:
            met = sum(code in judged and judged[code].met for code in counted)
            parts.append(Share(f"{criterion.code} {criterion.title}", met, len(counted)))
    cited = sum(each.code in rows and rows[each.code].cited for each in wanted)
    return {
        "answers_met": (sum(part.numerator for part in parts), sum(part.denominator for part in parts), tuple(parts)),
        "requirements_with_evidence": (cited, len(wanted), ()),
    }


def _wanted(accreditation: Accreditation) -> Any:
    cited = exists().where(
        Citation.council_id == Answer.council_id,
        Citation.answer_id == Answer.id,
        Evidence.council_id == Citation.council_id,
        Evidence.id == Citation.evidence_id,
        *_counted(),
    )
    return select(Answer.requirement_id, Answer.judgement, cited.label("cited")).where(
        Answer.council_id == accreditation.council_id, Answer.accreditation_id == accreditation.id
    )


def _evidence(council_id: UUID, as_of: datetime) -> dict[str, tuple[int, int, tuple[Share, ...]]]:
    day = as_of.astimezone(LONDON).date()
    in_force = Evidence.valid_until_on.is_(None) | (Evidence.valid_until_on >= day)
    row = db.session.execute(
        select(func.count().filter(in_force).label("in_force"), func.count().label("held")).where(
            Evidence.council_id == council_id, *_counted()
        )
    ).one()
    return {"evidence_in_force": (row.in_force, row.held, ())}


def _counted() -> tuple[Any, ...]:
    """Files and links that can be read and relied on."""
    return Evidence.kind != "measure", Evidence.removed_at.is_(None), Evidence.scan != "quarantined"
