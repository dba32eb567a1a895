"""Case studies of a council, for programs: written, shared with the region and its councils, and taken back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for
from marshmallow import fields, validate

from assessment.models.sharing import CaseStudy, PublishedCaseStudy
from assessment.queries import case_studies as queries
from assessment.rules.case_studies import (
    LONGEST_CONTACT,
    LONGEST_QUOTE,
    LONGEST_SECTION,
    LONGEST_TITLE,
    LONGEST_WHO,
    MOST_QUOTES,
    SECTIONS,
    lacking,
    quotes_of,
)
from assessment.services import case_studies as services
from saas import clock
from saas.api import ApiSchema, Given, Listed, Operations
from saas.errors import Invalid
from saas.guard import actor, place, place_id, region_id, requires
from saas.policy import Permission

operations = Operations("case_studies", "Good practice")
LIST = "/councils/<council>/case-studies"
ONE = f"{LIST}/<uuid:case_study_id>"


class QuoteSchema(ApiSchema):
    """What somebody said, and the day on which that person agreed to stand there."""

    words = fields.String(load_default="", validate=validate.Length(max=LONGEST_QUOTE))
    who = fields.String(
        load_default="", validate=validate.Length(max=LONGEST_WHO), metadata={"example": "Group leader"}
    )
    consented_on = fields.Date(load_default=None, allow_none=True)


def _section(**needs: Any) -> dict[str, fields.Field]:
    return {name: fields.String(**needs, metadata={"description": f"{heading}."}) for name, heading in SECTIONS}


class _CaseStudySchema(ApiSchema):
    """A case study, as the council writes it, and whether others read it."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    contact = fields.String(required=True, metadata={"description": "Who can be asked."})
    quotes = fields.List(fields.Nested(QuoteSchema), required=True)
    lacking = fields.List(
        fields.String(), required=True, metadata={"description": "What keeps it from being shared, in sentences."}
    )
    shared_at = fields.AwareDateTime(required=True, allow_none=True)
    is_as_shared = fields.Boolean(required=True, metadata={"description": "Whether others read it as it stands here."})
    updated_at = fields.AwareDateTime(required=True)
    updated_by_name = fields.String(required=True)
    version = fields.Integer(required=True)


class _WrittenCaseStudySchema(ApiSchema):
    """A case study as it is to be; what is left out is emptied."""

    title = fields.String(
        required=True, validate=validate.Length(1, LONGEST_TITLE), metadata={"example": "A buddy for every newcomer"}
    )
    contact = fields.String(load_default="", validate=validate.Length(max=LONGEST_CONTACT))
    quotes = fields.List(fields.Nested(QuoteSchema), load_default=list, validate=validate.Length(max=MOST_QUOTES))


CaseStudySchema = _CaseStudySchema.from_dict(_section(required=True), name="CaseStudySchema")
CaseStudySchema.__doc__ = _CaseStudySchema.__doc__
WrittenCaseStudySchema = _WrittenCaseStudySchema.from_dict(
    _section(load_default="", validate=validate.Length(max=LONGEST_SECTION)), name="WrittenCaseStudySchema"
)
WrittenCaseStudySchema.__doc__ = _WrittenCaseStudySchema.__doc__


@operations.get(LIST, "listCaseStudies", answers=Listed(CaseStudySchema))
@requires(Permission.ACCREDITATION_READ)
def list_case_studies() -> list[dict[str, Any]]:
    """List the case studies of a council. The last changed first."""
    return [_told(study, shared) for study, shared in queries.list_own(place_id())]


@operations.post(LIST, "createCaseStudy", takes=WrittenCaseStudySchema, answers=CaseStudySchema)
@requires(Permission.ANSWER_WRITE)
def create_case_study(given: dict[str, Any]) -> Given:
    """Begin a case study. Only the council reads it until it is shared."""
    study = services.write(place_id(), texts=_texts(given), quotes=_quotes(given), by=actor())
    return Given(_told(study, None), url_for("api_case_studies.getCaseStudy", case_study_id=study.id))


@operations.get(ONE, "getCaseStudy", answers=CaseStudySchema)
@requires(Permission.ACCREDITATION_READ)
def get_case_study(case_study_id: UUID) -> dict[str, Any]:
    """Read one case study."""
    study = queries.get_own(place_id(), case_study_id)
    return _told(study, queries.find_shared(study))


@operations.put(ONE, "saveCaseStudy", takes=WrittenCaseStudySchema, answers=CaseStudySchema)
@requires(Permission.ANSWER_WRITE)
def save_case_study(case_study_id: UUID, given: dict[str, Any], version: int) -> dict[str, Any]:
    """Save a case study whole. What is shared of it stays as it was until it is shared again."""
    study = queries.get_own(place_id(), case_study_id, lock=True)
    services.change(study, texts=_texts(given), quotes=_quotes(given), version=version, by=actor())
    return _told(study, queries.find_shared(study))


@operations.delete(ONE, "removeCaseStudy", versioned=True)
@requires(Permission.SHARING_DECIDE)
def remove_case_study(case_study_id: UUID, version: int) -> None:
    """Delete a case study. Not while it is shared."""
    services.remove(queries.get_own(place_id(), case_study_id, lock=True), version=version, by=actor())


@operations.post(f"{ONE}/publication", "shareCaseStudy", answers=CaseStudySchema, status=200, versioned=True)
@requires(Permission.SHARING_DECIDE)
def share_case_study(case_study_id: UUID, version: int) -> dict[str, Any]:
    """Share a case study as it stands. With the region and every council in it; what was shared before is replaced."""
    study = queries.get_own(place_id(), case_study_id, lock=True)
    shared = services.publish(study, region_id=region_id(), council_name=place().name, version=version, by=actor())
    return _told(study, shared)


@operations.delete(f"{ONE}/publication", "takeCaseStudyBack")
@requires(Permission.SHARING_DECIDE)
def take_case_study_back(case_study_id: UUID) -> None:
    """Take a case study back. Nobody outside the council reads it from then on."""
    services.take_back(queries.get_own(place_id(), case_study_id, lock=True), by=actor())


def _texts(given: dict[str, Any]) -> dict[str, str]:
    return {name: given[name] for name in services.TEXTS}


def _quotes(given: dict[str, Any]) -> list[dict[str, str]]:
    typed = [(each["words"], each["who"], each["consented_on"]) for each in given["quotes"]]
    kept, wrong = quotes_of(typed, clock.today())
    if wrong:
        raise Invalid({f"quotes.{at}.{part}": [words] for at, (part, words) in wrong.items()})
    return kept


def _told(study: CaseStudy, shared: PublishedCaseStudy | None) -> dict[str, Any]:
    document = services.document_of(study)
    quotes = [
        each | {"consented_on": date.fromisoformat(each["consented_on"]) if each["consented_on"] else None}
        for each in document["quotes"]
    ]
    columns = ("id", "updated_at", "updated_by_name", "version")
    standing = {
        "lacking": lacking(document),
        "shared_at": shared.published_at if shared else None,
        "is_as_shared": shared is not None and shared.document == document,
    }
    return document | {"quotes": quotes} | standing | {name: getattr(study, name) for name in columns}
