"""Shared figures and good practice for tests, made through the services."""

from __future__ import annotations

from flask import Flask

from assessment.queries.benchmarks import CouncilSize, Figures, list_figures
from assessment.queries.reports import find_draft
from assessment.rules.benchmarks import financial_year
from assessment.rules.measures import measured
from assessment.rules.reports import practice
from assessment.services import benchmarks, fact_checks, reports
from saas import clock
from saas.tenancy import CONSOLE
from saas.transaction import within
from tests.factories.awards import comment, decide, draft_version, make_draft, release
from tests.factories.scores import MadeCase, actor
from tests.factories.tenants import MadeCouncil, MadeRegion, make_council

FIGURE = "members_in_office"


def share_figure(
    app: Flask, council: MadeCouncil, percent: int = 50, *, kind: str = "district", band: str = "small"
) -> None:
    """The council lets a figure of so many percent count this year."""
    figure = measured(FIGURE, percent, 100, clock.now())
    with app.app_context(), within(council.scope()):
        benchmarks.share(council.id, council.region.id, figure, CouncilSize(kind, None, band), by=CONSOLE)


def take_back(app: Flask, council: MadeCouncil) -> None:
    """The council takes it back."""
    with app.app_context(), within(council.scope()):
        benchmarks.take_back(council.id, FIGURE, financial_year(clock.today()), by=CONSOLE)


def make_sharing(
    app: Flask, region: MadeRegion, number: int, *, kind: str = "district", band: str = "small", first: int = 10
) -> list[MadeCouncil]:
    """So many new councils that share the figure: the first 10%, the next 20% and so on."""
    made = [make_council(app, region) for _ in range(number)]
    for at, council in enumerate(made):
        share_figure(app, council, first + 10 * at, kind=kind, band=band)
    return made


def shown(app: Flask, place: MadeCouncil | MadeRegion) -> list[tuple[str, int, int | None, int, int | None]]:
    """The groups that a council or region is shown of the figure: title, councils, lower quartile, middle, upper."""
    with app.app_context(), within(place.scope(), read_only=True):
        found: list[Figures] = list_figures(financial_year(clock.today())).get(FIGURE, [])
        return [(each.group.title, each.councils, each.lower, each.median, each.upper) for each in found]


def make_practised(app: Flask, council: MadeCouncil, *words: str, outcome: str = "awarded") -> MadeCase:
    """A released outcome whose report names these as good practice of requirement 1.1.1."""
    case = make_draft(app, council)
    entries = [practice(text=text, requirement_code="1.1.1") for text in words]
    with app.app_context(), within(case.region.scope(case.officer.id)):
        draft = find_draft(case.accreditation_id)
        assert draft is not None
        reports.save(case.accreditation_id, good_practice=entries, version=draft.version, by=actor(case.officer))
    version = draft_version(app, case)
    with app.app_context(), within(case.region.scope(case.officer.id)):
        fact_checks.open_fact_check(case.accreditation_id, by=actor(case.officer), version=version)
    comment(app, case)
    decide(app, case, outcome, reason="" if outcome == "awarded" else "The team advises it.")
    release(app, case)
    return case
