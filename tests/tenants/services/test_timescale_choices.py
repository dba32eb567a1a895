"""A person's choice among the readings of a timescale, and what refuses it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from saas import clock
from saas.errors import Conflict, Invalid
from saas.events import Event
from saas.tenancy import CONSOLE
from tenants.models.plans import Action
from tenants.services import plans, timescale_choices
from tests.conftest import InScope
from tests.factories.plans import make_action, make_plan
from tests.factories.tenants import MadeCouncil

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
CALENDAR, FINANCIAL = "calendar_year|2019-01-01|2019-12-31", "financial_year|2019-04-01|2020-03-31"


@pytest.fixture
def line(app: Flask, council: MadeCouncil) -> UUID:
    """A line whose timescale is a year: of the calendar, or of the council's money."""
    return make_action(app, council, make_plan(app, council), timescale="2019")


def choose(in_scope: InScope, council: MadeCouncil, line: UUID, reading: str, version: int = 1) -> None:
    """Choose at NOW."""
    with clock.at(NOW), in_scope(council.scope()) as session:
        row = session.get_one(Action, (council.id, line))
        timescale_choices.choose(row, reading=reading, document_on=None, version=version, by=CONSOLE)


def read(in_scope: InScope, council: MadeCouncil, line: UUID) -> tuple[Any, ...]:
    """What the line is read as: days, kind, confidence, why, who chose, and its version."""
    wanted = select(
        Action.timescale, Action.earliest_on, Action.latest_on, Action.timescale_kind, Action.timescale_confidence,
        Action.timescale_reason, Action.timescale_chosen_by, Action.version,
    )  # fmt: skip
    with in_scope(council.scope()) as session:
        return tuple(session.execute(wanted.where(Action.id == line)).one())


def test_a_choice_is_kept_with_who_made_it_and_doubts_no_longer(
    council: MadeCouncil, line: UUID, in_scope: InScope
) -> None:
    assert read(in_scope, council, line)[3:7] != ("financial_year", "high", "", CONSOLE.name)
    choose(in_scope, council, line, FINANCIAL)
    assert read(in_scope, council, line) == (
        "2019", date(2019, 4, 1), date(2020, 3, 31), "financial_year", "high", "", CONSOLE.name, 2,
    )  # fmt: skip
    with in_scope(council.scope()) as session:
        told = session.execute(
            select(Event.at, Event.audience, Event.payload).where(Event.verb == "action.timescale_chosen")
        )
        assert [tuple(row) for row in told] == [
            (NOW, "council", {"by": CONSOLE.name, "ref": "1", "kind": "financial_year"})
        ]


def test_a_choice_can_be_changed_to_another_reading(council: MadeCouncil, line: UUID, in_scope: InScope) -> None:
    choose(in_scope, council, line, FINANCIAL)
    choose(in_scope, council, line, CALENDAR, version=2)
    assert read(in_scope, council, line)[1:4] == (date(2019, 1, 1), date(2019, 12, 31), "calendar_year")


@pytest.mark.parametrize("reading", ["", "financial_year", "financial_year|2018-04-01|2019-03-31", "day|2019-05-01|"])
def test_what_the_words_do_not_mean_is_refused(
    council: MadeCouncil, line: UUID, in_scope: InScope, reading: str
) -> None:
    before = read(in_scope, council, line)
    with pytest.raises(Invalid) as refused:
        choose(in_scope, council, line, reading)
    assert refused.value.messages == {"reading": ["Choose one of the readings."]}
    assert read(in_scope, council, line) == before


def test_a_choice_on_a_line_that_changed_meanwhile_shows_what_it_says_now(
    council: MadeCouncil, line: UUID, in_scope: InScope
) -> None:
    with in_scope(council.scope()) as session:
        plans.update_action(session.get_one(Action, (council.id, line)), version=1, remark="Begun.", by=CONSOLE)
    with pytest.raises(Conflict) as refused:
        choose(in_scope, council, line, FINANCIAL)
    assert isinstance(refused.value.theirs, Action)
    assert read(in_scope, council, line)[6:] == ("", 2)
