"""Confirming: the chair of the steering group is asked to confirm what is about to be sent, and does."""

from __future__ import annotations

from assessment.models.accreditations import Accreditation
from assessment.models.chair_confirmations import ChairConfirmation
from assessment.queries.accreditations import address_of, process_of
from assessment.queries.chair_confirmations import find_standing
from assessment.queries.submissions import find_latest, find_open_request
from assessment.rules import stages
from assessment.rules.event_words import SENT_AS
from assessment.rules.stages import Stage
from assessment.services import submissions
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.policy import Permission
from saas.tenancy import Actor
from tenants.queries.access import list_colleagues
from tenants.services import notices
from tenants.services.notices import Told

LONGEST_WORDS = 2_000


def ask(accreditation: Accreditation, about: str, *, by: Actor) -> int:
    """Ask whoever has the role of the chair to confirm; how many were told who were not told today.

    accreditation: read with `lock`. Raises Conflict when nothing can be confirmed now or nobody has the role,
    Incomplete when something is missing.
    """
    _refuse_unless_open(accreditation, about)
    chairs = list_colleagues(accreditation.council_id, Permission.PLAN_CONFIRM)
    if not chairs:
        raise Conflict("Nobody in your council has the role of steering group chair.")
    sent = find_latest(accreditation.id, about)
    key = f"chair:{accreditation.id}:{about}:{sent.number if sent else 0}:{clock.today()}"
    words = f"{by.name} asks you to confirm the {SENT_AS[about]}, as chair of the steering group."
    path = f"{address_of(accreditation)}confirm/{about}"
    told = [Told(chair.user_id, key, "confirmation", words, path) for chair in chairs]
    new = notices.tell_all(accreditation.council_id, told)
    if new:
        payload = {"about": about}
        events.record("confirmation.asked", accreditation, by=by, audience="council", payload=payload)
    return len(new)


def confirm(accreditation: Accreditation, *, about: str, words: str, by: Actor) -> ChairConfirmation:
    """Confirm what is about to be sent; it counts until the next submission of this kind is sealed.

    accreditation: read with `lock`. about: "plan" or "readiness". words: what the chair has to say, may be "".
    Raises Conflict when nothing can be confirmed now, Incomplete when something is missing, Invalid (words).
    """
    _refuse_unless_open(accreditation, about)
    words = words.strip()
    if len(words) > LONGEST_WORDS:
        raise Invalid({"words": [f"Your words must be at most {LONGEST_WORDS:,} characters."]})
    made = ChairConfirmation(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        about=about,
        words=words,
        confirmed_at=clock.now(),
        confirmed_by=by.id,
        confirmed_by_name=by.name,
    )
    db.session.add(made)
    db.session.flush()
    events.record("confirmation.given", made, by=by, audience="shared", payload={"about": about})
    return made


def _refuse_unless_open(accreditation: Accreditation, about: str) -> None:
    stage = Stage(accreditation.stage)
    if not stages.may(stage, submissions.VERBS[about]):
        raise Conflict(str(stages.OutOfTurn(stage, submissions.VERBS[about])))
    if not process_of(accreditation).chair_confirms:
        raise Conflict("Your region asks for no confirmation by the chair of the steering group.")
    if find_open_request(accreditation.id) is not None:
        raise Conflict("This is being sealed already.")
    if find_standing(accreditation, about) is not None:
        raise Conflict("The chair of the steering group has confirmed this already.")
    problems = submissions.list_problems(accreditation, about)
    if problems:
        raise submissions.Incomplete(submissions.still_missing(problems))
