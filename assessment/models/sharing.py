"""Sharing: good practice, case studies and figures that a council lets others see, until it takes them back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, TenantKeyed, Versioned, new_id, same_council
from saas.tenancy import Policy, visible_to

CLIPPING_STATES = ("consented", "declined", "withdrawn")
SHARED = "state = 'consented' and expires_on >= current_date"


@visible_to(council="s", region="si")
class GoodPractice(TenantKeyed, Base):
    """What an issued report names as good practice: the council is asked whether others may read it. Append-only."""

    __tablename__ = "good_practice"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        same_council("report_id", "reports"),
        UniqueConstraint("council_id", "report_id", "number"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    report_id: Mapped[UUID]
    number: Mapped[int]
    requirement_id: Mapped[UUID | None] = mapped_column(ForeignKey("requirements.id"))
    criterion_code: Mapped[str]
    criterion_title: Mapped[str]
    requirement_code: Mapped[str]
    words: Mapped[str]
    issued_at: Mapped[datetime]


@visible_to(
    Policy("region_select", "select", f"region_id = (select tenancy.region()) and {SHARED}"),
    Policy("peers_select", "select", f"region_id = (select tenancy.home_region()) and {SHARED}"),
    council="siu",
)
class Clipping(TenantKeyed, Versioned, Base):
    """The council's word on one piece of good practice; what it consented to, in its own (redacted) words.

    Others read it while `state` is consented and until `expires_on`, the last day of the award. `council_name` is
    empty where the council does not want to be named.
    """

    __tablename__ = "clippings"
    __table_args__ = (
        same_council("good_practice_id", "good_practice"),
        UniqueConstraint("council_id", "good_practice_id"),
        CheckConstraint(f"state in {CLIPPING_STATES}", name="state"),
        CheckConstraint("state <> 'consented' or words <> ''", name="says_something"),
        Index("ix_clippings_region_id", "region_id"),
    )

    region_id: Mapped[UUID]
    good_practice_id: Mapped[UUID]
    state: Mapped[str]
    title: Mapped[str]
    words: Mapped[str]
    council_name: Mapped[str]
    contact: Mapped[str]
    """A post or an address that others may ask, "" for none."""
    framework_title: Mapped[str]
    requirement_code: Mapped[str]
    requirement_title: Mapped[str]
    criterion_code: Mapped[str]
    criterion_title: Mapped[str]
    expires_on: Mapped[date | None]
    decided_at: Mapped[datetime]
    decided_by_name: Mapped[str]


@visible_to(council="siud")
class CaseStudy(TenantKeyed, Versioned, Base):
    """A case study while the council writes it. quotes: list of {words, who, consented_on}."""

    __tablename__ = "case_studies"
    __table_args__ = (CheckConstraint("title <> ''", name="is_named"),)

    title: Mapped[str]
    at_a_glance: Mapped[str]
    for_councillors: Mapped[str]
    for_council: Mapped[str]
    for_communities: Mapped[str]
    quotes: Mapped[list[Any]]
    contact: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by_name: Mapped[str]


@visible_to(
    Policy("region_select", "select", "region_id = (select tenancy.region())"),
    Policy("peers_select", "select", "region_id = (select tenancy.home_region())"),
    council="sid",
)
class PublishedCaseStudy(TenantKeyed, Base):
    """A case study as it was published: the region and its other councils read it until the council takes it back."""

    __tablename__ = "published_case_studies"
    __table_args__ = (
        same_council("case_study_id", "case_studies", ondelete="CASCADE"),
        UniqueConstraint("council_id", "case_study_id"),
        Index("ix_published_case_studies_region_id", "region_id"),
    )

    region_id: Mapped[UUID]
    case_study_id: Mapped[UUID]
    council_name: Mapped[str]
    document: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
    published_by_name: Mapped[str]


@visible_to(council="siud")
class ReleasedMeasure(TenantKeyed, Base):
    """One of the council's own figures, which it lets count in comparisons. Nobody else ever reads the row:

    others get figures of groups of five or more from the function `tenancy.benchmark`.
    """

    __tablename__ = "released_measures"
    __table_args__ = (
        UniqueConstraint("council_id", "measure", "period"),
        CheckConstraint("denominator > 0 and numerator >= 0", name="is_a_share"),
        Index("ix_released_measures_region_id", "region_id", "measure", "period"),
    )

    region_id: Mapped[UUID]
    measure: Mapped[str]
    period: Mapped[str]
    """The financial year, such as 2026-27."""
    numerator: Mapped[int]
    denominator: Mapped[int]
    council_kind: Mapped[str]
    size_band: Mapped[str]
    released_at: Mapped[datetime]
    released_by_name: Mapped[str]


@visible_to(gate="si")
class ShownBenchmark(Base):
    """The figures of one group as they were worked out, frozen: what was shown, and from whose figures (`members`).

    Written and read by gate functions alone. It is what keeps later figures from telling, by comparison with earlier
    ones, what a few councils add. members: ids of `released_measures`, those taken back since included.
    council_kind, size_band: "" for any. lower, median, upper: percent, rounded to five; without quartiles below nine
    members, where they would be exact figures of single councils.
    """

    __tablename__ = "shown_benchmarks"
    __table_args__ = (
        UniqueConstraint("region_id", "measure", "period", "number"),
        CheckConstraint("cardinality(members) >= 5", name="is_large_enough"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    region_id: Mapped[UUID] = mapped_column(ForeignKey("regions.id"))
    measure: Mapped[str]
    period: Mapped[str]
    number: Mapped[int]
    council_kind: Mapped[str]
    size_band: Mapped[str]
    members: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    councils: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """Whose figures they are, in the same order: one that takes its figure back does not count again that year."""
    lower: Mapped[int | None]
    median: Mapped[int]
    upper: Mapped[int | None]
    shown_at: Mapped[datetime]
