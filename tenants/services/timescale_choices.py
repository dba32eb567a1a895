"""A person's choice among the readings of a timescale that can be read in several ways."""

from __future__ import annotations

from datetime import date

from saas import events
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.plans import Action
from tenants.rules import timescales
from tenants.services.plans import mark_change


def choose(row: Action, *, reading: str, document_on: date | None, version: int, by: Actor) -> None:
    """Take one reading of the timescale as what is meant; it stays until the text changes.

    reading: `timescales.key_of` one of `timescales.readings`. Raises Conflict when stale, Invalid (reading).
    """
    if row.version != version:
        raise Conflict(theirs=row)
    found = timescales.readings(row.timescale, document_on=document_on)
    offered = {timescales.key_of(each.kind, each.earliest, each.latest): each for each in found}
    chosen = offered.get(reading)
    if chosen is None:
        raise Invalid({"reading": ["Choose one of the readings."]})
    row.earliest_on, row.latest_on, row.timescale_kind = chosen.earliest, chosen.latest, chosen.kind
    row.timescale_confidence, row.timescale_reason = "high", ""
    row.timescale_chosen_by = by.name
    mark_change(row, by=by)
    payload = {"ref": row.ref, "kind": chosen.kind}
    events.record("action.timescale_chosen", row, by=by, audience="council", payload=payload)
