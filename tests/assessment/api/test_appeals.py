"""Appeals for programs: lodged once by the council, decided once by somebody without a part in the assessment."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.assessment.services.test_appeals import make_refused
from tests.caller import Caller
from tests.factories.awards import TOLD, make_decided
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

GROUNDS = {"grounds": "Nobody read the programme."}


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    return make_refused(app, council)


def of_council(case: MadeCase) -> str:
    return f"/councils/{case.council.slug}/accreditations/{case.accreditation_id}/appeal"


def of_case(case: MadeCase) -> str:
    return f"/regions/{case.region.slug}/accreditations/{case.accreditation_id}/appeal"


def test_an_appeal_is_lodged_and_upheld(app: Flask, case: MadeCase, lead: MadeUser) -> None:
    caller = Caller.of(app, lead, case.council)
    before: Any = caller.get(of_council(case)).json
    assert (before["released"], before["words"], before["refusal"], before["appeal"], before["decision"]) == (
        "Not yet awarded", TOLD, None, None, None,
    )  # fmt: skip
    officer = Caller.of(app, case.officer, case.region)
    assert officer.get(of_case(case)).status_code == 404
    lodged = caller.post(of_council(case), GROUNDS)
    assert lodged.json is not None
    appeal = lodged.json["appeal"]
    assert (lodged.status_code, appeal["grounds"], appeal["lodged_by_name"]) == (201, GROUNDS["grounds"], lead.name)
    assert caller.post(of_council(case), GROUNDS).status_code == 409
    assert caller.get(of_council(case)).json == lodged.json
    read: Any = officer.get(of_case(case)).json
    assert (read["appeal"], "somebody else" in read["decide_refusal"]) == (appeal, True)
    decider = Caller.of(app, make_user(app, case.region, "region_decider"), case.region)
    assert decider.get(of_case(case)).json == read | {"decide_refusal": None}
    wrong = decider.post(of_case(case), {"outcome": "dismissed", "reason": "No.", "conditions": "By May."})
    assert wrong.json is not None
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "/conditions")
    decided = decider.post(of_case(case), {"outcome": "upheld", "reason": "It is so."})
    assert decided.json is not None
    told = {name: decided.json["decision"][name] for name in ("outcome", "reason")}
    assert (decided.status_code, told) == (201, {"outcome": "upheld", "reason": "It is so."})
    assert decider.post(of_case(case), {"outcome": "upheld", "reason": "Twice."}).status_code == 409
    after: Any = caller.get(of_council(case)).json
    assert (after["released"], after["decision"]) == ("Not yet awarded", decided.json["decision"])


def test_who_may_not_and_when_not(app: Flask, case: MadeCase, lead: MadeUser) -> None:
    editor = Caller.of(app, make_user(app, case.council, "council_editor"), case.council)
    assert editor.post(of_council(case), GROUNDS).status_code == 403
    officer = Caller.of(app, case.officer, case.region)
    assert officer.post(of_case(case), {"outcome": "upheld", "reason": "Mine."}).status_code == 403
    waiting = make_decided(app, make_council(app, case.region))
    early = Caller.of(app, make_user(app, waiting.council, "council_lead"), waiting.council)
    answer = early.post(of_council(waiting), GROUNDS)
    assert answer.json is not None
    assert (answer.status_code, answer.json["detail"]) == (
        409, "Nothing is decided yet that your council could appeal against.",
    )  # fmt: skip
    assert early.get(of_council(case)).status_code == 404
