"""The trend of the region's matrix, for programs: how much was met by criterion, cycle after cycle."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from assessment.api.region_reports import AskedMatrixSchema
from assessment.queries.matrix import list_trend, narrow, read_matrix
from assessment.rules.matrix import Show
from saas.api import ApiSchema, Listed, Operations
from saas.guard import place_id, requires
from saas.policy import Permission

operations = Operations("matrix_trend", "The whole region")


class TrendLineSchema(ApiSchema):
    """What councils' own judgements, or reports, of one cycle come to under a criterion."""

    key = fields.String(required=True)
    framework_id = fields.UUID(required=True)
    show = fields.String(
        required=True,
        metadata={"enum": [Show.OWN.value, Show.ISSUED.value], "description": "Councils themselves, or reports."},
    )
    cycle = fields.Integer(required=True, metadata={"description": "1 for a council's first accreditation."})
    criterion_code = fields.String(required=True)
    met = fields.Integer(required=True, attribute="share.met")
    judged = fields.Integer(required=True, attribute="share.judged")
    councils = fields.Integer(required=True)


@operations.get("/regions/<region>/matrix/trend", "regionalTrend", answers=Listed(TrendLineSchema, "key"),
                asks=AskedMatrixSchema)  # fmt: skip
@requires(Permission.REGION_REPORT_READ)
def regional_trend(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """List how much was met, cycle after cycle. By criterion, of the councils that are asked for."""
    found = read_matrix(place_id(), asked.pop("framework_id"))
    if found.framework is None:
        return []
    councils = [row.council_id for row in narrow(found.rows, **asked)]
    return [
        {
            "key": f"{line.show}/{line.cycle}/{line.criterion_code}",
            "framework_id": found.framework.id,
            "show": line.show,
            "cycle": line.cycle,
            "criterion_code": line.criterion_code,
            "share": line.share,
            "councils": line.councils,
        }
        for line in list_trend(place_id(), found.framework, councils)
    ]
