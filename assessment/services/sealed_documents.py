"""The document of a seal: who sends what under which framework, and every answer as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from assessment.models.accreditations import Accreditation, DeclarationSignature
from assessment.models.answers import Answer
from assessment.models.submissions import SealRequest
from assessment.queries.frameworks import PublishedFramework
from assessment.rules.framework_tree import Requirement
from assessment.rules.lateness import days_late
from assessment.rules.measures import Measured
from assessment.services.sealed_files import CannotSeal, file_id_of
from saas import clock
from saas.db import db
from tenants.models.councils import Region
from tenants.models.evidence import Evidence
from tenants.models.plans import Action, Plan
from tenants.queries.plans import find_plan


@dataclass(frozen=True, slots=True)
class Drafts:
    """What the council has written: answers by requirement id, citations and actions by answer id, measures by code."""

    answers: dict[UUID, Answer]
    cited: dict[UUID, list[Any]]
    planned: dict[UUID, list[Any]]
    measures: dict[str, Measured]


def lines_of(request: SealRequest, framework: PublishedFramework, level: str, drafts: Drafts) -> list[dict[str, Any]]:
    """The answers as they stand in the sealed document, in the order of the framework; raises CannotSeal."""
    return [_line(request, framework, requirement, drafts) for requirement in framework.tree.requirements_of(level)]


def document_of(
    request: SealRequest,
    accreditation: Accreditation,
    framework: PublishedFramework,
    number: int,
    lines: list[dict[str, Any]],
    signed: Sequence[DeclarationSignature] = (),
) -> dict[str, Any]:
    """The sealed document. Every time in it comes from the request, so that a second try writes the same.

    signed: the signatures under the submission itself, beside those under the commitment. A submission after the last
    day has `late_days`, the days since then; others lack the key.
    """
    plan = find_plan(accreditation.council_id, "gap", accreditation_id=accreditation.id)
    region = db.session.scalar(select(Region.name).where(Region.id == accreditation.region_id))
    signatures = [*_committed(accreditation), *sorted(signed, key=_by_office)]
    return put_together(request, accreditation, framework, number, lines, signatures, plan=plan, region=region)


def put_together(
    request: SealRequest,
    accreditation: Accreditation,
    framework: PublishedFramework,
    number: int,
    lines: list[dict[str, Any]],
    signatures: Sequence[DeclarationSignature],
    *,
    plan: Plan | None,
    region: str | None,
) -> dict[str, Any]:
    """The sealed document from all that it tells, without the database. signatures: in their order."""
    level = framework.tree.level(accreditation.level)
    late = days_late(request.asked_at.astimezone(clock.LONDON).date(), accreditation.deadline_on)
    return {
        "kind": request.kind,
        "number": number,
        "framework": {
            "code": framework.tree.code,
            "version": framework.tree.version,
            "title": framework.tree.title,
            "digest": framework.digest,
        },
        "level": {"code": level.code, "title": level.title},
        "council": {"id": str(accreditation.council_id), "name": accreditation.council_name},
        "region": {"id": str(accreditation.region_id), "name": region},
        "accreditation": {
            "id": str(accreditation.id),
            "cycle": accreditation.cycle,
            "committed_at": _instant(accreditation.committed_at),
        },
        "sent": {"by": request.asked_by_name, "at": _instant(request.asked_at)},
        "signatures": [_signature(row) for row in signatures],
        "plan": {"title": plan.title, "monitor": plan.monitor} if plan else None,
        "answers": lines,
        **({"late_days": late} if late and request.kind == "readiness" else {}),
    }


def _line(
    request: SealRequest, framework: PublishedFramework, requirement: Requirement, drafts: Drafts
) -> dict[str, Any]:
    answer = drafts.answers.get(framework.ids[requirement.code])
    if answer is None or answer.judgement is None:
        raise CannotSeal(f"The requirement {requirement.code} has no judgement.")
    if answer.carried is not None and answer.confirmed_at is None:
        raise CannotSeal(f"The answer to {requirement.code} came from the last assessment and is not confirmed.")
    if answer.imported is not None and answer.confirmed_at is None:
        raise CannotSeal(f"The answer to {requirement.code} came from a document and is not confirmed.")
    step = framework.tree.step(answer.judgement)
    criterion, element = framework.tree.place_of(requirement.code)
    return {
        "requirement_code": requirement.code,
        "requirement_title": requirement.title,
        "criterion_code": criterion.code,
        "element_code": element.code,
        "judgement": step.code,
        "judgement_label": step.label,
        "narrative": answer.narrative,
        "not_applicable_reason": answer.not_applicable_reason if step.not_applicable else "",
        "carried": _carried(answer),
        "evidence": [_citation(request, row, drafts.measures) for row in drafts.cited.get(answer.id, ())],
        "actions": [_action(row.Action) for row in drafts.planned.get(answer.id, ())],
    }


def _carried(answer: Answer) -> dict[str, Any] | None:
    """Where an answer of the last cycle came from, and who confirmed it when."""
    if answer.carried is None or answer.confirmed_at is None:
        return None
    return {
        **answer.carried,
        "confirmed_by": answer.confirmed_by_name,
        "confirmed_at": _instant(answer.confirmed_at),
    }


def _citation(request: SealRequest, row: Any, measures: dict[str, Measured]) -> dict[str, Any]:
    evidence: Evidence = row.Evidence
    is_file = evidence.kind == "file"
    return {
        "title": evidence.title,
        "pinpoint": row.pinpoint,
        "why": row.why,
        "speaks_for_on": evidence.speaks_for_on.isoformat() if evidence.speaks_for_on else None,
        "file_id": str(file_id_of(request, evidence)) if is_file else None,
        "filename": evidence.filename,
        "sha256": evidence.sha256,
        "url": evidence.url,
        "measure": measures[evidence.measure].frozen() if evidence.measure else None,
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "ref": action.ref,
        "action": action.action,
        "timescale": action.timescale,
        "latest_on": action.latest_on.isoformat() if action.latest_on else None,
        "responsibility": action.responsibility,
        "status": action.status,
    }


def _committed(accreditation: Accreditation) -> Iterable[DeclarationSignature]:
    """The signatures under the commitment."""
    return db.session.scalars(
        select(DeclarationSignature)
        .where(
            DeclarationSignature.council_id == accreditation.council_id,
            DeclarationSignature.accreditation_id == accreditation.id,
            DeclarationSignature.about == "commitment",
        )
        .order_by(DeclarationSignature.office, DeclarationSignature.name)
    )


def _by_office(row: DeclarationSignature) -> tuple[str, str]:
    return row.office, row.name


def _signature(row: DeclarationSignature) -> dict[str, Any]:
    """Who signed what: to the word and the minute where it was signed here, the day alone where it was on paper."""
    return {
        "about": row.about,
        "office": row.office,
        "name": row.name,
        "signed_on": row.signed_on.isoformat(),
        "signed_at": _instant(row.signed_at) if row.signed_at else None,
        "text": row.text,
    }


def _instant(value: Any) -> str:
    return str(value.astimezone(clock.UTC).isoformat())
