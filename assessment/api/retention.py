"""How long records are kept, for programs: read, looked at before it is changed, set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from marshmallow import fields, validate

from assessment.services.retention_sweeps import SWEEPS
from saas.api import ApiSchema, Operations
from saas.errors import Invalid
from saas.guard import actor, place, requires
from saas.policy import Permission
from tenants.queries.retention import Keeper, list_own_rules, list_terms, version_of
from tenants.rules.retention import BY_CODE
from tenants.services import retention as services

operations = Operations("retention", "Settings")
OF_COUNCIL, OF_REGION = "/councils/<council>/retention", "/regions/<region>/retention"
EXAMPLE = {next(iter(BY_CODE)): 36}


class TermSchema(ApiSchema):
    """How long records of one kind are kept."""

    kind = fields.String(required=True, metadata={"enum": list(BY_CODE)})
    title = fields.String(required=True)
    months = fields.Integer(required=True)
    most = fields.Integer(required=True, metadata={"description": "The most months that may be chosen here."})
    source = fields.String(required=True, metadata={"description": "Who set them, in words."})


class RetentionSchema(ApiSchema):
    """How long records are kept here."""

    terms = fields.List(fields.Nested(TermSchema), required=True)
    version = fields.Integer(required=True)


class MonthsSchema(ApiSchema):
    """The months of some kinds."""

    months = fields.Dict(
        keys=fields.String(validate=validate.OneOf(list(BY_CODE))),
        values=fields.Integer(strict=True),
        required=True,
        metadata={"description": "By kind; a kind that is not named stays.", "example": EXAMPLE},
    )


class DueSchema(ApiSchema):
    """What would be removed tonight."""

    rows = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True, metadata={"description": "By kind."}
    )


@operations.get(OF_COUNCIL, "getRetention", answers=RetentionSchema)
@operations.get(OF_REGION, "getRegionRetention", answers=RetentionSchema)
@requires(Permission.ACCESS_GRANT)
def get_retention() -> dict[str, Any]:
    """Read how long records are kept. Each kind with its months and who set them."""
    return _told(Keeper.of(place()))


@operations.post(f"{OF_COUNCIL}/look", "lookAtRetention", takes=MonthsSchema, answers=DueSchema, status=200)
@operations.post(f"{OF_REGION}/look", "lookAtRegionRetention", takes=MonthsSchema, answers=DueSchema, status=200)
@requires(Permission.ACCESS_GRANT)
def look_at_retention(given: dict[str, Any]) -> dict[str, Any]:
    """Count what would be removed with these months. Nothing is touched."""
    with _named():
        return {"rows": services.count_due(Keeper.of(place()), SWEEPS, given["months"])}


@operations.put(OF_COUNCIL, "saveRetention", takes=MonthsSchema, answers=RetentionSchema)
@operations.put(OF_REGION, "saveRegionRetention", takes=MonthsSchema, answers=RetentionSchema)
@requires(Permission.ACCESS_GRANT)
def save_retention(given: dict[str, Any], version: int) -> dict[str, Any]:
    """Say how long records are kept. From tonight on; what is older is then removed for good."""
    keeper = Keeper.of(place())
    with _named():
        services.set_months(keeper, given["months"], version=version, by=actor())
    return _told(keeper)


@contextmanager
def _named() -> Iterator[None]:
    """What is wrong with the months of a kind stands where they were sent."""
    try:
        yield
    except Invalid as refusal:
        raise Invalid({f"months.{kind}": words for kind, words in refusal.messages.items()}) from refusal


def _told(keeper: Keeper) -> dict[str, Any]:
    terms = [
        {
            "kind": term.kind.code,
            "title": term.kind.title,
            "months": term.months,
            "most": term.most,
            "source": term.source,
        }
        for term in list_terms(keeper)
    ]
    return {"terms": terms, "version": version_of(list_own_rules(keeper))}
