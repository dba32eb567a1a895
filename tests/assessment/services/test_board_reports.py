"""Board reports from real rows: what counts, that they stay, and that a quarter has one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import ProgrammingError

from assessment.queries.board_reports import find_schedule, list_reports, read_facts
from assessment.rules.board_report import read_sections
from assessment.rules.sealing import canonical_json
from assessment.services import board_reports, themes
from assessment.services.board_reports import LONGEST_PERIOD
from saas import clock
from saas.errors import Invalid
from saas.tenancy import CONSOLE, SERVICE
from tests.conftest import InScope
from tests.factories.assessors import enter
from tests.factories.awards import make_award
from tests.factories.board_reports import make_quarterly, make_report
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_user

Statements = Callable[[], AbstractContextManager[list[str]]]
NOVEMBER = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
JANUARY = datetime(2027, 1, 4, 7, 30, tzinfo=UTC)


def test_a_report_says_what_stands_in_the_rows(
    app: Flask, council: MadeCouncil, region: MadeRegion, officer: MadeUser, in_scope: InScope
) -> None:
    make_award(app, council, improvements=2)
    make_council(app, region)
    make_award(app, make_council(app, make_region(app)), improvements=1)
    enter(app, region, make_user(app, region, "assessor"))
    with in_scope(region.scope()):
        themes.add_theme(region.id, title="Mentors", words=["mentor"], training="", by=CONSOLE)
    report = make_report(app, region)
    today = read_sections(report.document)
    assert [each.sentence for each in today if each.code in ("holders", "changes", "themes", "load")] == [
        f"1 council held an award on {_words(clock.today())}: 1 at Charter. That is 1 more than a year before.",
        "1 award was made in the period. No awards ended early, and no awards ran out.",
        "2 improvements are open, none of them under a theme.",
        f"1 assessor had no places in teams on {_words(clock.today())}. 1 had none, and none had as many as they take"
        " on.",
    ]
    assert next(each for each in today if each.code == "pipeline").tables[0].rows == (
        ("Not committed", 1),
        ("Current", 1),
    )
    assert report.hash == hashlib.sha256(canonical_json(report.document)).hexdigest()


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


@pytest.mark.parametrize("councils", [1, 3])
def test_facts_are_read_in_six_statements(
    app: Flask, region: MadeRegion, in_scope: InScope, statements: Statements, councils: int
) -> None:
    for _ in range(councils):
        make_award(app, make_council(app, region), improvements=1)
    with in_scope(region.scope()), statements() as sent:
        facts = read_facts(region.id, clock.today(), clock.today(), as_of=clock.today())
    assert (len(facts.awards), len(sent)) == (councils, 1 + 6)  # the first sets the scope


def test_the_list_leaves_documents_in_the_database(
    app: Flask, region: MadeRegion, in_scope: InScope, statements: Statements
) -> None:
    make_report(app, region)
    with in_scope(region.scope()), statements() as sent:
        assert list_reports(region.id)[0].number == 1
    assert [sql for sql in sent if "board_reports.document" in sql] == []


def test_reports_are_numbered_within_a_region_and_never_change(
    app: Flask, region: MadeRegion, in_scope: InScope
) -> None:
    elsewhere = make_region(app)
    assert [make_report(app, place).number for place in (region, region, elsewhere)] == [1, 2, 1]
    with in_scope(region.scope()):
        assert [each.number for each in list_reports(region.id)] == [2, 1]
        assert list_reports(elsewhere.id) == []
    with pytest.raises(ProgrammingError, match="permission denied"), in_scope(region.scope()) as session:
        list_reports(region.id)[0].made_by_name = "Somebody else"
        session.flush()


def test_a_period_is_over_and_no_longer_than_two_years(app: Flask, region: MadeRegion) -> None:
    today = clock.today()
    refused = {}
    for name, (first, last) in {
        "ahead": (today, today + timedelta(1)),
        "backwards": (today, today - timedelta(1)),
        "long": (today - LONGEST_PERIOD - timedelta(1), today),
    }.items():
        with pytest.raises(Invalid) as raised:
            make_report(app, region, first, last)
        refused[name] = raised.value.messages
    assert refused == {
        "ahead": {"period_to": ["The last day must be today or earlier."]},
        "backwards": {"period_to": ["The last day must not be before the first."]},
        "long": {"period_from": ["A report covers two years at most."]},
    }


def test_each_quarter_has_one_report_from_its_first_working_day(
    app: Flask, region: MadeRegion, in_scope: InScope
) -> None:
    with clock.at(NOVEMBER):
        assert make_quarterly(app, region) == date(2027, 1, 4)
        assert make_quarterly(app, region) == date(2027, 1, 4)
    made = []
    for moment in (NOVEMBER, JANUARY - timedelta(1), JANUARY, JANUARY, JANUARY + timedelta(1)):
        with clock.at(moment), in_scope(region.scope()):
            report = board_reports.make_scheduled(region.id)
            made.append(report and (report.number, report.period_from, report.period_to, report.made_by_name))
    assert made == [None, None, (1, date(2026, 10, 1), date(2026, 12, 31), SERVICE.name), None, None]
    with in_scope(region.scope()):
        schedule = find_schedule(region.id)
        assert schedule is not None
        assert schedule.next_on == date(2027, 4, 1)


def test_nothing_is_made_where_nobody_wants_it_any_more(app: Flask, region: MadeRegion, in_scope: InScope) -> None:
    with clock.at(NOVEMBER):
        make_quarterly(app, region)
        assert make_quarterly(app, region, quarterly=False) is None
    with clock.at(JANUARY), in_scope(region.scope()):
        assert board_reports.make_scheduled(region.id) is None
        assert board_reports.make_scheduled(make_region(app).id) is None


def test_after_a_long_interruption_there_is_one_report(app: Flask, region: MadeRegion, in_scope: InScope) -> None:
    with clock.at(NOVEMBER):
        make_quarterly(app, region)
    with clock.at(JANUARY + timedelta(200)), in_scope(region.scope()):
        report = board_reports.make_scheduled(region.id)
        assert report is not None
        assert (report.period_from, report.period_to) == (date(2027, 4, 1), date(2027, 6, 30))
        assert board_reports.make_scheduled(region.id) is None
