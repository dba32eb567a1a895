"""A council's accreditations, for programs: begun, read, and given up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import url_for
from marshmallow import fields, validate

from assessment.models.accreditations import SIGNED, Accreditation
from assessment.queries import signings
from assessment.queries.accreditations import find_process, get_accreditation, process_of
from assessment.queries.cases import Case, get_case, list_cases_of_council
from assessment.queries.signings import list_signatures, list_standing
from assessment.queries.states import since_of, state_of
from assessment.rules import processes
from assessment.rules.processes import Process
from assessment.rules.signings import State
from assessment.rules.stages import Stage
from assessment.rules.states import LABELS
from assessment.rules.waiting import Task, for_council, next_date
from assessment.services import accreditations as services
from assessment.services.accreditations import Signature
from assessment.services.signings import LONGEST_NAME
from saas import clock
from saas.api import ApiSchema, Given, Listed, Operations
from saas.errors import Invalid
from saas.guard import actor, place, place_id, region_id, requires
from saas.policy import Permission

operations = Operations("accreditations", "Accreditations")
OF_COUNCIL = "/councils/<council>/accreditations"
ONE = f"{OF_COUNCIL}/<uuid:accreditation_id>"


class WaitingSchema(ApiSchema):
    """Something that the council has to do next."""

    task = fields.String(required=True, metadata={"enum": [task.value for task in Task]})
    words = fields.String(required=True)
    hint = fields.String(required=True)
    due_on = fields.Date(required=True, allow_none=True)


class HeldAwardSchema(ApiSchema):
    """The award to which an accreditation led."""

    certificate_number = fields.String(required=True)
    awarded_on = fields.Date(required=True)
    valid_to_on = fields.Date(required=True)
    interim_due_on = fields.Date(required=True, allow_none=True)
    reassessment_opens_on = fields.Date(required=True)
    conditions = fields.String(required=True)


class AccreditationLineSchema(ApiSchema):
    """A council's way to one level of a framework, and how far it is."""

    id = fields.UUID(required=True)
    framework_id = fields.UUID(required=True)
    framework_title = fields.String(required=True)
    framework_version = fields.String(required=True)
    level = fields.String(required=True, metadata={"example": "charter"})
    level_title = fields.String(required=True)
    cycle = fields.Integer(required=True)
    stage = fields.String(required=True, metadata={"enum": [stage.value for stage in Stage]})
    state = fields.String(
        required=True,
        metadata={
            "enum": [state for state in LABELS if state != "none"],
            "description": "The stage, and once awarded how the award stands today.",
        },
    )
    since = fields.Date(required=True, metadata={"description": "The day since which that state holds."})
    committed_at = fields.AwareDateTime(required=True)
    target_on = fields.Date(required=True, allow_none=True)
    deadline_on = fields.Date(required=True, allow_none=True)
    next_on = fields.Date(required=True, allow_none=True, metadata={"description": "The next day anybody waits for."})
    answered = fields.Integer(required=True, metadata={"description": "Requirements that count as judged."})
    to_answer = fields.Integer(required=True, metadata={"description": "Requirements of the level."})
    submission_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "What was sent last: a plan or the submission."}
    )
    award = fields.Nested(HeldAwardSchema, required=True, allow_none=True)
    version = fields.Integer(required=True)


class OfficeSignatureSchema(ApiSchema):
    """How far the signature of one office is."""

    about = fields.String(required=True, metadata={"enum": list(SIGNED)})
    office = fields.String(required=True, metadata={"example": "Leader"})
    state = fields.String(required=True, metadata={"enum": [state.value for state in State]})
    name = fields.String(required=True, metadata={"description": "Who signed or was asked; empty for nobody yet."})
    signed_on = fields.Date(required=True, allow_none=True)


class AccreditationSchema(AccreditationLineSchema):
    """An accreditation with its signatures, and what waits for the council."""

    signatures = fields.List(fields.Nested(OfficeSignatureSchema), required=True)
    waiting = fields.List(fields.Nested(WaitingSchema), required=True)


class PaperSignatureSchema(ApiSchema):
    """A signature that was given on paper."""

    office = fields.String(required=True, validate=validate.Length(1, LONGEST_NAME), metadata={"example": "Leader"})
    name = fields.String(required=True, validate=validate.Length(1, LONGEST_NAME), metadata={"example": "Sam Okoro"})
    signed_on = fields.Date(required=True, metadata={"example": "2026-05-20"})


class CommitmentSchema(ApiSchema):
    """What a council commits itself to."""

    framework_id = fields.UUID(required=True, metadata={"description": "One of those that listFrameworks shows."})
    level = fields.String(required=True, validate=validate.Length(1, 100), metadata={"example": "charter"})
    target_on = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "The day on which it wants to be assessed."}
    )
    signatures = fields.List(
        fields.Nested(PaperSignatureSchema),
        load_default=list,
        metadata={"description": "Those given on paper. Every other office that somebody holds is asked to sign."},
    )


@operations.get(OF_COUNCIL, "listAccreditations", answers=Listed(AccreditationLineSchema))
@requires(Permission.ACCREDITATION_READ)
def list_accreditations() -> list[dict[str, Any]]:
    """List the accreditations of a council. Newest first."""
    return [_line(case) for case in list_cases_of_council(place_id())]


@operations.get(ONE, "getAccreditation", answers=AccreditationSchema)
@requires(Permission.ACCREDITATION_READ)
def read_accreditation(accreditation_id: UUID) -> dict[str, Any]:
    """Read how far an accreditation is. With its signatures, and what waits for the council."""
    return _told(accreditation_id)


@operations.post(OF_COUNCIL, "createAccreditation", takes=CommitmentSchema, answers=AccreditationSchema)
@requires(Permission.ACCREDITATION_COMMIT)
def create_accreditation(given: dict[str, Any]) -> Given:
    """Commit a council to a level. The self-assessment opens when everybody has signed; at once where all did on
    paper. The region's process as it is today is kept with it."""
    settings = find_process(region_id())
    signed = _on_paper(given["signatures"], processes.parse(settings.document) if settings else processes.DEFAULT)
    try:
        made = services.commit(
            place_id(),
            region_id(),
            place().name,
            framework_id=given["framework_id"],
            level=given["level"],
            target_on=given["target_on"],
            signatures=signed,
            by=actor(),
        )
    except Invalid as refusal:
        raise Invalid({_field_of(name, signed): texts for name, texts in refusal.messages.items()}) from refusal
    return Given(_told(made.id), url_for("api_accreditations.getAccreditation", accreditation_id=made.id))


@operations.post(f"{ONE}/withdrawal", "withdrawAccreditation", answers=AccreditationSchema, status=200)
@requires(Permission.SUBMISSION_SEAL)
def withdraw_accreditation(accreditation_id: UUID) -> dict[str, Any]:
    """Give an accreditation up before it is decided. Nobody is asked to sign any more; what was sent stays."""
    services.withdraw(get_accreditation(accreditation_id, lock=True), by=actor())
    return _told(accreditation_id)


def _on_paper(given: Sequence[dict[str, Any]], process: Process) -> list[Signature]:
    """The signatures, each of another office that the process asks for; raises Invalid."""
    seen: set[str] = set()
    for at, each in enumerate(given):
        if each["office"] not in process.signatories:
            offices = ", ".join(process.signatories)
            raise Invalid({f"signatures.{at}.office": [f"Your region asks for the signatures of: {offices}."]})
        if each["office"] in seen:
            raise Invalid({f"signatures.{at}.office": ["This office is named twice."]})
        seen.add(each["office"])
    return [Signature(**each) for each in given]


def _field_of(name: str, signed: Sequence[Signature]) -> str:
    """The service names a signature by its office, the call by its place in the list."""
    kind, _, office = name.partition(".")
    if kind != "signatures":
        return name
    return next((f"signatures.{at}.signed_on" for at, each in enumerate(signed) if each.office == office), kind)


def _told(accreditation_id: UUID) -> dict[str, Any]:
    case = get_case(accreditation_id)
    signatures = [each for about in SIGNED for each in _signatures(case.accreditation, about)]
    return _line(case) | {"signatures": signatures, "waiting": for_council(case.facts, clock.today())}


def _line(case: Case) -> dict[str, Any]:
    accreditation = case.accreditation
    columns = (
        "id", "framework_id", "level", "cycle", "stage", "committed_at", "target_on", "deadline_on", "version",
    )  # fmt: skip
    return {
        **{name: getattr(accreditation, name) for name in columns},
        "framework_title": case.framework_title,
        "framework_version": case.framework_version,
        "level_title": case.level_title,
        "state": state_of(case),
        "since": since_of(case),
        "next_on": next_date(case.facts),
        "answered": case.facts.answered,
        "to_answer": case.facts.to_answer,
        "submission_id": case.submission_id,
        "award": case.award,
    }


def _signatures(accreditation: Accreditation, about: str) -> list[dict[str, Any]]:
    """Where each office stands while something is being signed; afterwards the names under it."""
    signing = signings.find_current(accreditation, about)
    if signing is None:
        return [
            {
                "about": about,
                "office": each.office,
                "state": State.ON_PAPER if each.on_paper else State.SIGNED,
                "name": each.name,
                "signed_on": each.signed_on,
            }
            for each in list_signatures(accreditation.id, about)
        ]
    return [
        {
            "about": about,
            "office": line.office,
            "state": line.state,
            "name": line.request.name if line.request else line.holder.name if line.holder else "",
            "signed_on": _signed_on(line.request),
        }
        for line in list_standing(accreditation, signing, process_of(accreditation).signatories)
    ]


def _signed_on(request: Any) -> Any:
    if request is None:
        return None
    signed_at = request.signed_at
    return request.paper_signed_on or (signed_at.astimezone(clock.LONDON).date() if signed_at else None)
