"""Live measures, for programs: what the council's own records say in figures, and citing one in an answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from assessment.api.answers import ONE as ANSWER
from assessment.api.answers import AnswerSchema, one_answer, requirement_named
from assessment.queries import measures as queries
from assessment.queries.accreditations import get_accreditation
from assessment.rules.answering import LONGEST_WHY
from assessment.rules.measures import MEASURES, Measured
from assessment.services import citing
from saas import clock
from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, place_id, requires
from saas.policy import Permission

operations = Operations("measures", "Evidence")


class ShareSchema(ApiSchema):
    """One part of a measure, such as a criterion."""

    label = fields.String(required=True)
    numerator = fields.Integer(required=True)
    denominator = fields.Integer(required=True)


class MeasureSchema(ShareSchema):
    """A measure with its figures now."""

    class Meta(ApiSchema.Meta):
        """A measure has a title, its parts a label."""

        exclude = ("label",)

    code = fields.String(required=True, metadata={"enum": list(MEASURES)})
    title = fields.String(required=True)
    definition = fields.String(required=True)
    exclusions = fields.String(required=True)
    unit = fields.String(required=True)
    as_of = fields.AwareDateTime(required=True)
    counts = fields.String(required=True, metadata={"description": "What the numerator counts."})
    out_of = fields.String(required=True, metadata={"description": "What the denominator counts."})
    parts = fields.List(fields.Nested(ShareSchema), required=True)


class CitedMeasureSchema(ApiSchema):
    """A measure to be cited."""

    measure = fields.String(required=True, validate=validate.OneOf(list(MEASURES)))
    why = fields.String(load_default="", validate=validate.Length(max=LONGEST_WHY))


@operations.get("/councils/<council>/measures", "listMeasures", answers=Listed(MeasureSchema, "code"))
@requires(Permission.EVIDENCE_READ)
def list_measures() -> list[Measured]:
    """List the live measures with their figures now. Those of answers are of the newest self-assessment."""
    found = queries.compute_all(queries.find_current(place_id()), place_id(), list(MEASURES), clock.now())
    return list(found.values())


@operations.post(f"{ANSWER}/measures", "citeMeasure", takes=CitedMeasureSchema, answers=AnswerSchema, status=200)
@requires(Permission.ANSWER_WRITE)
def cite_measure(accreditation_id: UUID, code: str, given: dict[str, Any]) -> dict[str, Any]:
    """Cite a live measure in an answer. Its figures are frozen when the answer is sent."""
    accreditation = get_accreditation(accreditation_id, share=True)
    requirement_id = requirement_named(accreditation, code)
    citing.cite_measure(accreditation, requirement_id, given["measure"], why=given["why"], by=actor())
    return one_answer(accreditation, code)
