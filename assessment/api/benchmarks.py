"""Comparisons for programs: a council's own figures, those it shares, and groups of five or more councils."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from assessment.models.sharing import ReleasedMeasure
from assessment.queries import benchmarks as queries
from assessment.rules.benchmarks import KINDS, SIZE_BANDS, years_to_compare
from assessment.rules.measures import MEASURES
from assessment.services import benchmarks as services
from saas import clock
from saas.api import ApiSchema, Listed, Operations
from saas.errors import NotFound
from saas.guard import actor, place_id, region_id, requires
from saas.policy import Permission

operations = Operations("benchmarks", "Comparisons")
COUNCIL = "/councils/<council>/comparisons"
REGION = "/regions/<region>/comparisons"
FIGURES = f"{COUNCIL}/figures"
YEAR = {"description": "The financial year.", "example": "2026-27"}
PERCENT = {"description": "In percent, rounded to five."}


class GroupFigureSchema(ApiSchema):
    """One figure of a group of five or more councils; never a single council's."""

    key = fields.String(required=True)
    figure = fields.String(required=True, metadata={"enum": list(MEASURES)})
    title = fields.String(required=True)
    year = fields.String(required=True, metadata=YEAR)
    council_kind = fields.String(required=True, metadata={"enum": ["", *KINDS], "description": "Empty for any."})
    size_band = fields.String(required=True, metadata={"enum": ["", *SIZE_BANDS], "description": "Empty for any."})
    councils = fields.Integer(required=True)
    lower = fields.Integer(required=True, allow_none=True, metadata=PERCENT)
    median = fields.Integer(required=True, metadata=PERCENT)
    upper = fields.Integer(required=True, allow_none=True, metadata=PERCENT)
    shown_at = fields.AwareDateTime(required=True)


class OwnFigureSchema(ApiSchema):
    """One of the council's own figures as it is now, and as it shares it."""

    figure = fields.String(required=True, metadata={"enum": list(MEASURES)})
    title = fields.String(required=True)
    numerator = fields.Integer(required=True)
    denominator = fields.Integer(required=True)
    shared = fields.Boolean(required=True, metadata={"description": "Whether it counts in this year's comparisons."})
    shared_numerator = fields.Integer(required=True, allow_none=True)
    shared_denominator = fields.Integer(required=True, allow_none=True)
    shared_at = fields.AwareDateTime(required=True, allow_none=True)


class SharedFigureSchema(ApiSchema):
    """A figure as it counts in comparisons."""

    figure = fields.String(required=True, attribute="measure", metadata={"enum": list(MEASURES)})
    year = fields.String(required=True, attribute="period", metadata=YEAR)
    numerator = fields.Integer(required=True)
    denominator = fields.Integer(required=True)
    released_at = fields.AwareDateTime(required=True)
    released_by_name = fields.String(required=True)


class AskedYearSchema(ApiSchema):
    """Of which financial year."""

    year = fields.String(
        load_default="",
        validate=validate.Length(max=7),
        metadata={"description": "This one or the one before; without it, this one.", "example": "2026-27"},
    )


@operations.get(COUNCIL, "listComparisons", answers=Listed(GroupFigureSchema, "key"), asks=AskedYearSchema)
@requires(Permission.ACCREDITATION_READ)
def list_comparisons(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """List the figures of groups of councils. Of what the council itself shares, everybody first."""
    return _groups(asked["year"])


@operations.get(REGION, "listRegionComparisons", answers=Listed(GroupFigureSchema, "key"), asks=AskedYearSchema)
@requires(Permission.REGION_REPORT_READ)
def list_region_comparisons(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """List the figures of groups of councils. For the region; no council's own figure."""
    return _groups(asked["year"])


@operations.get(FIGURES, "listOwnFigures", answers=Listed(OwnFigureSchema, "figure"))
@requires(Permission.ACCREDITATION_READ)
def list_own_figures() -> list[dict[str, Any]]:
    """List the council's own figures. As they are now, with those that count in this year's comparisons."""
    shared = queries.list_released(place_id(), years_to_compare(clock.today())[0])
    return [
        {
            "figure": code,
            "title": MEASURES[code].title,
            "numerator": now.numerator,
            "denominator": now.denominator,
            "shared": code in shared,
            "shared_numerator": shared[code].numerator if code in shared else None,
            "shared_denominator": shared[code].denominator if code in shared else None,
            "shared_at": shared[code].released_at if code in shared else None,
        }
        for code, now in queries.own_figures(place_id()).items()
    ]


@operations.post(f"{FIGURES}/<measure>/share", "shareFigure", answers=SharedFigureSchema)
@requires(Permission.SHARING_DECIDE)
def share_figure(measure: str) -> ReleasedMeasure:
    """Share a figure as it is now. It counts in this financial year's comparisons until it is taken back."""
    return services.share_own(place_id(), region_id(), measure, by=actor())


@operations.delete(f"{FIGURES}/<measure>/<year>", "takeFigureBack")
@requires(Permission.SHARING_DECIDE)
def take_figure_back(measure: str, year: str) -> None:
    """Take a figure back. Groups it counted in are hidden from then on."""
    if measure not in MEASURES or not services.take_back(place_id(), measure, year, by=actor()):
        raise NotFound


def _groups(asked: str) -> list[dict[str, Any]]:
    years = years_to_compare(clock.today())
    year = asked or years[0]
    if year not in years:
        raise NotFound
    return [
        {
            "key": f"{code}/{each.group.kind}/{each.group.band}",
            "figure": code,
            "title": MEASURES[code].title,
            "year": year,
            "council_kind": each.group.kind,
            "size_band": each.group.band,
            "councils": each.councils,
            "lower": each.lower,
            "median": each.median,
            "upper": each.upper,
            "shown_at": each.shown_at,
        }
        for code, figures in queries.list_figures(year).items()
        for each in figures
    ]
