"""The mail to a council's leads when the region releases its outcome."""

from __future__ import annotations

from flask import Flask

from assessment.queries.cases import get_case
from saas.templating import day
from tests.conftest import InScope
from tests.factories.awards import make_award, make_decided, release
from tests.factories.invitations import Postbox
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
