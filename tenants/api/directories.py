"""SCIM 2.0 for a council's directory: the people it names, found, made, changed and taken away.

Each council has an address of its own, under which its token alone is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, Response, current_app, request, url_for
from werkzeug.exceptions import BadRequest

from saas import scim
from saas.api import Operations
from saas.guard import actor, place, place_id, requires
from saas.policy import Permission
from saas.scim import ScimRefused
from tenants.models.single_sign_on import ProvisionedUser
from tenants.models.tokens import PROVISIONING
from tenants.queries.access import Target
from tenants.queries.directories import get_provisioned, list_provisioned
from tenants.rules.directories import USER_SCHEMA, Misread, Person, patch_person, read_filter, read_person
from tenants.services import directories as services
from tenants.services.directories import Taken, person_of

LARGEST = 256 * 1024
USUAL_PAGE, LARGEST_PAGE = 100, 200
LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SCHEMA_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
TYPE_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
CONFIG_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
ETAG = re.compile(r'(?:W/)?"(\d{1,18})"')
USERS = "/Users/<uuid:provisioned_id>"


class Directory(Operations):
    """Operations in SCIM's own shape: they are no part of the API's description."""

    def __init__(self) -> None:
        super().__init__("directories", "")
        self.blueprint = Blueprint("scim", __name__, url_prefix=f"{scim.PREFIX}/<council>")

    def serve(self, method: str, rule: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        """Serve a view that takes a directory's token."""

        def declare(view: Callable[..., Response]) -> Callable[..., Response]:
            @wraps(view)
            def served(**arguments: Any) -> Response:
                try:
                    return view(**arguments)
                except Misread as error:
                    raise ScimRefused(400, str(error), error.kind) from error
                except Taken as error:
                    raise ScimRefused(409, error.message, "uniqueness") from error

            served.bearer = PROVISIONING  # type: ignore[attr-defined]
            self.blueprint.add_url_rule(rule, view.__name__, served, methods=[method])
            return served

        return declare


operations = Directory()


@operations.serve("GET", "/ServiceProviderConfig")
@requires(Permission.ACCESS_GRANT)
def show_config() -> Response:
    """What this service can do of SCIM."""
    no = {"supported": False}
    return scim.answer(
        {
            "schemas": [CONFIG_SCHEMA],
            "patch": {"supported": True},
            "bulk": no | {"maxOperations": 0, "maxPayloadSize": 0},
            "filter": {"supported": True, "maxResults": LARGEST_PAGE},
            "changePassword": no,
            "sort": no,
            "etag": {"supported": True},
            "authenticationSchemes": [
                {
                    "type": "oauthbearertoken",
                    "name": "Bearer token",
                    "description": "A token that the council’s lead made for its directory.",
                    "primary": True,
                }
            ],
            "meta": {"resourceType": "ServiceProviderConfig", "location": _address("scim.show_config")},
        }
    )


@operations.serve("GET", "/ResourceTypes")
@requires(Permission.ACCESS_GRANT)
def list_types() -> Response:
    """The one kind of resource there is."""
    return _listed([_user_type()], 1, 1)


@operations.serve("GET", "/ResourceTypes/User")
@requires(Permission.ACCESS_GRANT)
def show_type() -> Response:
    """Users."""
    return scim.answer(_user_type())


@operations.serve("GET", "/Schemas")
@requires(Permission.ACCESS_GRANT)
def list_schemas() -> Response:
    """The one schema there is."""
    return _listed([_user_schema()], 1, 1)


@operations.serve("GET", f"/Schemas/{USER_SCHEMA}")
@requires(Permission.ACCESS_GRANT)
def show_schema() -> Response:
    """What is kept of a user."""
    return scim.answer(_user_schema())


@operations.serve("GET", "/Users")
@requires(Permission.ACCESS_GRANT)
def list_users() -> Response:
    """The people whom the directory named; of these, by filter, the one it asks for."""
    attribute, value = read_filter(request.args["filter"]) if request.args.get("filter") else ("", "")
    begin = max(1, _number("startIndex", 1))
    count = min(LARGEST_PAGE, max(0, _number("count", USUAL_PAGE)))
    rows, total = list_provisioned(place_id(), attribute=attribute, value=value, skipped=begin - 1, limit=count)
    return _listed([_document(row) for row in rows], total, begin)


@operations.serve("POST", "/Users")
@requires(Permission.ACCESS_GRANT)
def add_user() -> Response:
    """Name somebody, who is invited."""
    row = services.add(Target.of(place()), read_person(_sent()), by=actor())
    response = _shown(row, 201)
    response.headers["Location"] = _address_of(row)
    return response


@operations.serve("GET", USERS)
@requires(Permission.ACCESS_GRANT)
def show_user(provisioned_id: UUID) -> Response:
    """One of them."""
    response = _shown(get_provisioned(place_id(), provisioned_id))
    response.make_conditional(request)
    return response


@operations.serve("PUT", USERS)
@requires(Permission.ACCESS_GRANT)
def replace_user(provisioned_id: UUID) -> Response:
    """Say anew who somebody is."""
    return _changed(provisioned_id, lambda before: read_person(_sent(), before=before))


@operations.serve("PATCH", USERS)
@requires(Permission.ACCESS_GRANT)
def patch_user(provisioned_id: UUID) -> Response:
    """Change some of it; `active` false ends every access of this person in the council."""
    return _changed(provisioned_id, lambda before: patch_person(before, _sent()))


@operations.serve("DELETE", USERS)
@requires(Permission.ACCESS_GRANT)
def remove_user(provisioned_id: UUID) -> Response:
    """Take somebody away; every access of this person in the council ends."""
    row = get_provisioned(place_id(), provisioned_id, lock=True)
    _refuse_stale(row)
    services.remove(Target.of(place()), row, by=actor())
    return Response(status=204)


def _changed(provisioned_id: UUID, said: Callable[[Person], Person]) -> Response:
    row = get_provisioned(place_id(), provisioned_id, lock=True)
    _refuse_stale(row)
    services.change(Target.of(place()), row, said(person_of(row)), by=actor())
    return _shown(row)


def _sent() -> dict[str, Any]:
    if (request.content_length or 0) > LARGEST:
        raise ScimRefused(413, "The document is too large.")
    if request.mimetype not in {scim.CONTENT_TYPE, "application/json"}:
        raise ScimRefused(415, f"Send {scim.CONTENT_TYPE}.")
    try:
        document = orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        raise ScimRefused(400, "The body is not JSON.", "invalidSyntax") from error
    if not isinstance(document, dict):
        raise ScimRefused(400, "Send an object.", "invalidSyntax")
    return document


def _number(name: str, usual: int) -> int:
    try:
        return min(int(request.args.get(name, usual)), 10**9)
    except ValueError as error:
        raise BadRequest(f"{name} is a whole number.") from error


def _refuse_stale(row: ProvisionedUser) -> None:
    """If-Match may be sent; then it must name the version that stands there."""
    sent = request.headers.get("If-Match", "*").strip()
    if sent == "*":
        return
    seen = ETAG.fullmatch(sent)
    if seen is None or int(seen[1]) != row.version:
        raise ScimRefused(412, "This person was changed since. Read it again.")


def _shown(row: ProvisionedUser, status: int = 200) -> Response:
    response = scim.answer(_document(row), status)
    response.set_etag(str(row.version), weak=True)
    return response


def _listed(documents: list[dict[str, Any]], total: int, begin: int) -> Response:
    return scim.answer(
        {
            "schemas": [LIST_SCHEMA],
            "totalResults": total,
            "startIndex": begin,
            "itemsPerPage": len(documents),
            "Resources": documents,
        }
    )


def _document(row: ProvisionedUser) -> dict[str, Any]:
    person = person_of(row)
    names = {"givenName": person.given_name, "familyName": person.family_name, "formatted": person.name}
    found = {
        "schemas": [USER_SCHEMA],
        "id": str(row.id),
        "externalId": person.external_id,
        "userName": person.user_name,
        "displayName": person.display_name,
        "name": {name: value for name, value in names.items() if value},
        "emails": [{"value": person.email, "type": "work", "primary": True}],
        "active": person.active,
        "meta": {
            "resourceType": "User",
            "created": row.made_at.isoformat(),
            "lastModified": row.changed_at.isoformat(),
            "location": _address_of(row),
            "version": f'W/"{row.version}"',
        },
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def _user_type() -> dict[str, Any]:
    return {
        "schemas": [TYPE_SCHEMA],
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "schema": USER_SCHEMA,
        "meta": {"resourceType": "ResourceType", "location": _address("scim.show_type")},
    }


def _user_schema() -> dict[str, Any]:
    def attribute(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
        usual = {"multiValued": False, "required": False, "mutability": "readWrite", "returned": "default"}
        return {"name": name, "type": kind} | usual | more

    return {
        "schemas": [SCHEMA_SCHEMA],
        "id": USER_SCHEMA,
        "name": "User",
        "attributes": [
            attribute("userName", required=True, uniqueness="server", caseExact=False),
            attribute("name", "complex", subAttributes=[attribute("givenName"), attribute("familyName")]),
            attribute("displayName"),
            attribute("emails", "complex", multiValued=True, subAttributes=[attribute("value")]),
            attribute("active", "boolean"),
        ],
        "meta": {"resourceType": "Schema", "location": _address("scim.show_schema")},
    }


def _address_of(row: ProvisionedUser) -> str:
    return _address("scim.show_user", provisioned_id=row.id)


def _address(endpoint: str, **values: Any) -> str:
    return str(current_app.config["CHARTERWAY"].base_url + url_for(endpoint, **values))
