"""A council's action plans and their lines, wherever they came from."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, TenantKeyed, Versioned, same_council
from saas.tenancy import visible_to

PLAN_KINDS = ("gap", "improvements", "own")
ACTION_STATUSES = (
    "not_started",
    "in_progress",
    "completed",
    "decided_against",
    "blocked",
    "transferred",
    "recurring",
)
WORDS = "(((((action || ' ') || reason) || ' ') || responsibility) || ' ') || remark"
"""What is searched of an action, in the brackets that PostgreSQL gives it."""


@visible_to(council="siud")
class Plan(TenantKeyed, Versioned, Base):
    """An action plan. `monitor` is the named person who watches over the whole of it."""

    __tablename__ = "plans"
    __table_args__ = (CheckConstraint(f"kind in {PLAN_KINDS}", name="kind"),)

    kind: Mapped[str]
    title: Mapped[str]
    monitor: Mapped[str]
    accreditation_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    put_away_at: Mapped[datetime | None]
    """A plan that is over: kept, and no longer among those that are worked on."""


@visible_to(council="siud")
class Action(TenantKeyed, Versioned, Base):
    """One line of a plan: what was written, kept to the word, and beside it what was read from it.

    `timescale` is the text; `earliest_on` … `timescale_confidence` its reading (kinds: see
    `tenants.rules.timescales`). `status` stands only once a person confirmed it; `status_text` is what the document
    said and `status_proposed` its reading. `timescale_chosen_by` names the person who chose one of several readings.
    A `restricted` line stays out of what is made for the public.
    """

    __tablename__ = "actions"
    __table_args__ = (
        same_council("plan_id", "plans", ondelete="CASCADE"),
        same_council("meeting_id", "meetings"),
        CheckConstraint(f"status is null or status in {ACTION_STATUSES}", name="status"),
        Index("ix_actions_council_id_plan_id_position", "council_id", "plan_id", "position"),
        Index("ix_actions_words", text(f"tenancy.indexed(council_id, {WORDS})"), postgresql_using="gin"),
    )

    plan_id: Mapped[UUID]
    position: Mapped[int]
    ref: Mapped[str]
    action: Mapped[str]
    reason: Mapped[str]
    remark: Mapped[str]
    responsibility: Mapped[str]
    timescale: Mapped[str]
    earliest_on: Mapped[date | None]
    latest_on: Mapped[date | None]
    timescale_kind: Mapped[str]
    timescale_confidence: Mapped[str]
    timescale_reason: Mapped[str]
    status: Mapped[str | None]
    status_text: Mapped[str]
    status_proposed: Mapped[str | None]
    status_confirmed_by: Mapped[str | None]
    officer_days: Mapped[Decimal | None]
    cost: Mapped[Decimal | None]
    source: Mapped[str] = mapped_column(default="")
    import_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    updated_by_name: Mapped[str] = mapped_column(default="")
    status_confirmed_at: Mapped[datetime | None]
    completed_on: Mapped[date | None]
    timescale_chosen_by: Mapped[str] = mapped_column(default="")
    restricted: Mapped[bool] = mapped_column(default=False)
    meeting_id: Mapped[UUID | None]
    """The meeting in whose sitting it was changed last; None where it was changed since by itself."""
