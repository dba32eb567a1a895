"""SCIM for a council's directory: whom it names is invited, whom it takes away is out, and nobody else is seen."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from saas.tenancy import Actor
from saas.transaction import within
from tenants.queries.access import list_access
from tenants.services.invitations import invite
from tests.conftest import InScope
from tests.factories.invitations import Postbox, target_of
from tests.factories.tenants import PASSWORD, MadeCouncil, MadeRegion, MadeUser, make_council, make_token, make_user

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class DirectoryOf:
    """A council's directory, which sends what it is told to."""

    def __init__(self, app: Flask, council: MadeCouncil, token: str) -> None:
        self.client: FlaskClient = app.test_client()
        self.base, self.token = f"/scim/v2/{council.slug}", token

    def __call__(self, method: str, path: str, document: Any = None, **headers: str) -> TestResponse:
        """One call; the answer is SCIM."""
        sent = {"Authorization": self.token} | {name.replace("_", "-"): value for name, value in headers.items()}
        options = {} if document is None else {"json": document}
        answer = self.client.open(self.base + path, method=method, headers=sent, **options)
        assert answer.status_code in (204, 304) or answer.mimetype == "application/scim+json", answer.text
        return answer


@pytest.fixture
def directory(app: Flask, council: MadeCouncil, lead: MadeUser) -> DirectoryOf:
    """The directory of the council."""
    return DirectoryOf(app, council, make_token(app, lead, council, purpose="provisioning"))


def ada(**more: Any) -> dict[str, Any]:
    """Ada as a directory sends her."""
    usual = {
        "schemas": [USER],
        "externalId": "e-1",
        "userName": "ada@council.example",
        "name": {"givenName": "Ada", "familyName": "Archer"},
        "emails": [{"value": "Ada@Council.example", "type": "work", "primary": True}],
        "active": True,
        "title": "Clerk",
    }
    return usual | more


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    """A PATCH of these operations."""
    return {"schemas": [PATCH], "Operations": list(operations)}


def people(app: Flask, council: MadeCouncil) -> dict[str, list[str]]:
    """Address → roles in the council now."""
    found: dict[str, list[str]] = {}
    with app.app_context(), within(council.scope(), read_only=True):
        for row in list_access(target_of(council)):
            found.setdefault(row.email, []).append(row.role)
    return found


def join(app: Flask, postbox: Postbox) -> FlaskClient:
    """Accept the invitation that was mailed."""
    browser = app.test_client()
    assert browser.post(postbox.link(), data={"name": "Ada Archer", "password": PASSWORD}).status_code == 303
    return browser


def test_whom_it_names_is_invited_as_a_viewer(
    app: Flask, council: MadeCouncil, lead: MadeUser, directory: DirectoryOf, postbox: Postbox
) -> None:
    made = directory("POST", "/Users", ada(roles=[{"value": "council_lead"}]))
    assert made.status_code == 201
    document = made.json
    assert document == {
        "schemas": [USER],
        "id": document["id"],
        "externalId": "e-1",
        "userName": "ada@council.example",
        "name": {"givenName": "Ada", "familyName": "Archer", "formatted": "Ada Archer"},
        "emails": [{"value": "ada@council.example", "type": "work", "primary": True}],
        "active": True,
        "meta": document["meta"],
    }
    assert made.headers["ETag"] == document["meta"]["version"] == 'W/"1"'
    assert made.location == document["meta"]["location"]
    join(app, postbox)
    assert people(app, council) == {lead.email: ["council_lead"], "ada@council.example": ["council_viewer"]}
    assert directory("GET", f"/Users/{document['id']}").json == document
    assert directory("GET", f"/Users/{document['id']}", If_None_Match='W/"1"').status_code == 304


@pytest.mark.parametrize("gone", [False, "False"])
def test_whom_it_calls_inactive_is_out_at_once_and_back_by_an_invitation(
    app: Flask, council: MadeCouncil, lead: MadeUser, directory: DirectoryOf, postbox: Postbox, gone: object
) -> None:
    path = f"/Users/{directory('POST', '/Users', ada()).json['id']}"
    browser = join(app, postbox)
    with app.app_context(), within(council.scope()):
        invite(target_of(council), name="Ada", email="ada@council.example", role="council_editor",
               by=Actor(None, "For a test"))  # fmt: skip
    assert browser.get(f"/councils/{council.slug}/plans").status_code == 200
    ended = directory("PATCH", path, patch({"op": "Replace", "path": "active", "value": gone}))
    assert (ended.status_code, ended.json["active"]) == (200, False)
    assert people(app, council) == {lead.email: ["council_lead"]}
    assert browser.get(f"/councils/{council.slug}/plans").status_code == 404
    postbox.empty()
    directory("PATCH", path, patch({"op": "replace", "value": {"active": True}}))
    assert "ada@council.example" in postbox.empty()


def test_taking_somebody_away_ends_access_and_forgets_the_person(
    app: Flask, council: MadeCouncil, lead: MadeUser, directory: DirectoryOf, postbox: Postbox
) -> None:
    path = f"/Users/{directory('POST', '/Users', ada()).json['id']}"
    join(app, postbox)
    assert directory("DELETE", path).status_code == 204
    assert directory("GET", path).status_code == 404
    assert directory("DELETE", path).status_code == 404
    assert people(app, council) == {lead.email: ["council_lead"]}


def test_the_last_lead_stays(app: Flask, council: MadeCouncil, lead: MadeUser, directory: DirectoryOf) -> None:
    made = directory("POST", "/Users", ada(userName=lead.email, emails=[]))
    answer = directory("DELETE", f"/Users/{made.json['id']}")
    assert (answer.status_code, answer.json["status"]) == (409, "409")
    assert "is the last council lead here" in answer.json["detail"]
    assert people(app, council) == {lead.email: ["council_lead"]}


def test_it_sees_nobody_but_whom_it_named(
    app: Flask, region: MadeRegion, council: MadeCouncil, lead: MadeUser, directory: DirectoryOf
) -> None:
    assert directory("GET", "/Users").json["totalResults"] == 0
    known = directory("GET", f'/Users?filter=userName eq "{lead.email}"')
    assert (known.status_code, known.json["totalResults"]) == (200, 0)
    other = make_council(app, region)
    theirs = DirectoryOf(
        app, other, make_token(app, make_user(app, other, "council_lead"), other, purpose="provisioning")
    )
    made = theirs("POST", "/Users", ada())
    assert directory("GET", f"/Users/{made.json['id']}").status_code == 404
    theirs.base = directory.base
    assert theirs("GET", "/Users").status_code == 404


def test_it_finds_by_name_and_in_pages(directory: DirectoryOf) -> None:
    for number in range(5):
        person = ada(userName=f"P{number}@council.example", externalId=f"e-{number}", emails=[])
        assert directory("POST", "/Users", person).status_code == 201
    found = directory("GET", '/Users?filter=userName eq "p3@COUNCIL.example"').json
    assert [each["externalId"] for each in found["Resources"]] == ["e-3"]
    found = directory("GET", '/Users?filter=externalId eq "e-4"').json
    assert [each["userName"] for each in found["Resources"]] == ["P4@council.example"]
    page = directory("GET", "/Users?startIndex=4&count=3").json
    names = [each["userName"] for each in page.pop("Resources")]
    assert names == ["P3@council.example", "P4@council.example"]
    assert page == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": 5,
        "startIndex": 4,
        "itemsPerPage": 2,
    }
    assert directory("GET", "/Users?startIndex=-3&count=0").json["itemsPerPage"] == 0
    assert directory("GET", "/Users?count=x").status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "document", "status", "kind"),
    [
        ("POST", "/Users", ada(externalId="e-2"), 409, "uniqueness"),
        ("POST", "/Users", ada(userName="ADA@council.example", externalId=None, emails=[]), 409, "uniqueness"),
        ("POST", "/Users", ada(userName=""), 400, "invalidValue"),
        ("POST", "/Users", ada(userName="b", externalId="e-2", emails=[]), 400, "invalidValue"),
        ("POST", "/Users", ada(userName="b", externalId="e-2", emails=[{"value": "no address@"}]), 400, "invalidValue"),
        ("POST", "/Users", ada(active="perhaps"), 400, "invalidValue"),
        ("POST", "/Users", ada(userName="b", displayName="B\x01"), 400, "invalidValue"),
        ("POST", "/Users", ["ada"], 400, "invalidSyntax"),
        ("GET", '/Users?filter=emails co "ada"', None, 400, "invalidFilter"),
        ("PATCH", "{ada}", patch(), 400, "invalidSyntax"),
        ("PATCH", "{ada}", patch({"op": "burn"}), 400, "invalidSyntax"),
        ("PATCH", "{ada}", patch({"op": ["add"]}), 400, "invalidSyntax"),
        ("PATCH", "{ada}", patch({"op": "add", "path": ["active"]}), 400, "invalidPath"),
        ("PATCH", "{ada}", patch({"op": "remove"}), 400, "noTarget"),
        ("PATCH", "{ada}", patch({"op": "remove", "path": "userName"}), 400, "mutability"),
        ("PUT", "/Users/nobody", ada(), 404, None),
        ("GET", "/Users/01900000-0000-7000-8000-000000000000", None, 404, None),
        ("GET", "/Groups", None, 404, None),
    ],
)
def test_what_cannot_be_taken_is_answered_in_scim_s_own_shape(
    directory: DirectoryOf, method: str, path: str, document: Any, status: int, kind: str | None
) -> None:
    made = directory("POST", "/Users", ada()).json["id"]
    answer = directory(method, path.replace("{ada}", f"/Users/{made}"), document)
    told = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": str(status)}
    assert {name: value for name, value in answer.json.items() if name != "detail"} == (
        told | ({"scimType": kind} if kind else {})
    )
    assert answer.status_code == status
    assert answer.json["detail"]


def test_nobody_s_change_is_lost_where_the_directory_asks_for_that(directory: DirectoryOf) -> None:
    made = directory("POST", "/Users", ada())
    path = f"/Users/{made.json['id']}"
    renamed = patch({"op": "add", "path": "name.familyName", "value": "Baker"})
    first = directory("PATCH", path, renamed, If_Match='W/"1"')
    assert (first.headers["ETag"], first.json["name"]["formatted"]) == ('W/"2"', "Ada Baker")
    assert directory("PATCH", path, renamed, If_Match='W/"1"').status_code == 412
    assert directory("DELETE", path, If_Match="x").status_code == 412
    assert directory("PUT", path, ada(name={}), If_Match='W/"2"').json["name"] == {"formatted": "ada@council.example"}


def test_an_address_changes_until_the_person_has_joined(
    app: Flask, council: MadeCouncil, lead: MadeUser, directory: DirectoryOf, postbox: Postbox
) -> None:
    path = f"/Users/{directory('POST', '/Users', ada()).json['id']}"
    moved = patch({"op": "replace", "path": 'emails[type eq "work"].value', "value": "a.archer@council.example"})
    postbox.empty()
    assert directory("PATCH", path, moved).json["emails"][0]["value"] == "a.archer@council.example"
    join(app, postbox)
    again = directory("PATCH", path, patch({"op": "replace", "path": "emails.value", "value": "b@council.example"}))
    assert (again.status_code, "keeps the address" in again.json["detail"]) == (409, True)
    directory("PATCH", path, patch({"op": "replace", "path": "displayName", "value": "A. Archer"}))
    with app.app_context(), within(council.scope(), read_only=True):
        assert "A. Archer" in [row.display_name for row in list_access(target_of(council))]


def test_what_it_can_do_is_described(directory: DirectoryOf) -> None:
    config = directory("GET", "/ServiceProviderConfig").json
    assert {name: config[name]["supported"] for name in ("patch", "bulk", "filter", "sort", "etag")} == {
        "patch": True,
        "bulk": False,
        "filter": True,
        "sort": False,
        "etag": True,
    }
    assert directory("GET", "/ResourceTypes").json["Resources"] == [directory("GET", "/ResourceTypes/User").json]
    schemas = directory("GET", "/Schemas").json["Resources"]
    assert schemas == [directory("GET", f"/Schemas/{USER}").json]
    assert [each["name"] for each in schemas[0]["attributes"]] == [
        "userName",
        "name",
        "displayName",
        "emails",
        "active",
    ]


def test_only_a_directory_s_token_opens_it(
    app: Flask, council: MadeCouncil, lead: MadeUser, directory: DirectoryOf, in_scope: InScope
) -> None:
    secret = directory.token
    for token in ("", "Bearer nonsense", make_token(app, lead, council)):
        directory.token = token
        assert directory("GET", "/Users").status_code == 401
    assert app.test_client().get("/api/v1/me", headers={"Authorization": secret}).status_code == 401
    directory.token = make_token(app, make_user(app, council, "council_editor"), council, purpose="provisioning")
    assert directory("GET", "/Users").status_code == 403
    directory.token = secret
    directory("POST", "/Users", ada())
    with in_scope(council.scope()) as session:
        verbs = session.scalars(sa.text("select verb from events where verb like 'provisioned%'"))
        assert list(verbs) == ["provisioned_user.added"]
