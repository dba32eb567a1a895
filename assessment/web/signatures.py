"""Signing: the page where somebody reads what he or she signs, and signs or declines, by a link or signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.signings import SignatureRequest, Signing
from assessment.queries import signings as queries
from assessment.queries.frameworks import find_by_digest
from assessment.rules.signings import LONGEST_REASON, State
from assessment.services import signings
from saas import security
from saas.errors import Conflict, Invalid, NotFound
from saas.forms import Bound, bind
from saas.guard import actor, place_id, public, requires, viewer
from saas.policy import Permission
from saas.security import private
from saas.tenancy import Actor, Scope
from saas.transaction import within

blueprint = Blueprint("signatures", __name__)
THROTTLE = security.Throttle("sign", 100, 15 * 60)
"""Wide, since Leader and Chief Executive may reach us through one address; no secret is guessed in so many tries."""


class SignForm(Schema):
    """Signing, or declining."""

    act = fields.String(required=True, validate=validate.OneOf(("sign", "decline")))
    name = fields.String(metadata={"label": "Type your name", "quiet": True})
    reason = fields.String(
        validate=validate.Length(max=LONGEST_REASON),
        metadata={
            "label": "Why you do not sign",
            "quiet": True,
            "who": "the leads of your council, who can ask you again.",
        },
    )


@dataclass(frozen=True, slots=True)
class DocumentToSign:
    """What is signed, and the title of each criterion by its code, as the framework of the document has it."""

    signing: Signing
    titles: dict[str, str]


@blueprint.get("/sign/<secret>")
@public("the secret of the mail is the right", own_transaction=True)
def show_borne(secret: str) -> Response:
    """What the bearer of the link is asked to sign; looking at it does nothing."""
    THROTTLE.brake(request.remote_addr or "")
    with within(Scope.bearer(key_hash=security.digest(secret)), read_only=True):
        asked = queries.find_borne(security.digest(secret))
        shown = _shown(asked)
    return private(*_page(asked, shown, Bound.empty(SignForm)))


@blueprint.post("/sign/<secret>")
@public("the secret of the mail is the right", own_transaction=True)
def act_borne(secret: str) -> Response:
    """Sign or decline by the link, once."""
    THROTTLE.brake(request.remote_addr or "")
    key_hash = security.digest(secret)
    form = bind(SignForm, request.form)
    with within(Scope.bearer(key_hash=key_hash)):
        asked = queries.find_borne(key_hash)
        shown = _shown(asked)
        done = asked is not None and shown is not None and _act(asked.id, form, Actor(None, asked.name))
    if done:
        return private(make_response(redirect(url_for("signatures.show_borne", secret=secret), code=303)), 303)
    return private(*_page(asked, shown, form))


@blueprint.get("/councils/<council>/signatures")
@requires(Permission.DECLARATION_SIGN)
def index() -> str:
    """What the signatory was asked to sign."""
    found = queries.list_own(place_id(), viewer().id)
    rows = [{"asked": asked, "state": queries.state_of(asked)} for asked in found]
    return render_template("assessment/signatures/index.html", rows=rows)


@blueprint.get("/councils/<council>/signatures/<uuid:request_id>")
@requires(Permission.DECLARATION_SIGN)
def show(request_id: UUID) -> Response:
    """What the signatory is asked to sign."""
    asked = _own(request_id)
    return private(*_page(asked, _shown(asked), Bound.empty(SignForm)))


@blueprint.post("/councils/<council>/signatures/<uuid:request_id>")
@requires(Permission.DECLARATION_SIGN)
def act(request_id: UUID) -> Response:
    """Sign or decline, once."""
    asked = _own(request_id)
    form = bind(SignForm, request.form)
    shown = _shown(asked)
    if shown is None or not _act(asked.id, form, actor()):
        return private(*_page(asked, shown, form))
    words = "You have signed. Thank you." if form.values["act"] == "sign" else "You have declined to sign."
    flash(words, "success")
    return redirect(url_for("signatures.show", request_id=request_id), code=303)


def _own(request_id: UUID) -> SignatureRequest:
    """The viewer's own request; raises NotFound."""
    asked = queries.get_request(request_id)
    if asked.user_id != viewer().id:
        raise NotFound
    return asked


def _shown(asked: SignatureRequest | None) -> DocumentToSign | None:
    """What is signed, while the request shows it: not when it is unknown, has ended or expired."""
    if asked is None or queries.state_of(asked) in (State.NOBODY, State.EXPIRED):
        return None
    signing = queries.get_signing(asked.signing_id)
    return DocumentToSign(signing, _titles(signing))


def _titles(signing: Signing) -> dict[str, str]:
    """Criterion code → title. They are no part of what is signed: a framework that is not found leaves the codes."""
    document = signing.document or {}
    named = document.get("framework") if document.get("answers") else None
    framework = find_by_digest(named["code"], named["digest"]) if named else None
    return {each.code: each.title for each in framework.tree.criteria} if framework else {}


def _act(request_id: UUID, form: Bound, by: Actor) -> bool:
    """Do what the form says; False where it was refused, with the reasons in the form."""
    if not form.valid:
        return False
    values = dict(form.values)
    try:
        asked = queries.get_request(request_id, lock=True)
        if values["act"] == "sign":
            signings.sign(asked, name=values["name"], by=by)
        else:
            signings.decline(asked, values["reason"], by=by)
    except NotFound:  # answered or ended by another a moment before: there is nothing left that could be changed
        form.add_error(None, "This was answered or has ended in the meantime.")
    except Invalid as refusal:
        form.add_errors(refusal.messages)
    except Conflict as refusal:
        form.add_error(None, refusal.message)
    return form.valid


def _page(asked: SignatureRequest | None, shown: DocumentToSign | None, form: Bound) -> tuple[str, int]:
    """The page and its status."""
    if asked is None or shown is None:
        state = queries.state_of(asked) if asked is not None else None
        return render_template("assessment/signatures/gone.html", asked=asked, state=state), 410
    signing, state = shown.signing, queries.state_of(asked)
    if state not in (State.ASKED, State.NOT_SENT):
        status = 409 if form.errors else 200
        return render_template("assessment/signatures/done.html", asked=asked, signing=signing, state=state), status
    page = render_template(
        "assessment/signatures/sign.html",
        form=form,
        asked=asked,
        signing=signing,
        groups=_groups(shown),
        closed=signings.closed_by(signing),
    )
    return page, _status(form)


def _status(form: Bound) -> int:
    if not form.errors:
        return 200
    return 422 if set(form.errors) & set(form.schema.fields) else 409


def _groups(shown: DocumentToSign) -> list[tuple[str, list[dict[str, Any]]]]:
    """The answers that are signed, under code and title of their criterion and in their order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for answer in (shown.signing.document or {}).get("answers", []):
        groups.setdefault(answer["criterion_code"], []).append(answer)
    return [(f"{code} {shown.titles.get(code, '')}".strip(), answers) for code, answers in groups.items()]
