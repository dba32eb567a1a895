"""Jobs about files made for one person: made, told of by mail, and removed when their time is over."""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from saas import mail
from saas.db import db
from saas.jobs import job, put
from saas.templating import moment
from tenants.jobs import personal_files
from tenants.models.access import User
from tenants.models.councils import Council
from tenants.queries import prepared_files as queries
from tenants.services import prepared_files as services

MADE_HERE = (personal_files.make_personal_file,)
"""What makes the files of the kinds that tenants knows; it is known to the service from its import on."""


def _told(file_id: UUID, _error: Exception) -> None:
    services.give_up(file_id)


@job(isolation="REPEATABLE READ", on_failure=_told)
def make_prepared_file(file_id: UUID) -> None:
    """Make what somebody asked for; the mail and the removal follow."""
    if services.make(file_id):
        asked = queries.find(file_id)
        if asked is None:
            raise RuntimeError("a file was made that nobody asked for")
        scope = db.session.info["scope"]
        put(mail_prepared_file, file_id, scope)
        put(remove_prepared_file, file_id, scope, due_at=asked.expires_at)


@job()
def mail_prepared_file(file_id: UUID) -> None:
    """Tell the person that it is ready. The mail holds no file: it is fetched behind the sign-in."""
    asked = queries.find(file_id)
    user = db.session.get(User, asked.user_id) if asked is not None else None
    if asked is None or asked.file is None or user is None or user.disabled_at is not None:
        return
    council = db.session.get(Council, asked.council_id) if asked.council_id else None
    path = f"/councils/{council.slug}/export" if council else "/account/my-data"
    context = {
        "name": user.name,
        "what": f"everything about {council.name}" if council else "everything about you",
        "until": moment(asked.expires_at),
        "link": current_app.config["CHARTERWAY"].base_url + path,
    }
    mail.deliver("prepared_file", to=user.email, context=context, key=f"prepared file {asked.id}")


@job()
def remove_prepared_file(file_id: UUID) -> None:
    """Remove it from the storage when its seven days are over."""
    services.forget(file_id)
