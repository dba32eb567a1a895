"""Signing: a commitment or a submission is put before office-holders, who sign or decline, in any order."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.signings import SignatureRequest, Signing
from assessment.models.submissions import SealRequest
from assessment.queries import answers, measures
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.frameworks import get_framework
from assessment.queries.signings import (
    find_current,
    get_request,
    get_signing,
    is_done,
)
from assessment.queries.submissions import find_open_request
from assessment.rules import processes, sealing, stages
from assessment.rules import signings as rules
from assessment.rules.process_words import period_words
from assessment.rules.stages import Stage, Verb
from assessment.services import accreditations, signature_requests, submissions
from assessment.services.sealed_documents import Drafts, document_of, lines_of
from assessment.services.sealed_files import CannotSeal
from assessment.services.signatories import reconcile, tell_leads, title_of
from saas import clock
from saas.errors import Conflict, Invalid, NotFound
from saas.tenancy import SERVICE, Actor
from tenants.queries import offices

LONGEST_NAME = 120


def open_signing(accreditation: Accreditation, about: str, *, by: Actor) -> Signing:
    """Put the submission before those who sign, and ask each office that is held by somebody; its answers now rest.

    accreditation: read with `lock`. about: "readiness"; a commitment is put before them by `accreditations.commit`.
    Raises Conflict when that cannot be done now, Incomplete when something is missing.
    """
    if about != "readiness":
        raise Conflict("A commitment is signed when your council commits.")
    stage = Stage(accreditation.stage)
    if not stages.may(stage, Verb.SEND_READINESS):
        raise Conflict(str(stages.OutOfTurn(stage, Verb.SEND_READINESS)))
    process = process_of(accreditation)
    if not process.readiness_signed:
        raise Conflict("Your region asks for no signatures under a submission.")
    if find_current(accreditation, about) is not None:
        raise Conflict("This is with those who sign already.")
    if find_open_request(accreditation.id) is not None:
        raise Conflict("This is being sealed already.")
    problems = submissions.list_problems(accreditation, about)
    if problems:
        raise submissions.Incomplete(submissions.still_missing(problems))
    document = rules.signed_part(_document_now(accreditation, by))
    sha256 = hashlib.sha256(sealing.canonical_json(document)).hexdigest()
    framework = get_framework(accreditation.framework_id).tree
    text = rules.readiness_text(
        accreditation.council_name,
        framework.level(accreditation.level).title,
        f"{framework.title} ({framework.version})",
        len(document["answers"]),
        sha256,
        clock.today(),
    )
    signing = signature_requests.begin(accreditation, about, text=text, document=document, sha256=sha256, by=by)
    reconcile(signing, accreditation, by=by)
    return signing


def sign(request: SignatureRequest, *, name: str, by: Actor) -> None:
    """Sign, by typing one's name; what follows is done by a job. In the council's scope or the bearer's.

    request: read with `lock`. Raises Conflict when it was answered, has ended or expired, or in a pre-election
    period; Invalid (name) when another name was typed.
    """
    signature_requests.refuse_unless_open(request)
    signing = get_signing(request.signing_id)
    period = closed_by(signing)
    if period:
        raise Conflict(f"A pre-election period runs from {period}. No declaration is signed in it: come back after it.")
    if not rules.is_same_name(name, request.name):
        raise Invalid({"name": [rules.NOT_READ_AS.format(name=request.name)]})
    request.signed_at = clock.now()
    signature_requests.record("signature.given", request, by)


def closed_by(signing: Signing) -> str:
    """The pre-election period in which nobody signs this today, in words; "" where there is none."""
    if signing.about != "commitment":
        return ""
    process = processes.parse((signing.document or {}).get("process", {}))
    today = clock.today()
    found = (period_words(each) for each in process.pre_election_periods if each.from_on <= today <= each.to_on)
    return next(found, "")


def decline(request: SignatureRequest, reason: str, *, by: Actor) -> None:
    """Decline to sign and say why; the council's leads are told by a job.

    request: read with `lock`. Raises Conflict when it was answered, has ended or expired, Invalid (reason).
    """
    signature_requests.refuse_unless_open(request)
    reason = reason.strip()
    if not reason or len(reason) > rules.LONGEST_REASON:
        raise Invalid({"reason": [f"Say why you do not sign, in at most {rules.LONGEST_REASON:,} characters."]})
    request.declined_at, request.decline_reason = clock.now(), reason
    signature_requests.record("signature.declined", request, by)


def record_on_paper(
    accreditation: Accreditation, about: str, *, office: str, name: str, signed_on: date, by: Actor
) -> SignatureRequest:
    """Keep that an office signed on paper; a request it has ends. What follows the last one is done by a job.

    accreditation: read with `lock`. Raises Conflict when nothing is being signed or the office has signed, Invalid
    (name, signed_on).
    """
    signing = _incomplete(accreditation, about)
    if office not in process_of(accreditation).signatories:
        raise NotFound
    name = " ".join(name.split())
    messages: dict[str, list[str]] = {}
    if not name or len(name) > LONGEST_NAME:
        messages["name"] = [f"Enter the name of the {office}."]
    today = clock.today()
    if signed_on > today:
        messages["signed_on"] = ["The day of the signature must be today or earlier."]
    elif about == "commitment" and processes.in_pre_election_period(signed_on, process_of(accreditation)):
        messages["signed_on"] = ["This day is in a pre-election period: no declaration is signed then."]
    elif about == "readiness" and signed_on < signing.opened_at.astimezone(clock.LONDON).date():
        messages["signed_on"] = ["The answers were put before those who sign after this day."]
    if messages:
        raise Invalid(messages)
    present = signature_requests.current_of(signing).get(office)
    if is_done(present):
        raise Conflict(f"The {office} has signed already.")
    if present is not None:
        signature_requests.end(present, rules.ON_PAPER.format(office=office), by=by)
    recorded = signature_requests.record_paper(
        signing,
        accreditation,
        office,
        holder=offices.find_current(accreditation.council_id, office),
        title=title_of(signing, accreditation),
        name=name,
        signed_on=signed_on,
        by=by,
    )
    signature_requests.record("signature.recorded", recorded, by)
    return recorded


def ask_again(accreditation: Accreditation, request: SignatureRequest, *, by: Actor) -> None:
    """Ask an office again: the same request with a new link, or after it was declined a new one. Raises Conflict.

    accreditation: read with `lock`.
    """
    signing = get_signing(request.signing_id, lock=True)
    if signing.complete_at is not None or signing.called_off_at is not None:
        raise Conflict("This is not being signed any more.")
    if request.declined_at is None or request.ended_at is not None:
        signature_requests.resend(request, by=by)
        return
    signature_requests.end(request, rules.ASKED_AGAIN.format(name=request.name), by=by)
    reconcile(signing, accreditation, by=by)


def call_off(signing: Signing, reason: str, *, by: Actor) -> None:
    """Call the signing of a submission off: its signatures are void and the answers open again.

    The accreditation was read with `lock`. Raises Conflict when it is over or the seal was asked for, Invalid (reason).
    """
    reason = reason.strip()
    if signing.used_at is not None or signing.called_off_at is not None:
        raise Conflict("This is not being signed any more.")
    if signing.about != "readiness":
        raise Conflict("A commitment is not called off: withdraw from the accreditation instead.")
    if find_open_request(signing.accreditation_id) is not None:
        raise Conflict("This is being sealed. It cannot be called off now.")
    if not reason or len(reason) > rules.LONGEST_REASON:
        raise Invalid({"reason": [f"Say why, in at most {rules.LONGEST_REASON:,} characters."]})
    signature_requests.end_all(signing, reason, by=by)


def follow(request_id: UUID) -> None:
    """What follows a signature: after the last one the self-assessment opens, or the submission may be sent.

    In a job, in the council's scope; once in effect, however often and beside whichever other it runs.
    """
    request = get_request(request_id)
    accreditation = get_accreditation(request.accreditation_id, lock=True)
    signing = get_signing(request.signing_id, lock=True)
    reconcile(signing, accreditation, by=SERVICE)  # somebody may have left office a moment before signing
    if not signature_requests.complete(signing, process_of(accreditation).signatories, by=SERVICE):
        return
    if signing.about == "commitment":
        accreditations.begin(accreditation, signing, by=SERVICE)
    else:
        tell_leads(signing, key=f"signed:{signing.id}", words="Everybody has signed: the submission can be sent.")


def tell_of_decline(request_id: UUID) -> None:
    """Tell the leads that somebody declined to sign, and why. In a job, in the council's scope."""
    request = get_request(request_id)
    words = f"{request.name}, {request.office}, declined to sign: {request.decline_reason}"
    tell_leads(get_signing(request.signing_id), key=f"declined:{request.id}", words=words)


def _document_now(accreditation: Accreditation, by: Actor) -> dict[str, Any]:
    """The document that a seal would make of the answers as they stand; raises Incomplete."""
    now = clock.now()
    request = SealRequest(
        council_id=accreditation.council_id,
        id=accreditation.id,
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        kind="readiness",
        asked_at=now,
        asked_by=by.id,
        asked_by_name=by.name,
    )
    cited = answers.list_citations(accreditation)
    framework = get_framework(accreditation.framework_id)
    drafts = Drafts(
        answers.list_answers(accreditation),
        cited,
        answers.list_planned_actions(accreditation),
        measures.measures_of(accreditation, (row for rows in cited.values() for row in rows), now),
    )
    try:
        lines = lines_of(request, framework, accreditation.level, drafts)
    except CannotSeal as error:
        raise submissions.Incomplete(str(error)) from error
    return document_of(request, accreditation, framework, 0, lines)


def _incomplete(accreditation: Accreditation, about: str) -> Signing:
    signing = find_current(accreditation, about)
    if signing is None or signing.complete_at is not None:
        raise Conflict("Nothing is being signed here now.")
    return get_signing(signing.id, lock=True)
