"""The page on which a council or region says where its people sign in: set up, tried, demanded, removed."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas.errors import Conflict, Invalid
from saas.forms import Bound, bind
from saas.guard import actor, place, place_id, requires
from saas.policy import GRANTED_BY, ROLE_LABELS, Permission
from tenants.queries.access import Target
from tenants.queries.single_sign_on import find_of_place
from tenants.rules.mail_domains import read_domains
from tenants.services import sign_in_providers as services
from tenants.web.single_sign_on import return_address

blueprint = Blueprint("sign_in_providers", __name__)
OF_COUNCIL, OF_REGION = "/councils/<council>/access/single-sign-on", "/regions/<region>/access/single-sign-on"


class ProviderForm(Schema):
    """What the other site gave, and whom it may speak for."""

    version = fields.Integer(required=True)
    name = fields.String(
        required=True,
        validate=validate.Length(max=services.LONGEST_NAME),
        metadata={
            "label": "Name",
            "required": "Enter a name.",
            "hint": "What people see on the button, for example Westmere staff sign-in.",
        },
    )
    issuer = fields.String(
        required=True,
        validate=validate.Length(max=services.LONGEST),
        metadata={
            "label": "Issuer",
            "required": "Enter the issuer’s web address.",
            "hint": "For Entra ID: https://login.microsoftonline.com/, your tenant ID, and /v2.0 at the end.",
        },
    )
    client_id = fields.String(
        required=True,
        validate=validate.Length(max=services.LONGEST),
        metadata={"label": "Client ID", "required": "Enter the client ID.", "hint": "Also called application ID."},
    )
    client_secret = fields.String(
        validate=validate.Length(max=services.LONGEST),
        metadata={"label": "Client secret", "verbatim": True, "quiet": True},
    )
    domains = fields.String(
        required=True,
        validate=validate.Length(max=4000),
        metadata={
            "label": "Mail domains",
            "required": "Enter at least one mail domain.",
            "hint": "One on each line. Only people with such an address come through.",
        },
    )


class DemandForm(Schema):
    """Whether passwords are refused."""

    version = fields.Integer(required=True)
    required = fields.Boolean(load_default=False)


@blueprint.get(OF_COUNCIL)
@blueprint.get(OF_REGION)
@requires(Permission.ACCESS_GRANT)
def edit() -> str:
    """How it is set up now."""
    return _page(_as_kept())


@blueprint.post(OF_COUNCIL)
@blueprint.post(OF_REGION)
@requires(Permission.ACCESS_GRANT)
def save() -> ResponseReturnValue:
    """Keep it; what was changed has to be tried before it is used."""
    form = bind(ProviderForm, request.form)
    if not form.valid:
        return _page(form), 422
    values = form.values | {"domains": read_domains(form.values["domains"])}
    try:
        services.set_up(Target.of(place()), **values, by=actor())
    except Invalid as refusal:
        form.add_errors(refusal.messages)
        return _page(form), 422
    except Conflict as refusal:
        form.add_error(None, f"{refusal.message} Open the page anew to see what stands there now.")
        return _page(form), 409
    flash("Saved.", "success")
    return redirect(url_for("sign_in_providers.edit"), code=303)


@blueprint.post(f"{OF_COUNCIL}/required")
@blueprint.post(f"{OF_REGION}/required")
@requires(Permission.ACCESS_GRANT)
def demand() -> ResponseReturnValue:
    """Refuse passwords of its people, or take them again."""
    form = bind(DemandForm, request.form)
    if not form.valid:
        return _page(_as_kept()), 422
    services.demand(Target.of(place()), **form.values, by=actor())
    flash("Passwords are refused now." if form.values["required"] else "Passwords are taken again.", "success")
    return redirect(url_for("sign_in_providers.edit"), code=303)


@blueprint.get(f"{OF_COUNCIL}/remove")
@blueprint.get(f"{OF_REGION}/remove")
@requires(Permission.ACCESS_GRANT)
def confirm_removal() -> ResponseReturnValue:
    """What removing it will do."""
    provider = find_of_place(Target.of(place()))
    if provider is None:
        return redirect(url_for("sign_in_providers.edit"), code=303)
    return render_template("tenants/sign_in_providers/remove.html", provider=provider)


@blueprint.post(f"{OF_COUNCIL}/remove")
@blueprint.post(f"{OF_REGION}/remove")
@requires(Permission.ACCESS_GRANT)
def remove() -> ResponseReturnValue:
    """End it for good."""
    services.remove(Target.of(place()), by=actor())
    flash("The single sign-on was removed. Everybody signs in with a password again.", "success")
    return redirect(url_for("access.list_people"), code=303)


def _as_kept() -> Bound:
    provider = find_of_place(Target.of(place()))
    if provider is None:
        return Bound.empty(ProviderForm, {"version": 0})
    return Bound.empty(
        ProviderForm,
        {
            "version": provider.version,
            "name": provider.name,
            "issuer": provider.issuer,
            "client_id": provider.client_id,
            "domains": "\n".join(provider.domains),
        },
    )


def _page(form: Bound) -> str:
    return render_template(
        "tenants/sign_in_providers/edit.html",
        form=form,
        provider=find_of_place(Target.of(place())),
        address=return_address(place_id()),
        granting=ROLE_LABELS[GRANTED_BY[place().kind]].lower(),
    )
