"""The life of an award: the dates that follow from its day, and the state it is in on any other day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from assessment.rules.processes import Process


class AwardState(StrEnum):
    CURRENT = "current"
    INTERIM_DUE = "interim_due"
    REASSESSMENT_DUE = "reassessment_due"
    EXPIRED = "expired"
    SURRENDERED = "surrendered"
    ENDED = "ended"


LABELS = {
    AwardState.CURRENT: "Current",
    AwardState.INTERIM_DUE: "Interim review due",
    AwardState.REASSESSMENT_DUE: "Reassessment due",
    AwardState.EXPIRED: "Expired",
    AwardState.SURRENDERED: "Surrendered",
    AwardState.ENDED: "Ended",
}
OVER = frozenset({AwardState.EXPIRED, AwardState.SURRENDERED, AwardState.ENDED})
"""States of an award that is held no longer."""


@dataclass(frozen=True)
class AwardDates:
    """Fixed when the award is made, so that a later change of process moves nothing.

    `expires_on` is the last day of the award, `grace_ends_on` the last day it is still shown as held.
    """

    awarded_on: date
    interim_due_on: date | None
    reassessment_opens_on: date
    expires_on: date
    grace_ends_on: date


def award_dates(awarded_on: date, process: Process) -> AwardDates:
    """The dates of an award made on this day. A day its month lacks becomes the last of the month."""

    def after(months: int) -> date:
        day: date = awarded_on + relativedelta(months=months)
        return day

    return AwardDates(
        awarded_on=awarded_on,
        interim_due_on=None if process.interim_months is None else after(process.interim_months),
        reassessment_opens_on=after(process.reassessment_months),
        expires_on=after(process.award_months),
        grace_ends_on=after(process.award_months + process.grace_months),
    )


def award_state(
    dates: AwardDates,
    today: date,
    *,
    interim_reviewed_on: date | None = None,
    surrendered_on: date | None = None,
    ended_on: date | None = None,
) -> AwardState:
    """The state on `today`; what happens on a later day than `today` has not happened yet.

    `ended_on` is the day another award took its place, or the council ceased to be.
    """
    if surrendered_on is not None and surrendered_on <= today:
        return AwardState.SURRENDERED
    if ended_on is not None and ended_on <= today:
        return AwardState.ENDED
    if today > dates.grace_ends_on:
        return AwardState.EXPIRED
    if today >= dates.reassessment_opens_on:
        return AwardState.REASSESSMENT_DUE
    reviewed = interim_reviewed_on is not None and interim_reviewed_on <= today
    if dates.interim_due_on is not None and today >= dates.interim_due_on and not reviewed:
        return AwardState.INTERIM_DUE
    return AwardState.CURRENT
