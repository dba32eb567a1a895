"""Who holds the offices of the demo's councils, and how they sign: by links that no mail was ever sent for."""

from __future__ import annotations

from datetime import timedelta

from assessment.demo import words
from assessment.demo.journeys import Journey
from assessment.demo.places import PEOPLE, Step
from assessment.demo.scene import opened
from assessment.queries.accreditations import get_accreditation, process_of
from assessment.queries.signings import find_current, list_requests
from assessment.services import signature_requests, signings
from assessment.services.accreditations import Signature
from saas import clock, jobs
from saas.policy import Role
from saas.tenancy import Actor
from tenants.queries.offices import current_holders
from tenants.services import offices
from tenants.services.offices import HolderDetails

LEADER, CHIEF = "Leader", "Chief Executive"
IN_OFFICE_DAYS = 700


def hold_offices(journey: Journey) -> None:
    """A Leader and a Chief Executive, recorded once; where somebody signs in as signatory, that is the Leader."""
    chance = journey.chance("offices")
    person = next((each for each in PEOPLE if (each.scope, each.role) == (journey.council.slug, Role.SIGNATORY)), None)
    with opened(journey.council_scope):
        if current_holders(journey.council_id):
            return
        for office, title in ((LEADER, "Cllr "), (CHIEF, "")):
            given, family = chance.choice(words.GIVEN_NAMES), chance.choice(words.FAMILY_NAMES)
            details = HolderDetails(
                office,
                f"{title}{given} {family}",
                clock.today() - timedelta(days=IN_OFFICE_DAYS),
                f"{given}.{family}@{journey.council.slug}.example.org".lower(),
            )
            if person is not None and office == LEADER:
                user_id = journey.scene.users[person.email]
                details = HolderDetails(office, person.name, details.from_on, person.email, user_id)
            offices.add_holder(journey.council_id, details=details, by=journey.lead)
    jobs.run_all()


def on_paper(journey: Journey) -> list[Signature]:
    """The signatures under the commitment, given on paper a few days before; none where they are asked for by link."""
    if journey.until is Step.COMMITTED:
        return []
    today = clock.today()
    with opened(journey.council_scope):
        holders = current_holders(journey.council_id)
        return [
            Signature(office, holders[office.casefold()].name, today - timedelta(days=days))
            for office, days in ((LEADER, 5), (CHIEF, 2))
        ]


def ask_by_link(journey: Journey) -> None:
    """Everybody who was asked has got a link, and no mail goes out of a demo."""
    with opened(journey.council_scope):
        accreditation = get_accreditation(journey.accreditation_id)
        for about in ("commitment", "readiness"):
            signing = find_current(accreditation, about)
            for asked in list_requests(signing.id, lock=True) if signing else ():
                signature_requests.give_secret(asked)


def sign(journey: Journey, about: str, office: str) -> None:
    """An office-holder signs; where that was the last one, what follows is done."""
    with opened(journey.council_scope):
        signing = find_current(get_accreditation(journey.accreditation_id), about)
        if signing is None:
            raise RuntimeError(f"{journey.council.name}: nothing is with those who sign")
        [asked] = [each for each in list_requests(signing.id, lock=True) if each.office == office]
        signings.sign(asked, name=asked.name, by=Actor(None, asked.name))
    jobs.run_all()


def sign_submission(journey: Journey) -> None:
    """The submission is put before those who sign, and all of them do, the Chief Executive first."""
    with opened(journey.council_scope):
        accreditation = get_accreditation(journey.accreditation_id, lock=True)
        signings.open_signing(accreditation, "readiness", by=journey.lead)
        signatories = process_of(accreditation).signatories
    ask_by_link(journey)
    jobs.run_all()
    for office in reversed(signatories):
        sign(journey, "readiness", office)
