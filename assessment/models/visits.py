"""Visits: the day and its timetable, the people the council names, and the team's own notes of interviews."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Base, TenantKeyed, Versioned, same_council
from saas.tenancy import Policy, visible_to

VISIT_STATES = ("planned", "invited", "held", "called_off")
OWN_OPEN = "user_id = (select tenancy.user_id()) and accreditation_id = (select tenancy.open_file())"
LED = "region_id = (select tenancy.region()) and accreditation_id = any((select tenancy.led())::uuid[])"
OWN_LED = f"user_id = (select tenancy.user_id()) and {LED}"


@visible_to(region="siu", council="s", file="s")
class Visit(TenantKeyed, Versioned, Base):
    """The one visit of an accreditation. `timetable`: [{key, at "09:30", minutes, title, who}] in order of time."""

    __tablename__ = "visits"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        UniqueConstraint("council_id", "accreditation_id"),
        CheckConstraint(f"state in {VISIT_STATES}", name="state"),
        Index("ix_visits_accreditation_id", "accreditation_id"),
        Index("ix_visits_region_id_held_on", "region_id", "held_on"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    state: Mapped[str]
    held_on: Mapped[date]
    place: Mapped[str]
    joining: Mapped[str] = mapped_column(default="")
    """How to take part from afar: an address or words."""
    timetable: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(default="")
    """Why the day stands although it is a bank holiday, no working day or in a pre-election period."""
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    """SEQUENCE of the invitation (RFC 5545): grows with every change that is sent."""
    invited_at: Mapped[datetime | None]
    """When the invitations were sent last; what was changed after it, those invited do not know yet."""
    organiser_name: Mapped[str] = mapped_column(default="")
    organiser_email: Mapped[str] = mapped_column(default="")
    """Who sent the invitations first: calendars take a change from the same address only."""
    called_off_reason: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[datetime]
    updated_by_name: Mapped[str]


@visible_to(council="siu", region="s", file="s")
class VisitPeople(TenantKeyed, Versioned, Base):
    """Whom the council puts before the team: people [{key, name, role, group, slot}], and the groups it has."""

    __tablename__ = "visit_people"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        UniqueConstraint("council_id", "accreditation_id"),
        Index("ix_visit_people_accreditation_id", "accreditation_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    people: Mapped[list[Any]]
    groups: Mapped[list[Any]]
    """Names of the council's political groups on the day of `updated_at`."""
    updated_at: Mapped[datetime]
    updated_by_name: Mapped[str]


@visible_to(
    Policy("file_select", "select", "accreditation_id = (select tenancy.open_file())"),
    Policy("own_insert", "insert", OWN_OPEN),
    Policy("own_update", "update", OWN_OPEN),
    Policy("own_delete", "delete", OWN_OPEN),
    Policy("lead_select", "select", LED),
    Policy("lead_insert", "insert", OWN_LED),
    Policy("lead_update", "update", OWN_LED),
    Policy("lead_delete", "delete", OWN_LED),
    gate="sd",
    outsiders_only=True,
)
class InterviewNote(TenantKeyed, Versioned, Base):
    """What one of the team noted of one interview: the team's alone, and deleted when the file closes."""

    __tablename__ = "interview_notes"
    __table_args__ = (
        same_council("accreditation_id", "accreditations"),
        Index("ix_interview_notes_accreditation_id", "accreditation_id"),
    )

    region_id: Mapped[UUID]
    accreditation_id: Mapped[UUID]
    user_id: Mapped[UUID]
    name: Mapped[str]
    person: Mapped[str]
    """Whom the interview was with, as typed."""
    words: Mapped[str]
    written_at: Mapped[datetime]
