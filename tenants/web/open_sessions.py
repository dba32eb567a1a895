"""Where one is signed in: the own sessions, ended one by one, and the mail about new browsers."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from saas import sessions
from saas.guard import actor, signed_in, viewer
from tenants.queries.second_factors import wants_mail
from tenants.services import second_factors
from tenants.services.sign_in import record_session_end
from tenants.web import known_browsers

blueprint = Blueprint("open_sessions", __name__)


@blueprint.get("/account/sessions")
@signed_in("everybody may see the own sessions")
def index() -> str:
    """Every session that still holds."""
    who = viewer()
    return render_template(
        "tenants/open_sessions/index.html", sessions=sessions.list_open(who.get_id()), mailed=wants_mail(who.id)
    )


@blueprint.post("/account/sessions/<name>/end")
@signed_in("everybody may end the own sessions")
def end(name: str) -> Response:
    """End one session."""
    kept = viewer().get_id()
    found = next((each for each in sessions.list_open(kept) if each.name == name and not each.here), None)
    if found is None:
        abort(404)
    record_session_end(viewer().id, found.browser, by=actor())
    sessions.end(kept, name)
    flash("That session has ended.", "success")
    return redirect(url_for("open_sessions.index"), code=303)


@blueprint.post("/account/sessions/mail")
@signed_in("everybody may choose the own mails")
def choose_mail() -> Response:
    """Get a mail about new browsers, or no longer. This browser is known from now on."""
    wanted = request.form.get("wanted") == "true"
    second_factors.ask_mail(viewer().id, wanted)
    response = redirect(url_for("open_sessions.index"), code=303)
    if wanted:
        known_browsers.remember(response, viewer().id)
    flash("You get a mail about new browsers." if wanted else "You get no more mails about new browsers.", "success")
    return response
