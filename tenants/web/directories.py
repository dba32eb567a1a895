"""The page on which a council lets its directory keep its people here (SCIM): the address, a token, who was named."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from saas.forms import Bound, bind
from saas.guard import actor, place, place_id, requires
from saas.policy import ROLE_LABELS, Permission
from saas.scim import PREFIX
from saas.security import private
from tenants.models.tokens import PROVISIONING
from tenants.queries import tokens as queries
from tenants.queries.access import Target
from tenants.queries.directories import list_provisioned
from tenants.services import tokens
from tenants.services.directories import ROLE

blueprint = Blueprint("directories", __name__)
PAGE = "/councils/<council>/access/directory"


class DirectoryTokenForm(Schema):
    """How long a directory's token lives."""

    days = fields.Integer(
        required=True,
        validate=validate.Range(1, tokens.LONGEST_DAYS),
        metadata={
            "label": "Days until the token ends",
            "required": "Enter a number of days.",
            "hint": f"At most {tokens.LONGEST_DAYS}. We email you a week before.",
        },
    )


@blueprint.get(PAGE)
@requires(Permission.ACCESS_GRANT)
def show() -> str:
    """How it stands."""
    return _page(Bound.empty(DirectoryTokenForm, {"days": tokens.LONGEST_DAYS}))


@blueprint.post(PAGE)
@requires(Permission.ACCESS_GRANT)
def make_token() -> ResponseReturnValue:
    """Make a token for the directory and show it, this once."""
    form = bind(DirectoryTokenForm, request.form)
    if not form.valid:
        return _page(form), 422
    _, secret = tokens.make(
        Target.of(place()), name="Directory", days=form.values["days"], purpose=PROVISIONING, by=actor()
    )
    return private(_page(Bound.empty(DirectoryTokenForm, {"days": tokens.LONGEST_DAYS}), secret))


def _page(form: Bound, secret: str = "") -> str:
    people, total = list_provisioned(place_id())
    return render_template(
        "tenants/directories/show.html",
        form=form,
        secret=secret,
        address=f"{current_app.config['CHARTERWAY'].base_url}{PREFIX}/{place().slug}",
        tokens=[row for row in queries.list_of_place(Target.of(place())) if row.purpose == PROVISIONING],
        people=people,
        total=total,
        role=ROLE_LABELS[ROLE].lower(),
    )
