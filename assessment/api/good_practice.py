"""Good practice of a council, for programs: what its reports name, and its word on sharing each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.models.sharing import CLIPPING_STATES
from assessment.queries import good_practice as queries
from assessment.queries.good_practice import NamedPractice
from assessment.services import good_practice as services
from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, place_id, requires
from saas.policy import Permission

operations = Operations("good_practice", "Good practice")
NAMED = "/councils/<council>/good-practice"
ONE = f"{NAMED}/<uuid:practice_id>"


class NamedPracticeSchema(ApiSchema):
    """Something an issued report names as good practice, and the council's word on it."""

    id = fields.UUID(required=True, attribute="practice.id")
    report_id = fields.UUID(required=True, attribute="practice.report_id")
    framework_title = fields.String(required=True)
    criterion_code = fields.String(required=True, attribute="practice.criterion_code")
    requirement_code = fields.String(required=True, attribute="practice.requirement_code")
    report_words = fields.String(
        required=True, attribute="practice.words", metadata={"description": "What the report says."}
    )
    issued_at = fields.AwareDateTime(required=True, attribute="practice.issued_at")
    state = fields.String(
        required=True,
        allow_none=True,
        attribute="clipping.state",
        dump_default=None,
        metadata={"enum": [*CLIPPING_STATES, None], "description": "What the council decided; null until then."},
    )
    title = fields.String(required=True, attribute="clipping.title", dump_default="")
    words = fields.String(
        required=True, attribute="clipping.words", dump_default="", metadata={"description": "What others may read."}
    )
    council_name = fields.String(
        required=True,
        attribute="clipping.council_name",
        dump_default="",
        metadata={"description": "Empty where the council is not named."},
    )
    contact = fields.String(required=True, attribute="clipping.contact", dump_default="")
    expires_on = fields.Date(
        required=True,
        allow_none=True,
        attribute="clipping.expires_on",
        dump_default=None,
        metadata={"description": "The last day on which others read it: the award's."},
    )
    version = fields.Integer(
        required=True,
        attribute="clipping.version",
        dump_default=0,
        metadata={"description": "0 until the council has decided."},
    )


class SharedWordsSchema(ApiSchema):
    """What others may read."""

    title = fields.String(
        required=True, validate=validate.Length(1, services.LONGEST_TITLE), metadata={"example": "Mentors for a year"}
    )
    words = fields.String(required=True, validate=validate.Length(1, services.LONGEST_WORDS))
    is_named = fields.Boolean(required=True, metadata={"description": "Whether the council's name stands with it."})
    contact = fields.String(
        load_default="",
        validate=validate.Length(max=services.LONGEST_CONTACT),
        metadata={"description": "A post rather than a person."},
    )


@operations.get(NAMED, "listGoodPractice", answers=Listed(NamedPracticeSchema, "practice.id"))
@requires(Permission.ACCREDITATION_READ)
def list_good_practice() -> list[NamedPractice]:
    """List what a council's reports name as good practice. The newest report first, with what the council decided."""
    return queries.list_named(place_id())


@operations.get(ONE, "getGoodPractice", answers=NamedPracticeSchema)
@requires(Permission.ACCREDITATION_READ)
def get_good_practice(practice_id: UUID) -> NamedPractice:
    """Read one entry. With what the council decided of it."""
    return queries.get_named(place_id(), practice_id)


@operations.put(ONE, "sharePractice", takes=SharedWordsSchema, answers=NamedPracticeSchema)
@requires(Permission.SHARING_DECIDE)
def share_practice(practice_id: UUID, given: dict[str, Any], version: int) -> NamedPractice:
    """Share it in these words. The region and its councils read it until the award's last day."""
    services.share(queries.get_named(place_id(), practice_id, lock=True), **given, version=version, by=actor())
    return queries.get_named(place_id(), practice_id)


@operations.post(f"{ONE}/decline", "declinePractice", answers=NamedPracticeSchema, status=200, versioned=True)
@requires(Permission.SHARING_DECIDE)
def decline_practice(practice_id: UUID, version: int) -> NamedPractice:
    """Keep it to the council. It can be shared later."""
    services.decline(queries.get_named(place_id(), practice_id, lock=True), version=version, by=actor())
    return queries.get_named(place_id(), practice_id)


@operations.post(f"{ONE}/take-back", "takePracticeBack", answers=NamedPracticeSchema, status=200, versioned=True)
@requires(Permission.SHARING_DECIDE)
def take_practice_back(practice_id: UUID, version: int) -> NamedPractice:
    """Take it out of the library. Nobody outside the council sees it from then on."""
    services.take_back(queries.get_named(place_id(), practice_id, lock=True), version=version, by=actor())
    return queries.get_named(place_id(), practice_id)
