"""Pages for everybody: a region's welcome, the accessibility statement, and what is kept about people."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_login import current_user

from saas.guard import public
from tenants.queries.councils import get_public_region
from tenants.rules.retention import ACCOUNT_MONTHS, KINDS

blueprint = Blueprint("public", __name__)


@blueprint.get("/regions/<slug>/welcome")
@public("a region shows everybody what the Charter is")
def show_welcome(slug: str) -> str:
    """What the Charter is, who holds it, how to begin."""
    region = get_public_region(slug)
    return render_template("tenants/public/welcome.html", region=region, accent=region.accent)


@blueprint.get("/accessibility")
@public("an accessibility statement is for everybody")
def show_accessibility() -> str:
    """How accessible the service is, and what to do when something is in the way."""
    return render_template("tenants/public/accessibility.html")


@blueprint.get("/privacy")
@public("what is kept about people is for everybody")
def show_privacy() -> str:
    """What is kept about people, who sees it and for how long."""
    places = current_user.places if current_user.is_authenticated else ()
    return render_template(
        "tenants/public/privacy.html",
        regions=sorted({(place.region_name, place.region_slug) for place in places if place.region_slug}),
        kinds=KINDS,
        account_months=ACCOUNT_MONTHS,
    )
