"""The region's library, for programs: good practice and case studies its councils share, for it and each of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields, validate

from assessment.api.paper_files import FILE_TO_READ, AskedPaperFileSchema
from assessment.models.sharing import Clipping, PublishedCaseStudy
from assessment.queries import practice_library as queries
from assessment.services.case_studies import paper_of
from saas.api import ApiSchema, Listed, Operations
from saas.downloads import paper_response
from saas.guard import place, region_id, requires
from saas.policy import Permission
from saas.security import digest

operations = Operations("practice_library", "Good practice")
REGION = "/regions/<region>/library"
COUNCIL = "/councils/<council>/library-of-practice"
STUDIES = "/case-studies"
STUDY = f"{STUDIES}/<uuid:published_id>"


class SharedPracticeSchema(ApiSchema):
    """Good practice that a council lets others read."""

    key = fields.String(
        required=True,
        metadata={"description": "Tells it from others of the list. It says nothing of an unnamed council, not when."},
    )
    about = fields.String(required=True, metadata={"description": "Its requirement or criterion, in words."})
    framework_title = fields.String(required=True)
    criterion_code = fields.String(required=True)
    requirement_code = fields.String(required=True)
    title = fields.String(required=True)
    words = fields.String(required=True)
    council_name = fields.String(required=True, metadata={"description": "Empty where it does not want to be named."})
    contact = fields.String(required=True, metadata={"description": "Who can be asked; may be empty."})
    until_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "The last day on which it is read; null where no council is named."},
    )


class SharedQuoteSchema(ApiSchema):
    """What somebody says of it."""

    words = fields.String(required=True)
    who = fields.String(required=True, metadata={"example": "A new councillor"})


class SharedCaseStudySchema(ApiSchema):
    """A case study as its council published it."""

    id = fields.UUID(required=True)
    council_name = fields.String(required=True)
    title = fields.String(required=True, attribute="document.title")
    at_a_glance = fields.String(required=True, attribute="document.at_a_glance")
    for_councillors = fields.String(required=True, attribute="document.for_councillors")
    for_council = fields.String(required=True, attribute="document.for_council")
    for_communities = fields.String(required=True, attribute="document.for_communities")
    quotes = fields.List(fields.Nested(SharedQuoteSchema), required=True, attribute="document.quotes")
    contact = fields.String(required=True, attribute="document.contact", metadata={"description": "Who can be asked."})
    published_at = fields.AwareDateTime(required=True)


class AskedPracticeSchema(ApiSchema):
    """What to look for."""

    requirement = fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"description": "A requirement's or a criterion's code, or what `about` says."},
    )
    words = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words in it."})


class AskedStudiesSchema(ApiSchema):
    """What to look for."""

    words = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words in it."})


@operations.get(REGION, "listRegionPractice", answers=Listed(SharedPracticeSchema, "key"), asks=AskedPracticeSchema)
@requires(Permission.REGION_READ)
def list_region_practice(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """List the good practice that councils of the region share. For the region, by framework and requirement."""
    return _practice(asked)


@operations.get(COUNCIL, "listSharedPractice", answers=Listed(SharedPracticeSchema, "key"), asks=AskedPracticeSchema)
@requires(Permission.COUNCIL_READ)
def list_shared_practice(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """List the good practice that councils of the region share. For each of them, by framework and requirement."""
    return _practice(asked)


@operations.get(f"{REGION}{STUDIES}", "listRegionCaseStudies", answers=Listed(SharedCaseStudySchema),
                asks=AskedStudiesSchema)  # fmt: skip
@requires(Permission.REGION_READ)
def list_region_case_studies(asked: dict[str, Any]) -> list[PublishedCaseStudy]:
    """List the case studies that councils of the region publish. For the region, the newest first."""
    return queries.list_case_studies(region_id(), asked["words"])


@operations.get(f"{COUNCIL}{STUDIES}", "listSharedCaseStudies", answers=Listed(SharedCaseStudySchema),
                asks=AskedStudiesSchema)  # fmt: skip
@requires(Permission.COUNCIL_READ)
def list_shared_case_studies(asked: dict[str, Any]) -> list[PublishedCaseStudy]:
    """List the case studies that councils of the region publish. For each of them, the newest first."""
    return queries.list_case_studies(region_id(), asked["words"])


@operations.get(f"{REGION}{STUDY}", "getRegionCaseStudy", answers=SharedCaseStudySchema)
@requires(Permission.REGION_READ)
def get_region_case_study(published_id: UUID) -> PublishedCaseStudy:
    """Read a case study. For the region."""
    return queries.get_case_study(region_id(), published_id)


@operations.get(f"{COUNCIL}{STUDY}", "getSharedCaseStudy", answers=SharedCaseStudySchema)
@requires(Permission.COUNCIL_READ)
def get_shared_case_study(published_id: UUID) -> PublishedCaseStudy:
    """Read a case study. For a council of the region."""
    return queries.get_case_study(region_id(), published_id)


@operations.get(f"{REGION}{STUDY}/file", "downloadRegionCaseStudy", answers=FILE_TO_READ, asks=AskedPaperFileSchema)
@requires(Permission.REGION_READ)
def download_region_case_study(published_id: UUID, asked: dict[str, Any]) -> Response:
    """Download a case study. For the region, as Word file or PDF."""
    return _file(published_id, asked["kind"])


@operations.get(f"{COUNCIL}{STUDY}/file", "downloadSharedCaseStudy", answers=FILE_TO_READ, asks=AskedPaperFileSchema)
@requires(Permission.COUNCIL_READ)
def download_shared_case_study(published_id: UUID, asked: dict[str, Any]) -> Response:
    """Download a case study. For a council of the region, as Word file or PDF."""
    return _file(published_id, asked["kind"])


def _practice(asked: dict[str, str]) -> list[dict[str, Any]]:
    """What is shared, as far as the page tells it: an id would tell when a council without a name decided."""
    found: list[Clipping] = queries.narrow(queries.list_clippings(region_id()), **asked)
    names = ("framework_title", "criterion_code", "requirement_code", "title", "words", "council_name", "contact")
    return [
        {name: getattr(each, name) for name in names}
        | {"key": digest(str(each.id)), "about": queries.about(each), "until_on": queries.until(each)}
        for each in found
    ]


def _file(published_id: UUID, kind: str) -> Response:
    shared = queries.get_case_study(region_id(), published_id)
    return paper_response(paper_of(shared, place().region_name), shared.document["title"], kind)
