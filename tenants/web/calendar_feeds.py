"""One's own calendar feed in a council: making its secret address, which is shown once, and ending it."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from saas.guard import actor, place, place_id, requires, viewer
from saas.policy import Permission
from saas.security import private
from tenants.queries.calendar_feeds import list_current
from tenants.services import calendar_feeds

blueprint = Blueprint("calendar_feeds", __name__)


@blueprint.get("/councils/<council>/calendar")
@requires(Permission.ACCREDITATION_READ)
def show() -> str:
    """Whether the viewer has an address, and since when."""
    return _page()


@blueprint.post("/councils/<council>/calendar")
@requires(Permission.ACCREDITATION_READ)
def make() -> Response:
    """Make a new address and show it, this once; an older one ends."""
    region_id = cast(UUID, place().region_id)
    secret = calendar_feeds.make_feed(place_id(), region_id, viewer().id, by=actor())
    return private(_page(f"{current_app.config['CHARTERWAY'].base_url}/calendar/{secret}.ics"))


@blueprint.post("/councils/<council>/calendar/revoke")
@requires(Permission.ACCREDITATION_READ)
def revoke() -> Response:
    """End the address."""
    calendar_feeds.revoke_feed(place_id(), viewer().id, by=actor())
    flash("The address has ended. Calendars that use it show nothing new.", "success")
    return redirect(url_for("calendar_feeds.show"), code=303)


def _page(address: str = "") -> str:
    current = list_current(place_id(), viewer().id)
    return render_template("tenants/calendar_feeds/show.html", feed=current[0] if current else None, address=address)
