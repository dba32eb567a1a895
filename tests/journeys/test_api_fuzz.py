"""Operations called at random by their own description: nothing breaks, and every answer is one that was promised.

A short run by default; FUZZ_CALLS=10000 (`make fuzz`) for a long one, with other calls each time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assessment.demo.loading import as_owner
from assessment.demo.places import ASSESSORS
from saas.config import Config
from saas.db import db
from saas.embedded import Cluster
from saas.openapi import describe
from saas.policy import Role
from tests.factories.databases import app_on_own_database
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_token, make_user
from tests.house.asking import TABLES, UNKNOWN

CALLS = int(os.environ.get("FUZZ_CALLS", "500"))
MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
COUNCIL = "caddowell"


@dataclass(frozen=True)
class Ground:
    """The demo, what stands in it by the arguments that name it, and a token for each kind of place."""

    app: Flask
    values: dict[str, list[Any]]
    tokens: dict[str, str]


@pytest.fixture
def ground(demo: Flask, cluster: Cluster, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A copy of the demo."""
    db.session.remove()
    db.engine.dispose()
    with app_on_own_database(cluster, config, "fuzzed", tmp_path_factory.mktemp("fuzzed"), like="demo") as app:
        yield ground_of(app)


def ground_of(app: Flask) -> Ground:
    """A council with an award, its region, and an assessor's open file."""
    with as_owner(app.config["CHARTERWAY"]) as owner:
        found = owner.execute(
            sa.text(
                "select c.id, c.region_id, r.slug from councils c join regions r on r.id = region_id where c.slug = :s"
            ),
            {"s": COUNCIL},
        ).one()
        scorer = owner.execute(
            sa.text(
                "select u.id as user_id, u.name, a.id as accreditation_id from users u, accreditations a"
                " where u.email = :email and a.stage = 'assessing' and a.council_name like 'Ostermoor%'"
            ),
            {"email": ASSESSORS[1].email},
        ).one()
        values = {
            name: [str(each) for table in tables for each in _ids(owner, table, found.id)]
            for name, tables in TABLES.items()
        }
    region = MadeRegion(found.region_id, found.slug, "Region")
    council = MadeCouncil(found.id, COUNCIL, "Council", region)
    values |= {"council": [COUNCIL], "region": [found.slug], "code": ["1.1.1", "1.1.2", "9.9.9"], "number": [1, 2, 3]}
    values["file"] = [str(scorer.accreditation_id)]
    people = {
        "council": (make_user(app, council, Role.COUNCIL_LEAD), council),
        "region": (make_user(app, region, Role.REGION_OFFICER), region),
        "file": (MadeUser(scorer.user_id, "", scorer.name), region),
    }
    return Ground(app, values, {kind: make_token(app, *each) for kind, each in people.items()})


def _ids(owner: sa.Connection, table: str, council: Any) -> list[Any]:
    """A few rows of the council, and a few of anybody."""
    first = sa.text(f"select id from {table} t order by to_jsonb(t) ->> 'council_id' is distinct from :c, id limit 6")
    return list(owner.scalars(first, {"c": str(council)}))


def test_no_operation_breaks_or_answers_what_it_does_not_promise(ground: Ground) -> None:
    broken: dict[str, str] = {}
    operations = operations_of(ground.app)
    for operation in operations:
        for mode in MODES:
            call_often(operation, mode, ground, max(1, CALLS // len(operations) // len(MODES)), broken)
    assert broken == {}


def operations_of(app: Flask) -> list[Any]:
    """Every operation that the document describes, as if none needed a token: those of the ground are always sent."""
    document = describe(app)
    for each in document["paths"].values():
        for told in each.values():
            told["security"] = []
    schema = schemathesis.openapi.from_dict(document)
    schema.app = app
    return [found.ok() for found in schema.get_all_operations()]


def call_often(operation: Any, mode: Any, ground: Ground, times: int, broken: dict[str, str]) -> None:
    """Call it this often; the first break of each kind is told by the operation and what is wrong."""
    place = next((each for each in ("council", "region", "file") if f"{{{each}}}" in operation.path), "council")
    name = operation.definition.raw["operationId"]

    @settings(
        max_examples=times, database=None, deadline=None, derandomize="FUZZ_CALLS" not in os.environ,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def call(case: Any, data: st.DataObject) -> None:
        for argument in case.path_parameters or {}:
            known = ground.values.get(argument) or [str(UNKNOWN)]
            if argument in ground.tokens or data.draw(st.integers(0, 9)):
                case.path_parameters[argument] = data.draw(st.sampled_from(known))
        headers = {"Authorization": ground.tokens[place]}
        if "If-Match" not in (case.headers or {}) or data.draw(st.booleans()):
            headers["If-Match"] = f'"{data.draw(st.integers(0, 3))}"'
        try:
            answer = Context().run(case.call, headers=headers)
            case.validate_response(answer, checks=CHECKS)
        except BaseException as error:  # noqa: BLE001  each kind of break is told
            broken.setdefault(f"{name}: {type(error).__name__}", f"{_told(error)} {case.as_curl_command()}")

    try:
        call()
    except Unsatisfiable:  # takes nothing that could be wrong
        return


def _told(error: BaseException) -> str:
    return " ".join(str(each) for each in getattr(error, "exceptions", [error]))[:2000]
