"""Issued improvements of a region as its report counts them: whole rows, whole counts, and nobody else's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from flask import Flask

from assessment.queries.improvements import list_improvements
from assessment.queries.region_improvements import NONE, Count, Grouped, Narrowed, count_by, list_improvement_rows
from assessment.services import improvements, themes
from saas import clock
from saas.tenancy import CONSOLE
from tests.conftest import InScope
from tests.factories.awards import make_award
from tests.factories.scores import MadeCase
from tests.factories.successions import merge
from tests.factories.tenants import MadeCouncil, MadeRegion, make_council, make_region

ISSUED, NOW = datetime(2026, 1, 12, 9, tzinfo=UTC), datetime(2026, 5, 4, 9, tzinfo=UTC)


@pytest.fixture
def case(app: Flask, council: MadeCouncil, in_scope: InScope) -> MadeCase:
    """Three improvements of January: one verified, one decided against at the second thought, one without a reply."""
    words = {1: {"criterion_code": "1", "mandatory": True}, 2: {"remark": "At 100% of seats"}}
    with clock.at(ISSUED):
        made = make_award(app, council, improvements=3, words=words)  # type: ignore[arg-type]
    with clock.at(NOW):
        with in_scope(council.scope()):
            for number in (1, 2):
                improvements.reply(made.accreditation_id, number, answer="accepted", by=CONSOLE)
            improvements.report_progress(made.accreditation_id, 1, state="claimed_complete", words="Done.", by=CONSOLE)
            improvements.reply(
                made.accreditation_id, 2, answer="decided_against", body="Cabinet", decided_on=date(2026, 4, 20),
                minute="12", reason="It costs too much.", by=CONSOLE,
            )  # fmt: skip
        with in_scope(council.region.scope(made.officer.id)):
            improvements.conclude(made.accreditation_id, 1, ending="verified", by=CONSOLE)
    return made


def add_theme(in_scope: InScope, case: MadeCase, title: str, *numbers: int, past: bool = False) -> UUID:
    """A theme with these improvements under it; its id."""
    region = case.council.region
    with in_scope(region.scope()):
        theme = themes.add_theme(region.id, title=title, words=("chair",), training=f"Course: {title}", by=CONSOLE)
        lines = {line.improvement.number: line.improvement.id for line in list_improvements(case.accreditation_id)}
        themes.assign(region.id, [lines[number] for number in numbers], [theme.id], by=CONSOLE)
        if past:
            themes.put_away(theme, past=True, version=theme.version, by=CONSOLE)
        return theme.id


def counts(in_scope: InScope, region: MadeRegion, grouped: Grouped) -> list[Count]:
    """The counts of one side, at NOW."""
    with clock.at(NOW), in_scope(region.scope()):
        return count_by(region.id, grouped)


def numbers(in_scope: InScope, region: MadeRegion, **narrowed: str) -> list[int]:
    """The improvements that this leaves, by number, at NOW."""
    with clock.at(NOW), in_scope(region.scope()):
        return [row.number for row in list_improvement_rows(region.id, Narrowed(**narrowed))]


def test_a_row_says_what_was_issued_and_what_was_replied_last(
    council: MadeCouncil, case: MadeCase, in_scope: InScope
) -> None:
    chairs, mentors = add_theme(in_scope, case, "Chairs", 1, 2), add_theme(in_scope, case, "Mentors", 2)
    with in_scope(council.region.scope()):
        first, second, third = list_improvement_rows(council.region.id)
    said = ("action", "reason", "remark", "mandatory", "timescale", "criterion_code", "ending", "council_name")
    assert [tuple(getattr(row, name) for name in said) for row in (first, second, third)] == [
        ("Do thing 1", "Because of 1", "", True, "By December 2026", "1", "verified", council.name),
        ("Do thing 2", "Because of 2", "At 100% of seats", False, "By December 2026", "", None, council.name),
        ("Do thing 3", "Because of 3", "", False, "By December 2026", "", None, council.name),
    ]
    assert {(row.issued_at, row.accreditation_id, row.reply_due_on) for row in (first, second, third)} == {
        (ISSUED, case.accreditation_id, third.reply_due_on)
    }
    replied = ("answer", "body", "decided_on", "minute", "reply_reason", "progress")
    assert [tuple(getattr(row, name) for name in replied) for row in (first, second, third)] == [
        ("accepted", "", None, "", "", "claimed_complete"),
        ("decided_against", "Cabinet", date(2026, 4, 20), "12", "It costs too much.", None),
        (None, None, None, None, None, None),
    ]
    assert [(row.themes, row.theme_ids) for row in (first, second, third)] == [
        (["Chairs"], [chairs]),
        (["Chairs", "Mentors"], [chairs, mentors]),
        (None, None),
    ]


def test_each_side_counts_all_of_it(council: MadeCouncil, case: MadeCase, in_scope: InScope) -> None:
    region = council.region
    issued, is_open, councils, replied, against, verified = 3, 2, 1, 2, 1, 1
    assert counts(in_scope, region, Grouped.AGE) == [
        Count("180", "", "", issued, is_open, councils, replied, against, verified)
    ]
    assert counts(in_scope, region, Grouped.REPLY) == [
        Count(NONE, "", "", 1, 1, 1, 0, 0, 0),
        Count("accepted", "", "", 1, 0, 0, 1, 0, 1),
        Count("decided_against", "", "", 1, 1, 1, 1, 1, 0),
    ]
    assert counts(in_scope, region, Grouped.WEIGHT) == [
        Count("mandatory", "", "", 1, 0, 0, 1, 0, 1),
        Count("recommended", "", "", 2, 2, 1, 1, 1, 0),
    ]
    none, first = counts(in_scope, region, Grouped.CRITERION)
    assert (none.key, none.title, none.issued) == (f"charter-2008:{NONE}", "", 2)
    assert (first.key, first.title.split()[0], first.issued, first.about) == ("charter-2008:1", "1", 1, none.about)


def test_what_stands_under_two_themes_counts_twice_and_themes_put_away_come_last(
    council: MadeCouncil, case: MadeCase, in_scope: InScope
) -> None:
    past = add_theme(in_scope, case, "Before", 1, past=True)
    chairs = add_theme(in_scope, case, "Chairs", 1, 2)
    assert counts(in_scope, council.region, Grouped.THEME) == [
        Count(str(chairs), "Chairs", "Course: Chairs", 2, 1, 1, 2, 1, 1),
        Count(str(past), "Before", "Course: Before", 1, 0, 0, 1, 0, 1),
        Count(NONE, "", "", 1, 1, 1, 0, 0, 0),
    ]
    assert numbers(in_scope, council.region, theme=str(chairs)) == [1, 2]
    assert numbers(in_scope, council.region, theme=NONE) == [3]


@pytest.mark.parametrize(
    ("narrowed", "left"),
    [
        ({}, [1, 2, 3]),
        ({"criterion": "charter-2008:1"}, [1]),
        ({"criterion": f"charter-2008:{NONE}"}, [2, 3]),
        ({"criterion": "fixture-45:1"}, []),
        ({"age": "180"}, [1, 2, 3]),
        ({"age": "90"}, []),
        ({"reply": NONE}, [3]),
        ({"reply": "decided_against"}, [2]),
        ({"reply": "accepted"}, [1]),
        ({"weight": "mandatory"}, [1]),
        ({"state": "open"}, [2, 3]),
        ({"state": "verified"}, [1]),
        ({"state": "open", "reply": NONE}, [3]),
        ({"words": "because OF 3"}, [3]),
        ({"words": "100%"}, [2]),
        ({"words": "_"}, []),
        ({"council": "elsewhere"}, []),
    ],
)
def test_each_filter_leaves_what_it_says(
    council: MadeCouncil, case: MadeCase, in_scope: InScope, narrowed: dict[str, str], left: list[int]
) -> None:
    assert numbers(in_scope, council.region, **narrowed) == left


def test_what_a_council_that_ended_had_open_is_open_no_more(
    app: Flask, council: MadeCouncil, case: MadeCase, in_scope: InScope
) -> None:
    heir = make_council(app, council.region)
    with clock.at(NOW):
        merge(app, council, heir, case.officer)
    assert counts(in_scope, council.region, Grouped.AGE) == [Count("180", "", "", 3, 0, 0, 2, 1, 1)]
    assert numbers(in_scope, council.region, state="open") == []
    assert numbers(in_scope, council.region) == [1, 2, 3]


def test_another_region_counts_nothing_of_it(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    other = make_region(app)
    with clock.at(NOW), in_scope(other.scope()):
        for region_id in (other.id, case.council.region.id):
            assert [count_by(region_id, grouped) for grouped in Grouped] == [[]] * len(Grouped)
            assert list_improvement_rows(region_id) == []
