"""Who holds which office of a council: the page, an entry's form, and the end of holding one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from assessment.queries.accreditations import find_process, list_under_way, process_of
from assessment.rules import processes
from saas import clock, guard
from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import requires
from saas.policy import Permission
from tenants.models.offices import OfficeHolder
from tenants.queries import offices as queries
from tenants.services import offices as services
from tenants.services.offices import HolderDetails

blueprint = Blueprint("offices", __name__)
WHO = "those in your council who may read its members, and the region once they sign."


class HolderForm(Schema):
    """Who holds an office."""

    office = fields.String(
        required=True,
        validate=validate.Length(max=services.LONGEST_OFFICE),
        metadata={"hint": "In the words of your region, for example Leader or Chief Executive."},
    )
    name = fields.String(required=True, validate=validate.Length(max=services.LONGEST_NAME), metadata={"who": WHO})
    email = fields.String(
        metadata={"label": "Email address", "hint": "A link to sign goes here. Who has the mail can sign."}
    )
    user_id = fields.UUID(
        metadata={
            "label": "Signs in as",
            "hint": "Only for who has access as a signatory. Then the message leads to the sign-in, not to a link.",
        }
    )
    from_on = fields.Date(required=True, metadata={"label": "First day in office"})
    until_on = fields.Date(metadata={"label": "Last day in office", "hint": "Leave it empty while the office is held."})


class EditForm(HolderForm):
    """An entry to be corrected."""

    version = fields.Integer(required=True)


class LeaveForm(Schema):
    """The end of holding an office."""

    until_on = fields.Date(required=True, metadata={"label": "Last day in office"})


@blueprint.get("/councils/<council>/offices")
@requires(Permission.MEMBER_READ)
def index() -> str:
    """Every office with who holds it, and who did."""
    holders = queries.list_holders(guard.place_id())
    current = {holder.office.casefold() for holder in holders if holder.until_on is None}
    wanted = [office for office in _asked_for() if office.casefold() not in current]
    signatories = queries.list_signatories(guard.place_id())
    return render_template("assessment/offices/index.html", holders=holders, wanted=wanted, signatories=signatories)


@blueprint.get("/councils/<council>/offices/add")
@requires(Permission.OFFICE_WRITE)
def add_form() -> str:
    """Ask who holds which office."""
    office = request.args.get("office", "")
    return _page(Bound.empty(HolderForm, {"office": office} if len(office) <= services.LONGEST_OFFICE else {}))


@blueprint.post("/councils/<council>/offices/add")
@requires(Permission.OFFICE_WRITE)
def add() -> ResponseReturnValue:
    """Add an office-holder."""
    form = bind(HolderForm, request.form)
    if form.valid:
        try:
            holder = services.add_holder(guard.place_id(), details=HolderDetails(**form.values), by=guard.actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash(f"{holder.name} is recorded as {holder.office}.", "success")
            return redirect(url_for("offices.index"), code=303)
    return _page(form), 422


@blueprint.get("/councils/<council>/offices/<uuid:holder_id>/edit")
@requires(Permission.OFFICE_WRITE)
def edit_form(holder_id: UUID) -> str:
    """Ask for corrections."""
    holder = queries.get_holder(guard.place_id(), holder_id)
    return _page(Bound.empty(EditForm, _stored(holder) | {"version": holder.version}), holder)


@blueprint.post("/councils/<council>/offices/<uuid:holder_id>/edit")
@requires(Permission.OFFICE_WRITE)
def edit(holder_id: UUID) -> ResponseReturnValue:
    """Keep corrections."""
    holder = queries.get_holder(guard.place_id(), holder_id, lock=True)
    form = bind(EditForm, request.form)
    if not form.valid:
        return _page(form, holder), 422
    values = dict(form.values)
    version = values.pop("version")
    try:
        services.change_holder(holder, details=HolderDetails(**values), version=version, by=guard.actor())
    except Invalid as refusal:
        form.add_errors(refusal.messages)
        return _page(form, holder), 422
    except Conflict:
        form.raw["version"] = str(holder.version)
        return _page(form, holder, theirs=holder), 409
    flash(f"{holder.name} was saved.", "success")
    return redirect(url_for("offices.index"), code=303)


@blueprint.get("/councils/<council>/offices/<uuid:holder_id>/leave")
@requires(Permission.OFFICE_WRITE)
def leave_form(holder_id: UUID) -> str:
    """Ask for the last day in office."""
    return _leave_page(Bound.empty(LeaveForm), queries.get_holder(guard.place_id(), holder_id))


@blueprint.post("/councils/<council>/offices/<uuid:holder_id>/leave")
@requires(Permission.OFFICE_WRITE)
def leave(holder_id: UUID) -> ResponseReturnValue:
    """Record that the office is no longer held."""
    holder = queries.get_holder(guard.place_id(), holder_id, lock=True)
    form = bind(LeaveForm, request.form)
    status = 422
    if form.valid:
        try:
            services.end_holding(holder, **form.values, by=guard.actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        except Conflict as refusal:
            form.add_error(None, refusal.message)
            status = 409
        else:
            flash(f"{holder.name} is no longer {holder.office}. Record who follows.", "success")
            return redirect(url_for("offices.index"), code=303)
    return _leave_page(form, holder), status


def _asked_for() -> list[str]:
    """The offices that sign: those the region asks for now, and those of what is under way."""
    region_id = guard.place().region_id
    settings = find_process(region_id) if region_id else None
    found = [processes.parse(settings.document) if settings else processes.DEFAULT]
    found += [process_of(each) for each in list_under_way(guard.place_id())]
    return list({office.casefold(): office for process in found for office in process.signatories}.values())


def _stored(holder: OfficeHolder) -> dict[str, Any]:
    return {name: getattr(holder, name) for name in ("office", "name", "email", "user_id", "from_on", "until_on")}


def _page(form: Bound, holder: OfficeHolder | None = None, theirs: OfficeHolder | None = None) -> str:
    signatories = queries.list_signatories(guard.place_id())
    return render_template(
        "assessment/offices/edit.html",
        form=form,
        holder=holder,
        theirs=theirs,
        signatories=[(user_id, f"{access.display_name}, {access.email}") for user_id, access in signatories.items()],
    )


def _leave_page(form: Bound, holder: OfficeHolder) -> str:
    return render_template("assessment/offices/leave.html", form=form, holder=holder, today=clock.today())
