"""Sealing: everything that was answered becomes one document, one archive and one hash, once and for good."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import UUID, uuid5

from sqlalchemy import func, select

from assessment.models.accreditations import Accreditation, DeclarationSignature
from assessment.models.answers import Answer
from assessment.models.submissions import SealRequest, Submission, SubmissionAnswer, SubmissionFile
from assessment.queries import answers, submissions
from assessment.queries.accreditations import get_accreditation
from assessment.queries.earlier import previous_answers
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.rules import frameworks, sealing, stages
from assessment.rules.framework_tree import Requirement
from assessment.rules.sealing import ManifestEntry, Seal, SealError
from assessment.rules.stages import Stage
from assessment.services import accreditations
from assessment.services.submissions import VERBS, fail
from saas import clock, events
from saas.db import db, new_id
from saas.files import FileMissing, Received, storage
from saas.tenancy import Actor
from tenants.models.evidence import Evidence
from tenants.models.plans import Action
from tenants.queries.plans import find_plan

CHUNK = 1 << 20


class CannotSeal(Exception):
    """The seal cannot be made as things are; the message says why, for the page."""


@dataclass(frozen=True, slots=True)
class _Archive:
    seal: Seal
    sha256: str
    size: int


def seal(request_id: UUID) -> None:
    """Make the seal that was asked for; once in effect, however often it is started.

    Every byte of every cited file is read and compared with its SHA-256. What cannot be sealed fails the request with
    words for the page and leaves the stage as it was. Runs in the council's scope, reading one moment of the database
    (REPEATABLE READ). Ids and times of the document come from the request, so that a second try makes the same archive.
    """
    request = submissions.get_request(request_id, lock=True)
    if request.done_at is not None or request.failed_at is not None:
        return
    accreditation = get_accreditation(request.accreditation_id, lock=True)
    try:
        _seal(request, accreditation)
    except CannotSeal as error:
        fail(request, str(error))


def _seal(request: SealRequest, accreditation: Accreditation) -> None:
    stage = Stage(accreditation.stage)
    if not stages.may(stage, VERBS[request.kind]):
        raise CannotSeal(str(stages.OutOfTurn(stage, VERBS[request.kind])))
    framework = get_framework(accreditation.framework_id)
    drafts = answers.list_answers(accreditation)
    cited = answers.list_citations(accreditation)
    planned = answers.list_planned_actions(accreditation)
    files = _files(request, [row.Evidence for rows in cited.values() for row in rows])
    lines = [
        _line(request, framework, requirement, drafts.get(framework.ids[requirement.code]), cited, planned)
        for requirement in framework.tree.requirements_of(accreditation.level)
    ]
    number = 1 + (
        db.session.scalar(
            select(func.max(Submission.number)).where(
                Submission.accreditation_id == accreditation.id, Submission.kind == request.kind
            )
        )
        or 0
    )
    document = _document(request, accreditation, framework, number, lines)
    archive = _pack(str(accreditation.council_id), document, files)
    submission = Submission(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        seal_request_id=request.id,
        kind=request.kind,
        number=number,
        sealed_at=clock.now(),
        sent_by=request.asked_by,
        sent_by_name=request.asked_by_name,
        document=document,
        document_sha256=archive.seal.document_sha256,
        hash=archive.seal.hash,
        archive_sha256=archive.sha256,
        archive_size=archive.size,
    )
    db.session.add(submission)
    db.session.flush()
    common = {
        "council_id": submission.council_id,
        "region_id": submission.region_id,
        "accreditation_id": accreditation.id,
        "submission_id": submission.id,
    }
    previous = previous_answers(accreditation)
    db.session.add_all(SubmissionFile(**common, **facts) for facts in files)
    db.session.add_all(
        SubmissionAnswer(
            **common,
            id=new_id(),
            requirement_id=framework.ids[line["requirement_code"]],
            judgement=line["judgement"],
            narrative=line["narrative"],
            not_applicable_reason=line["not_applicable_reason"],
            evidence=line["evidence"],
            actions=line["actions"],
            previous=previous.get(framework.ids[line["requirement_code"]]),
        )
        for line in lines
    )
    request.done_at = submission.sealed_at
    accreditation.reopened = None
    by = Actor(request.asked_by, request.asked_by_name)
    payload = {"kind": request.kind, "number": number, "hash": submission.hash, "files": len(files)}
    events.record("submission.sealed", submission, by=by, audience="shared", payload=payload)
    accreditations.move(accreditation, VERBS[request.kind], by=by, next_due_on=accreditation.next_due_on)


def file_id_of(request: SealRequest, evidence: Evidence) -> UUID:
    """The id a cited file gets in this seal: the same at every try, and one for the same content under one title."""
    return uuid5(request.id, f"{evidence.sha256}:{evidence.title}")


def _files(request: SealRequest, cited: Iterable[Evidence]) -> list[dict[str, Any]]:
    """The files of the seal, each once, in the order in which they are first cited by title."""
    found: dict[UUID, dict[str, Any]] = {}
    for evidence in sorted(cited, key=lambda each: (each.title, str(each.sha256))):
        if evidence.removed_at is not None:
            raise CannotSeal(f"“{evidence.title}” was removed from the library after you asked for the seal.")
        if evidence.kind == "file":
            file_id = file_id_of(request, evidence)
            found[file_id] = {
                "id": file_id,
                "title": evidence.title,
                "filename": evidence.filename,
                "content_type": evidence.content_type,
                "sha256": evidence.sha256,
                "size": evidence.size,
            }
    return list(found.values())


def _line(
    request: SealRequest,
    framework: PublishedFramework,
    requirement: Requirement,
    answer: Answer | None,
    cited: dict[UUID, list[Any]],
    planned: dict[UUID, list[Any]],
) -> dict[str, Any]:
    """One answer as it stands in the sealed document."""
    if answer is None or answer.judgement is None:
        raise CannotSeal(f"The requirement {requirement.code} has no judgement.")
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
        "evidence": [_citation(request, row) for row in cited.get(answer.id, ())],
        "actions": [_action(row.Action) for row in planned.get(answer.id, ())],
    }


def _citation(request: SealRequest, row: Any) -> dict[str, Any]:
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


def _document(
    request: SealRequest,
    accreditation: Accreditation,
    framework: PublishedFramework,
    number: int,
    lines: list[dict[str, Any]],
) -> dict[str, Any]:
    """The sealed document: who sends what under which framework, and every answer."""
    signed = db.session.execute(
        select(DeclarationSignature.office, DeclarationSignature.name, DeclarationSignature.signed_on)
        .where(
            DeclarationSignature.council_id == accreditation.council_id,
            DeclarationSignature.accreditation_id == accreditation.id,
        )
        .order_by(DeclarationSignature.office, DeclarationSignature.name)
    )
    plan = find_plan(accreditation.council_id, "gap", accreditation_id=accreditation.id)
    level = framework.tree.level(accreditation.level)
    return {
        "kind": request.kind,
        "number": number,
        "framework": {
            "code": framework.tree.code,
            "version": framework.tree.version,
            "title": framework.tree.title,
            "digest": frameworks.digest(framework.tree),
        },
        "level": {"code": level.code, "title": level.title},
        "council": {"id": str(accreditation.council_id), "name": accreditation.council_name},
        "accreditation": {
            "id": str(accreditation.id),
            "cycle": accreditation.cycle,
            "committed_at": accreditation.committed_at.astimezone(clock.UTC).isoformat(),
        },
        "sent": {
            "by": request.asked_by_name,
            "at": request.asked_at.astimezone(clock.UTC).isoformat(),
        },
        "signatures": [
            {"office": row.office, "name": row.name, "signed_on": row.signed_on.isoformat()} for row in signed
        ],
        "plan": {"title": plan.title, "monitor": plan.monitor} if plan else None,
        "answers": lines,
    }


def _pack(namespace: str, document: dict[str, Any], files: list[dict[str, Any]]) -> _Archive:
    """Write the archive, reading every file once, and keep it in the council's storage."""
    facts = [(str(each["id"]), each["filename"], each["sha256"], each["size"]) for each in files]
    try:
        entries = sealing.seal(document, facts).manifest
    except SealError as error:
        raise CannotSeal(f"This cannot be sealed: {error}.") from error
    with tempfile.NamedTemporaryFile(prefix="charterway-seal-", suffix=".zip") as draft:
        try:
            pairs = [(entry, _reader(namespace, entry)) for entry in entries]
            sealed = sealing.write_archive(cast(BinaryIO, draft.file), document, pairs)
        except (SealError, FileMissing) as error:
            raise CannotSeal(_what_is_wrong(namespace, files)) from error
        draft.flush()
        draft.seek(0)
        digest, size = hashlib.sha256(), 0
        while chunk := draft.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
        sha256 = digest.hexdigest()
        storage().put(namespace, Received(sha256, size, "application/zip", "submission.zip", Path(draft.name)))
    return _Archive(sealed, sha256, size)


def _reader(namespace: str, entry: ManifestEntry) -> Callable[[], Iterable[bytes]]:
    return partial(_chunks, namespace, entry.sha256)


def _chunks(namespace: str, sha256: str) -> Iterable[bytes]:
    with storage().open(namespace, sha256) as opened:
        yield from opened


def _what_is_wrong(namespace: str, files: list[dict[str, Any]]) -> str:
    """Name every file that is missing or not the one that was uploaded."""
    found = []
    for each in files:
        digest = hashlib.sha256()
        try:
            for chunk in _chunks(namespace, each["sha256"]):
                digest.update(chunk)
        except FileMissing:
            found.append(f"The file of “{each['title']}” is missing from the storage.")
            continue
        if digest.hexdigest() != each["sha256"]:
            found.append(f"The file of “{each['title']}” is not the one that was uploaded.")
    return " ".join([*found, "Upload it again or take it out of your answers, then send again."])
