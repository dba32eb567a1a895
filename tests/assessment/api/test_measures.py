"""Live measures for programs: read, and cited in an answer that somebody wrote."""

from __future__ import annotations

from typing import Any

from flask import Flask

from assessment.rules.measures import MEASURES
from tests.caller import Caller
from tests.factories.assessment import make_accreditation
from tests.factories.tenants import MadeCouncil, MadeUser


def test_a_measure_is_read_and_cited(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    caller, made = Caller.of(app, lead, council), make_accreditation(app, council)
    told: Any = caller.get(f"/councils/{council.slug}/measures").json
    assert [(each["code"], each["title"]) for each in told["items"]] == [
        (code, measure.title) for code, measure in MEASURES.items()
    ]
    code, measure = next(iter(MEASURES.items()))
    answer = f"/councils/{council.slug}/accreditations/{made}/answers/1.1.1"
    sent = {"measure": code, "why": "It shows it."}
    early: Any = caller.post(f"{answer}/measures", sent)
    assert (early.status_code, early.json["detail"]) == (
        409,
        "Give your judgement or write your answer first, then cite a measure.",
    )
    caller.call("PUT", answer, json={"narrative": "So."}, headers={"If-None-Match": "*"})
    cited: Any = caller.post(f"{answer}/measures", sent)
    assert [(each["title"], each["kind"], each["why"]) for each in cited.json["citations"]] == [
        (measure.title, "measure", "It shows it.")
    ]
    unknown = caller.post(f"{answer}/measures", {"measure": "luck"})
    assert unknown.status_code == 422
