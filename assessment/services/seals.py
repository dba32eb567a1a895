"""Sealing: everything that was answered becomes one document, one list of files and one hash, once and for good."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from assessment.models.accreditations import Accreditation
from assessment.models.submissions import SealRequest, Submission, SubmissionAnswer, SubmissionFile
from assessment.queries import answers, measures, submissions
from assessment.queries.accreditations import get_accreditation
from assessment.queries.awards import find_award
from assessment.queries.earlier import previous_answers
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.queries.improvements import list_improvements
from assessment.queries.interim import list_cited, list_drafts, words_of
from assessment.queries.signings import find_current as find_signing
from assessment.rules import sealing, stages
from assessment.rules.sealing import FileFacts, Seal, SealError
from assessment.rules.signings import keep_measures
from assessment.rules.stages import Stage
from assessment.services import accreditations, interim_documents, signature_requests
from assessment.services.sealed_documents import Drafts, document_of, lines_of
from assessment.services.sealed_files import CannotSeal, list_files, read_all
from assessment.services.sealed_pages import page_of
from assessment.services.submissions import VERBS, fail, tell_who_asked
from saas import clock, events, progress
from saas.db import db, new_id
from saas.tenancy import Actor

KEPT_OF_LINES = ("judgement", "narrative", "not_applicable_reason", "evidence", "actions", "carried")


def seal(request_id: UUID) -> None:
    """Make the seal that was asked for; once in effect, however often it is started.

    Every byte of every cited file is read once and compared with its SHA-256; it lies in storage already, so what is
    sealed is kept before anybody hears of it. What cannot be sealed fails the request with words for the page and
    leaves the stage as it was. Runs in the council's scope, reading one moment of the database (REPEATABLE READ). Ids
    and times of the document come from the request, so that a second try makes the same seal. How far it is can be
    looked up in `saas.progress` under the request's id.
    """
    request = submissions.get_request(request_id, lock=True)
    if request.done_at is not None or request.failed_at is not None:
        return
    accreditation = get_accreditation(request.accreditation_id, lock=True)
    try:
        if request.kind == "interim":
            _seal_interim(request, accreditation)
        else:
            _seal(request, accreditation)
    except CannotSeal as error:
        fail(request, str(error))


def _seal(request: SealRequest, accreditation: Accreditation) -> None:
    stage = Stage(accreditation.stage)
    if not stages.may(stage, VERBS[request.kind]):
        raise CannotSeal(str(stages.OutOfTurn(stage, VERBS[request.kind])))
    framework = get_framework(accreditation.framework_id)
    cited = answers.list_citations(accreditation)
    files = list_files(request, [row.Evidence for rows in cited.values() for row in rows])
    drafts = Drafts(
        answers.list_answers(accreditation),
        cited,
        answers.list_planned_actions(accreditation),
        measures.measures_of(accreditation, (row for rows in cited.values() for row in rows), request.asked_at),
    )
    lines = lines_of(request, framework, accreditation.level, drafts)
    number = _next_number(request)
    signing = find_signing(accreditation, request.kind)
    if signing is not None:
        keep_measures(lines, signing.document or {})
    signed = signature_requests.drawn_up(signing) if signing is not None else []
    document = document_of(request, accreditation, framework, number, lines, signed)
    if signing is not None and (refusal := signature_requests.why_not_as_signed(signing, document)):
        raise CannotSeal(refusal)
    page, sealed = page_and_seal(document, framework, files)
    previous = previous_answers(accreditation)
    submission = _keep(request, accreditation, document, page, sealed, files)
    db.session.execute(
        insert(SubmissionAnswer),
        [
            {
                **_common(submission),
                "id": new_id(),
                "requirement_id": framework.ids[line["requirement_code"]],
                **{name: line[name] for name in KEPT_OF_LINES},
                "previous": previous.get(framework.ids[line["requirement_code"]]),
            }
            for line in lines
        ],
    )
    if signing is not None:
        signature_requests.declare(signing)
    accreditation.reopened = None
    by = _sealed_by(request, submission, files)
    accreditations.move(accreditation, VERBS[request.kind], by=by, next_due_on=accreditation.next_due_on)
    tell_who_asked(request, submission.id)


def _seal_interim(request: SealRequest, accreditation: Accreditation) -> None:
    """The return on an award: nothing moves, and what it says of each improvement is its newest progress."""
    award = find_award(accreditation.id)
    if award is None or award.ending is not None or award.interim_reviewed_on is not None:
        raise CannotSeal("The award needs no interim return any more.")
    framework = get_framework(accreditation.framework_id)
    improvements, drafts = list_improvements(accreditation.id), list_drafts(accreditation)
    cited = list_cited(drafts)
    asked = {line.improvement.number for line in improvements if not line.is_closed}
    cited = {number: found for number, found in cited.items() if number in asked}
    files = list_files(request, [evidence for found in cited.values() for evidence in found])
    lines = interim_documents.lines_of(request, improvements, drafts, cited)
    number = _next_number(request)
    document = interim_documents.interim_document_of(
        request, accreditation, framework, number, award, lines, words_of(drafts)
    )
    entries = sealing.list_entries(_facts(files))
    page = interim_documents.interim_page_of(document, entries)
    sealed = _sealing(document, files, page)
    submission = _keep(request, accreditation, document, page, sealed, files)
    interim_documents.keep_progress(request, improvements, drafts)
    _sealed_by(request, submission, files)
    tell_who_asked(request, submission.id)


def _keep(
    request: SealRequest,
    accreditation: Accreditation,
    document: dict[str, Any],
    page: str,
    sealed: Seal,
    files: list[dict[str, Any]],
) -> Submission:
    """The submission and its files, each of which was read to its last byte; raises CannotSeal."""
    checksums = read_all(str(accreditation.council_id), files, progress.teller(f"seal:{request.id}"))
    submission = Submission(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        seal_request_id=request.id,
        kind=request.kind,
        number=document["number"],
        sealed_at=clock.now(),
        sent_by=request.asked_by,
        sent_by_name=request.asked_by_name,
        document=document,
        document_sha256=sealed.manifest.document.sha256,
        hash=sealed.hash,
        manifest=sealed.manifest_json.decode("utf-8"),
        page=page,
    )
    db.session.add(submission)
    db.session.flush()
    rows = [{**_common(submission), **facts, "crc32": checksums[facts["sha256"]]} for facts in files]
    if rows:
        db.session.execute(insert(SubmissionFile), rows)
    return submission


def _common(submission: Submission) -> dict[str, UUID]:
    return {
        "council_id": submission.council_id,
        "region_id": submission.region_id,
        "accreditation_id": submission.accreditation_id,
        "submission_id": submission.id,
    }


def _sealed_by(request: SealRequest, submission: Submission, files: list[dict[str, Any]]) -> Actor:
    """Close the request and record the seal; who asked for it."""
    request.done_at = submission.sealed_at
    by = Actor(request.asked_by, request.asked_by_name)
    payload = {"kind": request.kind, "number": submission.number, "hash": submission.hash, "files": len(files)}
    events.record("submission.sealed", submission, by=by, audience="shared", payload=payload)
    return by


def _next_number(request: SealRequest) -> int:
    """The number of this seal among those of its kind, from 1."""
    last = select(func.max(Submission.number)).where(
        Submission.accreditation_id == request.accreditation_id, Submission.kind == request.kind
    )
    return 1 + (db.session.scalar(last) or 0)


def page_and_seal(
    document: dict[str, Any], framework: PublishedFramework, files: list[dict[str, Any]]
) -> tuple[str, Seal]:
    """The page that shows the document, and the seal over document, page and files; raises CannotSeal."""
    try:
        page = page_of(document, framework.tree, sealing.list_entries(_facts(files)))
    except SealError as error:
        raise CannotSeal(f"This cannot be sealed: {error}.") from error
    return page, _sealing(document, files, page)


def _sealing(document: dict[str, Any], files: list[dict[str, Any]], page: str) -> Seal:
    try:
        return sealing.seal(document, _facts(files), page.encode("utf-8"))
    except SealError as error:
        raise CannotSeal(f"This cannot be sealed: {error}.") from error


def _facts(files: list[dict[str, Any]]) -> list[FileFacts]:
    return [(str(each["id"]), each["filename"], each["sha256"], each["size"]) for each in files]
