"""The pages of members: the council's list, a member's form, the end of a term."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas import clock, guard
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from saas.tables import csv_response
from tenants.models.members import MEMBER_KINDS
from tenants.queries import members as queries
from tenants.queries.members import MemberLine
from tenants.rules.member_rows import LONGEST
from tenants.services import members as services
from tenants.services.members import MemberDetails
from tenants.web.stale import compare

blueprint = Blueprint("members", __name__)

KIND_LABELS = {"elected": "Elected", "co_opted": "Co-opted", "independent": "Independent"}
END_LABELS = {
    "term_ended": "The term ended",
    "not_reelected": "Not re-elected",
    "resigned": "Resigned",
    "died": "Died",
    "disqualified": "Disqualified",
    "moved": "Moved to another ward or council",
}
SHOWN = (("", "In office"), ("all", "Everybody"))
WHO = "those in your council who may read its members"


class ListForm(Schema):
    """What the list can be narrowed and ordered by."""

    words = fields.String(metadata={"label": "Name"})
    group = fields.UUID()
    show = fields.String(validate=validate.OneOf(["all"]))
    sort = fields.String()


class MemberForm(Schema):
    """A member to be added."""

    title = fields.String(metadata={"hint": "Cllr, Dr, Mr, Ms …"})
    given_name = fields.String(required=True, metadata={"who": WHO})
    family_name = fields.String(required=True)
    email = fields.Email(metadata={"label": "Email address", "subject": "The email address"})
    kind = fields.String(required=True, validate=validate.OneOf(MEMBER_KINDS))
    ward = fields.String(metadata={"label": "Ward or division"})
    group = fields.String(metadata={"label": "Political group"})
    new_group = fields.String(
        metadata={"label": "Another group", "hint": "Only where the group is not in the list above."}
    )
    reference = fields.String(
        metadata={"hint": "Your own number or code. It tells members apart when you import a list."}
    )
    started_on = fields.Date(metadata={"label": "Term started on", "subject": "The day the term started"})
    due_to_end_on = fields.Date(metadata={"label": "Term due to end on", "subject": "The day the term is due to end"})


class EditForm(MemberForm):
    """A member to be corrected."""

    version = fields.Integer(required=True)


class EndForm(Schema):
    """How a term ended."""

    ended_on = fields.Date(required=True, metadata={"label": "Last day in office"})
    reason = fields.String(
        required=True,
        validate=validate.OneOf(list(END_LABELS)),
        metadata={"label": "Why it ended", "subject": "The reason"},
    )


@blueprint.get("/councils/<council>/members")
@requires(Permission.MEMBER_READ)
def index() -> str:
    """The list."""
    form, lines = _shown()
    return render_template(
        "tenants/members/index.html",
        lines=lines,
        groups=[(group.id, group.name) for group in queries.list_groups(guard.place_id())],
        filter=form,
        filtered=any(form.values.get(name) for name in ("words", "group", "show")),
        shown=SHOWN,
        kinds=KIND_LABELS,
        ends=END_LABELS,
    )


def _shown() -> tuple[Bound, list[MemberLine]]:
    form = bind(ListForm, request.args)
    values = form.values
    lines = queries.list_members(
        guard.place_id(),
        words=values.get("words", ""),
        group=values.get("group"),
        in_office=values.get("show") != "all",
        today=clock.today(),
        sort=values.get("sort") or "name",
    )
    return form, lines


@blueprint.get("/councils/<council>/members.csv")
@requires(Permission.MEMBER_READ)
def download() -> ResponseReturnValue:
    """The rows that the list shows, as CSV: the same headings can be imported again."""
    headings = (
        "Title",
        "Given name",
        "Family name",
        "E-mail",
        "Kind",
        "Ward",
        "Group",
        "Reference",
        "Elected on",
        "Term ends",
        "Ended on",
        "Reason",
    )
    rows = [
        (
            line.member.title,
            line.member.given_name,
            line.member.family_name,
            line.member.email,
            KIND_LABELS[line.member.kind],
            line.member.ward,
            line.group,
            line.member.reference,
            line.term.started_on if line.term else None,
            line.term.due_to_end_on if line.term else None,
            line.term.ended_on if line.term else None,
            END_LABELS[line.term.end_reason] if line.term and line.term.end_reason else None,
        )
        for line in _shown()[1]
    ]
    return csv_response(f"members-{guard.place().slug}.csv", headings, rows)


@blueprint.get("/councils/<council>/members/add")
@requires(Permission.MEMBER_WRITE)
def add_form() -> str:
    """Ask who it is."""
    return _page(Bound.empty(MemberForm, {"title": "Cllr", "kind": "elected"}))


def _page(form: Bound, line: MemberLine | None = None, stale: Any = None) -> str:
    names = [group.name for group in queries.list_groups(guard.place_id())]
    return render_template(
        "tenants/members/edit.html",
        form=form,
        line=line,
        groups=[(name, name) for name in names],
        kinds=list(KIND_LABELS.items()),
        stale=stale,
    )


def _details(values: dict[str, Any]) -> MemberDetails:
    kept = {name: value for name, value in values.items() if name not in ("version", "new_group")}
    return MemberDetails(**kept | {"group": values["new_group"] or values["group"]})


def _bound(schema: type[Schema]) -> Bound:
    form = bind(schema, request.form)
    for name, value in form.values.items():
        if isinstance(value, str) and len(value) > LONGEST:
            form.add_error(name, f"{form.label(name)} must be {LONGEST} characters or fewer.")
            break
    return form


@blueprint.post("/councils/<council>/members/add")
@requires(Permission.MEMBER_WRITE)
def add() -> ResponseReturnValue:
    """Add a member."""
    form = _bound(MemberForm)
    if form.valid:
        try:
            member = services.add_member(guard.place_id(), details=_details(form.values), by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        else:
            flash(f"{services.name_of(member)} was added.", "success")
            return redirect(url_for("members.index"), code=303)
    return _page(form), 422


@blueprint.get("/councils/<council>/members/<uuid:member_id>/edit")
@requires(Permission.MEMBER_WRITE)
def edit_form(member_id: UUID) -> str:
    """Ask for corrections."""
    line = queries.get_member(guard.place_id(), member_id)
    return _page(Bound.empty(EditForm, _stored(line) | {"version": line.member.version}), line)


@blueprint.post("/councils/<council>/members/<uuid:member_id>/edit")
@requires(Permission.MEMBER_WRITE)
def edit(member_id: UUID) -> ResponseReturnValue:
    """Keep corrections."""
    line = queries.get_member(guard.place_id(), member_id, lock=True)
    form = _bound(EditForm)
    stale, status = None, 422
    if form.valid:
        version = form.values["version"]
        try:
            services.change_member(line.member, details=_details(form.values), version=version, by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        except Conflict:
            stale, status = compare(form, guard.place_id(), line.member, _stored(line), KIND_LABELS), 409
        else:
            flash(f"{services.name_of(line.member)} was saved.", "success")
            return redirect(url_for("members.index"), code=303)
    return _page(form, line, stale), status


def _stored(line: MemberLine) -> dict[str, Any]:
    """What the form holds; a term that has ended is not offered for change, the dates then begin another."""
    member, term = line.member, line.term if line.in_office else None
    return {
        "title": member.title,
        "given_name": member.given_name,
        "family_name": member.family_name,
        "email": member.email,
        "kind": member.kind,
        "ward": member.ward,
        "group": line.group,
        "reference": member.reference or "",
        "started_on": term.started_on if term else None,
        "due_to_end_on": term.due_to_end_on if term else None,
    }


@blueprint.get("/councils/<council>/members/<uuid:member_id>/end-term")
@requires(Permission.MEMBER_WRITE)
def end_form(member_id: UUID) -> str:
    """Ask when and why the term ended."""
    line = queries.get_member(guard.place_id(), member_id)
    return _end_page(Bound.empty(EndForm), line)


def _end_page(form: Bound, line: MemberLine) -> str:
    return render_template("tenants/members/end_term.html", form=form, line=line, ends=list(END_LABELS.items()))


@blueprint.post("/councils/<council>/members/<uuid:member_id>/end-term")
@requires(Permission.MEMBER_WRITE)
def end_term(member_id: UUID) -> ResponseReturnValue:
    """End the term."""
    line = queries.get_member(guard.place_id(), member_id, lock=True)
    form = bind(EndForm, request.form)
    status = 422
    if form.valid:
        try:
            services.end_term(line.member, **form.values, by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        except Conflict as conflict:
            form.add_error(None, conflict.message)
            status = 409
        else:
            flash(f"The term of {line.name} was ended.", "success")
            return redirect(url_for("members.index"), code=303)
    return _end_page(form, line), status
