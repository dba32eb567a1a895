"""Changing what is said about cited evidence: kept, recorded, and refused where answers rest."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assessment.queries.accreditations import get_accreditation
from assessment.queries.frameworks import get_framework
from assessment.services import answers, citations
from saas.db import new_id
from saas.errors import Conflict, NotFound
from saas.events import Event
from saas.tenancy import CONSOLE
from tenants.models.evidence import Evidence
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation
from tests.factories.evidence import make_link
from tests.factories.tenants import MadeCouncil


def test_the_words_are_replaced_also_by_none_until_answers_rest(
    app: Flask, council: MadeCouncil, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    link = make_link(app, council)
    with in_scope(council.scope()) as session:
        accreditation = get_accreditation(made, share=True)
        requirement_id = get_framework(accreditation.framework_id).ids["1.1.1"]
        given: dict[str, Any] = {"judgement": None, "narrative": "We do.", "not_applicable_reason": "", "version": 0}
        answer = answers.save(accreditation, requirement_id, **given, by=CONSOLE)
        evidence = session.get_one(Evidence, (council.id, link))
        cited = answers.cite(answer, evidence, pinpoint="Page 1", why="First.", by=CONSOLE)
        session.flush()
        citation = citations.get_citation(answer, cited.id)
        citations.change_citation(answer, citation, pinpoint="", why="Second.", by=CONSOLE)
        session.flush()
        held = citations.get_citation(answer, cited.id)
        assert (held.pinpoint, held.why) == ("", "Second.")
        with pytest.raises(NotFound):
            citations.get_citation(answer, new_id())
        accreditation.stage = "awarded"
        with pytest.raises(Conflict, match="Answers cannot be changed"):
            citations.change_citation(answer, citation, pinpoint="Page 2", why="", by=CONSOLE)
        session.expire(accreditation)
        title = evidence.title
    with in_scope(council.scope()) as session:
        payloads = session.scalars(select(Event.payload).where(Event.verb == "evidence.cited")).all()
        assert payloads == [{"by": "Console", "requirement": "1.1.1", "evidence": title}] * 2
