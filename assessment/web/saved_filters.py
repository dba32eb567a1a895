"""Saved filters of the region's lists: one page for each list, to keep what stands in its address and to delete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.queries.saved_filters import get_own_filter, list_filters
from assessment.services import saved_filters as services
from saas.errors import Forbidden, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, may, place_id, requires
from saas.policy import Permission

blueprint = Blueprint("saved_filters", __name__)
LISTS = {
    "pipeline": ("pipeline.show", "Pipeline"),
    "improvements": ("region_improvements.show", "Improvements"),
    "matrix": ("matrix.show", "Matrix"),
}
"""Page → its endpoint, and its words."""
SHARES = Permission.CASE_READ
"""Whoever works with the region's cases shares filters; a viewer keeps filters for oneself."""
PAGE = "/regions/<region>/saved-filters/<any(pipeline, improvements, matrix):listing>"


def _name(who: str) -> fields.String:
    words = {"label": "Name", "required": "Enter a name for the filter.", "who": who}
    return fields.String(required=True, validate=validate.Length(max=services.LONGEST_NAME), metadata=words)


class OwnFilterForm(Schema):
    """A filter's name, for those who keep filters for themselves alone."""

    name = _name("you alone")


class FilterForm(Schema):
    """A filter's name and who has it."""

    name = _name("you; your region’s staff as well when you share it")
    shared = fields.Boolean(metadata={"label": "Share it with your region’s staff"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved filter as a page offers it. `own`: the viewer's, to be deleted; `current`: what the page shows now."""

    id: UUID
    name: str
    href: str
    shared: bool
    own: bool
    current: bool
    by_name: str


@dataclass(frozen=True, slots=True)
class SavedFilters:
    """What `components/saved_filters.html` shows over a list: its filters, and where to keep the present one."""

    kept: tuple[Kept, ...]
    href: str
    can_keep: bool
    """Whether the address narrows or sorts by anything that is not kept yet."""


def offered(listing: str) -> SavedFilters:
    """The filters of one of LISTS for the viewer, beside the query of this request's address; one statement."""
    endpoint, _ = LISTS[listing]
    present = services.query_to_keep(request.query_string.decode("utf-8", "replace"))
    start, user_id = url_for(endpoint), actor().id
    kept = tuple(
        Kept(
            each.id, each.name, f"{start}?{each.query}", each.shared, each.user_id == user_id, each.query == present,
            each.saved_by_name,
        )
        for each in list_filters(place_id(), listing)
    )  # fmt: skip
    href = url_for("saved_filters.show", listing=listing)
    fresh = bool(present) and not any(each.current for each in kept)
    return SavedFilters(kept, f"{href}?{present}" if present else href, fresh)


@blueprint.get(PAGE)
@requires(Permission.REGION_REPORT_READ)
def show(listing: str) -> str:
    """The list's filters, and a name for the one in the address."""
    return _page(listing, Bound.empty(_form()))


@blueprint.post(PAGE)
@requires(Permission.REGION_REPORT_READ)
def save(listing: str) -> Response | tuple[str, int]:
    """Keep the filter in the address under the name, and go back to the list."""
    if "shared" in request.form and not may(SHARES):
        raise Forbidden
    form = bind(_form(), request.form)
    if form.valid:
        try:
            saved = services.save(
                place_id(),
                listing,
                name=form.values["name"],
                query=request.query_string.decode("utf-8", "replace"),
                shared=form.values.get("shared", False),
                by=actor(),
            )
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash(f"The filter “{saved.name}” is saved.", "success")
            return redirect(f"{url_for(LISTS[listing][0])}?{saved.query}", 303)
    return _page(listing, form), 422


@blueprint.post(f"{PAGE}/<uuid:filter_id>/delete")
@requires(Permission.REGION_REPORT_READ)
def delete(listing: str, filter_id: UUID) -> Response:
    """Delete one's own filter."""
    saved = get_own_filter(place_id(), filter_id, cast(UUID, actor().id))
    services.delete(saved, by=actor())
    flash(f"The filter “{saved.name}” is deleted.", "success")
    return redirect(url_for("saved_filters.show", listing=listing), 303)


def _form() -> type[Schema]:
    return FilterForm if may(SHARES) else OwnFilterForm


def _page(listing: str, form: Bound) -> str:
    endpoint, words = LISTS[listing]
    found = offered(listing)
    present = services.query_to_keep(request.query_string.decode("utf-8", "replace"))
    return render_template(
        "assessment/saved_filters/show.html",
        form=form,
        listing=listing,
        list_words=words,
        list_href=f"{url_for(endpoint)}?{present}" if present else url_for(endpoint),
        found=found,
        present=present,
        may_share=may(SHARES),
    )
