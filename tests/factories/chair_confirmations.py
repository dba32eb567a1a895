"""A process in which the chair of the steering group confirms, and the chair's confirmation, for tests."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.rules.processes import DEFAULT
from assessment.services import chair_confirmations
from assessment.services.processes import save_process
from saas.tenancy import CONSOLE, Actor
from saas.transaction import within
from tests.factories.assessment import make_accreditation
from tests.factories.remembering import remembered
from tests.factories.submissions import answer_all
from tests.factories.tenants import MadeCouncil


@remembered
def make_confirmed_by_chair(app: Flask, council: MadeCouncil) -> UUID:
    """A self-assessment with every answer, in a region that asks for the chair's confirmation; its id."""
    with app.app_context(), within(council.region.scope()):
        save_process(council.region.id, replace(DEFAULT, chair_confirms=True), version=0, by=CONSOLE)
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    return made


def confirm_by_chair(
    app: Flask, council: MadeCouncil, accreditation_id: UUID, about: str = "plan", by: Actor = CONSOLE, words: str = ""
) -> UUID:
    """The chair confirms what is about to be sent; the confirmation's id."""
    with app.app_context(), within(council.scope()):
        accreditation = get_accreditation(accreditation_id, lock=True)
        return chair_confirmations.confirm(accreditation, about=about, words=words, by=by).id
