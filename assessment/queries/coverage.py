"""Coverage: which answers cite which evidence, what is cited nowhere, and which requirements have none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer, Citation
from assessment.queries.frameworks import PublishedFramework
from saas.db import db
from tenants.models.evidence import Evidence

SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Cited:
    """A requirement whose answer cites a piece of evidence: its code, and where in it."""

    code: str
    pinpoint: str


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of evidence, and what cites it in one accreditation, in the order of the framework."""

    evidence: Evidence
    cited: tuple[Cited, ...]

    def is_expired(self, today: date) -> bool:
        """Whether its validity has ended."""
        until = self.evidence.valid_until_on
        return until is not None and until < today

    def ends_soon(self, today: date) -> bool:
        """Whether its validity ends within sixty days."""
        until = self.evidence.valid_until_on
        return until is not None and today <= until <= today + SOON


@dataclass(frozen=True, slots=True)
class Coverage:
    """The library seen from one accreditation, by title; `without` are the codes that no evidence is cited for."""

    lines: tuple[Line, ...]
    without: tuple[str, ...]
    today: date

    @property
    def uncited(self) -> list[Line]:
        """Files and links in the library that are cited nowhere in this accreditation."""
        return [
            line
            for line in self.lines
            if not line.cited and line.evidence.scan != "quarantined" and line.evidence.kind != "measure"
        ]

    @property
    def cited(self) -> list[Line]:
        """Cited by at least one answer."""
        return [line for line in self.lines if line.cited]

    @property
    def cited_but_expired(self) -> list[Line]:
        """Cited, although its validity has ended, it was removed, or malware was found in it."""
        return [
            line
            for line in self.cited
            if line.is_expired(self.today)
            or line.evidence.removed_at is not None
            or line.evidence.scan == "quarantined"
        ]

    @property
    def expired(self) -> list[Line]:
        """Everything whose validity has ended, cited or not."""
        return [line for line in self.lines if line.is_expired(self.today)]

    @property
    def ending(self) -> list[Line]:
        """Everything whose validity ends within sixty days."""
        return [line for line in self.lines if line.ends_soon(self.today)]


def coverage_of(accreditation: Accreditation, framework: PublishedFramework, today: date) -> Coverage:
    """The whole library with what cites it, in one statement; what was removed only where it is cited still."""
    cites = (
        select(
            Citation.evidence_id,
            func.jsonb_agg(
                func.jsonb_build_object("requirement", Answer.requirement_id, "pinpoint", Citation.pinpoint)
            ).label("cited"),
        )
        .join(Answer, (Answer.council_id == Citation.council_id) & (Answer.id == Citation.answer_id))
        .where(Citation.council_id == accreditation.council_id, Answer.accreditation_id == accreditation.id)
        .group_by(Citation.evidence_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Evidence, cites.c.cited)
        .outerjoin(cites, cites.c.evidence_id == Evidence.id)
        .where(
            Evidence.council_id == accreditation.council_id,
            Evidence.removed_at.is_(None) | cites.c.cited.is_not(None),
        )
        .order_by(func.lower(Evidence.title), Evidence.id)
    )
    codes = [each.code for each in framework.tree.requirements_of(accreditation.level)]
    place = {str(framework.ids[code]): number for number, code in enumerate(codes)}
    lines = tuple(Line(row.Evidence, _cited(row.cited or (), place, codes)) for row in rows)
    covered = {each.code for line in lines for each in line.cited}
    return Coverage(lines, tuple(code for code in codes if code not in covered), today)


def _cited(found: Sequence[Any], place: dict[str, int], codes: list[str]) -> tuple[Cited, ...]:
    known = sorted((place[each["requirement"]], each["pinpoint"]) for each in found if each["requirement"] in place)
    return tuple(Cited(codes[number], pinpoint) for number, pinpoint in known)


def list_citing(council_id: UUID, evidence_id: UUID) -> Sequence[Any]:
    """Every answer that cites a piece of evidence, in any cycle, the newest cycle first.

    A row has `Accreditation`, `requirement_id`, `pinpoint`, `why` and `cited_at`.
    """
    return db.session.execute(
        select(Accreditation, Answer.requirement_id, Citation.pinpoint, Citation.why, Citation.cited_at)
        .select_from(Citation)
        .join(Answer, (Answer.council_id == Citation.council_id) & (Answer.id == Citation.answer_id))
        .join(
            Accreditation,
            (Accreditation.council_id == Answer.council_id) & (Accreditation.id == Answer.accreditation_id),
        )
        .where(Citation.council_id == council_id, Citation.evidence_id == evidence_id)
        .order_by(Accreditation.committed_at.desc(), Citation.cited_at, Citation.id)
    ).all()


def find_newest(council_id: UUID) -> UUID | None:
    """The accreditation the council committed to last."""
    wanted = select(Accreditation.id).where(Accreditation.council_id == council_id)
    return db.session.scalar(wanted.order_by(Accreditation.committed_at.desc(), Accreditation.id.desc()).limit(1))
