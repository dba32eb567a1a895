"""Tokens of programs: one's own in every place, made and ended; and those of a place, ended by who manages access."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas import clock, sessions
from saas.forms import Bound, bind
from saas.guard import actor, place, requires, signed_in, viewer
from saas.policy import Permission, Place
from saas.security import Throttle, private
from tenants.models.tokens import Token
from tenants.queries import tokens as queries
from tenants.queries.access import Target
from tenants.services import tokens as services

blueprint = Blueprint("tokens", __name__)
MADE = Throttle("tokens-made", 20, 60 * 60)


class TokenForm(Schema):
    """What a token is for, where, and how long it lives."""

    place = fields.String(required=True, metadata={"label": "Where", "required": "Choose where the program works."})
    name = fields.String(
        required=True,
        validate=validate.Length(max=services.LONGEST_NAME),
        metadata={
            "label": "What it is for",
            "required": "Say what it is for.",
            "hint": "For example: nightly figures for the intranet.",
            "who": "you, and whoever manages access there",
        },
    )
    days = fields.Integer(
        required=True,
        validate=validate.Range(1, services.LONGEST_DAYS),
        metadata={
            "label": "Days until it ends",
            "required": "Enter a number of days.",
            "hint": f"At most {services.LONGEST_DAYS}. We email you a week before.",
        },
    )
    read_only = fields.Boolean(load_default=False, metadata={"label": "It only reads"})


@blueprint.get("/account/tokens")
@signed_in("everybody may see the own tokens", strong=True)
def show() -> str:
    """The viewer's tokens in every place."""
    return _page(Bound.empty(TokenForm, {"days": services.USUAL_DAYS, "read_only": True}))


@blueprint.post("/account/tokens")
@signed_in("everybody may make a token that allows what its user may do", strong=True)
def make() -> ResponseReturnValue:
    """Make a token and show it, this once."""
    form = bind(TokenForm, request.form)
    here = next((each for each in viewer().places if _key(each) == form.typed("place")), None)
    if form.valid and here is None:
        form.add_error("place", "Choose one of the places where you have a role.")
    if not form.valid or here is None:
        return _page(form), 422
    MADE.brake(str(viewer().id))
    values = {name: form.values[name] for name in ("name", "days", "read_only")}
    proved: dict[str, Any] = {"with_factor": sessions.has_factor(), "provider_id": sessions.find_sign_on()}
    token, secret = services.make(Target.of(here), **values, **proved, by=actor())
    return private(_page(Bound.empty(TokenForm, {"days": services.USUAL_DAYS, "read_only": True}), token, secret))


@blueprint.post("/account/tokens/<uuid:token_id>/revoke")
@signed_in("everybody may end the own tokens")
def revoke(token_id: UUID) -> ResponseReturnValue:
    """End one of the viewer's tokens."""
    token = queries.get_own(viewer().id, token_id)
    kind = "council" if token.council_id else "region" if token.region_id else "platform"
    services.revoke(Target(kind, token.region_id, token.council_id, ""), token, by=actor())
    flash(f"The token “{token.name}” has ended.", "success")
    return redirect(url_for("tokens.show"), code=303)


@blueprint.post("/councils/<council>/access/tokens/<uuid:token_id>/revoke")
@blueprint.post("/regions/<region>/access/tokens/<uuid:token_id>/revoke")
@blueprint.post("/platform/access/tokens/<uuid:token_id>/revoke")
@requires(Permission.ACCESS_GRANT)
def revoke_in_place(token_id: UUID) -> ResponseReturnValue:
    """End somebody's token for this place."""
    target = Target.of(place())
    token = queries.get_of_place(target, token_id)
    services.revoke(target, token, by=actor())
    flash(f"The token “{token.name}” of {token.user_name} has ended.", "success")
    return redirect(url_for("access.list_people"), code=303)


def _page(form: Bound, made: Token | None = None, secret: str = "") -> str:
    places = viewer().places
    now = clock.now()
    rows = queries.list_own(viewer().id)
    return render_template(
        "tenants/tokens/show.html",
        form=form,
        made=made,
        secret=secret,
        places=[(_key(each), each.name) for each in places],
        names={each.id: each.name for each in places},
        working=[row for row in rows if row.revoked_at is None and row.expires_at > now],
        ended=[row for row in rows if row.revoked_at is not None or row.expires_at <= now],
        now=now,
        lacking={row.id: viewer().lacks(with_factor=row.with_factor, provider_id=row.provider_id) for row in rows},
    )


def _key(where: Place) -> str:
    return f"{where.kind}:{where.slug}"
