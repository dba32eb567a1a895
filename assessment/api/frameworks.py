"""Frameworks, for programs: what a council may commit to, and every requirement of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from assessment.models.frameworks import Framework
from assessment.queries.frameworks import get_framework as get_tree
from assessment.queries.frameworks import list_published
from assessment.rules.award_rule_words import rule_words
from saas.api import ApiSchema, Listed, Operations
from saas.errors import NotFound
from saas.guard import place_of_token, signed_in
from saas.policy import Permission

operations = Operations("frameworks", "Frameworks")
READS = (Permission.ACCREDITATION_READ, Permission.FRAMEWORK_READ)


class LevelSchema(ApiSchema):
    """An award that can be held."""

    code = fields.String(required=True, metadata={"example": "charter"})
    title = fields.String(required=True)
    requires = fields.String(
        required=True, allow_none=True, metadata={"description": "The code of the level that is to be held before."}
    )


class StepSchema(ApiSchema):
    """One judgement of the scale."""

    code = fields.String(required=True, metadata={"example": "partly_met"})
    label = fields.String(required=True)
    description = fields.String(required=True)
    met = fields.Boolean(required=True, metadata={"description": "Whether a requirement is met by it."})
    not_applicable = fields.Boolean(
        required=True, metadata={"description": "It says that the requirement cannot apply; a reason goes with it."}
    )


class RequirementSchema(ApiSchema):
    """One thing that a council shows."""

    code = fields.String(required=True, metadata={"example": "1.1.1"})
    title = fields.String(required=True)
    text = fields.String(required=True)
    guidance = fields.String(required=True)
    evidence_examples = fields.List(fields.String(), required=True)
    levels = fields.List(fields.String(), required=True, metadata={"description": "Codes of the levels that ask it."})
    key_indicator = fields.Boolean(required=True)


class ElementSchema(ApiSchema):
    """Requirements that belong together."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    requirements = fields.List(fields.Nested(RequirementSchema), required=True)


class CriterionSchema(ApiSchema):
    """A part of the framework."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    elements = fields.List(fields.Nested(ElementSchema), required=True)


class FrameworkLineSchema(ApiSchema):
    """A published version of the standard."""

    id = fields.UUID(required=True)
    code = fields.String(required=True, metadata={"example": "charter-2017"})
    title = fields.String(required=True)
    version = fields.String(required=True)
    starter = fields.Boolean(
        required=True, metadata={"description": "Whether its wording is a starting point, not the region's own text."}
    )
    own = fields.Boolean(required=True, metadata={"description": "Whether the region loaded it as its own."})
    in_force_from = fields.Date(required=True, allow_none=True)
    published_at = fields.AwareDateTime(required=True)
    digest = fields.String(required=True, metadata={"description": "SHA-256 of its canonical JSON."})
    levels = fields.List(fields.Nested(LevelSchema), required=True)


class FrameworkSchema(FrameworkLineSchema):
    """A framework with all of its requirements."""

    note = fields.String(required=True)
    scale = fields.List(fields.Nested(StepSchema), required=True)
    award_rules = fields.List(
        fields.String(), required=True, metadata={"description": "When an award is proposed, in sentences."}
    )
    criteria = fields.List(fields.Nested(CriterionSchema), required=True)


@operations.get("/frameworks", "listFrameworks", answers=Listed(FrameworkLineSchema))
@signed_in("the place of the token says which frameworks are offered, and who may read them")
def list_frameworks() -> list[dict[str, Any]]:
    """List the frameworks that are offered. In the region of the token's place, newest in force first. Needs the
    permission `accreditation:read` in a council or `framework:read` in a region."""
    return [_told(row) for row in list_published(place_of_token(*READS).region_id)]


@operations.get("/frameworks/<uuid:framework_id>", "getFramework", answers=FrameworkSchema)
@signed_in("the place of the token says which frameworks are offered, and who may read them")
def get_framework(framework_id: UUID) -> dict[str, Any]:
    """Read a framework. With every criterion, element and requirement, the scale and the award rule. Needs the
    permission `accreditation:read` in a council or `framework:read` in a region."""
    published = list_published(place_of_token(*READS).region_id)
    row = next((each for each in published if each.id == framework_id), None)
    if row is None:
        raise NotFound
    tree = get_tree(framework_id).tree
    parts = {"note": tree.note, "scale": tree.scale, "criteria": tree.criteria}
    return _told(row) | parts | {"award_rules": rule_words(tree)}


def _told(row: Framework) -> dict[str, Any]:
    columns = ("id", "code", "title", "version", "starter", "in_force_from", "published_at", "digest")
    told = {name: getattr(row, name) for name in columns}
    return told | {"own": row.region_id is not None, "levels": row.document["levels"]}
