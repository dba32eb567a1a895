"""The region's library of good practice: what its councils share today, for the region and for each of them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from assessment.models.sharing import Clipping, PublishedCaseStudy
from saas import clock
from saas.db import db
from saas.errors import NotFound


def list_clippings(region_id: UUID) -> list[Clipping]:
    """Good practice that may be read today, by framework, criterion and requirement. One statement."""
    wanted = select(Clipping).where(
        Clipping.region_id == region_id,
        Clipping.state == "consented",
        or_(Clipping.expires_on.is_(None), Clipping.expires_on >= clock.today()),
    )
    order = (Clipping.framework_title, Clipping.criterion_code, Clipping.requirement_code, Clipping.title, Clipping.id)
    return list(db.session.scalars(wanted.order_by(*order)))


def list_case_studies(region_id: UUID) -> list[PublishedCaseStudy]:
    """Case studies that may be read now, the newest first. One statement."""
    wanted = select(PublishedCaseStudy).where(PublishedCaseStudy.region_id == region_id)
    return list(db.session.scalars(wanted.order_by(PublishedCaseStudy.published_at.desc(), PublishedCaseStudy.id)))


def get_case_study(region_id: UUID, published_id: UUID) -> PublishedCaseStudy:
    """One of them. Raises NotFound, also once it was taken back."""
    found = db.session.scalar(
        select(PublishedCaseStudy).where(
            PublishedCaseStudy.region_id == region_id, PublishedCaseStudy.id == published_id
        )
    )
    if found is None:
        raise NotFound
    return found
