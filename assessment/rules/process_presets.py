"""Presets: processes to start from, after the ways in which regions are known to run the Charter."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assessment.rules.processes import DEFAULT, Process, Seat


@dataclass(frozen=True)
class Preset:
    """A process to start from; `about` says in a sentence how it goes."""

    code: str
    title: str
    about: str
    process: Process


SOUTH_EAST = Preset(
    "south_east",
    "Plan first, then a visit",
    "As in the South East: the region approves the plan, judges when a council is ready, and three people visit it.",
    DEFAULT,
)
SOUTH_WEST = Preset(
    "south_west",
    "Desk assessment, evidence on request",
    "As in the South West: declaration, self-assessment and plan come first, assessors ask for what they need, and"
    " half a day of meetings follows.",
    replace(
        DEFAULT,
        signatories=("Leader", "Leader of the Opposition", "Chief Executive"),
        plan_approval=False,
        months_to_assess=None,
        team=(
            Seat("officer", 1, scores=True, leads=False),
            Seat("learning_expert", 1, scores=True, leads=True),
            Seat("councillor", 1, scores=True, leads=False),
        ),
        interim_months=None,
        evidence_expected=False,
        clarification_days=10,
    ),
)
NORTH_WEST = Preset(
    "north_west",
    "Portfolio, no time limit, levels",
    "As in the North West: a portfolio of evidence whenever the council is ready, assessed by the region and a member"
    " of its board, level after level.",
    replace(
        DEFAULT,
        plan_approval=False,
        months_to_assess=None,
        team=(
            Seat("regional", 1, scores=True, leads=True),
            Seat("board_member", 1, scores=True, leads=False),
        ),
        interim_months=None,
        training_required=False,
    ),
)
PRESETS: Mapping[str, Preset] = {preset.code: preset for preset in (SOUTH_EAST, SOUTH_WEST, NORTH_WEST)}


def started_from(preset: Preset, current: Process) -> Process:
    """The preset with what is the region's own in any case: its nation and its pre-election periods."""
    return replace(preset.process, nation=current.nation, pre_election_periods=current.pre_election_periods)
