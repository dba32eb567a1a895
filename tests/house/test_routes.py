"""Every route declares who may use it, the reviewed list is up to date, and each role meets what the list says.

Pages are asked with a session, operations with a token, both of the same role.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from saas.guard import Declaration, declaration_of
from saas.policy import COUNCIL_ROLES, GRANTS, PLATFORM_ROLES, REGION_ROLES, Role
from tenants.models.tokens import API, PROVISIONING
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_council, make_region, make_token, make_user
from tests.house.matrix import kind_of, matrix

REVIEWED = Path(__file__).parent / "routes.txt"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PURPOSES = (API, PROVISIONING)
UNKNOWN = UUID("01900000-0000-7000-8000-000000000000")


def test_the_reviewed_matrix_is_the_present_one(built_app: Flask) -> None:
    assert REVIEWED.read_text().splitlines() == matrix(built_app)


def guarded_routes(app: Flask) -> list[tuple[Rule, Declaration]]:
    """Routes that need a permission."""
    found = [(rule, declaration_of(app.view_functions[rule.endpoint])) for rule in app.url_map.iter_rules()]
    return [(rule, declaration) for rule, declaration in found if declaration and declaration.permission]


def address(app: Flask, rule: Rule, place: dict[str, object]) -> str:
    """An address of the route in this place; other arguments name nothing that exists."""
    values: dict[str, object] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        of_kind = {"UUIDConverter": UNKNOWN, "IntegerConverter": 1}
        one_of = sorted(getattr(converter, "items", ["plan"]))
        values[name] = of_kind.get(type(converter).__name__, one_of[0])
    with app.test_request_context():
        built = rule.build(values | {key: value for key, value in place.items() if key in rule.arguments})
    assert built is not None
    return built[1]


class Asker(FlaskClient):
    """Signs in, holds a token for each purpose, and does not check pages: thousands are asked for."""

    tokens: Mapping[str, str] = MappingProxyType({})

    def become(self, user: MadeUser, place: MadeCouncil | MadeRegion | str) -> None:
        """Be this user from now on, with tokens of this place."""
        self.delete_cookie("charterway")
        with self.session_transaction() as session:
            session["_user_id"] = f"{user.id}:1"
        self.tokens = {kind: make_token(self.application, user, place, purpose=kind) for kind in PURPOSES}


def answer(client: Asker, rule: Rule, path: str) -> int:
    """The status for the route's first method; a place that redirects to sign-in answers 401 here."""
    method = next(each for each in METHODS if each in (rule.methods or set()))
    purpose = getattr(client.application.view_functions[rule.endpoint], "bearer", None)
    sent = {"Authorization": client.tokens[purpose]} if purpose in client.tokens else {}
    response = client.open(path, method=method, headers=sent)
    if response.status_code == 303 and response.headers["Location"].startswith("/sign-in"):
        return 401
    return response.status_code


def expected(status: int, *, passes: bool) -> bool:
    """Whether a status is what a passing or a refused role gets."""
    return status not in {401, 403, 500} if passes else status == 403


@pytest.fixture
def plain(built_app: Flask, app: Flask) -> Asker:
    """Nobody yet."""
    return Asker(built_app, built_app.response_class)


@pytest.mark.parametrize("role", COUNCIL_ROLES)
def test_a_council_role_passes_where_listed_and_never_in_another_council(
    app: Flask, plain: Asker, council: MadeCouncil, role: Role
) -> None:
    plain.become(make_user(app, council, role), council)
    foreign = make_council(app, council.region)
    elsewhere = make_region(app)
    wrong = []
    for rule, declaration in guarded_routes(app):
        kind = kind_of(rule.arguments)
        own = answer(plain, rule, address(app, rule, {"council": council.slug, "region": council.region.slug}))
        passes = kind == "council" and declaration.permission in GRANTS[role]
        if not (expected(own, passes=passes) if kind == "council" else own == 404):
            wrong.append(f"{rule.rule}: {own}")
        for place in (
            {"council": foreign.slug, "region": elsewhere.slug},
            {"council": "none", "region": "none"},
        ):
            other = answer(plain, rule, address(app, rule, place))
            if other != 404:
                wrong.append(f"{rule.rule} elsewhere: {other}")
    assert wrong == []


@pytest.mark.parametrize("role", REGION_ROLES)
def test_a_region_role_passes_where_listed_and_never_in_its_councils_or_another_region(
    app: Flask, plain: Asker, council: MadeCouncil, role: Role
) -> None:
    plain.become(make_user(app, council.region, role), council.region)
    elsewhere = make_region(app)
    wrong = []
    for rule, declaration in guarded_routes(app):
        kind = kind_of(rule.arguments)
        own = answer(plain, rule, address(app, rule, {"council": council.slug, "region": council.region.slug}))
        passes = kind == "region" and declaration.permission in GRANTS[role]
        if not (expected(own, passes=passes) if kind == "region" else own == 404):
            wrong.append(f"{rule.rule}: {own}")
        other = answer(plain, rule, address(app, rule, {"council": council.slug, "region": elsewhere.slug}))
        if other != 404:
            wrong.append(f"{rule.rule} elsewhere: {other}")
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
