"""The public register of awards, for programs of everybody: no token is needed."""

from __future__ import annotations

from typing import Any

from flask import url_for
from marshmallow import fields, validate

from assessment.models.awards import RegisterEntry
from assessment.queries.register import HELD, PAST, find_entry, list_entries
from assessment.rules.certificates import read_number
from assessment.rules.register import STATES, holds, state_of
from saas import clock
from saas.api import ApiSchema, Listed, Operations
from saas.errors import NotFound
from saas.guard import public
from tenants.rules.council_kinds import KIND_LABELS

operations = Operations("awards", "Awards")
REASON = "the register of awards is public"
SLUGS = {state: state.lower().replace(" ", "_") for state in STATES}


class AwardSchema(ApiSchema):
    """An award as the register has it, with the names of the day on which it was made."""

    certificate_number = fields.String(required=True, metadata={"example": "BCDF-GHJK-2345"})
    certificate_url = fields.Url(required=True, metadata={"description": "Where everybody can check it."})
    council = fields.String(required=True)
    council_kind = fields.String(required=True, metadata={"enum": ["", *KIND_LABELS]})
    county = fields.String(required=True, metadata={"description": "The area by which its region lists it."})
    region = fields.String(required=True)
    region_id = fields.UUID(required=True)
    level = fields.String(required=True, metadata={"description": "Its code in the framework."})
    level_title = fields.String(required=True)
    framework_title = fields.String(required=True)
    awarded_on = fields.Date(required=True)
    valid_to_on = fields.Date(required=True)
    held_to_on = fields.Date(required=True, metadata={"description": "The last day of grace."})
    held = fields.Boolean(required=True, metadata={"description": "Whether it is held today."})
    state = fields.String(required=True, metadata={"enum": list(SLUGS.values()), "description": "Today."})
    words = fields.String(required=True, metadata={"description": "The same in a sentence."})
    ended_on = fields.Date(required=True, allow_none=True)
    with_conditions = fields.Boolean(required=True)


class AskedAwardsSchema(ApiSchema):
    """Which awards."""

    words = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"description": "Words of the council's name, or the number of a certificate."},
    )
    region_id = fields.UUID(load_default=None)
    county = fields.String(load_default="", validate=validate.Length(max=200))
    level = fields.String(
        load_default="", validate=validate.Length(max=100), metadata={"description": "Its code in the framework."}
    )
    state = fields.String(
        load_default="",
        validate=validate.OneOf(["", HELD, PAST]),
        metadata={"description": "Those that are held today, or those that are not any more."},
    )


@operations.get("/awards", "listAwards", answers=Listed(AwardSchema, "certificate_number"), asks=AskedAwardsSchema)
@public(REASON)
def list_awards(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """List the awards of the public register. By region, council and day, the newest first; for everybody."""
    region = asked.pop("region_id")
    return [_told(entry) for entry in list_entries(today=clock.today(), region=region, **asked)]


@operations.get("/certificates/<number>", "verifyCertificate", answers=AwardSchema)
@public(REASON)
def verify_certificate(number: str) -> dict[str, Any]:
    """Verify a certificate by its number. Whether its award is held today, and until when; for everybody."""
    wanted = read_number(number)
    entry = find_entry(wanted) if wanted else None
    if entry is None:
        raise NotFound("No certificate has this number.")
    return _told(entry)


def _told(entry: RegisterEntry) -> dict[str, Any]:
    columns = (
        "certificate_number", "council_kind", "county", "region_id", "level", "level_title", "framework_title",
        "awarded_on", "valid_to_on", "ended_on", "with_conditions",
    )  # fmt: skip
    state, _, words = state_of(entry, clock.today())
    return {name: getattr(entry, name) for name in columns} | {
        "certificate_url": url_for("register.certificate", number=entry.certificate_number, _external=True),
        "council": entry.council_name,
        "region": entry.region_name,
        "held_to_on": entry.grace_to_on,
        "held": holds(entry, clock.today()),
        "state": SLUGS[state],
        "words": words,
    }
