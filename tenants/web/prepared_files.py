"""Files made for one person, asked for and fetched: everything about oneself, or a whole council for its lead."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from saas import files
from saas.errors import Conflict
from saas.guard import actor, place, place_id, requires, signed_in, viewer
from saas.policy import Permission
from tenants.queries import prepared_files as queries
from tenants.services import prepared_files as services

blueprint = Blueprint("prepared_files", __name__)
OF_COUNCIL, OF_PERSON = "/councils/<council>/export", "/account/my-data"
PAGES = {"council": "tenants/prepared_files/council.html", "person": "tenants/prepared_files/person.html"}


@blueprint.get(OF_COUNCIL)
@requires(Permission.COUNCIL_EXPORT)
def show_export() -> str:
    """What an export of the council holds, and those that one asked for."""
    return _page("council")


@blueprint.post(OF_COUNCIL)
@requires(Permission.COUNCIL_EXPORT)
def ask_for_export() -> ResponseReturnValue:
    """Ask for everything about the council."""
    services.ask("council", council_id=place_id(), region_id=place().region_id, by=actor())
    flash("The export is being made. We email you when it is ready.", "success")
    return redirect(url_for("prepared_files.show_export"), code=303)


@blueprint.get(f"{OF_COUNCIL}/<uuid:file_id>")
@requires(Permission.COUNCIL_EXPORT)
def fetch_export(file_id: UUID) -> ResponseReturnValue:
    """The export that the viewer asked for."""
    return _sent(file_id, "council", f"{place().name}, export", place_id())


@blueprint.get(OF_PERSON)
@signed_in("everybody may have what is kept about him or her", strong=True)
def show_own() -> str:
    """What the file about oneself holds, and those that one asked for."""
    return _page("person")


@blueprint.post(OF_PERSON)
@signed_in("everybody may have what is kept about him or her", strong=True)
def ask_for_own() -> ResponseReturnValue:
    """Ask for everything about oneself."""
    services.ask("person", by=actor())
    flash("Your file is being made. We email you when it is ready.", "success")
    return redirect(url_for("prepared_files.show_own"), code=303)


@blueprint.get(f"{OF_PERSON}/<uuid:file_id>")
@signed_in("everybody may have what is kept about him or her", strong=True)
def fetch_own(file_id: UUID) -> ResponseReturnValue:
    """The file that the viewer asked for."""
    return _sent(file_id, "person", f"{viewer().name}, my data")


def _page(kind: str) -> str:
    council_id = place_id() if kind == "council" else None
    asked = queries.list_own(viewer().id, kind, council_id)
    return render_template(
        PAGES[kind],
        asked=asked,
        awaited=any(services.is_awaited(each) for each in asked),
        states={each.id: services.state_of(each) for each in asked},
        days=services.KEPT.days,
    )


def _sent(file_id: UUID, kind: str, name: str, council_id: UUID | None = None) -> ResponseReturnValue:
    found = queries.get_ready(viewer().id, kind, file_id, council_id)
    if found.sha256 is None or found.ready_at is None:
        raise Conflict("It is still being made.")
    return files.attachment_response(
        services.namespace_of(found.user_id),
        found.sha256,
        filename=f"{name}, {found.ready_at.date().isoformat()}.zip",
        content_type=services.CONTENT_TYPE,
    )
