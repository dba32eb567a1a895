"""Owners of elements, for programs: who answers what, and by when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from assessment.models.accreditations import Accreditation
from assessment.queries.accreditations import get_accreditation
from assessment.queries.element_owners import list_owners
from assessment.services import element_owners as services
from saas.api import ApiSchema, Listed, Operations
from saas.errors import NotFound
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from tenants.queries.access import Colleague, list_colleagues

operations = Operations("element_owners", "Self-assessment")
LIST = "/councils/<council>/accreditations/<uuid:accreditation_id>/element-owners"


class ElementOwnerSchema(ApiSchema):
    """An element of which the level asks something, and who answers it."""

    code = fields.String(required=True, metadata={"description": "Of the element.", "example": "1.1"})
    title = fields.String(required=True, metadata={"description": "Of the element."})
    user_id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True, metadata={"description": "The owner's; empty where there is none."})
    due_on = fields.Date(required=True, allow_none=True)
    named_at = fields.AwareDateTime(required=True, allow_none=True)
    named_by_name = fields.String(required=True)
    version = fields.Integer(required=True, metadata={"description": "0 where there is no owner."})


class NamedOwnerSchema(ApiSchema):
    """Who answers an element, and by when; neither of both clears it."""

    user_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "One of listAnswerers; the person is told."}
    )
    due_on = fields.Date(load_default=None, allow_none=True, metadata={"example": "2027-03-31"})


class AnswererSchema(ApiSchema):
    """A colleague who may write answers."""

    user_id = fields.UUID(required=True)
    name = fields.String(required=True)


@operations.get(LIST, "listElementOwners", answers=Listed(ElementOwnerSchema, "code"))
@requires(Permission.ACCREDITATION_READ)
def list_element_owners(accreditation_id: UUID) -> list[dict[str, Any]]:
    """List the elements with their owners. In the order of the framework, owned or not."""
    accreditation = get_accreditation(accreditation_id)
    return _told(accreditation, list(services.elements_of(accreditation)))


@operations.get(f"{LIST}/<code>", "getElementOwner", answers=ElementOwnerSchema)
@requires(Permission.ACCREDITATION_READ)
def get_element_owner(accreditation_id: UUID, code: str) -> dict[str, Any]:
    """Read who answers one element."""
    return _told(get_accreditation(accreditation_id), [code])[0]


@operations.put(f"{LIST}/<code>", "nameElementOwner", takes=NamedOwnerSchema, answers=ElementOwnerSchema)
@requires(Permission.ANSWER_WRITE)
def name_element_owner(accreditation_id: UUID, code: str, given: dict[str, Any], version: int) -> dict[str, Any]:
    """Say who answers an element, and by when. Only people of the council see it."""
    accreditation = get_accreditation(accreditation_id)
    services.name_owner(accreditation, [code], **given, versions=[version], by=actor())
    return _told(accreditation, [code])[0]


@operations.get("/councils/<council>/answerers", "listAnswerers", answers=Listed(AnswererSchema, "user_id"))
@requires(Permission.ANSWER_WRITE)
def list_answerers() -> list[Colleague]:
    """List the colleagues who may write answers. By name."""
    return list_colleagues(place_id(), Permission.ANSWER_WRITE)


def _told(accreditation: Accreditation, codes: list[str]) -> list[dict[str, Any]]:
    elements, owners = services.elements_of(accreditation), list_owners(accreditation, codes)
    if any(code not in elements for code in codes):
        raise NotFound
    unowned = {"user_id": None, "name": "", "due_on": None, "named_at": None, "named_by_name": "", "version": 0}
    return [
        {"code": code, "title": elements[code].title}
        | {name: getattr(owners.get(code), name, empty) for name, empty in unowned.items()}
        for code in codes
    ]
