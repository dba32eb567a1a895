"""Office-holders and signatures for tests, made through the services."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from flask import Flask

from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.signings import find_borne, find_current, get_request, list_requests
from assessment.services import accreditations, signings
from assessment.services.accreditations import Signature
from saas import clock, jobs
from saas.security import digest
from saas.tenancy import CONSOLE, Actor, Scope
from saas.transaction import within
from tenants.queries.offices import find_current as find_holder
from tenants.services import offices
from tenants.services.offices import HolderDetails
from tests.factories.assessment import make_framework
from tests.factories.remembering import remembered
from tests.factories.tenants import MadeCouncil

LEADER, CHIEF = "Leader", "Chief Executive"
NAMES = {LEADER: "Sam Okoro", CHIEF: "Kit Moss"}
IN_OFFICE_SINCE = date(2025, 5, 20)
MAILED = re.compile(r"^To: (\S+)$.*?http://localhost(/sign/[\w-]{43})$", re.MULTILINE | re.DOTALL)


@remembered
def make_holder(
    app: Flask,
    council: MadeCouncil,
    office: str = LEADER,
    name: str | None = None,
    email: str | None = None,
    user_id: UUID | None = None,
) -> UUID:
    """Who holds an office of the council, reached by mail unless `user_id` is a signatory; the entry's id."""
    name = name or NAMES[office]
    email = f"{name.lower().replace(' ', '.')}@example.org" if email is None else email
    details = HolderDetails(office, name, IN_OFFICE_SINCE, email, user_id)
    with app.app_context(), within(council.scope()):
        return offices.add_holder(council.id, details=details, by=CONSOLE).id


def leave(app: Flask, council: MadeCouncil, office: str) -> None:
    """Whoever holds the office holds it no longer."""
    with app.app_context():
        with within(council.scope()):
            holder = find_holder(council.id, office)
            assert holder is not None
            offices.end_holding(holder, until_on=clock.today(), by=CONSOLE)
        jobs.run_all()


@remembered
def commit_by_asking(app: Flask, council: MadeCouncil, framework_id: UUID | None = None, **on_paper: date) -> UUID:
    """A commitment whose offices are asked to sign, but for those signed on paper (leader=…, chief=…); its id."""
    days = {LEADER: on_paper.get("leader"), CHIEF: on_paper.get("chief")}
    framework_id = framework_id or make_framework(app)
    with app.app_context():
        with within(council.scope()):
            made = accreditations.commit(
                council.id,
                council.region.id,
                council.name,
                framework_id=framework_id,
                level="charter",
                target_on=None,
                signatures=[Signature(office, NAMES[office], day) for office, day in days.items() if day],
                by=CONSOLE,
            ).id
        jobs.run_all()
    return made


def requests_of(app: Flask, council: MadeCouncil, accreditation_id: UUID, about: str = "commitment") -> dict[str, UUID]:
    """Office → the id of its request that has not ended, of what is being signed."""
    with app.app_context(), within(council.scope(), read_only=True):
        signing = find_current(get_accreditation(accreditation_id), about)
        assert signing is not None
        return {each.office: each.id for each in list_requests(signing.id) if each.ended_at is None}


def links_in(text: str) -> dict[str, str]:
    """Address → the path of the newest link mailed to it, of what `console:` printed."""
    return dict(MAILED.findall(text))


def sign_by_link(app: Flask, path: str, name: str) -> None:
    """Sign as the bearer of a mailed link; what follows is done too."""
    key_hash = digest(path.rpartition("/")[2])
    with app.app_context():
        with within(Scope.bearer(key_hash=key_hash)):
            asked = find_borne(key_hash)
            assert asked is not None
            signings.sign(get_request(asked.id, lock=True), name=name, by=Actor(None, name))
        jobs.run_all()


@remembered
def open_submission(app: Flask, council: MadeCouncil, accreditation_id: UUID) -> UUID:
    """The submission put before those who sign; the signing's id."""
    with app.app_context():
        with within(council.scope()):
            made = signings.open_signing(get_accreditation(accreditation_id, lock=True), "readiness", by=CONSOLE).id
        jobs.run_all()
    return made


@remembered
def sign_on_paper(app: Flask, council: MadeCouncil, accreditation_id: UUID) -> None:
    """Put the submission before those who sign, and record every signature on paper, where the process asks for it."""
    with app.app_context():
        with within(council.scope()):
            accreditation = get_accreditation(accreditation_id, lock=True)
            process = process_of(accreditation)
            if not process.readiness_signed or find_current(accreditation, "readiness") is not None:
                return
            signings.open_signing(accreditation, "readiness", by=CONSOLE)
            for office in process.signatories:
                name = NAMES.get(office, "Alex Wren")
                today = clock.today()
                signings.record_on_paper(
                    accreditation, "readiness", office=office, name=name, signed_on=today, by=CONSOLE
                )
        jobs.run_all()
