"""Jobs about scores: the scorers hear that a requirement was opened to be scored again."""

from __future__ import annotations

from uuid import UUID

from flask import current_app

from assessment.queries import scores_again as queries
from assessment.queries.assignments import list_team
from saas import mail
from saas.db import db
from saas.jobs import job, put
from saas.tenancy import Scope
from tenants.queries.notices import find_addressed


@job()
def tell_scorers(reopening_id: UUID) -> None:
    """One job for each scorer, in the scope of the file: a mail that fails is tried again without the others."""
    reopening = queries.find_by_id(reopening_id)
    if reopening is None or reopening.closed_at is not None:
        return
    for each in list_team(reopening.accreditation_id):
        if each.duty == "scorer":
            put(mail_scorer, reopening.id, Scope.file(each.accreditation_id, each.region_id, each.user_id))


@job()
def mail_scorer(reopening_id: UUID) -> None:
    """Mail one scorer, while the file is open to him or her and the new score is missing."""
    scope: Scope = db.session.info["scope"]
    if scope.user_id is None:
        return
    found = queries.find_to_score(reopening_id, scope.user_id)
    if found is None:
        return
    reopening, council, requirement, region = found
    addressed = find_addressed(reopening.region_id)
    if addressed is None:
        return
    base_url = current_app.config["CHARTERWAY"].base_url
    context = {
        "name": addressed.name,
        "region": region,
        "council": council,
        "code": requirement.code,
        "title": f"{requirement.code} {requirement.title}",
        "link": f"{base_url}/files/{reopening.accreditation_id}/again/{requirement.code}",
    }
    key = f"requirement {reopening.id} again {scope.user_id}"
    mail.deliver("score_again", to=addressed.email, context=context, key=key)
