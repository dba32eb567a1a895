"""Invitations to a visit: to each of the team and the council's leads, their changes, and their cancellation."""

from __future__ import annotations

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from icalendar import Calendar

from assessment.queries.accreditations import get_accreditation
from assessment.queries.assignments import get_own, list_team
from assessment.queries.visits import get_visit
from assessment.services import assignments, interests, visits
from assessment.services.assignments import Asked
from saas import clock, jobs, mail
from saas.tenancy import Scope
from tests.conftest import InScope
from tests.factories.assessors import enter
from tests.factories.scores import MadeCase, actor, make_declared, make_team
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_user
from tests.factories.visits import a_day, make_visit


class Sent:
    """The mails of one run of the jobs, by address."""

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        self._app = app
        self._sent: list[EmailMessage] = []
        monkeypatch.setattr(mail, "send", self._sent.append)

    def empty(self) -> dict[str, EmailMessage]:
        """Run every job that is due."""
        self._sent.clear()
        with self._app.app_context():
            jobs.run_all()
        return {str(message["To"]): message for message in self._sent if "visit" in str(message["Subject"])}


@pytest.fixture
def sent(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What is mailed from now on; nothing reaches a server."""
    return Sent(app, monkeypatch)


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion, lead: MadeUser) -> MadeCase:
    """A team that has declared and a council with a lead, whose visit is planned and invited to."""
    made = make_declared(app, council, region)
    make_visit(app, made, invited=True)
    return made


def entry_of(message: EmailMessage) -> tuple[str, str, int, str, str, str]:
    """Method, UID, sequence, status, organiser and the one attendee of an attached entry."""
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_content())
    event = next(iter(calendar.events))
    assert part.get_param("method") == str(calendar["method"])
    assert part.get_filename() == "visit.ics"
    return (
        str(calendar["method"]),
        str(event["uid"]),
        int(str(event["sequence"])),
        str(event["status"]),
        str(event["organizer"]),
        str(event["attendee"]),
    )


def everybody(case: MadeCase, lead: MadeUser) -> set[str]:
    return {lead.email, case.officer.email, *(scorer.email for scorer in case.scorers)}


def test_the_team_and_the_leads_get_an_entry_each(
    case: MadeCase, lead: MadeUser, sent: Sent, in_scope: InScope
) -> None:
    mails = sent.empty()
    assert set(mails) == everybody(case, lead)
    with in_scope(case.region.scope()):
        visit = get_visit(case.accreditation_id)
    uid = f"visit-{visit.id}-invitation@localhost"
    for address, message in mails.items():
        organiser = f"mailto:{case.officer.email}"
        assert entry_of(message) == ("REQUEST", uid, 0, "CONFIRMED", organiser, f"mailto:{address}")
        links = set(re.findall(r"http://localhost(/\S+/visit)", message.get_body(("plain",)).get_content()))  # type: ignore[union-attr]
        assert len(links) == 1
    assert f"/files/{case.accreditation_id}/visit" in str(mails[case.scorers[0].email])
    assert f"/councils/{case.council.slug}/" in mails[lead.email].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert sent.empty() == {}


def test_a_change_and_a_cancellation_go_on_under_the_same_name(
    app: Flask, case: MadeCase, lead: MadeUser, sent: Sent, in_scope: InScope
) -> None:
    first = entry_of(sent.empty()[lead.email])
    by = actor(case.officer)
    with in_scope(case.region.scope(case.officer.id)):
        accreditation, visit = get_accreditation(case.accreditation_id), get_visit(case.accreditation_id)
        visits.change(accreditation, visit, held_on=a_day(30), place="Guildhall", version=visit.version, by=by)
    assert sent.empty() == {}  # nobody hears of it before the officer sends it
    with in_scope(case.region.scope(case.officer.id)):
        accreditation, visit = get_accreditation(case.accreditation_id), get_visit(case.accreditation_id)
        visits.invite(accreditation, visit, version=visit.version, by=by)
    changed = sent.empty()
    assert set(changed) == everybody(case, lead)
    assert entry_of(changed[lead.email]) == ("REQUEST", first[1], 1, *first[3:])
    assert "has changed" in changed[lead.email].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    with in_scope(case.region.scope(case.officer.id)):
        accreditation, visit = get_accreditation(case.accreditation_id), get_visit(case.accreditation_id)
        visits.call_off(accreditation, visit, reason="Snow", version=visit.version, by=by)
    off = sent.empty()
    assert set(off) == everybody(case, lead)
    assert entry_of(off[lead.email]) == ("CANCEL", first[1], 2, "CANCELLED", *first[4:])
    assert str(off[lead.email]["Subject"]).startswith(f"Called off: assessment visit at {case.council.name} on ")
    assert "is called off. The reason:" in off[lead.email].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Snow" in off[lead.email].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_who_leaves_the_team_is_told_and_who_comes_is_invited(
    app: Flask, case: MadeCase, sent: Sent, in_scope: InScope
) -> None:
    sent.empty()
    newcomer = make_user(app, case.region, "assessor")
    with in_scope(case.region.scope(case.officer.id)):
        leaver = next(each for each in list_team(case.accreditation_id) if each.user_id == case.scorers[0].id)
        assignments.withdraw(
            get_accreditation(case.accreditation_id, lock=True),
            leaver,
            reason="Ill",
            replacement=Asked(newcomer.id, "Westbrook Borough Council"),
            by=actor(case.officer),
        )
    mails = sent.empty()
    assert {address: entry_of(message)[:3:2] for address, message in mails.items()} == {
        case.scorers[0].email: ("CANCEL", 1)
    }
    subject = str(mails[case.scorers[0].email]["Subject"])
    assert subject.startswith(f"You are no longer expected at the visit at {case.council.name} on ")
    with in_scope(Scope.file(case.accreditation_id, case.region.id, newcomer.id)):
        own = get_own(case.accreditation_id, newcomer.id, lock=True)
        interests.declare(own, interest="none", words="", by=actor(newcomer))
    mails = sent.empty()
    assert {address: entry_of(message)[0] for address, message in mails.items()} == {newcomer.email: "REQUEST"}


def test_who_finds_a_conflict_late_is_told(app: Flask, case: MadeCase, sent: Sent, in_scope: InScope) -> None:
    sent.empty()
    scorer = case.scorers[1]
    with in_scope(case.file(1)):
        own = get_own(case.accreditation_id, scorer.id, lock=True)
        interests.declare_late(own, words="My sister works there.", by=actor(scorer))
    mails = sent.empty()
    assert {address: entry_of(message)[0] for address, message in mails.items()} == {scorer.email: "CANCEL"}


def test_a_visit_without_invitations_is_called_off_without_mail(
    app: Flask, council: MadeCouncil, region: MadeRegion, lead: MadeUser, sent: Sent, in_scope: InScope
) -> None:
    case = make_declared(app, council, region)
    make_visit(app, case)
    with in_scope(region.scope(case.officer.id)):
        accreditation, visit = get_accreditation(case.accreditation_id), get_visit(case.accreditation_id)
        visits.call_off(accreditation, visit, reason="Snow", version=visit.version, by=actor(case.officer))
    assert sent.empty() == {}


def test_who_has_not_declared_hears_of_the_visit_on_declaring_no_interest(
    app: Flask, council: MadeCouncil, region: MadeRegion, lead: MadeUser, sent: Sent, in_scope: InScope
) -> None:
    case = make_team(app, council, region)
    make_visit(app, case, invited=True)
    assert set(sent.empty()) == {lead.email, case.officer.email}
    for number, interest in enumerate(("none", "conflict")):
        with in_scope(case.file(number)):
            own = get_own(case.accreditation_id, case.scorers[number].id, lock=True)
            interests.declare(own, interest=interest, words="My wife.", by=actor(case.scorers[number]))
    mails = sent.empty()
    assert {address: entry_of(message)[0] for address, message in mails.items()} == {case.scorers[0].email: "REQUEST"}
    with in_scope(region.scope(case.officer.id)):
        leaver = next(each for each in list_team(case.accreditation_id) if each.user_id == case.scorers[1].id)
        accreditation = get_accreditation(case.accreditation_id, lock=True)
        assignments.withdraw(accreditation, leaver, reason="Conflict", by=actor(case.officer))
    assert sent.empty() == {}  # nobody takes out of a calendar what was never in it


def test_a_cancellation_names_the_entry_and_goes_to_a_guest_who_left_since(
    app: Flask, case: MadeCase, lead: MadeUser, sent: Sent, in_scope: InScope
) -> None:
    sent.empty()
    enter(app, case.region, case.scorers[0], left_on=clock.today() - timedelta(1))
    with in_scope(case.region.scope(case.officer.id)):
        accreditation, visit = get_accreditation(case.accreditation_id), get_visit(case.accreditation_id)
        visits.call_off(accreditation, visit, reason="Snow", version=visit.version, by=actor(case.officer))
    off = sent.empty()
    assert set(off) == everybody(case, lead)
    part = next(part for part in off[lead.email].walk() if part.get_content_type() == "text/calendar")
    event = next(iter(Calendar.from_ical(part.get_content()).events))
    assert {"UID", "SEQUENCE", "DTSTART", "DTEND"} <= set(event)
    assert not {"LOCATION", "DESCRIPTION", "URL"} & set(event)
