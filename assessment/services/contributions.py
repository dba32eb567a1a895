"""Contributions: asking somebody without an account for a text, its sending, and what the council makes of it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer, ContributionRequest
from assessment.queries.accreditations import address_of, get_accreditation
from assessment.queries.answers import find_answer
from assessment.queries.contributions import find_waiting, get_request
from assessment.queries.frameworks import get_framework
from assessment.rules import contributions as rules
from assessment.rules.contributions import State, state_of
from assessment.services import answers
from saas import clock, events
from saas.db import db, new_id
from saas.errors import Conflict, Invalid
from saas.policy import Permission
from saas.security import Throttle, digest, secret_for
from saas.tenancy import Actor
from tenants.queries.access import list_colleagues
from tenants.services.invitations import checked_email
from tenants.services.notices import tell

LONGEST_NAME, LONGEST_EMAIL, LONGEST_QUESTION, LONGEST_WORDS, LONGEST_REASON = 120, 254, 2_000, 20_000, 1_000
ASKED = Throttle("contributions-asked", 60, 60 * 60)
"""By council: these mails go to people who did not ask for them."""
ENDED = {
    State.WITHDRAWN: "This request was withdrawn in the meantime.",
    State.DECLINED: "{name} declined in the meantime.",
    State.SENT: "{name} sent the text in the meantime.",
    State.TAKEN: "{by} took this text into the answer in the meantime.",
    State.SET_ASIDE: "{by} set this text aside in the meantime.",
    State.EXPIRED: "The time for this request is over. Give it more time first.",
    State.ASKED: "{name} has not sent a text yet.",
}


def brake(council_id: UUID) -> None:
    """Count one more mail of a council to somebody without an account; raises TooManyAttempts."""
    ASKED.brake(str(council_id))


def ask(
    accreditation: Accreditation,
    requirement_id: UUID,
    *,
    name: str,
    email: str,
    question: str,
    due_on: date,
    by: Actor,
) -> ContributionRequest:
    """Ask somebody for a text about one requirement; a job mails the link. Raises Invalid, Conflict, NotFound."""
    requirement = answers.requirement_of(accreditation, requirement_id)
    answers.refuse_at_rest(accreditation)
    answers.refuse_closed(accreditation, requirement)
    address = checked_email(email)
    today = clock.today()
    if not today <= due_on <= today + timedelta(days=rules.LONGEST_DAYS):
        raise Invalid({"due_on": [f"Choose a day from today on, at most {rules.LONGEST_DAYS} days ahead."]})
    if find_waiting(accreditation, requirement_id, address) is not None:
        raise Invalid({"email": [f"{address} was asked about this requirement already. Send that request again."]})
    framework = get_framework(accreditation.framework_id).tree
    request = ContributionRequest(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        requirement_id=requirement_id,
        name=name.strip(),
        email=address,
        question=question.strip(),
        shown={
            "code": requirement.code,
            "title": requirement.title,
            "text": requirement.text,
            "practice": requirement.guidance,
            "council": accreditation.council_name,
            "framework": framework.title,
        },
        due_on=due_on,
        key_hash=None,
        asked_at=clock.now(),
        asked_by=by.id,
        asked_by_name=by.name,
        expires_at=rules.ends_at(due_on),
    )
    db.session.add(request)
    db.session.flush()
    _record("contribution.asked", request, by)
    return request


def resend(request: ContributionRequest, *, by: Actor) -> None:
    """Send the request again with a new link; the old one ends. Raises Conflict unless it waits for its answer."""
    _refuse_unless(request, State.ASKED)
    request.key_hash = None
    request.asked_at = clock.now()
    _record("contribution.resent", request, by)


def extend(request: ContributionRequest, *, by: Actor) -> None:
    """Give more time: the same link works longer, and a mail says so. Raises Conflict when it was answered."""
    _refuse_unless(request, State.ASKED, State.EXPIRED)
    request.due_on = rules.extended(request.due_on, clock.today())
    request.expires_at = rules.ends_at(request.due_on)
    _record("contribution.extended", request, by, until=request.due_on.isoformat())


def withdraw(request: ContributionRequest, *, by: Actor) -> None:
    """Take the request back; its link ends. Raises Conflict when it was answered or withdrawn before."""
    _refuse_unless(request, State.ASKED, State.EXPIRED)
    request.withdrawn_at = clock.now()
    request.settled_by_name = by.name
    _record("contribution.withdrawn", request, by)


def secret_of(request: ContributionRequest) -> str | None:
    """The secret of the mail, whose SHA-256 is kept here; None when the request cannot be answered any more.

    Asking or sending again makes another one. It is nowhere but in what this returns.
    """
    if state_of(request, clock.now()) is not State.ASKED:
        return None
    secret = secret_for(f"contribution {request.id} {request.asked_at.isoformat()}")
    request.key_hash = digest(secret)
    return secret


def save_draft(request: ContributionRequest, words: str) -> None:
    """Keep what the contributor has written so far; nobody else sees it. The request is open and held."""
    if words != request.words:
        request.words = words
        request.saved_at = clock.now()


def send(request: ContributionRequest, words: str) -> None:
    """Send the text to the council; it cannot be changed after. The request is open and held."""
    save_draft(request, words)
    request.sent_at = clock.now()
    _record("contribution.sent", request, Actor(None, request.name))


def decline(request: ContributionRequest, reason: str) -> None:
    """Send nothing and say why. The request is open and held."""
    request.decline_reason = reason.strip()
    request.declined_at = clock.now()
    _record("contribution.declined", request, Actor(None, request.name))


def tell_of_answer(request: ContributionRequest) -> None:
    """Tell who asked, or the leads where that person has left, that a text or a refusal has come."""
    state = state_of(request, clock.now())
    if state not in (State.SENT, State.DECLINED):
        return
    accreditation = get_accreditation(request.accreditation_id)
    done = "sent a text" if state is State.SENT else "declined to send a text"
    path = f"{address_of(accreditation)}requirements/{request.shown['code']}#contributions"
    words = f"{request.name} {done} about {request.shown['code']} {request.shown['title']}"
    key = f"contribution:{request.id}:{state}"
    for person in people_to_tell(request.council_id, request.asked_by):
        tell(request.council_id, person, key=key, kind="contribution", words=words, path=path)


def people_to_tell(council_id: UUID, wanted: UUID | None) -> list[UUID]:
    """The one who is concerned, while he or she still writes answers here; else the council's leads."""
    if wanted in {each.user_id for each in list_colleagues(council_id, Permission.ANSWER_WRITE)}:
        return [wanted]
    return [each.user_id for each in list_colleagues(council_id, Permission.SUBMISSION_SEAL)]


def take_in(accreditation: Accreditation, request: ContributionRequest, *, version: int, by: Actor) -> Answer:
    """Add the text to the answer as a version of its own that names its writer.

    version: of the answer as the editor saw it, 0 for none. The accreditation was read with `share`. Raises Conflict
    (`theirs` is the answer) when somebody else changed the answer meanwhile, Conflict when the text was settled or
    answers rest.
    """
    request = get_request(request.council_id, request.id, lock=True)
    _refuse_unless(request, State.SENT)
    answer = find_answer(accreditation, request.requirement_id)
    if answer is not None and answer.version != version and answer.updated_by != by.id:
        raise Conflict(theirs=answer)
    saved = answers.save(
        accreditation,
        request.requirement_id,
        judgement=answer.judgement if answer else None,
        narrative=rules.joined(answer.narrative if answer else "", request.words),
        not_applicable_reason=answer.not_applicable_reason if answer else "",
        version=answer.version if answer else 0,
        by=Actor(by.id, f"{by.name}, with a text by {request.name}"),
    )
    request.taken_at = clock.now()
    request.settled_by_name = by.name
    _record("contribution.taken", request, by)
    return saved


def set_aside(request: ContributionRequest, *, by: Actor) -> None:
    """Leave the text out of the answer, kept and to be brought back. Raises Conflict unless it waits for that."""
    _refuse_unless(request, State.SENT)
    request.set_aside_at = clock.now()
    request.settled_by_name = by.name
    _record("contribution.set_aside", request, by)


def bring_back(request: ContributionRequest, *, by: Actor) -> None:
    """Undo setting a text aside. Raises Conflict when it is not set aside."""
    if state_of(request, clock.now()) is not State.SET_ASIDE:
        raise Conflict("This text is not set aside any more.")
    request.set_aside_at = None
    request.settled_by_name = ""
    _record("contribution.brought_back", request, by)


def _refuse_unless(request: ContributionRequest, *wanted: State) -> None:
    """Raise Conflict, in words for the page, unless the request is in one of these states. It is held."""
    state = state_of(request, clock.now())
    if state not in wanted:
        raise Conflict(ENDED[state].format(name=request.name, by=request.settled_by_name))


def _record(verb: str, request: ContributionRequest, by: Actor, **more: str) -> None:
    payload = {"name": request.name, "requirement": request.shown["code"]} | more
    events.record(verb, request, by=by, audience="council", payload=payload)
