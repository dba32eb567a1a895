"""What a region says about who is responsible for what it keeps about people."""

from __future__ import annotations

from uuid import UUID

from saas.db import db
from tenants.models.data_protection import PrivacyNotice


def find_privacy_notice(region_id: UUID) -> PrivacyNotice | None:
    """The region's own words, in any scope; None while it has written none."""
    return db.session.get(PrivacyNotice, region_id)
