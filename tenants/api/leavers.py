"""People who left and are still named, for programs: listed, and their names taken out before the rules do.

Emptying an account is its person's own act, on a page.
"""

from __future__ import annotations

from uuid import UUID

from marshmallow import fields

from saas.api import ApiSchema, Listed, Operations
from saas.guard import actor, place, place_id, requires
from saas.policy import Permission
from tenants.queries import leavers as queries
from tenants.queries.access import Target
from tenants.queries.leavers import FormerColleague, FormerMember
from tenants.services import leavers as services

operations = Operations("leavers", "Access")
OF_COUNCIL, OF_REGION = "/councils/<council>/leavers", "/regions/<region>/leavers"
PERSON = "people/<uuid:user_id>/anonymisation"


class FormerColleagueSchema(ApiSchema):
    """Somebody who had a role here and has none any more."""

    user_id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    ended_at = fields.AwareDateTime(required=True)


class FormerMemberSchema(ApiSchema):
    """A member whose last term is over."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    ended_on = fields.Date(required=True)


@operations.get(f"{OF_COUNCIL}/people", "listFormerColleagues", answers=Listed(FormerColleagueSchema, "user_id"))
@operations.get(f"{OF_REGION}/people", "listFormerRegionColleagues", answers=Listed(FormerColleagueSchema, "user_id"))
@requires(Permission.ACCESS_GRANT)
def list_former_colleagues() -> list[FormerColleague]:
    """List the people who left and are still named. The last to leave first."""
    return queries.list_former_colleagues(Target.of(place()))


@operations.get(f"{OF_COUNCIL}/members", "listFormerMembers", answers=Listed(FormerMemberSchema))
@requires(Permission.ACCESS_GRANT)
def list_former_members() -> list[FormerMember]:
    """List the members who left and are still named. The last to leave first."""
    return queries.list_former_members(place_id())


@operations.post(f"{OF_COUNCIL}/{PERSON}", "anonymiseColleague", status=204)
@operations.post(f"{OF_REGION}/{PERSON}", "anonymiseRegionColleague", status=204)
@requires(Permission.ACCESS_GRANT)
def anonymise_colleague(user_id: UUID) -> None:
    """Take the name and address of somebody who left out of the lists. For good."""
    services.anonymise_colleague(Target.of(place()), user_id, by=actor())


@operations.post(f"{OF_COUNCIL}/members/<uuid:member_id>/anonymisation", "anonymiseMember", status=204)
@requires(Permission.ACCESS_GRANT)
def anonymise_member(member_id: UUID) -> None:
    """Take the name of a member who left out of the list. For good; group, kind and terms stay for the figures."""
    services.anonymise_member(place_id(), member_id, by=actor())
