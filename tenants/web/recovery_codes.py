"""Recovery codes: made anew, and shown until their owner has kept them."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Blueprint, flash, make_response, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from saas import clock, security
from saas.downloads import file_response
from saas.enciphering import decipher, encipher
from saas.guard import actor, signed_in, viewer
from tenants.queries.second_factors import find_factors
from tenants.rules.second_factors import written
from tenants.services import second_factors
from tenants.web.confirmations import unless_fresh
from tenants.web.second_steps import AFTER

blueprint = Blueprint("recovery_codes", __name__)

CODES, PURPOSE = "fresh_codes", "fresh recovery codes"
"""The key in the session of codes that were just made, and what they are enciphered for."""
SHOWN_SECONDS = 15 * 60


@blueprint.get("/account/security/recovery-codes")
@signed_in("everybody may see the own codes once")
def show() -> str | Response:
    """Codes just made, until their owner has kept them; they are kept nowhere else."""
    codes = _fresh_codes()
    if not codes:
        return redirect(url_for("factors.show"), code=303)
    page = make_response(render_template("tenants/recovery_codes/show.html", codes=codes))
    page.headers["Cache-Control"] = "no-store"
    return page


@blueprint.get("/account/security/recovery-codes.txt")
@signed_in("everybody may see the own codes once")
def download() -> Response:
    """The same codes as a file."""
    codes = _fresh_codes()
    if not codes:
        return redirect(url_for("factors.show"), code=303)
    lines = ["Charterway: recovery codes", f"For {viewer().email}. Each works once.", "", *codes, ""]
    return file_response("\r\n".join(lines).encode(), "charterway-recovery-codes.txt", "text/plain; charset=utf-8")


@blueprint.post("/account/security/recovery-codes")
@signed_in("everybody may make new codes")
def make() -> Response:
    """Make ten new codes; the ones before no longer work."""
    if (away := unless_fresh()) is not None:
        return away
    if not find_factors(viewer().id):
        flash("Set up an authenticator app or a passkey first.", "notice")
        return redirect(url_for("factors.show"), code=303)
    keep_codes(second_factors.make_codes(viewer().id, by=actor()))
    return redirect(url_for("recovery_codes.show"), code=303)


@blueprint.post("/account/security/recovery-codes/kept")
@signed_in("everybody may see the own codes once")
def end_showing() -> Response:
    """The owner has them: they are shown no more."""
    session.pop(CODES, None)
    flash("Your second step is ready. You are asked for it the next time you sign in.", "success")
    return redirect(security.safe_next(session.pop(AFTER, None), url_for("factors.show")), code=303)


def keep_codes(codes: list[str]) -> None:
    """Show them in this session until their owner has kept them."""
    kept: dict[str, Any] = {"codes": codes, "until": clock.now().timestamp() + SHOWN_SECONDS}
    session[CODES] = encipher(PURPOSE, orjson.dumps(kept).decode())


def _fresh_codes() -> list[str]:
    """The codes as they are shown; none when they were kept, or made too long ago."""
    if CODES not in session:
        return []
    kept = orjson.loads(decipher(PURPOSE, session[CODES]))
    if kept["until"] < clock.now().timestamp():
        session.pop(CODES)
        return []
    return [written(code) for code in kept["codes"]]
