"""Help from others in the demo: texts asked for by mail, what came of them, reminders of the day, and a calendar."""

from __future__ import annotations

from datetime import timedelta

from assessment.demo.journeys import Journey
from assessment.demo.places import LEAD, MAIN, MadeUpCouncil, Step
from assessment.demo.scene import Scene, opened
from assessment.models.answers import ContributionRequest
from assessment.queries.accreditations import get_accreditation
from assessment.queries.answers import find_answer
from assessment.queries.contributions import get_request
from assessment.queries.frameworks import get_framework
from assessment.services import contributions, reminders
from saas import clock, jobs, rounds
from saas.db import db
from saas.events import Round
from saas.tenancy import Scope
from tenants.rules.reminder_settings import Reminders
from tenants.services.calendar_feeds import make_feed
from tenants.services.reminder_settings import save_settings

OPEN_FOR_DAYS = 9
"""Counted from the demo's last day, so that what nobody has answered yet still can be."""
ASKED = (
    ("Cllr Wendy Marlowe", "wendy.marlowe@example.org", 0, "How do new members find their way in the first months?"),
    ("Bryn Ashworth", "bryn.ashworth@example.org", 1, "What did the finance sessions in spring cover?"),
    ("Cllr Idris Fenn", "idris.fenn@example.org", 2, "How does your group decide who goes to which course?"),
    ("Joan Tilbury", "joan.tilbury@example.org", 3, "What do you do with the evaluation sheets?"),
)
"""Who is asked about which requirement, by its place, and what."""
WORDS = (
    "I had a named officer to ring from the first week. The three evenings in May were enough to begin with; "
    "the session on planning should come before the first committee.",
    "Two sessions in March and April: reading a budget, and the capital programme. Twenty-one members came.",
)
"""What the first two send; the third declines, the last has not answered."""
REMINDERS = Reminders(digest_words="Short and once a day. Ring me if something is unclear.")
CANNOT = "We have not settled that yet. Please ask again after the annual meeting."


def ask(journey: Journey) -> None:
    """Ask four people who do not sign in. Their mails stay unsent: nobody has these addresses."""
    due_on = journey.scene.today + timedelta(days=OPEN_FOR_DAYS)
    with opened(journey.council_scope):
        accreditation = get_accreditation(journey.accreditation_id, share=True)
        ids = get_framework(journey.framework_id).ids
        for name, email, place, question in ASKED:
            asked = contributions.ask(
                accreditation,
                ids[journey.requirements[place].code],
                name=name,
                email=email,
                question=question,
                due_on=due_on,
                by=journey.lead,
            )
            contributions.secret_of(asked)
    jobs.run_all()


def be_answered(journey: Journey) -> None:
    """Two send a text and one declines; who asked hears of it."""
    with opened(journey.council_scope):
        first, second, third, _ = _asked(journey)
        contributions.send(first, WORDS[0])
        contributions.send(second, WORDS[1])
        contributions.decline(third, CANNOT)
    jobs.run_all()


def take_in(journey: Journey) -> None:
    """The first text goes into the answer; the second waits to be read."""
    with opened(journey.council_scope):
        accreditation = get_accreditation(journey.accreditation_id, share=True)
        text = _asked(journey)[0]
        answer = find_answer(accreditation, text.requirement_id)
        contributions.take_in(accreditation, text, version=answer.version if answer else 0, by=journey.lead)


def look_at_the_dates(scene: Scene, councils: tuple[MadeUpCouncil, ...]) -> None:
    """The evening before the demo's last day: whose rounds count as done, so that loading it mails nobody."""
    with clock.at(scene.moment(1, 20)):
        for council in councils:
            if council.until is Step.MERGED:
                continue
            with opened(scene.in_council(council.slug)):
                reminders.remind(scene.councils[council.slug])
        with opened(Scope.operator(None)):
            db.session.add_all(Round(job=name, day=scene.today) for name in rounds.names())
        if MAIN in scene.councils:
            with opened(scene.in_council(MAIN, LEAD)):
                by = scene.actor(LEAD)
                make_feed(scene.councils[MAIN], scene.region_id, scene.users[LEAD.email], by=by)
                save_settings(scene.councils[MAIN], REMINDERS, version=0, by=by)


def _asked(journey: Journey) -> list[ContributionRequest]:
    """The requests of this council, in the order of ASKED."""
    rows = db.session.query(ContributionRequest).filter_by(council_id=journey.council_id)
    by_email = {row.email: row.id for row in rows}
    return [get_request(journey.council_id, by_email[email], lock=True) for _, email, _, _ in ASKED]
