"""The logo that a council's and a region's papers carry."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema

from saas import guard
from saas.errors import Invalid, NotFound
from saas.forms import Bound, Upload, bind
from saas.guard import requires
from saas.policy import Permission
from tenants.queries.logos import find_logo
from tenants.services import logos as services
from tenants.web.places import home_of

blueprint = Blueprint("logos", __name__)
LIMIT = f"{services.MOST_BYTES // 1000} kB"
ACCEPT = ".png,.jpg,.jpeg"


class LogoForm(Schema):
    """A picture."""

    file = Upload(
        required=True,
        metadata={
            "label": "Logo",
            "required": "Choose a picture.",
            "who": "whoever reads your papers: it stands at the head of their first page",
        },
    )


@blueprint.get("/councils/<council>/logo")
@requires(Permission.LOGO_SET)
def of_council() -> str:
    """The council's logo, and how to change it."""
    return _page(Bound.empty(LogoForm))


@blueprint.post("/councils/<council>/logo")
@requires(Permission.LOGO_SET)
def set_of_council() -> ResponseReturnValue:
    """Keep another logo of the council."""
    return _set()


@blueprint.post("/councils/<council>/logo/remove")
@requires(Permission.LOGO_SET)
def remove_of_council() -> ResponseReturnValue:
    """Papers carry the council's name alone from now on."""
    return _remove()


@blueprint.get("/councils/<council>/logo.png")
@requires(Permission.LOGO_SET)
def picture_of_council() -> Response:
    """The council's logo as a picture."""
    return _picture()


@blueprint.get("/regions/<region>/logo")
@requires(Permission.LOGO_SET)
def of_region() -> str:
    """The region's logo, and how to change it."""
    return _page(Bound.empty(LogoForm))


@blueprint.post("/regions/<region>/logo")
@requires(Permission.LOGO_SET)
def set_of_region() -> ResponseReturnValue:
    """Keep another logo of the region."""
    return _set()


@blueprint.post("/regions/<region>/logo/remove")
@requires(Permission.LOGO_SET)
def remove_of_region() -> ResponseReturnValue:
    """Papers carry the region's name alone from now on."""
    return _remove()


@blueprint.get("/regions/<region>/logo.png")
@requires(Permission.LOGO_SET)
def picture_of_region() -> Response:
    """The region's logo as a picture."""
    return _picture()


def _page(form: Bound) -> str:
    place = guard.place()
    return render_template(
        "tenants/logos/edit.html",
        form=form,
        place=place,
        home=home_of(place) or "/",
        has_logo=find_logo(guard.place_id()) is not None,
        picture=url_for(f"logos.picture_of_{place.kind}"),
        remove=url_for(f"logos.remove_of_{place.kind}"),
        accept=ACCEPT,
        limit=LIMIT,
    )


def _set() -> ResponseReturnValue:
    form = bind(LogoForm, request.form, request.files)
    if form.valid:
        data = form.values["file"].stream.read(services.MOST_BYTES + 1)
        try:
            services.set_logo(services.subject_of(guard.place()), data, by=guard.actor())
        except Invalid as invalid:
            form.add_errors(invalid.messages)
        else:
            flash("The logo is saved. Your papers carry it from now on.", "success")
            return redirect(url_for(f"logos.of_{guard.place().kind}"), code=303)
    return _page(form), 422


def _remove() -> ResponseReturnValue:
    services.remove_logo(services.subject_of(guard.place()), by=guard.actor())
    flash("The logo is removed.", "success")
    return redirect(url_for(f"logos.of_{guard.place().kind}"), code=303)


def _picture() -> Response:
    logo = find_logo(guard.place_id())
    if logo is None:
        raise NotFound
    answer = Response(logo, content_type="image/png")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
