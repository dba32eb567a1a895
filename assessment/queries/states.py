"""The one state by which a council is shown: its stage, how its award stands, or that it has not committed."""

from __future__ import annotations

from datetime import date

from assessment.queries.cases import Case
from assessment.queries.pipeline import since_of_award, state_of_award
from assessment.rules.stages import Stage
from saas import clock


def state_of(case: Case) -> str:
    """A key of `rules.states.LABELS`: the stage, and once awarded the state of the award (current, interim_due …)."""
    if case.accreditation.stage == Stage.AWARDED and case.award is not None:
        return state_of_award(case.award, clock.today()).value
    return case.accreditation.stage


def since_of(case: Case) -> date:
    """Since when that state holds: of an award the day that made it so, else the day the stage began."""
    if case.award is not None and (day := since_of_award(case.award, state_of(case))):
        return day
    return case.accreditation.stage_since.astimezone(clock.LONDON).date()
