"""Committing, and every move from stage to stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from assessment.models.accreditations import Accreditation, DeclarationSignature
from assessment.queries.accreditations import find_process, process_of
from assessment.queries.awards import holds_level
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.rules import processes, stages
from assessment.rules.process_words import period_words
from assessment.rules.stages import Stage, Verb
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor


@dataclass(frozen=True, slots=True)
class Signature:
    """The name of an office-holder under the commitment."""

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
    """Commit a council to one level of a framework, signed by every office its region asks for; opens self-assessment.

    The region's process is copied in and stays as it is. Raises Invalid (fields level, target_on,
    signatures.<office>) or Conflict: when one is under way already, or in a pre-election period.
    """
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
    messages |= _signature_problems(signed, process, today)
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
    for office in process.signatories:
        db.session.add(
            DeclarationSignature(
                council_id=council_id,
                region_id=region_id,
                accreditation_id=accreditation.id,
                office=office,
                name=signed[office].name.strip(),
                signed_on=signed[office].signed_on,
                recorded_by=by.id,
                recorded_at=clock.now(),
            )
        )
    payload = {"level": level, "framework": framework.tree.code}
    events.record("accreditation.committed", accreditation, by=by, audience="shared", payload=payload)
    move(accreditation, Verb.BEGIN, by=by, next_due_on=accreditation.next_due_on)
    return accreditation


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


def _signature_problems(signed: dict[str, Signature], process: processes.Process, today: date) -> dict[str, list[str]]:
    messages = {}
    for office in process.signatories:
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
    """The council gives up before a decision. Raises Conflict when it is too late."""
    move(accreditation, Verb.WITHDRAW, by=by)
