"""The way in: the front page, the switcher between places, and where each place begins."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from saas.guard import public, signed_in, viewer
from saas.policy import Permission, Place, Role

blueprint = Blueprint("places", __name__)

KINDS = (("council", "Councils"), ("region", "Regions"), ("platform", "Platform"))


def home_of(place: Place) -> str | None:
    """The address where a place begins for its viewer; None when nothing there is for these roles yet."""
    if place.kind == "platform":
        return url_for("platform.list_regions")
    if place.kind == "region" and set(place.roles) <= {Role.ASSESSOR}:
        return _address("files.list_files")
    found = _address(f"home.{place.kind}", place)
    if found is None and Permission.ACCESS_GRANT in place.permissions:
        found = _address("access.list_people", place)
    return found


def _address(endpoint: str, place: Place | None = None) -> str | None:
    values: dict[str, Any] = {place.kind: place.slug} if place else {}
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


@blueprint.get("/")
@public("the front page says what this is", own_transaction=True)
def front() -> str | Response:
    """Signed out: what Charterway is. Signed in: the only place's home, or the choice between several."""
    if not current_user.is_authenticated:
        return render_template("tenants/places/front.html")
    known = viewer().places
    only = home_of(known[0]) if len(known) == 1 else None
    return redirect(only or url_for("places.list_places"), code=303)


@blueprint.get("/places")
@signed_in("everybody may see where he or she has access")
def list_places() -> str:
    """Every place where the viewer has a role."""
    groups = [
        (title, [(place, home_of(place)) for place in viewer().places if place.kind == kind]) for kind, title in KINDS
    ]
    return render_template("tenants/places/list.html", groups=[group for group in groups if group[1]])
