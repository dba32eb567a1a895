"""Interim returns for tests, made through the services."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from flask import Flask

from assessment.models.awards import Award
from assessment.queries.accreditations import get_accreditation
from assessment.queries.awards import find_award
from assessment.queries.interim import find_draft, find_standing
from assessment.services import improvements, interim
from saas import jobs
from saas.tenancy import CONSOLE, Actor
from saas.transaction import within
from tenants.queries.evidence import get_evidence
from tests.factories.awards import make_award
from tests.factories.evidence import make_file
from tests.factories.remembering import remembered
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil


def award_of(app: Flask, case: MadeCase) -> Award:
    """The award a case led to, read in the council's scope."""
    with app.app_context(), within(case.council.scope()):
        found = find_award(case.accreditation_id)
        assert found is not None
        return found


def before_interim(app: Flask, case: MadeCase, days: int = 10) -> datetime:
    """A moment so many days before the interim review is due, for `clock.at`."""
    due_on = award_of(app, case).interim_due_on
    assert due_on is not None
    return datetime.combine(due_on - timedelta(days), time(9), UTC)


@remembered
def make_replied(app: Flask, council: MadeCouncil, issued: int = 2, **options: object) -> MadeCase:
    """An award with improvements, all of them accepted."""
    case = make_award(app, council, improvements=issued, **options)  # type: ignore[arg-type]
    with app.app_context(), within(council.scope()):
        for number in range(1, issued + 1):
            improvements.reply(case.accreditation_id, number, answer="accepted", by=CONSOLE)
    return case


@remembered
def write(app: Flask, case: MadeCase, number: int, state: str, words: str, by: Actor = CONSOLE) -> int:
    """Write about one improvement, whatever stood there; the draft's new version."""
    with app.app_context(), within(case.council.scope()):
        accreditation = get_accreditation(case.accreditation_id, share=True)
        there = find_draft(accreditation, number)
        version = there.version if there else 0
        return interim.save(accreditation, number, state=state, words=words, version=version, by=by).version


@remembered
def write_all(app: Flask, case: MadeCase, states: tuple[str, ...] = ("claimed_complete", "in_progress")) -> None:
    """Every improvement in order with its state; the first cites one file."""
    for number, state in enumerate(states, 1):
        write(app, case, number, state, f"What we did about {number}.")
    file = make_file(app, case.council, title="Induction programme", filename="induction.pdf")
    with app.app_context(), within(case.council.scope()):
        accreditation = get_accreditation(case.accreditation_id, share=True)
        interim.cite(accreditation, 1, get_evidence(case.council.id, file), by=CONSOLE)


@remembered
def send(app: Flask, case: MadeCase, by: Actor = CONSOLE) -> UUID:
    """Send what was written, and seal it; the submission's id."""
    with app.app_context():
        with within(case.council.scope()):
            interim.request_seal(get_accreditation(case.accreditation_id, lock=True), by=by)
        jobs.run_all()
        with within(case.council.scope()):
            sent = find_standing(get_accreditation(case.accreditation_id)).sent
            assert sent is not None
            return sent.id
