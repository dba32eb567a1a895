"""Presets: each is a process that may be saved, and keeps what is the region's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assessment.rules import teams
from assessment.rules.process_presets import NORTH_WEST, PRESETS, SOUTH_EAST, SOUTH_WEST, Preset, started_from
from assessment.rules.process_words import changes
from assessment.rules.processes import DEFAULT, Period, parse, to_document
from assessment.rules.working_days import Nation


@pytest.mark.parametrize("preset", PRESETS.values())
def test_every_preset_may_be_saved(preset: Preset) -> None:
    assert parse(to_document(preset.process)) == preset.process
    assert PRESETS[preset.code] is preset


def test_what_is_the_region_s_own_stays() -> None:
    own = replace(DEFAULT, nation=Nation.WALES, pre_election_periods=(Period(date(2027, 3, 22), date(2027, 5, 6)),))
    started = started_from(NORTH_WEST, own)
    assert (started.nation, started.pre_election_periods) == (own.nation, own.pre_election_periods)
    assert started.team == NORTH_WEST.process.team


def test_presets_differ_where_regions_do() -> None:
    assert changes(DEFAULT, SOUTH_EAST.process) == ()
    assert {change.label for change in changes(DEFAULT, SOUTH_WEST.process)} == {
        "Who signs the declaration",
        "Time to be assessed",
        "The region approves the action plan",
        "The team",
        "The interim review is due after",
        "A submission brings its evidence",
        "Time to answer a question of the team",
    }
    assert {change.label for change in changes(DEFAULT, NORTH_WEST.process)} == {
        "Time to be assessed",
        "The region approves the action plan",
        "The team",
        "The interim review is due after",
        "Assessors must be trained",
    }


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        (SOUTH_EAST, ["officer_1 scorer", "councillor_1 scorer", "regional_1 lead"]),
        (SOUTH_WEST, ["officer_1 scorer", "learning_expert_1 scorer", "councillor_1 scorer"]),
        (NORTH_WEST, ["regional_1 scorer", "board_member_1 scorer"]),
    ],
)
def test_the_team_has_the_places_of_its_seats(preset: Preset, expected: list[str]) -> None:
    assert [f"{place.key} {place.duty}" for place in teams.places(preset.process)] == expected
