"""People who left a council or a region and are still named: taking their names out before the rules do."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from saas.guard import actor, place, place_id, requires, signed_in, viewer
from saas.policy import Permission
from tenants.queries import leavers as queries
from tenants.queries.access import Target
from tenants.services import leavers
from tenants.web.sign_in import end_session

blueprint = Blueprint("leavers", __name__)


@blueprint.get("/councils/<council>/leavers")
@blueprint.get("/regions/<region>/leavers")
@requires(Permission.ACCESS_GRANT)
def index() -> str:
    """Everybody who left and is still named."""
    here = place()
    return render_template(
        "tenants/leavers/index.html",
        colleagues=queries.list_former_colleagues(Target.of(here)),
        members=queries.list_former_members(place_id()) if here.kind == "council" else None,
    )


@blueprint.get("/councils/<council>/leavers/members/<uuid:member_id>")
@requires(Permission.ACCESS_GRANT)
def confirm_member(member_id: UUID) -> str:
    """What anonymising this member does."""
    member = queries.get_former_member(place_id(), member_id)
    name = " ".join(filter(None, (member.title, member.given_name, member.family_name)))
    return render_template("tenants/leavers/confirm.html", name=name, kind="member")


@blueprint.post("/councils/<council>/leavers/members/<uuid:member_id>")
@requires(Permission.ACCESS_GRANT)
def anonymise_member(member_id: UUID) -> Response:
    """Take the name out."""
    leavers.anonymise_member(place_id(), member_id, by=actor())
    flash("The member’s name is gone. Group, kind and terms stay for the figures.", "success")
    return redirect(url_for("leavers.index"), code=303)


@blueprint.get("/councils/<council>/leavers/people/<uuid:user_id>")
@blueprint.get("/regions/<region>/leavers/people/<uuid:user_id>")
@requires(Permission.ACCESS_GRANT)
def confirm_colleague(user_id: UUID) -> str:
    """What anonymising this person does."""
    row = queries.get_former_colleague(Target.of(place()), user_id)
    return render_template("tenants/leavers/confirm.html", name=row.display_name, kind="colleague")


@blueprint.post("/councils/<council>/leavers/people/<uuid:user_id>")
@blueprint.post("/regions/<region>/leavers/people/<uuid:user_id>")
@requires(Permission.ACCESS_GRANT)
def anonymise_colleague(user_id: UUID) -> Response:
    """Take the name out."""
    leavers.anonymise_colleague(Target.of(place()), user_id, by=actor())
    flash("The name and the address are gone from the list of people.", "success")
    return redirect(url_for("leavers.index"), code=303)


@blueprint.get("/account/empty")
@signed_in("everybody may leave", strong=True)
def confirm_empty() -> str:
    """What emptying the own account does."""
    return render_template("tenants/leavers/empty.html")


@blueprint.post("/account/empty")
@signed_in("everybody may leave", strong=True)
def empty() -> Response:
    """Empty the own account; nobody is signed in afterwards."""
    leavers.empty_account(viewer().id, by=actor())
    end_session()
    flash("Your account is emptied.", "success")
    return redirect(url_for("sign_in.show_sign_in"), code=303)
