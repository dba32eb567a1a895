"""The region's library of good practice: what its councils share today, for the region and for each of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
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


def narrow(rows: Iterable[Clipping], *, requirement: str = "", words: str = "") -> list[Clipping]:
    """Those about a requirement or criterion (its code, or both in words) that have these words in any case."""
    return [
        each
        for each in rows
        if (not requirement or requirement in (about(each), each.requirement_code, each.criterion_code))
        and words.casefold() in f"{each.title}\n{each.words}\n{each.council_name}\n{about(each)}".casefold()
    ]


def about(clipping: Clipping) -> str:
    """What it is about in words: its requirement, else its criterion, else the whole of member development."""
    if clipping.requirement_code:
        return f"{clipping.requirement_code} {clipping.requirement_title}".strip()
    return f"{clipping.criterion_code} {clipping.criterion_title}".strip() or "Member development as a whole"


def until(clipping: Clipping) -> date | None:
    """The last day on which it is read; None without a council's name, which the register would tell from the day."""
    return clipping.expires_on if clipping.council_name else None


def list_case_studies(region_id: UUID, words: str = "") -> list[PublishedCaseStudy]:
    """Case studies that may be read now and have these words in any case, the newest first. One statement."""
    wanted = select(PublishedCaseStudy).where(PublishedCaseStudy.region_id == region_id)
    order = wanted.order_by(PublishedCaseStudy.published_at.desc(), PublishedCaseStudy.id)
    return [each for each in db.session.scalars(order) if _says(each, words)]


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


def _says(study: PublishedCaseStudy, words: str) -> bool:
    texts = [study.council_name, *(text for text in study.document.values() if isinstance(text, str))]
    return words.casefold() in "\n".join(texts).casefold()
