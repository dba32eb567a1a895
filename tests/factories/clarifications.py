"""Questions to a council and its answers for tests, made through the services."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.clarifications import find_draft, get_item
from assessment.queries.frameworks import get_framework
from assessment.services import clarifications
from saas.tenancy import Actor
from saas.transaction import within
from tests.factories.remembering import remembered
from tests.factories.scores import MadeCase, actor
from tests.factories.tenants import MadeUser

QUESTION = "Who chairs the steering group, and since when?"
ANSWER = "Councillor Harker, since the annual meeting."


@remembered
def make_question(
    app: Flask, case: MadeCase, code: str = "1.1.1", *, question: str = QUESTION, scorer: int | None = 0
) -> UUID:
    """One question of a scorer who has declared (0 or 1), or of the region's officer (None); its id."""
    user = case.officer if scorer is None else case.scorers[scorer]
    scope = case.region.scope(user.id) if scorer is None else case.file(scorer)
    with app.app_context(), within(scope):
        accreditation = get_accreditation(case.accreditation_id)
        requirement_id = get_framework(accreditation.framework_id).ids[code]
        asked_as = "region" if scorer is None else "assessor"
        asked = clarifications.ask(accreditation, requirement_id, question=question, asked_as=asked_as, by=actor(user))
        return asked.id


@remembered
def make_answer(
    app: Flask,
    case: MadeCase,
    question_id: UUID,
    by: MadeUser | Actor,
    *,
    words: str = ANSWER,
    evidence: Collection[UUID] = (),
) -> UUID:
    """The council's answer as sent; its id."""
    who = actor(by) if isinstance(by, MadeUser) else by
    with app.app_context(), within(case.council.scope(who.id)):
        accreditation = get_accreditation(case.accreditation_id, share=True)
        item = get_item(case.accreditation_id, question_id)
        draft = find_draft(question_id)
        draft = clarifications.save_draft(
            accreditation, item, words=words, version=draft.version if draft else 0, evidence=evidence, by=who
        )
        return clarifications.answer(accreditation, item, version=draft.version, by=who).id
