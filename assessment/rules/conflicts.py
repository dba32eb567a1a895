"""Why an assessor may not assess a council: the region's conflict rules over what is known and declared."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from dateutil.relativedelta import relativedelta

from assessment.rules.processes import ConflictRules

Council = TypeVar("Council", bound=Hashable)
LONGEST_WORDS = 1_000
"""Characters of what an assessor declares."""


class Conflict(StrEnum):
    OWN_COUNCIL = "own_council"
    EMPLOYER = "employer"
    MUTUAL_ASSESSMENT = "mutual_assessment"
    DECLARED_NEIGHBOUR = "declared_neighbour"


@dataclass(frozen=True)
class ConflictReason:
    """Which rule stands against the assessor, in words for the region's officer."""

    conflict: Conflict
    words: str


@dataclass(frozen=True)
class Employment(Generic[Council]):
    """Work for a council, or a seat on it; `ended_on` is None while it goes on."""

    council: Council
    ended_on: date | None = None
    member: bool = False


@dataclass(frozen=True)
class Background(Generic[Council]):
    """What is known of an assessor: the councils he or she serves as councillor or officer, and employers."""

    councils: frozenset[Council] = frozenset()
    employments: tuple[Employment[Council], ...] = ()


def conflicts(
    assessor: Background[Council],
    council: Council,
    *,
    rules: ConflictRules,
    today: date,
    assessing_now: Collection[tuple[Council, Council]] = (),
    neighbours: Collection[Council] = (),
) -> list[ConflictReason]:
    """Every reason why this assessor may not assess `council`; empty when there is none.

    Councils are compared by whatever identifies them. `assessing_now` holds pairs (home council of an
    assessor, council that assessor is assessing at this time) of the whole region; `neighbours` are the
    councils that `council` has declared as its neighbours, or that have declared it as theirs.
    """
    found: list[ConflictReason] = []
    if rules.own_council and council in assessor.councils:
        found.append(ConflictReason(Conflict.OWN_COUNCIL, "They are a councillor or officer of this council."))
    if rules.employer_months is not None:
        found += _employer(assessor, council, rules.employer_months, today)
    if rules.mutual_assessment and any((council, own) in assessing_now for own in assessor.councils - {council}):
        words = "Somebody of this council is assessing the assessor's own council at this time."
        found.append(ConflictReason(Conflict.MUTUAL_ASSESSMENT, words))
    if rules.declared_neighbours and not (assessor.councils - {council}).isdisjoint(neighbours):
        words = "They come from a council that is declared a neighbour of this one."
        found.append(ConflictReason(Conflict.DECLARED_NEIGHBOUR, words))
    return found


def _employer(assessor: Background[Council], council: Council, months: int, today: date) -> list[ConflictReason]:
    there = [work for work in assessor.employments if work.council == council]
    if any(work.ended_on is None or work.ended_on >= today for work in there):
        return [ConflictReason(Conflict.EMPLOYER, "They work for this council.")]
    last = max(((work.ended_on, work.member) for work in there if work.ended_on is not None), default=None)
    if last is None or last[0] + relativedelta(months=months) <= today:
        return []
    served = "were a councillor of" if last[1] else "worked for"
    words = f"They {served} this council until {last[0].day} {last[0]:%B %Y}, less than {months} months ago."
    return [ConflictReason(Conflict.EMPLOYER, words)]
