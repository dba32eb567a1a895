"""Every route declares who may use it, the reviewed list is up to date, and each role meets what the list says.

Pages are asked with a session, operations with a token, both of the same role.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from saas.policy import COUNCIL_ROLES, GRANTS, PLATFORM_ROLES, REGION_ROLES, Role
from tests.factories.tenants import MadeCouncil, make_council, make_region, make_user
from tests.house.asking import Asker, address, answer, guarded_routes
from tests.house.matrix import kind_of, matrix

REVIEWED = Path(__file__).parent / "routes.txt"


def test_the_reviewed_matrix_is_the_present_one(built_app: Flask) -> None:
    assert REVIEWED.read_text().splitlines() == matrix(built_app)


def expected(status: int, *, passes: bool) -> bool:
    """Whether a status is what a passing or a refused role gets."""
    return status not in {401, 403, 500} if passes else status == 403


@pytest.fixture
def plain(built_app: Flask, app: Flask) -> Asker:
    """Nobody yet."""
    return Asker(built_app, built_app.response_class)


def heard_in(plain: Asker, rule: Rule, own: MadeCouncil, other: Mapping[str, object]) -> tuple[int, list[int]]:
    """What is answered in the own place, and at the other address where the route has another one there."""
    app = plain.application
    here = address(app, rule, {"council": own.slug, "region": own.region.slug})
    there = address(app, rule, other)
    return answer(plain, rule, here), [answer(plain, rule, there)] if there != here else []


@pytest.mark.parametrize("role", COUNCIL_ROLES)
def test_a_council_role_passes_where_listed_and_never_in_another_council(
    app: Flask, plain: Asker, council: MadeCouncil, role: Role
) -> None:
    plain.become(make_user(app, council, role), council)
    foreign = {"council": make_council(app, council.region).slug, "region": make_region(app).slug}
    wrong = []
    for rule, declaration in guarded_routes(app):
        own, elsewhere = heard_in(plain, rule, council, foreign)
        kind = kind_of(rule.arguments)
        passes = kind == "council" and declaration.permission in GRANTS[role]
        if not (expected(own, passes=passes) if kind == "council" else own == 404):
            wrong.append(f"{rule.rule}: {own}")
        wrong += [f"{rule.rule} elsewhere: {other}" for other in elsewhere if other != 404]
    assert wrong == []


@pytest.mark.parametrize("role", REGION_ROLES)
def test_a_region_role_passes_where_listed_and_never_in_its_councils_or_another_region(
    app: Flask, plain: Asker, council: MadeCouncil, role: Role
) -> None:
    plain.become(make_user(app, council.region, role), council.region)
    foreign = {"council": council.slug, "region": make_region(app).slug}
    wrong = []
    for rule, declaration in guarded_routes(app):
        own, elsewhere = heard_in(plain, rule, council, foreign)
        kind = kind_of(rule.arguments)
        passes = kind == "region" and declaration.permission in GRANTS[role]
        if not (expected(own, passes=passes) if kind == "region" else own == 404):
            wrong.append(f"{rule.rule}: {own}")
        wrong += [f"{rule.rule} elsewhere: {other}" for other in elsewhere if other != 404]
    assert wrong == []


@pytest.mark.parametrize("role", [Role.COUNCIL_LEAD, Role.REGION_OFFICER])
def test_a_place_that_is_not_there_is_answered_as_one_of_others(
    app: Flask, plain: Asker, council: MadeCouncil, role: Role
) -> None:
    place = council if role in COUNCIL_ROLES else council.region
    plain.become(make_user(app, place, role), place)
    wrong = []
    for rule, _declaration in guarded_routes(app):
        if {"council", "region"} & rule.arguments:
            status = answer(plain, rule, address(app, rule, {"council": "none", "region": "none"}))
            if status != 404:
                wrong.append(f"{rule.rule}: {status}")
    assert wrong == []


def test_the_operator_sees_no_tenant(app: Flask, plain: Asker, council: MadeCouncil) -> None:
    plain.become(make_user(app, "platform", PLATFORM_ROLES[0]), "platform")
    wrong = []
    for rule, _declaration in guarded_routes(app):
        kind = kind_of(rule.arguments)
        status = answer(plain, rule, address(app, rule, {"council": council.slug, "region": council.region.slug}))
        if not (expected(status, passes=True) if kind == "platform" else status == 404):
            wrong.append(f"{rule.rule}: {status}")
    assert wrong == []


def test_who_is_signed_out_is_sent_to_sign_in(app: Flask, plain: Asker, council: MadeCouncil) -> None:
    wrong = [
        rule.rule
        for rule, _declaration in guarded_routes(app)
        if answer(plain, rule, address(app, rule, {"council": council.slug, "region": council.region.slug})) != 401
    ]
    assert wrong == []
