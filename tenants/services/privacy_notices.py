"""A region says who is responsible for what it keeps about people, for everybody to read."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from saas import clock, events
from saas.db import db, turning
from saas.errors import Conflict, Invalid
from saas.tenancy import Actor
from tenants.models.councils import Region
from tenants.models.data_protection import PrivacyNotice
from tenants.queries.privacy_notices import find_privacy_notice

LONGEST = {"controller": 200, "contact": 500, "protection_officer": 500, "processor": 500, "words": 5_000}
"""Characters of each field; the first two must be filled in."""
REQUIRED = {
    "controller": "Enter the name of the body that is responsible.",
    "contact": "Enter how people reach it.",
}
LATE = "Somebody else changed the privacy notice in the meantime."


def save_privacy_notice(region_id: UUID, given: Mapping[str, str], *, version: int, by: Actor) -> PrivacyNotice:
    """Keep the notice, in the region's scope; it is public from now on.

    given: each field of LONGEST. version: of the notice on the page, 0 for none. Raises Invalid, Conflict when
    somebody else saved in the meantime.
    """
    row = find_privacy_notice(region_id)
    if version != (row.version if row else 0):
        raise Conflict(LATE, version=row.version if row else 0)
    values = {name: given[name].strip() for name in LONGEST}
    messages = {name: [words] for name, words in REQUIRED.items() if not values[name]}
    messages |= {
        name: [f"Use {most:,} characters or fewer."] for name, most in LONGEST.items() if len(values[name]) > most
    }
    if messages:
        raise Invalid(messages)
    if row is None:
        row = PrivacyNotice(region_id=region_id, version=0)
    for name, value in values.items():
        setattr(row, name, value)
    row.version, row.set_at, row.set_by_name = version + 1, clock.now(), by.name
    with turning("pk_privacy_notices", lambda: Conflict(LATE)):
        db.session.add(row)
        db.session.flush()
    region = db.session.get_one(Region, region_id)
    events.record("privacy_notice.changed", region, by=by, audience="region")
    return row
