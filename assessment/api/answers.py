"""Answers of a self-assessment, for programs: read, saved by the code of their requirement, confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer
from assessment.queries import answers as queries
from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.rules.answering import (
    LONGEST_ACTION,
    LONGEST_LINE,
    LONGEST_PINPOINT,
    LONGEST_TEXT,
    LONGEST_WHY,
    Status,
    status_of,
)
from assessment.rules.framework_tree import Requirement
from assessment.services import answers as services
from assessment.services import carried, citing
from saas.api import ApiSchema, Listed, Operations
from saas.errors import Conflict, NotFound
from saas.guard import actor, requires
from saas.policy import Permission
from tenants.models.evidence import EVIDENCE_KINDS
from tenants.services.plans import MOST_POUNDS_OR_DAYS

operations = Operations("answers", "Self-assessment")
LIST = "/councils/<council>/accreditations/<uuid:accreditation_id>/answers"
ONE = f"{LIST}/<code>"
LINE = validate.Length(max=LONGEST_LINE)


class CitationSchema(ApiSchema):
    """A piece of evidence that an answer cites."""

    evidence_id = fields.UUID(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True, metadata={"enum": list(EVIDENCE_KINDS)})
    pinpoint = fields.String(required=True, metadata={"description": "Where in it.", "example": "Page 2"})
    why = fields.String(required=True, metadata={"description": "What it shows."})
    removed = fields.Boolean(required=True, metadata={"description": "Whether the library has lost it since."})


class AnswerActionSchema(ApiSchema):
    """An action that an answer needs; getAction has all of it."""

    id = fields.UUID(required=True)
    plan_id = fields.UUID(required=True)
    ref = fields.String(required=True)
    action = fields.String(required=True)
    timescale = fields.String(required=True)
    responsibility = fields.String(required=True)


class AnswerSchema(ApiSchema):
    """The council's answer to one requirement, begun or not."""

    code = fields.String(required=True, metadata={"description": "Of the requirement.", "example": "1.1.1"})
    title = fields.String(required=True, metadata={"description": "Of the requirement."})
    criterion = fields.String(required=True, metadata={"description": "The criterion's code."})
    element = fields.String(required=True, metadata={"description": "The element's code."})
    status = fields.String(required=True, metadata={"enum": [status.value for status in Status]})
    judgement = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The council's own: a step of the framework's scale.", "example": "met"},
    )
    narrative = fields.String(required=True)
    not_applicable_reason = fields.String(required=True)
    citations = fields.List(fields.Nested(CitationSchema), required=True)
    actions = fields.List(fields.Nested(AnswerActionSchema), required=True)
    open_comments = fields.Integer(required=True, metadata={"description": "Colleagues' comments nobody has settled."})
    to_be_confirmed = fields.Boolean(
        required=True, metadata={"description": "It came from the last cycle, or a document, and waits for a person."}
    )
    confirmed_at = fields.AwareDateTime(required=True, allow_none=True)
    updated_at = fields.AwareDateTime(required=True, allow_none=True)
    updated_by_name = fields.String(required=True)
    version = fields.Integer(required=True, metadata={"description": "0 until somebody writes it."})


class WrittenCitationSchema(ApiSchema):
    """A piece of evidence to be cited."""

    evidence_id = fields.UUID(required=True)
    pinpoint = fields.String(
        load_default="", validate=validate.Length(max=LONGEST_PINPOINT), metadata={"example": "Page 2"}
    )
    why = fields.String(load_default="", validate=validate.Length(max=LONGEST_WHY))


class WrittenAnswerSchema(ApiSchema):
    """An answer as it is to be; what is left out is emptied, but for the citations, which then stay."""

    judgement = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "The code of a step of the framework's scale; null leaves it open.", "example": "met"},
    )
    narrative = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_TEXT),
        metadata={"example": "Every member is offered a talk about learning each spring."},
    )
    not_applicable_reason = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_TEXT),
        metadata={"description": "Needed with a judgement that says that it cannot apply."},
    )
    citations = fields.List(
        fields.Nested(WrittenCitationSchema),
        metadata={"description": "All the evidence it cites from now on. Left out, the citations stay as they are."},
    )


class PlannedActionSchema(ApiSchema):
    """An action to be planned."""

    action = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_ACTION),
        metadata={"example": "Publish the learning calendar"},
    )
    timescale = fields.String(load_default="", validate=LINE, metadata={"example": "By 31 March 2027"})
    responsibility = fields.String(load_default="", validate=LINE, metadata={"example": "Head of HR"})
    officer_days = fields.Decimal(
        places=2, load_default=None, allow_none=True, validate=validate.Range(0, MOST_POUNDS_OR_DAYS)
    )
    cost = fields.Decimal(places=2, load_default=None, allow_none=True, validate=validate.Range(0, MOST_POUNDS_OR_DAYS))


class CarriedSchema(ApiSchema):
    """What was carried."""

    carried = fields.Integer(required=True, metadata={"description": "How many answers."})


@operations.get(LIST, "listAnswers", answers=Listed(AnswerSchema, "code"))
@requires(Permission.ACCREDITATION_READ)
def list_answers(accreditation_id: UUID) -> list[dict[str, Any]]:
    """List the answers of a self-assessment. One for each requirement of the level, in the framework's order, begun or
    not, with the evidence it cites and the actions it needs."""
    accreditation = get_accreditation(accreditation_id)
    return _told(accreditation, get_framework(accreditation.framework_id))


@operations.get(ONE, "getAnswer", answers=AnswerSchema)
@requires(Permission.ACCREDITATION_READ)
def get_answer(accreditation_id: UUID, code: str) -> dict[str, Any]:
    """Read the answer to one requirement. Of one that nobody has begun the version is 0."""
    return one_answer(get_accreditation(accreditation_id), code)


@operations.put(ONE, "saveAnswer", takes=WrittenAnswerSchema, answers=AnswerSchema)
@requires(Permission.ANSWER_WRITE)
def save_answer(accreditation_id: UUID, code: str, given: dict[str, Any], version: int) -> dict[str, Any]:
    """Save the answer to one requirement. With judgement, words and, where they are given, its citations."""
    accreditation = get_accreditation(accreditation_id, share=True)
    framework, requirement = _requirement(accreditation, code)
    wanted = given.pop("citations", None)
    answer = services.save(accreditation, framework.ids[code], **given, version=version, by=actor())
    if wanted is not None:
        citing.cite_exactly(accreditation, answer, [citing.Cited(**each) for each in wanted], by=actor())
    return _one(accreditation, framework, requirement)


@operations.post(f"{ONE}/confirmation", "confirmAnswer", answers=AnswerSchema, status=200, versioned=True)
@requires(Permission.ANSWER_WRITE)
def confirm_answer(accreditation_id: UUID, code: str, version: int) -> dict[str, Any]:
    """Say that an answer holds as it stands. Of one that was carried from the last cycle, or taken from a document."""
    accreditation = get_accreditation(accreditation_id, share=True)
    framework, requirement = _requirement(accreditation, code)
    answer = queries.find_answer(accreditation, framework.ids[code])
    if answer is None:
        raise Conflict("Nobody has answered this yet: there is nothing to confirm.")
    if answer.version != version:
        raise Conflict(theirs=answer)
    carried.confirm(answer, by=actor())
    return _one(accreditation, framework, requirement)


@operations.delete(f"{ONE}/confirmation", "takeConfirmationBack")
@requires(Permission.ANSWER_WRITE)
def take_confirmation_back(accreditation_id: UUID, code: str) -> None:
    """Take the confirmation of an answer back. It waits for one again."""
    answer = answer_named(get_accreditation(accreditation_id, share=True), code)
    if answer is None:
        raise NotFound
    carried.take_back(answer, by=actor())


@operations.post(f"{LIST}/carried", "carryAnswers", answers=CarriedSchema, status=200)
@requires(Permission.ANSWER_WRITE)
def carry_answers(accreditation_id: UUID) -> dict[str, int]:
    """Carry the last cycle's answers to every requirement without one. Once; each then waits to be confirmed."""
    return {"carried": carried.carry(get_accreditation(accreditation_id, lock=True), by=actor())}


@operations.post(f"{ONE}/actions", "planAction", takes=PlannedActionSchema, answers=AnswerActionSchema)
@requires(Permission.ANSWER_WRITE)
def plan_action(accreditation_id: UUID, code: str, given: dict[str, Any]) -> Any:
    """Plan what an answer still needs. As a line of the accreditation's gap plan, changed later with updateAction."""
    accreditation = get_accreditation(accreditation_id, share=True)
    framework, _ = _requirement(accreditation, code)
    answer = citing.begun(accreditation, framework.ids[code], by=actor())
    return services.plan_action(answer, **given, by=actor())


def answer_named(accreditation: Accreditation, code: str) -> Answer | None:
    """The answer to the requirement of this code, None where nobody began it; raises NotFound for no such code."""
    framework, _ = _requirement(accreditation, code)
    return queries.find_answer(accreditation, framework.ids[code])


def requirement_named(accreditation: Accreditation, code: str) -> UUID:
    """The id of the requirement of this code, where the level asks for it; raises NotFound."""
    return _requirement(accreditation, code)[0].ids[code]


def one_answer(accreditation: Accreditation, code: str) -> dict[str, Any]:
    """The answer to the requirement of this code, begun or not, as AnswerSchema has it; raises NotFound."""
    return _one(accreditation, *_requirement(accreditation, code))


def _requirement(accreditation: Accreditation, code: str) -> tuple[PublishedFramework, Requirement]:
    """The requirement of this code, when the accreditation's level asks for it; raises NotFound."""
    framework = get_framework(accreditation.framework_id)
    if code not in framework.ids:
        raise NotFound
    return framework, services.requirement_of(accreditation, framework.ids[code])


def _one(accreditation: Accreditation, framework: PublishedFramework, requirement: Requirement) -> dict[str, Any]:
    return _told(accreditation, framework, requirement)[0]


def _told(
    accreditation: Accreditation, framework: PublishedFramework, only: Requirement | None = None
) -> list[dict[str, Any]]:
    """The answers (or the one to `only`), begun or not, in the order of the framework; four statements."""
    if only is None:
        found, one = queries.list_answers(accreditation), None
    else:
        one = queries.find_answer(accreditation, framework.ids[only.code])
        found = {one.requirement_id: one} if one else {}
    lines = queries.list_answer_lines(accreditation)
    cited = queries.list_citations(accreditation, one.id if one else None) if found else {}
    planned = queries.list_planned_actions(accreditation, one.id if one else None) if found else {}
    wanted = [only] if only else framework.tree.requirements_of(accreditation.level)
    told = []
    for requirement in wanted:
        line, answer = lines[framework.ids[requirement.code]], found.get(framework.ids[requirement.code])
        hangs = {"citations": _cited(cited, answer), "actions": _planned(planned, answer)}
        criterion, element = framework.tree.place_of(requirement.code)
        place = {"code": requirement.code, "title": requirement.title}
        place |= {"criterion": criterion.code, "element": element.code}
        standing = {"status": status_of(framework.tree, line), "open_comments": line.comments}
        told.append(place | standing | {"to_be_confirmed": line.carried and not line.confirmed} | _text(answer) | hangs)
    return told


def _text(answer: Answer | None) -> dict[str, Any]:
    columns = (
        "judgement", "narrative", "not_applicable_reason", "confirmed_at", "updated_at", "updated_by_name", "version",
    )  # fmt: skip
    unwritten = {"narrative": "", "not_applicable_reason": "", "updated_by_name": "", "version": 0}
    return {name: getattr(answer, name, unwritten.get(name)) for name in columns}


def _cited(rows: dict[UUID, list[Any]], answer: Answer | None) -> list[dict[str, Any]]:
    return [
        {
            "evidence_id": row.Evidence.id,
            "title": row.Evidence.title,
            "kind": row.Evidence.kind,
            "pinpoint": row.pinpoint,
            "why": row.why,
            "removed": row.Evidence.removed_at is not None,
        }
        for row in _of(rows, answer)
    ]


def _planned(rows: dict[UUID, list[Any]], answer: Answer | None) -> list[Any]:
    return [row.Action for row in _of(rows, answer)]


def _of(rows: dict[UUID, list[Any]], answer: Answer | None) -> Sequence[Any]:
    return rows.get(answer.id, ()) if answer else ()
