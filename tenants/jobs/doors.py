"""Jobs about the door: a mail to its owner when something was changed that opens it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from saas import mail
from saas.db import db
from saas.events import Event
from saas.jobs import job
from saas.templating import moment, plural
from tenants.models.access import User

VERBS = (
    "factor.added",
    "factor.removed",
    "factors.cleared",
    "recovery_codes.replaced",
    "recovery_code.used",
    "browser.met",
    "identity.linked",
)
"""What a mail goes out for, to the person alone."""


@job()
def mail_door_news(subject_id: UUID) -> None:
    """Mail the owner what happened last to this factor or account."""
    told = select(Event).where(Event.subject_id == subject_id, Event.verb.in_(VERBS), Event.audience == "person")
    event = db.session.scalars(told.order_by(Event.at.desc(), Event.seq.desc()).limit(1)).one_or_none()
    user = db.session.get(User, event.actor) if event is not None else None
    if event is None or user is None:
        return
    what, more = door_words(event.verb, event.payload or {})
    context = {"what": what, "more": more, "when": moment(event.at)}
    mail.deliver("door_news", to=user.email, context=context, key=f"door news {event.id}")


def door_words(verb: str, payload: dict[str, Any]) -> tuple[str, str]:
    """What happened, without a full stop, and more about it in whole sentences or nothing."""
    factor, left, browser = payload.get("factor", ""), payload.get("left", 0), payload.get("browser", "")
    words = {
        "factor.added": ("A second step was added to your account", f"It is the {factor}."),
        "factor.removed": ("A second step was taken from your account", f"It was the {factor}."),
        "factors.cleared": (
            "Your second step was taken away by whoever runs the service",
            "You are signed out everywhere. Your password alone opens your account now.",
        ),
        "recovery_codes.replaced": ("New recovery codes were made", "The codes from before no longer work."),
        "recovery_code.used": ("A recovery code was used to sign in", f"{plural(left, 'code')} left."),
        "identity.linked": (
            "Your account was linked to your organisation’s sign-in",
            f"It opens with {payload.get('provider', '')} from now on.",
        ),
        "browser.met": ("Somebody signed in from a new browser", f"It was {browser}." if browser else ""),
    }
    return words[verb]
