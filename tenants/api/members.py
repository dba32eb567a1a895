"""A council's members, for programs: listed, saved one by one, taken in from a table."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from saas import clock, uploads
from saas.api import ApiSchema, Listed, Operations
from saas.errors import Invalid, NotFound
from saas.guard import actor, place_id, requires
from saas.policy import Permission
from tenants.models.members import MEMBER_KINDS, TERM_ENDS
from tenants.queries import members as queries
from tenants.queries.members import MemberLine
from tenants.rules.member_rows import LONGEST
from tenants.rules.member_tables import Preview
from tenants.services import member_imports
from tenants.services import members as services
from tenants.services.members import MemberDetails

operations = Operations("members", "Members")
LIST = "/councils/<council>/members"
SHORT = validate.Length(max=LONGEST)
DONE = ("added", "updated", "re_elected", "unchanged")


def _is_address(value: str) -> None:
    if value:
        validate.Email()(value)


class WrittenMemberSchema(ApiSchema):
    """What can be written of a member; what is left out is emptied."""

    title = fields.String(load_default="", validate=SHORT, metadata={"example": "Cllr"})
    given_name = fields.String(required=True, validate=validate.Length(1, LONGEST), metadata={"example": "Ann"})
    family_name = fields.String(required=True, validate=validate.Length(1, LONGEST), metadata={"example": "Example"})
    email = fields.String(
        load_default="", validate=[SHORT, _is_address], metadata={"description": "An e-mail address, or nothing."}
    )
    kind = fields.String(load_default="elected", validate=validate.OneOf(MEMBER_KINDS))
    ward = fields.String(load_default="", validate=SHORT, metadata={"description": "Ward or division."})
    group = fields.String(
        load_default="", validate=SHORT, metadata={"description": "Political group; a new name makes a new group."}
    )
    reference = fields.String(
        load_default="",
        validate=SHORT,
        metadata={"description": "The council's own number or code. It names one member.", "example": "C-104"},
    )
    started_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "When the present term began; of a member whose term has ended, another term's day."},
    )
    due_to_end_on = fields.Date(load_default=None, allow_none=True)


class MemberSchema(ApiSchema):
    """A member with the present term, or the last one."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    given_name = fields.String(required=True)
    family_name = fields.String(required=True)
    email = fields.String(required=True)
    kind = fields.String(required=True, metadata={"enum": list(MEMBER_KINDS)})
    ward = fields.String(required=True)
    group = fields.String(required=True, metadata={"description": "Political group; empty where it is not known."})
    reference = fields.String(required=True)
    started_on = fields.Date(required=True, allow_none=True)
    due_to_end_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)
    end_reason = fields.String(required=True, allow_none=True, metadata={"enum": [*TERM_ENDS, None]})
    in_office = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class EndedTermSchema(ApiSchema):
    """How a term ended."""

    ended_on = fields.Date(required=True, metadata={"description": "The last day in office.", "example": "2026-05-06"})
    reason = fields.String(required=True, validate=validate.OneOf(TERM_ENDS))


class AskedMembersSchema(ApiSchema):
    """Which members."""

    words = fields.String(load_default="", metadata={"description": "Parts of the name, in any order."})
    in_office = fields.Boolean(
        load_default=True, metadata={"description": "Leave out those whose term has ended; `false` for everybody."}
    )


class SentMembersSchema(ApiSchema):
    """What goes with a table of members."""

    dry_run = fields.Boolean(load_default=False, metadata={"description": "Only say what every row would do."})


class ChangedColumnSchema(ApiSchema):
    """What a row changes of a member."""

    column = fields.String(required=True, metadata={"example": "Ward"})
    before = fields.String(required=True)
    after = fields.String(required=True)


class MemberRowSchema(ApiSchema):
    """What one row of the table does."""

    line = fields.Integer(required=True, metadata={"description": "Its line in the file."})
    outcome = fields.String(required=True, metadata={"enum": list(DONE)})
    name = fields.String(required=True)
    changes = fields.List(fields.Nested(ChangedColumnSchema), required=True)


class RowProblemSchema(ApiSchema):
    """Why a row cannot be taken."""

    line = fields.Integer(required=True)
    column = fields.String(required=True)
    reason = fields.String(required=True)


class TakenInMembersSchema(ApiSchema):
    """What the table did, or would do."""

    added = fields.Integer(required=True)
    updated = fields.Integer(required=True)
    re_elected = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    rows = fields.List(fields.Nested(MemberRowSchema), required=True)
    problems = fields.List(
        fields.Nested(RowProblemSchema),
        required=True,
        metadata={"description": "While there is one, nothing is taken in; only a dry run answers with any."},
    )
    ignored = fields.List(
        fields.String(), required=True, metadata={"description": "Headings of columns that mean nothing here."}
    )


@operations.get(LIST, "listMembers", answers=Listed(MemberSchema), asks=AskedMembersSchema)
@requires(Permission.MEMBER_READ)
def list_members(asked: dict[str, Any]) -> list[dict[str, Any]]:
    """List the members of a council. By family name."""
    return [_told(line) for line in queries.list_members(place_id(), **asked, today=clock.today())]


@operations.get(f"{LIST}/<uuid:member_id>", "getMember", answers=MemberSchema)
@requires(Permission.MEMBER_READ)
def get_member(member_id: UUID) -> dict[str, Any]:
    """Read one member."""
    return _told(queries.get_member(place_id(), member_id))


@operations.put(f"{LIST}/<uuid:member_id>", "saveMember", takes=WrittenMemberSchema, answers=MemberSchema)
@requires(Permission.MEMBER_WRITE)
def save_member(member_id: UUID, given: dict[str, Any], version: int) -> dict[str, Any]:
    """Save a member whole. A new one under a UUID of your own, with `If-None-Match: *`; the present term with it."""
    try:
        line = queries.get_member(place_id(), member_id, lock=True)
    except NotFound:
        if version:
            raise
        services.add_member(place_id(), details=MemberDetails(**given), by=actor(), member_id=member_id)
    else:
        details = MemberDetails(**given | _as_it_ended(line, given))
        services.change_member(line.member, details=details, version=version, by=actor())
    return _told(queries.get_member(place_id(), member_id))


@operations.post(
    f"{LIST}/<uuid:member_id>/end-of-term",
    "endTerm",
    takes=EndedTermSchema,
    answers=MemberSchema,
    status=200,
    versioned=True,
)
@requires(Permission.MEMBER_WRITE)
def end_term(member_id: UUID, given: dict[str, Any], version: int) -> dict[str, Any]:
    """Say when and why a member's term ended. Another one begins when a later start is saved."""
    line = queries.get_member(place_id(), member_id, lock=True)
    services.end_term(line.member, **given, version=version, by=actor())
    return _told(queries.get_member(place_id(), member_id))


@operations.post(
    f"{LIST}/imports",
    "importMembers",
    takes=SentMembersSchema,
    answers=TakenInMembersSchema,
    status=200,
    uploads=True,
)
@requires(Permission.MEMBER_WRITE)
def import_members(given: dict[str, Any]) -> dict[str, Any]:
    """Take members in from a CSV table. Every row or none; a row that says nothing new changes nothing."""
    with uploads.sent_file() as received:
        content = received.path.read_bytes(), received.filename
    preview = member_imports.preview_of_file(place_id(), *content)
    if not given["dry_run"]:
        if preview.problems:
            raise Invalid({"file": [f"Line {each.line}, {each.column}: {each.reason}" for each in preview.problems]})
        preview = member_imports.take_in_members(
            member_imports.keep_members(place_id(), *content, by=actor()), by=actor()
        )
    return _told_of_table(preview)


def _as_it_ended(line: MemberLine, given: dict[str, Any]) -> dict[str, Any]:
    """Of a term that has ended, its own days sent back begin no other one."""
    if line.term is None or line.in_office or given["started_on"] != line.term.started_on:
        return {}
    return {"started_on": None, "due_to_end_on": None}


def _told(line: MemberLine) -> dict[str, Any]:
    member, term = line.member, line.term
    columns = ("id", "title", "given_name", "family_name", "email", "kind", "ward", "version")
    days = ("started_on", "due_to_end_on", "ended_on", "end_reason")
    return {
        **{name: getattr(member, name) for name in columns},
        "group": line.group,
        "reference": member.reference or "",
        **{name: getattr(term, name, None) for name in days},
        "in_office": line.in_office,
    }


def _told_of_table(preview: Preview) -> dict[str, Any]:
    rows = [
        {
            "line": each.line,
            "outcome": each.verb,
            "name": each.person.name,
            "changes": [dict(zip(("column", "before", "after"), change, strict=True)) for change in each.changes],
        }
        for each in preview.outcomes
    ]
    told = {"rows": rows, "problems": preview.problems, "ignored": preview.ignored}
    return told | {verb: preview.count(verb) for verb in DONE}
