"""Invitations: sending, sending again, withdrawing, and the page where one is accepted."""

from __future__ import annotations

import logging
import re
from typing import cast
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_login import current_user
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from saas import security
from saas.errors import Invalid
from saas.forms import Bound, bind
from saas.guard import actor, place, public, requires, viewer
from saas.policy import GRANTED_BY, ROLE_LABELS, ROLES_BY_KIND, Permission, Role, Viewer
from saas.security import private
from saas.tenancy import Scope
from saas.transaction import within
from tenants.models.access import Invitation
from tenants.queries import access, councils
from tenants.queries.access import Target
from tenants.queries.single_sign_on import Offer
from tenants.services import invitations as service
from tenants.web.organisations import offers_for
from tenants.web.places import home_of
from tenants.web.sign_in import begin_session, renew_session

blueprint = Blueprint("invitations", __name__)

ROLE_HINTS = {
    Role.OPERATOR: "Adds regions and councils. Sees nothing of what they write.",
    Role.REGION_OFFICER: "Runs the scheme: plans, teams, reports, improvements, the register. Manages access.",
    Role.REGION_DECIDER: "Decides on awards and appeals.",
    Role.REGION_VIEWER: "Reads reports and the register, for example a board member.",
    Role.ASSESSOR: "Belongs to the pool. Sees a file only when assigned to it, after declaring interests.",
    Role.COUNCIL_LEAD: "Does everything for the council, sends it to the region and manages access.",
    Role.COUNCIL_EDITOR: "Writes answers and actions, adds evidence. Cannot send anything to the region.",
    Role.SIGNATORY: "Reads what is to be signed, and signs or declines. For the Leader and the Chief Executive.",
    Role.DEVELOPMENT_OFFICER: "Keeps the list of members. Reads what the council has here.",
    Role.STEERING_CHAIR: "Reads everything but what is confidential, and confirms for the steering group.",
    Role.GROUP_LEADER: "Reads what councils of the region share. Sees no answers, evidence or plans.",
    Role.MEMBER: "Reads what councils of the region share. Sees no answers, evidence or plans.",
    Role.COUNCIL_VIEWER: "Reads only.",
}
SECRET = re.compile(r"(/(?:invitations|reset-password|contribute|calendar|sign|sign-in/link)/)[^/?\s\"'\]]{20,}")


class InviteForm(Schema):
    """Who is invited, and as what."""

    name = fields.String(required=True, validate=validate.Length(max=service.LONGEST_NAME))
    email = fields.Email(
        required=True,
        validate=validate.Length(max=service.LONGEST_EMAIL),
        metadata={"label": "Email address", "hint": "The invitation goes here. It is also what they sign in with."},
    )
    role = fields.String(required=True, metadata={"required": "Choose a role."})


class FirstForm(Schema):
    """The first person of a council or region."""

    name = fields.String(required=True, validate=validate.Length(max=service.LONGEST_NAME))
    email = fields.Email(
        required=True,
        validate=validate.Length(max=service.LONGEST_EMAIL),
        metadata={"label": "Email address", "hint": "The invitation goes here. It is also what they sign in with."},
    )


class AcceptForm(Schema):
    """What a person new here says about himself or herself."""

    name = fields.String(
        required=True,
        validate=validate.Length(max=service.LONGEST_NAME),
        metadata={"label": "Your name", "subject": "Your name", "hint": "As your colleagues should see it."},
    )
    password = fields.String(
        required=True,
        metadata={
            "label": "Choose a password",
            "verbatim": True,
            "required": "Choose a password.",
            "hint": "At least 12 characters. Three or four unusual words are easy to remember.",
        },
    )


@blueprint.record_once
def hide_secrets(state: BlueprintSetupState) -> None:
    """Keep the secrets of mailed links out of the log, which names the address of a request that failed."""
    state.app.logger.addFilter(_without_secret)


def _without_secret(record: logging.LogRecord) -> bool:
    message = record.getMessage()
    hidden = SECRET.sub(r"\1…", message)
    if hidden != message:
        record.msg, record.args = hidden, ()
    return True


def roles_of(kind: str) -> list[tuple[str, str, str]]:
    """The roles of one kind of place, as choices with what each may do."""
    return [(role.value, ROLE_LABELS[role], ROLE_HINTS[role]) for role in ROLES_BY_KIND[kind]]


@blueprint.get("/councils/<council>/access/invite")
@blueprint.get("/regions/<region>/access/invite")
@blueprint.get("/platform/access/invite")
@requires(Permission.ACCESS_GRANT)
def show_invite() -> str:
    """The form to invite somebody."""
    roles = roles_of(place().kind)
    form = Bound.empty(InviteForm, {"role": roles[0][0]} if len(roles) == 1 else None)
    return render_template("tenants/invitations/invite.html", form=form, roles=roles)


@blueprint.post("/councils/<council>/access/invite")
@blueprint.post("/regions/<region>/access/invite")
@blueprint.post("/platform/access/invite")
@requires(Permission.ACCESS_GRANT)
def invite() -> str | Response:
    """Invite somebody to a role here."""
    form = bind(InviteForm, request.form)
    if form.valid:
        try:
            service.invite(Target.of(place()), **form.values, by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash(f"An invitation is on its way to {form.typed('email')}.", "success")
            return redirect(url_for("access.list_people"), code=303)
    page = render_template("tenants/invitations/invite.html", form=form, roles=roles_of(place().kind))
    return make_response(page, 422)


@blueprint.get("/regions/<region>/access/councils/<uuid:unclaimed>/invite")
@requires(Permission.COUNCIL_ADD)
def show_invite_lead(unclaimed: UUID) -> str:
    """The form to invite the first lead of a council that nobody has joined."""
    target = councils.get_unclaimed_council(cast(UUID, place().region_id), unclaimed)
    return render_template("tenants/invitations/lead.html", form=Bound.empty(FirstForm), target=target)


@blueprint.post("/regions/<region>/access/councils/<uuid:unclaimed>/invite")
@requires(Permission.COUNCIL_ADD)
def invite_lead(unclaimed: UUID) -> str | Response:
    """Invite the first lead of a council that nobody has joined."""
    target = councils.get_unclaimed_council(cast(UUID, place().region_id), unclaimed)
    form = bind(FirstForm, request.form)
    if form.valid:
        try:
            service.invite(target, **form.values, role=Role.COUNCIL_LEAD, by=actor())
        except Invalid as refusal:
            form.add_errors(refusal.messages)
        else:
            flash(f"An invitation to lead {target.name} is on its way to {form.typed('email')}.", "success")
            return redirect(url_for("access.list_people"), code=303)
    return make_response(render_template("tenants/invitations/lead.html", form=form, target=target), 422)


@blueprint.post("/councils/<council>/invitations/<uuid:invitation>/resend")
@blueprint.post("/regions/<region>/invitations/<uuid:invitation>/resend")
@blueprint.post("/platform/invitations/<uuid:invitation>/resend")
@requires(Permission.ACCESS_GRANT)
def resend(invitation: UUID) -> Response:
    """Send an invitation again; the link sent before stops working."""
    row = access.get_invitation(invitation)
    service.resend(row, by=actor())
    flash(f"A new link is on its way to {row.email}. The old one no longer works.", "success")
    return _back()


@blueprint.post("/councils/<council>/invitations/<uuid:invitation>/withdraw")
@blueprint.post("/regions/<region>/invitations/<uuid:invitation>/withdraw")
@blueprint.post("/platform/invitations/<uuid:invitation>/withdraw")
@requires(Permission.ACCESS_GRANT)
def withdraw(invitation: UUID) -> Response:
    """Take an invitation back."""
    row = access.get_invitation(invitation)
    service.withdraw(row, by=actor())
    flash(f"The invitation for {row.email} is withdrawn.", "success")
    return _back()


def _back() -> Response:
    return redirect(security.safe_next(request.form.get("next"), url_for("access.list_people")), code=303)


@blueprint.get("/invitations/<secret>")
@public("the secret of the mail is the right", own_transaction=True)
def show_accept(secret: str) -> Response:
    """Who is invited to what, and what to do; looking at it uses nothing up."""
    invitation, has_password = _borne(secret)
    if invitation is None:
        return _gone()
    form = Bound.empty(AcceptForm, {"name": invitation.name})
    return private(_accept_page(secret, invitation, has_password, form))


@blueprint.post("/invitations/<secret>")
@public("the secret of the mail is the right", own_transaction=True)
def accept(secret: str) -> Response:
    """Accept: a person new here chooses a password, one who is known must be signed in as the one invited."""
    invitation, has_password = _borne(secret)
    if invitation is None:
        return _gone()
    who = viewer() if current_user.is_authenticated else None
    form = bind(AcceptForm, request.form) if not has_password else Bound.empty(AcceptForm)
    if (who is None and has_password) or (who is not None and who.email != invitation.email):
        return private(_accept_page(secret, invitation, has_password, form), 409)
    if not has_password and _must_use(invitation, _offers(invitation)):
        return private(_accept_page(secret, invitation, has_password, form), 403)
    password = request.form.get("password", "")
    if not has_password and password:
        words = [*request.form.get("name", "").split(), *invitation.scope_name.split()]
        for problem in security.password_problems(password, email=invitation.email, words=words):
            form.add_error("password", problem)
    if not form.valid:
        return private(_accept_page(secret, invitation, has_password, form), 422)
    key_hash = security.digest(secret)
    hashed = None if has_password else security.hash_password(form.values["password"])
    name = who.name if who else form.values["name"]
    with within(Scope(user_id=who.id if who else None, key_hash=key_hash)):
        user_id = service.accept(key_hash, name=name, hashed=hashed)
    with within(Scope.nobody()):
        known = user_id and access.find_viewer(user_id)
    if not known:
        return _gone()
    if who is None:
        begin_session(known)
    else:
        renew_session(known)
    flash(f"You have joined {invitation.scope_name} as {ROLE_LABELS[Role(invitation.role)].lower()}.", "success")
    return redirect(_home_in(known, invitation), code=303)


def _borne(secret: str) -> tuple[Invitation | None, bool]:
    """The open invitation of this secret, and whether the one invited has a password."""
    key_hash = security.digest(secret)
    with within(Scope.bearer(key_hash=key_hash), read_only=True):
        invitation = access.find_borne_invitation(key_hash)
        if invitation is None or not service.is_open(invitation):
            return None, False
        return invitation, access.invited_has_password()


def _offers(invitation: Invitation) -> list[Offer]:
    """The single sign-on of the place, where it is for addresses such as this."""
    place_id = invitation.council_id or invitation.region_id
    return [offer for offer in offers_for(invitation.email) if offer.place_id == place_id]


def _must_use(invitation: Invitation, offers: list[Offer]) -> bool:
    """Whether no password is taken here; whoever is to manage access keeps one."""
    return any(offer.required for offer in offers) and invitation.role not in GRANTED_BY.values()


def _accept_page(secret: str, invitation: Invitation, has_password: bool, form: Bound) -> str:
    who: Viewer | None = viewer() if current_user.is_authenticated else None
    offers = [] if has_password or who else _offers(invitation)
    return render_template(
        "tenants/invitations/accept.html",
        secret=secret,
        offers=offers,
        must_use=_must_use(invitation, offers),
        form=form,
        invitation=invitation,
        label=ROLE_LABELS[Role(invitation.role)],
        hint=ROLE_HINTS[Role(invitation.role)],
        has_password=has_password,
        stranger=who is not None and who.email != invitation.email,
        here=url_for("invitations.show_accept", secret=secret),
    )


def _gone() -> Response:
    return private(render_template("tenants/invitations/gone.html"), 410)


def _home_in(who: Viewer, invitation: Invitation) -> str:
    scope_id = invitation.council_id or invitation.region_id
    there = next((found for found in who.places if found.id == scope_id), None)
    return (there and home_of(there)) or url_for("places.list_places")
