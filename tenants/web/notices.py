"""Notices: what a person of a council should hear of, each leading to the page where it is dealt with."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from saas import security
from saas.guard import place, place_id, requires, viewer
from saas.policy import Permission
from tenants.queries import notices as queries
from tenants.services import notices

blueprint = Blueprint("notices", __name__)
SHOWN = 100


@blueprint.get("/councils/<council>/notices")
@requires(Permission.COUNCIL_READ)
def index() -> str:
    """The viewer's own notices, the newest first."""
    found = queries.list_notices(place_id(), viewer().id, limit=SHOWN)
    return render_template("tenants/notices/index.html", notices=found, limit=SHOWN, unread=place().unread)


@blueprint.post("/councils/<council>/notices/<uuid:notice_id>/open")
@requires(Permission.COUNCIL_READ)
def open_notice(notice_id: UUID) -> Response:
    """Mark one of the viewer's notices as read and go where it leads."""
    notice = queries.get_notice(place_id(), viewer().id, notice_id)
    notices.mark_read([notice])
    return redirect(security.safe_next(notice.path, url_for("notices.index")), code=303)


@blueprint.post("/councils/<council>/notices/read")
@requires(Permission.COUNCIL_READ)
def mark_all_read() -> Response:
    """Mark everything the viewer has not read."""
    notices.mark_all_read(place_id(), viewer().id)
    flash("All notices are marked as read.", "success")
    return redirect(url_for("notices.index"), code=303)
