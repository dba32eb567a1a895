"""The morning: reminders, the contributor's mail with the same link, and the daily mail half an hour later."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from saas import clock, jobs, rounds
from saas.tenancy import Actor
from tests.factories.assessment import make_accreditation
from tests.factories.contributions import make_contribution
from tests.factories.invitations import Postbox
from tests.factories.tenants import MadeCouncil, MadeUser


def test_a_contributor_is_mailed_the_same_link_and_the_asker_one_list(
    app: Flask, council: MadeCouncil, lead: MadeUser, postbox: Postbox
) -> None:
    made = make_accreditation(app, council)
    postbox.empty()
    due_on = clock.today() + timedelta(days=17)
    make_contribution(app, council, made, due_on=due_on, by=Actor(lead.id, lead.name))
    link = postbox.link()
    morning = (clock.now() + timedelta(days=3)).replace(hour=7, minute=10)
    texts = []
    for moment in (morning, morning.replace(minute=40), morning.replace(minute=50)):
        with app.app_context(), clock.at(moment):
            rounds.start_rounds()
            jobs.run_all()
        texts.append(postbox.empty())
    reminder = texts[0] + texts[1]
    assert "Subject: A reminder: your text for" in reminder
    assert reminder.count(link) == 1
    assert "To: gwen@example.org" in reminder
    assert f"To: {lead.email}" in reminder
    assert "Text about 1.1.1" in reminder
    assert texts[2] == ""
