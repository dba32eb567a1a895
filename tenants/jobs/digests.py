"""The daily mail: once a day and person, what the person was told here and has not read."""

from __future__ import annotations

from datetime import time
from uuid import UUID

from flask import current_app

from saas import clock, mail
from saas.db import db
from saas.jobs import job, put
from saas.rounds import daily
from saas.tenancy import Scope
from tenants.models.councils import Council
from tenants.queries.notices import find_recipient, list_people_to_mail, list_unmailed
from tenants.queries.reminder_settings import settings_of
from tenants.services.notices import mark_mailed

AFTER_THE_OTHERS = time(7, 30)
"""Half an hour after the other daily jobs, so that what they tell goes out on the same morning."""


@job()
def prepare_digests(council_id: UUID) -> None:
    """One job for each person with something to read: a mail that fails is tried again without the others."""
    council = db.session.get_one(Council, council_id)
    for user_id in list_people_to_mail(council_id):
        put(send_digest, user_id, Scope.council(council_id, council.region_id, user_id))


daily(prepare_digests, at=AFTER_THE_OTHERS)


@job()
def send_digest(user_id: UUID) -> None:
    """Mail what was not mailed yet; nothing when there is nothing, or the person has no access any more."""
    council_id: UUID = db.session.info["scope"].council_id
    recipient = find_recipient(council_id, user_id)
    notices = list_unmailed(council_id, user_id)
    if recipient is None or not notices:
        return
    council = db.session.get_one(Council, council_id)
    base_url = current_app.config["CHARTERWAY"].base_url
    context = {
        "name": recipient.name,
        "council": council.name,
        "opening": settings_of(council_id).digest_words,
        "items": [{"words": notice.words, "link": base_url + notice.path} for notice in notices],
        "all": f"{base_url}/councils/{council.slug}/notices",
    }
    key = f"digest {council_id} {user_id} {clock.today().isoformat()}"
    if mail.deliver("digest", to=recipient.email, context=context, key=key):
        mark_mailed(notices)
