"""Covers under which plans and self-assessments go to a committee, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for
from marshmallow import fields, validate

from saas.api import ApiSchema, Given, Operations
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from tenants.api.plans import PLAN
from tenants.models.committee_papers import CommitteePaper
from tenants.queries.committee_papers import get_cover
from tenants.queries.plans import get_plan
from tenants.services import committee_papers as services

operations = Operations("committee_papers", "Action plans")
ONE = "/councils/<council>/committee-papers/<uuid:cover_id>"
LINE = validate.Length(max=services.LONGEST_LINE)
TEXT = validate.Length(max=services.LONGEST_TEXT)
MOST_IMPLICATIONS = len(services.IMPLICATIONS) + 1


class ImplicationSchema(ApiSchema):
    """What it implies, under one heading."""

    heading = fields.String(
        required=True, validate=validate.Length(1, services.LONGEST_LINE), metadata={"example": "Financial"}
    )
    text = fields.String(required=True, validate=TEXT)


class CoverSchema(ApiSchema):
    """What a committee reads first, and what it is asked to decide."""

    id = fields.UUID(required=True)
    subject = fields.String(required=True, metadata={"enum": list(services.PURPOSES)})
    subject_id = fields.UUID(required=True, metadata={"description": "The plan or the accreditation."})
    title = fields.String(required=True)
    committee = fields.String(required=True)
    meets_on = fields.Date(required=True, allow_none=True)
    author = fields.String(required=True)
    purpose = fields.String(required=True)
    background = fields.String(required=True)
    recommendations = fields.List(fields.String(), required=True)
    implications = fields.List(fields.Nested(ImplicationSchema), required=True)
    updated_at = fields.AwareDateTime(required=True)
    updated_by_name = fields.String(required=True)
    version = fields.Integer(required=True)


class WrittenCoverSchema(ApiSchema):
    """A cover as it is to be; what is left out is emptied."""

    title = fields.String(
        required=True, validate=validate.Length(1, services.LONGEST_LINE), metadata={"example": "Learning plan"}
    )
    committee = fields.String(load_default="", validate=LINE)
    meets_on = fields.Date(load_default=None, allow_none=True)
    author = fields.String(load_default="", validate=LINE)
    purpose = fields.String(load_default="", validate=TEXT)
    background = fields.String(load_default="", validate=TEXT)
    recommendations = fields.List(
        fields.String(validate=TEXT), load_default=list, validate=validate.Length(max=services.MOST_RECOMMENDATIONS)
    )
    implications = fields.List(
        fields.Nested(ImplicationSchema), load_default=list, validate=validate.Length(max=MOST_IMPLICATIONS)
    )


@operations.post(f"{PLAN}/cover", "beginPlanCover", answers=CoverSchema, status=200)
@requires(Permission.ACTION_WRITE)
def begin_plan_cover(plan_id: UUID) -> Given:
    """Begin the cover of a plan. Or go on with the one there is."""
    plan = get_plan(place_id(), plan_id)
    begun = services.begin_cover(place_id(), subject="plan", subject_id=plan.id, title=plan.title, by=actor())
    return Given(begun, url_for("api_committee_papers.getCover", cover_id=begun.id))


@operations.get(ONE, "getCover", answers=CoverSchema)
@requires(Permission.ACTION_READ)
def read_cover(cover_id: UUID) -> CommitteePaper:
    """Read a cover."""
    return get_cover(place_id(), cover_id)


@operations.put(ONE, "saveCover", takes=WrittenCoverSchema, answers=CoverSchema)
@requires(Permission.ACTION_WRITE)
def save_cover(cover_id: UUID, given: dict[str, Any], version: int) -> CommitteePaper:
    """Save a cover whole. It stands above the papers for committees from then on."""
    cover = get_cover(place_id(), cover_id, lock=True)
    implications = [(each["heading"], each["text"]) for each in given.pop("implications")]
    services.save_cover(cover, **given, implications=implications, version=version, by=actor())
    return cover


@operations.delete(ONE, "removeCover", versioned=True)
@requires(Permission.ACTION_WRITE)
def remove_cover(cover_id: UUID, version: int) -> None:
    """Take a cover away. What it covered stays."""
    services.remove_cover(get_cover(place_id(), cover_id, lock=True), version=version, by=actor())
