"""Whom a demanded single sign-on keeps from every other way in, a password or a passkey alike."""

from __future__ import annotations

import pytest
from flask import Flask

from saas.tenancy import Scope
from saas.transaction import within
from tenants.queries.access import find_viewer
from tenants.web.organisations import refuse_password
from tests.factories.single_sign_on import make_provider
from tests.factories.tenants import MadeCouncil, MadeUser, make_user

ISSUER = "https://signin.example"


@pytest.mark.parametrize(
    ("role", "required", "refused"),
    [
        ("council_editor", True, True),
        ("council_editor", False, False),
        ("council_lead", True, False),
    ],
)
def test_only_people_of_its_place_who_do_not_manage_access_are_kept_out(
    app: Flask, council: MadeCouncil, lead: MadeUser, role: str, required: bool, refused: bool
) -> None:
    make_provider(app, council, ISSUER, required=required)
    user = make_user(app, council, role)
    with app.test_request_context("/sign-in/passkey", method="POST"):
        with within(Scope.nobody()):
            viewer = find_viewer(user.id)
        assert viewer is not None
        answer = refuse_password(viewer, "/")
    assert (answer is not None) is refused
    if answer is not None:
        assert answer.status_code == 403
        assert f"{council.name} has chosen that its people sign in only so." in answer.get_data(as_text=True)


def test_while_it_is_to_be_tried_anew_passwords_are_taken(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    make_provider(app, council, ISSUER, required=True)
    make_provider(app, council, "https://moved.example", switched_on=False)
    user = make_user(app, council, "council_editor")
    with app.test_request_context("/sign-in", method="POST"):
        with within(Scope.nobody()):
            viewer = find_viewer(user.id)
        assert viewer is not None
        assert refuse_password(viewer, "/") is None
