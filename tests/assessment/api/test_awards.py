"""The register for programs of everybody: no token, the same rows as the page, and each certificate's state."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from assessment.services.endings import surrender
from saas import clock
from saas.transaction import within
from tests.caller import Caller
from tests.factories.awards import make_award
from tests.factories.scores import MadeCase, actor
from tests.factories.tenants import MadeCouncil, make_council, make_region


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    return make_award(app, council, conditions="Show the programme by May.")


@pytest.fixture
def nobody(app: Flask) -> Caller:
    return Caller(app, None)


def listed(caller: Caller, query: str = "") -> list[dict[str, Any]]:
    """The rows of the register."""
    told: Any = caller.get(f"/awards{query}").json
    return list(told["items"])


def test_everybody_reads_what_is_held_and_not_why(nobody: Caller, council: MadeCouncil, case: MadeCase) -> None:
    [award] = listed(nobody)
    number = award["certificate_number"]
    named = ("council", "region", "held", "state", "with_conditions", "certificate_url")
    assert {name: award[name] for name in named} == {
        "council": council.name,
        "region": council.region.name,
        "held": True,
        "state": "valid",
        "with_conditions": True,
        "certificate_url": f"http://localhost/certificates/{number}",
    }
    assert "programme by May" not in nobody.get("/awards").text
    for written in (number, number.lower().replace("-", "%20")):
        assert nobody.get(f"/certificates/{written}").json == award
    assert str(case.accreditation_id) not in nobody.get("/awards").text


@pytest.mark.parametrize("number", ["BCDF-GHJK-2345", "x", "..%2F..", "%F0%9F%98%80"])
def test_a_number_that_nobody_gave_out_is_unknown(nobody: Caller, case: MadeCase, number: str) -> None:
    answer = nobody.get(f"/certificates/{number}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_what_has_ended_says_so_and_is_found_among_the_past(app: Flask, nobody: Caller, case: MadeCase) -> None:
    with app.app_context(), within(case.region.scope(case.officer.id)):
        surrender(case.accreditation_id, on=clock.today(), reason="It merged.", by=actor(case.officer))
    [award] = listed(nobody, "?state=past")
    assert (award["state"], award["held"], listed(nobody, "?state=held")) == ("surrendered", False, [])


def test_the_register_is_narrowed(app: Flask, nobody: Caller, council: MadeCouncil, case: MadeCase) -> None:
    make_award(app, make_council(app, make_region(app), name="Another Council"))
    assert len(listed(nobody)) == 2
    assert [each["council"] for each in listed(nobody, f"?region_id={council.region.id}")] == [council.name]
    assert [each["council"] for each in listed(nobody, "?words=another")] == ["Another Council"]
    assert len(listed(nobody, "?words=%20")) == 2
    assert nobody.get("/awards?region_id=here").status_code == 422
    first = nobody.get("/awards?limit=1").json
    assert first is not None
    assert len(listed(nobody, f"?limit=1&cursor={first['next']}")) == 1
