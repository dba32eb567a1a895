"""Webhooks of a council or region: made, paused and removed, with everything that was sent or waits."""

from __future__ import annotations

from uuid import UUID

import orjson
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, place, requires
from saas.policy import Permission
from saas.security import private
from tenants.queries import webhooks as queries
from tenants.queries.access import Target
from tenants.services import webhooks as services

blueprint = Blueprint("webhooks", __name__)
OF_COUNCIL, OF_REGION = "/councils/<council>/webhooks", "/regions/<region>/webhooks"
PAGE_SIZE = 50
STATES = {"waiting": ("Waits", "waiting"), "delivered": ("Delivered", "done"), "given_up": ("Given up", "problem")}
"""State → its words and the kind of its tag."""


class WebhookForm(Schema):
    """Where to tell, and what of."""

    url = fields.String(
        required=True,
        validate=validate.Length(max=services.LONGEST_URL),
        metadata={
            "label": "Web address",
            "required": "Enter the address that is to be told.",
            "hint": "It begins with https:// and is open to the internet.",
            "who": "colleagues who manage webhooks here",
        },
    )
    verbs = fields.String(
        validate=validate.Length(max=8000),
        metadata={
            "label": "Events",
            "subject": "The events",
            "hint": "One name on each line, for example submission.sealed. Leave it empty for all.",
        },
    )


@blueprint.get(OF_COUNCIL)
@blueprint.get(OF_REGION)
@requires(Permission.WEBHOOK_MANAGE)
def index() -> str:
    """The webhooks, how each stands, and a form for another."""
    return _index(Bound.empty(WebhookForm))


@blueprint.post(OF_COUNCIL)
@blueprint.post(OF_REGION)
@requires(Permission.WEBHOOK_MANAGE)
def make() -> ResponseReturnValue:
    """Make a webhook and show its secret, this once."""
    form = bind(WebhookForm, request.form)
    if form.valid:
        try:
            webhook, secret = services.make(
                Target.of(place()),
                url=form.values["url"],
                verbs=form.values["verbs"].split(),
                known=current_app.extensions["charterway_verbs"],
                by=actor(),
            )
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        except Conflict as refusal:
            form.add_error(None, refusal.message)
        else:
            return private(render_template("tenants/webhooks/made.html", webhook=webhook, secret=secret))
    return _index(form), 422


@blueprint.get(f"{OF_COUNCIL}/<uuid:webhook_id>")
@blueprint.get(f"{OF_REGION}/<uuid:webhook_id>")
@requires(Permission.WEBHOOK_MANAGE)
def show(webhook_id: UUID) -> str:
    """One webhook with what was sent, the newest first."""
    webhook = queries.get_webhook(Target.of(place()), webhook_id)
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    seen = request.args.get("after", None, UUID)
    after = queries.get_delivery(webhook, seen) if seen else None
    rows = queries.list_deliveries(webhook, limit=PAGE_SIZE + 1, state=state, after=after)
    return render_template(
        "tenants/webhooks/show.html",
        webhook=webhook,
        host=services.host_of(webhook),
        deliveries=rows[:PAGE_SIZE],
        following=rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None,
        states=STATES,
        state=state,
        begun=after is not None,
    )


@blueprint.get(f"{OF_COUNCIL}/<uuid:webhook_id>/deliveries/<uuid:delivery_id>")
@blueprint.get(f"{OF_REGION}/<uuid:webhook_id>/deliveries/<uuid:delivery_id>")
@requires(Permission.WEBHOOK_MANAGE)
def show_delivery(webhook_id: UUID, delivery_id: UUID) -> str:
    """One message: exactly what is sent, and how it went."""
    webhook = queries.get_webhook(Target.of(place()), webhook_id)
    delivery = queries.get_delivery(webhook, delivery_id)
    written = orjson.dumps(delivery.document, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2).decode()
    return render_template(
        "tenants/webhooks/delivery.html",
        webhook=webhook,
        host=services.host_of(webhook),
        delivery=delivery,
        written=written,
        states=STATES,
    )


@blueprint.post(f"{OF_COUNCIL}/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/replay")
@blueprint.post(f"{OF_REGION}/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/replay")
@requires(Permission.WEBHOOK_MANAGE)
def replay(webhook_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """Send a message once more."""
    webhook = queries.get_webhook(Target.of(place()), webhook_id)
    again = services.replay(webhook, queries.get_delivery(webhook, delivery_id), by=actor())
    flash("The message is sent once more within seconds.", "success")
    return redirect(url_for("webhooks.show_delivery", webhook_id=webhook_id, delivery_id=again.id), code=303)


@blueprint.post(f"{OF_COUNCIL}/<uuid:webhook_id>/pause")
@blueprint.post(f"{OF_REGION}/<uuid:webhook_id>/pause")
@requires(Permission.WEBHOOK_MANAGE)
def pause(webhook_id: UUID) -> ResponseReturnValue:
    """Tell it of nothing more for now."""
    services.pause(queries.get_webhook(Target.of(place()), webhook_id, lock=True), by=actor())
    flash("The webhook is paused. What happens meanwhile is not sent.", "success")
    return redirect(url_for("webhooks.show", webhook_id=webhook_id), code=303)


@blueprint.post(f"{OF_COUNCIL}/<uuid:webhook_id>/resume")
@blueprint.post(f"{OF_REGION}/<uuid:webhook_id>/resume")
@requires(Permission.WEBHOOK_MANAGE)
def resume(webhook_id: UUID) -> ResponseReturnValue:
    """Tell it of what happens from now on."""
    services.resume(queries.get_webhook(Target.of(place()), webhook_id, lock=True), by=actor())
    flash("The webhook is told again of what happens from now on.", "success")
    return redirect(url_for("webhooks.show", webhook_id=webhook_id), code=303)


@blueprint.get(f"{OF_COUNCIL}/<uuid:webhook_id>/remove")
@blueprint.get(f"{OF_REGION}/<uuid:webhook_id>/remove")
@requires(Permission.WEBHOOK_MANAGE)
def confirm_removal(webhook_id: UUID) -> str:
    """What removing it will do."""
    return render_template("tenants/webhooks/remove.html", webhook=queries.get_webhook(Target.of(place()), webhook_id))


@blueprint.post(f"{OF_COUNCIL}/<uuid:webhook_id>/remove")
@blueprint.post(f"{OF_REGION}/<uuid:webhook_id>/remove")
@requires(Permission.WEBHOOK_MANAGE)
def remove(webhook_id: UUID) -> ResponseReturnValue:
    """End it for good."""
    services.remove(queries.get_webhook(Target.of(place()), webhook_id, lock=True), by=actor())
    flash("The webhook was removed.", "success")
    return redirect(url_for("webhooks.index"), code=303)


def _index(form: Bound) -> str:
    return render_template(
        "tenants/webhooks/index.html", form=form, standings=queries.list_standings(Target.of(place()))
    )
