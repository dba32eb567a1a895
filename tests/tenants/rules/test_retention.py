"""How long what is kept: which months may be chosen, and which hold."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tenants.rules.retention import (
    BY_CODE,
    KINDS,
    Side,
    kinds_of,
    moment_before,
    months_that_hold,
    most_for_council,
    why_not,
)

NOTICES = BY_CODE["notices"]


def test_the_usual_months_of_each_kind_can_be_chosen_and_each_belongs_to_somebody() -> None:
    assert [kind.code for kind in KINDS if not kind.least <= kind.usual <= kind.most or not kind.sides] == []
    assert len(BY_CODE) == len(KINDS)


def test_what_a_council_and_what_a_region_keeps() -> None:
    council = {kind.code for kind in kinds_of(Side.COUNCIL)}
    region = {kind.code for kind in kinds_of(Side.REGION)}
    assert council & region == {"invitations", "imported_documents", "departed_colleagues", "event_payloads"}
    assert (council | region) == set(BY_CODE)


@pytest.mark.parametrize(
    ("of_region", "of_council", "months"),
    [
        (None, None, 12),
        (6, None, 6),
        (None, 24, 24),
        (24, 6, 6),
        (6, 24, 6),
        (None, 90, 36),
    ],
)
def test_a_council_chooses_within_what_its_region_has_set(
    of_region: int | None, of_council: int | None, months: int
) -> None:
    assert months_that_hold(NOTICES, of_region=of_region, of_council=of_council) == months


@pytest.mark.parametrize(
    ("months", "most", "words"),
    [
        (1, 36, ""),
        (36, 36, ""),
        (0, 36, "Enter a number of months from 1 to 36."),
        (13, 12, "Enter a number of months from 1 to 12."),
        (2, 1, "Your region has set 1 months: no other number is possible."),
    ],
)
def test_why_a_number_of_months_cannot_be_chosen(months: int, most: int, words: str) -> None:
    assert why_not(NOTICES, months, most=most) == words


def test_the_most_of_a_council_and_the_moment_of_so_many_months() -> None:
    assert (most_for_council(NOTICES, None), most_for_council(NOTICES, 5), most_for_council(NOTICES, 99)) == (36, 5, 36)
    assert moment_before(datetime(2031, 5, 31, 9, tzinfo=UTC), 3) == datetime(2031, 2, 28, 9, tzinfo=UTC)
