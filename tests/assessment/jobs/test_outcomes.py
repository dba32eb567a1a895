"""The mail to a council's leads when the region releases its outcome."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from assessment.queries.cases import get_case
from saas import jobs
from saas.templating import day
from saas.tenancy import Scope
from tenants.models.notices import Notice
from tests.conftest import InScope
from tests.factories.awards import make_award, make_decided, release
from tests.factories.invitations import Postbox
from tests.factories.sharing import make_practised
from tests.factories.tenants import MadeCouncil, MadeUser, make_user


def test_each_lead_is_mailed_at_once_and_reads_until_when_to_appeal(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope, postbox: Postbox
) -> None:
    editor = make_user(app, council, "council_editor")
    case = make_award(app, council, outcome="not_yet", reason="Too little is met.")
    mails = postbox.empty()
    with in_scope(council.scope()):
        last_day = get_case(case.accreditation_id).facts.appeal_by
    assert (f"To: {lead.email}" in mails, f"To: {editor.email}" in mails) == (True, False)
    assert f"Subject: The report and outcome of {council.name}" in mails
    assert f"Your council can appeal until {day(last_day)}." in mails
    assert f"/accreditations/{case.accreditation_id}/journey" in mails


def test_where_nothing_was_refused_no_appeal_is_spoken_of(
    app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox
) -> None:
    case = make_decided(app, council)
    postbox.empty()
    release(app, case)
    mails = postbox.empty()
    assert (f"To: {lead.email}" in mails, "can appeal" in mails) == (True, False)


def test_leads_hear_once_that_good_practice_waits_for_their_decision(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    make_user(app, council, "council_editor")
    case = make_practised(app, council, "A mentor for each.", "Evening sessions.")
    with app.app_context():
        jobs.run_all()
    release(app, case)
    with in_scope(Scope.council(council.id, council.region.id, lead.id)) as session:
        wanted = sa.select(Notice.user_id, Notice.words, Notice.path).where(Notice.kind == "good_practice")
        assert [tuple(row) for row in session.execute(wanted)] == [
            (
                lead.id,
                "Good practice in your report: 2 entries wait for your decision whether other councils may read it",
                f"/councils/{council.slug}/good-practice",
            )
        ]


def test_nobody_hears_of_good_practice_without_an_award(
    app: Flask, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    make_practised(app, council, "A mentor for each.", outcome="not_yet")
    with in_scope(Scope.council(council.id, council.region.id, lead.id)) as session:
        kinds = session.scalars(sa.select(Notice.kind)).all()
    assert ("outcome" in kinds, "good_practice" in kinds) == (True, False)
