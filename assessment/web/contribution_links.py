"""Help from others, behind the secret link: what is asked, writing, sending or declining; and nothing else."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from assessment.models.answers import ContributionRequest
from assessment.queries.contributions import find_borne, find_open
from assessment.rules.contributions import ANSWERED, State, state_of
from assessment.services import contributions as service
from saas import clock
from saas.forms import Bound, bind
from saas.guard import public
from saas.security import Throttle, digest, private
from saas.templating import time_of_day
from saas.tenancy import Scope
from saas.transaction import within

blueprint = Blueprint("contribution_links", __name__)
BY_CLIENT = Throttle("contribution-client", 200, 15 * 60)
"""Wide, since a whole council may reach us through one address; a secret is beyond guessing in any case."""
SAID = {
    "save": "Saved at {time}. It is not sent yet: come back with the same link.",
    "send": "Your text is sent.",
    "decline": "Your answer is sent.",
}


class ContributionForm(Schema):
    """The text, and what to do with it. `seen` is the moment of the draft that the page showed."""

    words = fields.String(
        validate=validate.Length(max=service.LONGEST_WORDS),
        metadata={"label": "Your text", "subject": "Your text", "quiet": True},
    )
    reason = fields.String(
        validate=validate.Length(max=service.LONGEST_REASON),
        metadata={"label": "Why not", "subject": "The reason", "quiet": True},
    )
    seen = fields.String(validate=validate.Length(max=40))
    do = fields.String(required=True, validate=validate.OneOf(tuple(SAID)))


@blueprint.get("/contribute/<secret>")
@public("the secret of the mail is the right", own_transaction=True)
def show(secret: str) -> Response:
    """What is asked; looking at it uses nothing up."""
    BY_CLIENT.brake(request.remote_addr or "")
    key_hash = digest(secret)
    with within(Scope.bearer(key_hash=key_hash), read_only=True):
        asked = find_borne(key_hash)
    if asked is None or state_of(asked, clock.now()) is not State.ASKED:
        return _closed(asked)
    return private(_page(asked, Bound.empty(ContributionForm, {"words": asked.words, "seen": _seen(asked)})))


@blueprint.post("/contribute/<secret>")
@public("the secret of the mail is the right", own_transaction=True)
def answer(secret: str) -> Response:
    """Save the draft, send it, or decline."""
    BY_CLIENT.brake(request.remote_addr or "")
    form = bind(ContributionForm, request.form)
    key_hash = digest(secret)
    refused: tuple[ContributionRequest, int] | None = None
    with within(Scope.bearer(key_hash=key_hash)):
        asked = find_open(key_hash)
        if asked is not None:
            status = _refusal(form, asked)
            if status:
                refused = asked, status
            else:
                _do(form.values, asked)
    if asked is None:
        with within(Scope.bearer(key_hash=key_hash), read_only=True):
            ended = find_borne(key_hash)
        return _closed(ended, typed=request.form.get("words", ""))
    if refused is not None:
        return private(_page(*refused[:1], form), refused[1])
    flash(SAID[form.values["do"]].format(time=time_of_day(clock.now())), "success")
    return private(make_response(redirect(url_for("contribution_links.show", secret=secret), code=303)), 303)


def _refusal(form: Bound, asked: ContributionRequest) -> int:
    """Say what is wrong in the form; the status of the answer, 0 when nothing is."""
    do = form.typed("do")
    if form.valid and do == "send" and not form.values["words"].strip():
        form.add_error("words", "Write your text before you send it.")
    elif form.valid and do == "decline" and not form.values["reason"].strip():
        form.add_error("reason", "Say in a few words why you cannot help.")
    if not form.valid:
        return 422
    if do != "decline" and form.values["seen"] != _seen(asked) and form.values["words"] != asked.words:
        at = time_of_day(asked.saved_at)
        form.raw["seen"] = _seen(asked)
        form.add_error("words", f"Another window saved other words at {at}. They stand below: make one text of both.")
        return 409
    return 0


def _do(given: dict[str, Any], asked: ContributionRequest) -> None:
    if given["do"] == "save":
        service.save_draft(asked, given["words"])
    elif given["do"] == "send":
        service.send(asked, given["words"])
    else:
        service.decline(asked, given["reason"])


def _seen(asked: ContributionRequest) -> str:
    return asked.saved_at.isoformat() if asked.saved_at else ""


def _page(asked: ContributionRequest, form: Bound) -> str:
    other = asked.words if form.errors and form.typed("words") != asked.words else ""
    return render_template("assessment/contributions/write.html", asked=asked, form=form, saved=other)


def _closed(asked: ContributionRequest | None, typed: str = "") -> Response:
    """A plain page that says how it stands, with what was typed; a secret nobody has looks like no page at all."""
    state = state_of(asked, clock.now()) if asked is not None else None
    status = 404 if state is None else 200 if state in ANSWERED and not typed else 410
    page = render_template(
        "assessment/contributions/closed.html", asked=asked, state=state, typed=typed, label=_label(state)
    )
    return private(page, status)


def _label(state: State | None) -> str:
    if state is None:
        return "This link does not work"
    if state in (State.WITHDRAWN, State.EXPIRED):
        return "This link has ended"
    return "Thank you for your answer" if state is State.DECLINED else "Thank you for your text"
