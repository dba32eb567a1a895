"""Committing, and every move from stage to stage."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from assessment.models.accreditations import Accreditation
from assessment.models.signings import Signing
from assessment.queries.accreditations import find_process, process_of
from assessment.queries.awards import holds_level
from assessment.queries.frameworks import PublishedFramework, get_framework, list_published
from assessment.queries.signings import find_current
from assessment.rules import processes, sealing, signings, stages
from assessment.rules.process_words import period_words
from assessment.rules.stages import Stage, Verb
from assessment.services import signature_requests
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.offices import OfficeHolder
from tenants.queries.offices import current_holders


@dataclass(frozen=True, slots=True)
class Signature:
    """The name of an office-holder under the commitment, as it was signed on paper."""

    office: str
    name: str
    signed_on: date


def commit(
    council_id: UUID,
    region_id: UUID,
    council_name: str,
    *,
    framework_id: UUID,
    level: str,
    target_on: date | None,
    signatures: list[Signature],
    by: Actor,
) -> Accreditation:
    """Commit a council to one level of a framework, signed by every office its region asks for.

    signatures: those given on paper. Every other office that somebody holds is asked to sign; the self-assessment
    opens when the last has signed, and at once where all did on paper. The region's process is copied in and stays as
    it is. Raises Invalid (fields framework_id, level, target_on, signatures.<office>) or Conflict: when one is under
    way already, or in a pre-election period.
    """
    if framework_id not in {row.id for row in list_published(region_id)}:
        raise Invalid({"framework_id": ["Choose one of the frameworks that your region offers."]})
    framework = get_framework(framework_id)
    settings = find_process(region_id)
    process = processes.parse(settings.document) if settings else processes.DEFAULT
    today = clock.today()
    _refuse_before_elections(today, process)
    deadline = processes.assess_by(today, process)
    signed = {signature.office: signature for signature in signatures if signature.name.strip()}
    messages = _level_problems(council_id, framework, level, process)
    if target_on is not None and target_on <= today:
        messages["target_on"] = ["The day you want to be assessed must be in the future."]
    elif target_on is not None and deadline is not None and target_on > deadline:
        messages["target_on"] = [f"The day you want to be assessed must be within {process.months_to_assess} months."]
    holders = askable_holders(council_id)
    messages |= _signature_problems(signed, holders, process, today)
    if messages:
        raise Invalid(messages)
    earlier = db.session.scalar(
        select(func.count()).where(Accreditation.council_id == council_id, Accreditation.level == level)
    )
    accreditation = Accreditation(
        council_id=council_id,
        id=new_id(),
        region_id=region_id,
        council_name=council_name,
        framework_id=framework_id,
        process=processes.to_document(process),
        process_version=settings.version if settings else 0,
        level=level,
        cycle=(earlier or 0) + 1,
        stage=Stage.COMMITTED,
        stage_since=clock.now(),
        committed_at=clock.now(),
        target_on=target_on,
        deadline_on=deadline,
        next_due_on=target_on or deadline,
    )
    taken = "An accreditation for this level is under way already."
    with turning("uq_accreditations_one_under_way", lambda: Conflict(taken)):
        db.session.add(accreditation)
    payload = {"level": level, "framework": framework.tree.code}
    events.record("accreditation.committed", accreditation, by=by, audience="shared", payload=payload)
    signing = _put_before(accreditation, framework, process, by)
    title = signings.title_of("commitment", framework.tree.level(level).title)
    for office in process.signatories:
        holder = holders.get(office.casefold())
        if office in signed:
            name, day = signed[office].name.strip(), signed[office].signed_on
            signature_requests.record_paper(
                signing, accreditation, office, holder=holder, title=title, name=name, signed_on=day, by=by
            )
        elif holder is not None:
            signature_requests.ask(signing, accreditation, office, holder, title=title, by=by)
    if signature_requests.complete(signing, process.signatories, by=by):
        begin(accreditation, signing, by=by)
    return accreditation


def begin(accreditation: Accreditation, signing: Signing, *, by: Actor) -> None:
    """Open the self-assessment after the last signature under the commitment; nothing where it is not waiting."""
    if accreditation.stage == Stage.COMMITTED:
        signature_requests.declare(signing)
        move(accreditation, Verb.BEGIN, by=by, next_due_on=accreditation.next_due_on)


def _put_before(
    accreditation: Accreditation, framework: PublishedFramework, process: processes.Process, by: Actor
) -> Signing:
    """The text of the commitment, put before those who sign, with the terms under which they do."""
    title = f"{framework.tree.title} ({framework.tree.version})"
    level = framework.tree.level(accreditation.level)
    document = {
        "council": {"id": str(accreditation.council_id), "name": accreditation.council_name},
        "framework": {"code": framework.tree.code, "version": framework.tree.version, "title": framework.tree.title},
        "level": {"code": level.code, "title": level.title},
        "target_on": accreditation.target_on.isoformat() if accreditation.target_on else None,
        "process": processes.to_document(process),
    }
    text = signings.commitment_text(accreditation.council_name, level.title, title, accreditation.target_on)
    sha256 = hashlib.sha256(sealing.canonical_json(document)).hexdigest()
    return signature_requests.begin(accreditation, "commitment", text=text, document=document, sha256=sha256, by=by)


def askable_holders(council_id: UUID) -> dict[str, OfficeHolder]:
    """Who holds an office now and can be reached, by the office in small letters."""
    found = current_holders(council_id)
    return {office: holder for office, holder in found.items() if signature_requests.address_of(holder) is not None}


def _refuse_before_elections(today: date, process: processes.Process) -> None:
    for period in process.pre_election_periods:
        if period.from_on <= today <= period.to_on:
            raise Conflict(
                f"A pre-election period runs from {period_words(period)}. No council commits in it:"
                " come back when it is over."
            )


def _level_problems(
    council_id: UUID, framework: PublishedFramework, level: str, process: processes.Process
) -> dict[str, list[str]]:
    wanted = next((each for each in framework.tree.levels if each.code == level), None)
    if wanted is None:
        return {"level": ["Choose one of the levels of this framework."]}
    if wanted.requires is None or not process.upper_level_needs_lower or holds_level(council_id, wanted.requires):
        return {}
    lower = framework.tree.level(wanted.requires).title
    return {"level": [f"{wanted.title} needs {lower} first: your council does not hold {lower} now."]}


def _signature_problems(
    signed: dict[str, Signature], holders: dict[str, OfficeHolder], process: processes.Process, today: date
) -> dict[str, list[str]]:
    messages = {}
    for office in process.signatories:
        if office not in signed and office.casefold() in holders:
            continue
        if office not in signed:
            messages[f"signatures.{office}"] = [f"Enter the name of the {office}."]
        elif signed[office].signed_on > today:
            messages[f"signatures.{office}"] = [f"The day the {office} signed must not be in the future."]
        elif processes.in_pre_election_period(signed[office].signed_on, process):
            messages[f"signatures.{office}"] = [
                f"The day the {office} signed is in a pre-election period: no declaration is signed then."
            ]
    return messages


def move(
    accreditation: Accreditation,
    verb: Verb,
    *,
    by: Actor,
    next_due_on: date | None = None,
    audience: str = "shared",
) -> None:
    """Do a verb of the journey: stage, since when, the next date anybody waits for, and the event.

    Raises Conflict in words for the page when it cannot be done at this stage.
    """
    before = Stage(accreditation.stage)
    try:
        after = stages.next_stage(before, verb, process_of(accreditation))
    except stages.OutOfTurn as error:
        raise Conflict(str(error)) from error
    if after is not before:
        accreditation.stage = after
        accreditation.stage_since = clock.now()
    accreditation.next_due_on = next_due_on
    payload = {"verb": verb.value, "from": before.value, "to": after.value}
    events.record("accreditation.moved", accreditation, by=by, audience=audience, payload=payload)


def withdraw(accreditation: Accreditation, *, by: Actor) -> None:
    """The council gives up before a decision; nobody is asked to sign any more. Raises Conflict when it is too late."""
    move(accreditation, Verb.WITHDRAW, by=by)
    for about in ("commitment", "readiness"):
        signing = find_current(accreditation, about)
        if signing is not None:
            signature_requests.end_all(signing, "The council withdrew from the accreditation.", by=by)
