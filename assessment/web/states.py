"""The one state by which lists show a council: its stage, how its award stands, or that it has not committed."""

from __future__ import annotations

from datetime import date, timedelta

from assessment.queries.cases import Case
from assessment.queries.pipeline import state_of_award
from assessment.rules.awards import AwardState
from assessment.rules.stages import Stage
from assessment.rules.states import LABELS
from saas import clock

ORDER = {state: position for position, state in enumerate(LABELS)}


def state_of(case: Case) -> str:
    """The slug for `status.stage`: the stage, and once awarded the state of the award (current, interim_due …)."""
    if case.accreditation.stage == Stage.AWARDED and case.award is not None:
        return state_of_award(case.award, clock.today()).value
    return case.accreditation.stage


def since_of(case: Case) -> date:
    """Since when that state holds: of an award the day that made it so, else the day the stage began."""
    award, state = case.award, state_of(case)
    if award is not None:
        days: dict[str, date | None] = {
            AwardState.INTERIM_DUE: award.interim_due_on,
            AwardState.REASSESSMENT_DUE: award.reassessment_opens_on,
            AwardState.EXPIRED: award.ended_on or award.grace_to_on + timedelta(days=1),
            AwardState.SURRENDERED: award.ended_on,
            AwardState.ENDED: award.ended_on,
        }
        if day := days.get(state):
            return day
    return case.accreditation.stage_since.astimezone(clock.LONDON).date()
