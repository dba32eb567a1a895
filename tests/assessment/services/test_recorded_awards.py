"""Awards of a region's own file: the dates they get, how the older ones end, and which cycle each is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.models.accreditations import Accreditation
from assessment.models.awards import Award, RegisterEntry
from assessment.rules.awards import AwardDates
from assessment.rules.processes import DEFAULT, Process
from assessment.services.processes import save_process
from assessment.services.recorded_awards import AwardHistory, PastAward, dates_of, record
from saas import clock
from saas.events import Event
from saas.tenancy import CONSOLE
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.awards import make_award
from tests.factories.tenants import MadeCouncil

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
TODAY = date(2026, 5, 4)


def past(app: Flask, awarded_on: date, valid_to_on: date, words: str = "Charter") -> PastAward:
    """An award of the lower level of 2008, as a file has it."""
    return PastAward(make_framework(app), "Member Development Charter", "charter", words, awarded_on, valid_to_on)


def take_in(in_scope: InScope, council: MadeCouncil, *awards: PastAward) -> None:
    """Record these awards of the council, at NOW."""
    history = AwardHistory(council.id, "Alford as it was called", awards)
    with clock.at(NOW), in_scope(council.region.scope()):
        record(council.region.id, "Mid Employers", [history], filename="councils.xlsx", by=CONSOLE)


def columns(in_scope: InScope, council: MadeCouncil, *wanted: Any, by: Any) -> list[tuple[Any, ...]]:
    """These columns of every row that the region sees, in this order."""
    with in_scope(council.region.scope()) as session:
        return [tuple(row) for row in session.execute(select(*wanted).order_by(by))]


@pytest.mark.parametrize(
    ("awarded_on", "valid_to_on", "process", "interim", "opens", "grace"),
    [
        (date(2025, 1, 10), date(2028, 1, 10), DEFAULT, date(2026, 7, 10), date(2027, 4, 10), date(2028, 7, 10)),
        (date(2024, 11, 4), date(2027, 11, 4), DEFAULT, date(2026, 5, 4), date(2027, 2, 4), date(2028, 5, 4)),
        (date(2024, 11, 3), date(2027, 11, 3), DEFAULT, None, date(2027, 2, 3), date(2028, 5, 3)),
        (date(2026, 1, 1), date(2026, 6, 1), DEFAULT, None, date(2026, 1, 1), date(2026, 12, 1)),
        (
            date(2026, 1, 31), date(2029, 1, 31), replace(DEFAULT, interim_months=None, grace_months=1),
            None, date(2028, 4, 30), date(2029, 2, 28),
        ),
    ],
    ids=["review to come", "review today", "review before today", "shorter than its review", "none, a month's end"],
)  # fmt: skip
def test_dates_follow_from_the_two_that_are_known(
    app: Flask,
    awarded_on: date,
    valid_to_on: date,
    process: Process,
    interim: date | None,
    opens: date,
    grace: date,
) -> None:
    assert dates_of(past(app, awarded_on, valid_to_on), process, TODAY) == AwardDates(
        awarded_on=awarded_on,
        interim_due_on=interim,
        reassessment_opens_on=opens,
        expires_on=valid_to_on,
        grace_ends_on=grace,
    )


def test_an_award_is_recorded_with_what_the_file_says_under_todays_process(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    with in_scope(council.region.scope()):
        save_process(council.region.id, replace(DEFAULT, grace_months=2), version=0, by=CONSOLE)
    given = past(app, date(2025, 1, 10), date(2028, 1, 10), "Charter with praise")
    take_in(in_scope, council, given)
    begun = datetime(2025, 1, 10, 12, tzinfo=UTC)
    assert columns(
        in_scope, council, Accreditation.council_name, Accreditation.framework_id, Accreditation.level,
        Accreditation.cycle, Accreditation.stage, Accreditation.stage_since, Accreditation.committed_at,
        Accreditation.next_due_on, Accreditation.process_version, Accreditation.recorded_from, by=Accreditation.id,
    ) == [
        (
            "Alford as it was called", given.framework_id, "charter", 1, "awarded", begun, begun, date(2026, 7, 10), 1,
            "councils.xlsx",
        )
    ]  # fmt: skip
    [(number, *award)] = columns(
        in_scope, council, Award.certificate_number, Award.level, Award.level_title, Award.framework_title,
        Award.awarded_on, Award.valid_to_on, Award.grace_to_on, Award.released_at, Award.ending, by=Award.id,
    )  # fmt: skip
    assert award == [
        "charter", "Charter with praise", "Member Development Charter", date(2025, 1, 10), date(2028, 1, 10),
        date(2028, 3, 10), NOW, None,
    ]  # fmt: skip
    assert columns(
        in_scope, council, RegisterEntry.certificate_number, RegisterEntry.council_name, RegisterEntry.region_name,
        RegisterEntry.level_title, RegisterEntry.ending, by=RegisterEntry.id,
    ) == [(number, "Alford as it was called", "Mid Employers", "Charter with praise", None)]  # fmt: skip
    told = columns(in_scope, council, Event.verb, Event.audience, Event.payload, by=Event.seq)
    assert [row for row in told if row[0].startswith("award.")] == [
        (
            "award.recorded",
            "shared",
            {
                "by": CONSOLE.name,
                "number": number,
                "on": "10 January 2025",
                "valid_to_on": "2028-01-10",
                "filename": "councils.xlsx",
            },
        )
    ]


def test_an_older_award_ends_when_the_next_began_or_when_it_ran_out(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    take_in(
        in_scope,
        council,
        past(app, date(2024, 6, 1), date(2027, 6, 1)),
        past(app, date(2015, 6, 1), date(2018, 6, 1)),
        past(app, date(2018, 9, 1), date(2021, 9, 1)),
    )
    ends = [
        (date(2015, 6, 1), "ended", date(2018, 9, 1)),  # the next began within its days of grace
        (date(2018, 9, 1), "expired", date(2022, 3, 1)),
        (date(2024, 6, 1), None, None),
    ]
    by = Award.awarded_on
    assert columns(in_scope, council, Award.awarded_on, Award.ending, Award.ended_on, by=by) == ends
    entry = RegisterEntry
    assert columns(in_scope, council, entry.awarded_on, entry.ending, entry.ended_on, by=entry.awarded_on) == ends
    numbered = columns(in_scope, council, Accreditation.cycle, Accreditation.next_due_on, by=Accreditation.cycle)
    assert numbered == [(1, None), (2, None), (3, date(2026, 9, 1))]


def test_what_began_here_counts_as_a_later_cycle_and_ends_what_the_file_says_is_held(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    with clock.at(NOW):
        here = make_award(app, council).accreditation_id
    take_in(in_scope, council, past(app, date(2024, 6, 1), date(2027, 6, 1)))
    begun = columns(in_scope, council, Accreditation.id, Accreditation.cycle, by=Accreditation.cycle)
    assert [(made == here, cycle) for made, cycle in begun] == [(False, 1), (True, 2)]
    assert columns(in_scope, council, Award.awarded_on, Award.ending, Award.ended_on, by=Award.awarded_on) == [
        (date(2024, 6, 1), "ended", TODAY),
        (TODAY, None, None),
    ]
    told = columns(in_scope, council, Event.verb, Event.payload, by=Event.seq)
    assert [payload for verb, payload in told if verb == "award.ended"] == [
        {"by": CONSOLE.name, "ending": "ended", "on": "2026-05-04"}
    ]


def test_another_level_and_another_council_are_left_alone(app: Flask, council: MadeCouncil, in_scope: InScope) -> None:
    with clock.at(NOW):
        upper = make_accreditation(app, council, make_framework(app, "charter-2017"), "charter")
    take_in(in_scope, council, replace(past(app, date(2024, 6, 1), date(2027, 6, 1)), level="plus"))
    found = columns(in_scope, council, Accreditation.level, Accreditation.cycle, by=Accreditation.level)
    assert found == [("charter", 1), ("plus", 1)]
    assert upper in {made for (made,) in columns(in_scope, council, Accreditation.id, by=Accreditation.id)}
