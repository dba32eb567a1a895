"""Who may appeal until when, and who may decide it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assessment.rules.appeals import Released, last_day, why_not_decide, why_not_lodge
from assessment.rules.processes import DEFAULT
from assessment.rules.working_days import Nation

RELEASED = Released("not_yet", "", date(2026, 5, 1))
LAST = date(2026, 6, 2)


@pytest.mark.parametrize(
    ("released_on", "days", "nation", "last"),
    [
        (date(2026, 5, 1), 20, Nation.ENGLAND, date(2026, 6, 2)),  # two bank holidays in May
        (date(2026, 7, 10), 1, Nation.ENGLAND, date(2026, 7, 13)),
        (date(2026, 7, 10), 1, Nation.NORTHERN_IRELAND, date(2026, 7, 14)),
    ],
)
def test_the_term_counts_working_days_of_the_nation(released_on: date, days: int, nation: Nation, last: date) -> None:
    assert last_day(released_on, replace(DEFAULT, appeal_days=days, nation=nation)) == last


@pytest.mark.parametrize(
    ("released", "lodged", "today", "words"),
    [
        (RELEASED, False, LAST, None),
        (replace(RELEASED, outcome="awarded", conditions="By May."), False, LAST, None),
        (None, False, LAST, "Nothing is decided yet that your council could appeal against."),
        (RELEASED, True, LAST, "Your council has appealed already. There is one appeal against a decision."),
        (
            replace(RELEASED, outcome="awarded"), False, LAST,
            "The award was made without conditions, so there is nothing to appeal against.",
        ),
        (
            replace(RELEASED, outcome="awarded", conditions="By May.", ended=True), False, LAST,
            "The award has ended, so there is nothing to appeal against.",
        ),
        (RELEASED, False, LAST + timedelta(1), "Your council could appeal until 2 June 2026."),
    ],
)  # fmt: skip
def test_a_council_appeals_once_in_time_against_what_it_did_not_get(
    released: Released | None, lodged: bool, today: date, words: str | None
) -> None:
    assert why_not_lodge(released, lodged=lodged, today=today, process=DEFAULT) == words


@pytest.mark.parametrize(
    ("decided_before", "part", "has_access", "begins"),
    [
        (True, "lead", True, "You made the decision"),
        (False, "lead", True, "You led this assessment"),
        (False, "scorer", False, "You scored this assessment"),
        (False, None, True, "You have access in this council"),
    ],
)
def test_who_had_a_part_does_not_decide_the_appeal(
    decided_before: bool, part: str | None, has_access: bool, begins: str
) -> None:
    said = why_not_decide(decided_before=decided_before, part=part, has_access=has_access)
    assert str(said).startswith(begins)


def test_somebody_without_a_part_decides() -> None:
    assert why_not_decide(decided_before=False, part=None, has_access=False) is None
