"""Frameworks for programs: read with the token of a council or of a region."""

from __future__ import annotations

from uuid import uuid4

from flask import Flask

from saas.policy import Role
from tests.caller import Caller
from tests.factories.assessment import make_framework, tree_of
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def test_a_framework_is_listed_and_read_whole(
    app: Flask, council: MadeCouncil, lead: MadeUser, officer: MadeUser
) -> None:
    framework_id, tree = make_framework(app), tree_of("charter-2008")
    caller = Caller.of(app, lead, council)
    listed = caller.get("/frameworks").json
    assert listed is not None
    assert [(each["id"], each["code"], each["own"]) for each in listed["items"]] == [
        (str(framework_id), "charter-2008", False)
    ]
    read = caller.get(f"/frameworks/{framework_id}").json
    assert read is not None
    assert {name: read[name] for name in listed["items"][0]} == listed["items"][0]
    codes = [
        requirement["code"]
        for criterion in read["criteria"]
        for element in criterion["elements"]
        for requirement in element["requirements"]
    ]
    assert codes == [each.code for each in tree.requirements]
    assert [step["code"] for step in read["scale"]] == [step.code for step in tree.scale]
    assert Caller.of(app, officer, council.region).get(f"/frameworks/{framework_id}").json == read


def test_who_reads_no_framework_on_a_page_reads_none_here(app: Flask, council: MadeCouncil) -> None:
    framework_id = make_framework(app)
    for caller in (
        Caller.of(app, make_user(app, council, Role.MEMBER), council),
        Caller.of(app, make_user(app, council.region, Role.ASSESSOR), council.region),
    ):
        assert caller.get("/frameworks").status_code == 403
        assert caller.get(f"/frameworks/{framework_id}").status_code == 403
    reader = Caller.of(app, make_user(app, council, Role.COUNCIL_VIEWER), council)
    assert reader.get(f"/frameworks/{uuid4()}").status_code == 404
    assert Caller(app, None).get("/frameworks").status_code == 401
