"""Clarifications: asking the council about one requirement, and its answer, which is given once and then stands."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.clarifications import (
    Clarification,
    ClarificationAnswer,
    ClarificationDraft,
    ClarificationFile,
)
from assessment.queries import clarifications as queries
from assessment.queries.accreditations import address_of, process_of
from assessment.queries.clarifications import Item
from assessment.queries.submissions import find_latest
from assessment.rules import clarifications as rules
from assessment.rules.process_words import day_words
from assessment.rules.stages import LABELS, Stage
from assessment.services.answers import requirement_of
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid
from saas.files import is_scanning, storage
from saas.policy import Permission
from saas.tenancy import Actor
from tenants.models.evidence import Evidence
from tenants.queries.access import list_colleagues
from tenants.queries.locks import hold
from tenants.services.notices import Told, tell_all

ONE_DRAFT = "uq_clarification_drafts_council_id_clarification_id"
ONE_ANSWER = "uq_clarification_answers_council_id_clarification_id"
REPLACED = "A file changed after you checked it."
OVERTAKEN = "Somebody saved this draft after you opened it."
ANSWERED = "This question is answered already, and an answer is sent once."


def ask(
    accreditation: Accreditation, requirement_id: UUID, *, question: str, asked_as: str, by: Actor
) -> Clarification:
    """Ask the council about one requirement of what it sent; in file scope ("assessor") or region scope ("region").

    Raises Invalid (question), NotFound (the requirement), Conflict where nothing was sent, the judgements are agreed,
    or too many questions wait for an answer.
    """
    _check_open(accreditation, "The council can be asked")
    requirement = requirement_of(accreditation, requirement_id)
    question = _text("question", question, rules.LONGEST_QUESTION, "Enter your question.")
    if by.id is None:
        raise Conflict("A question is asked by a person.")
    submission = find_latest(accreditation.id, "readiness")
    if submission is None:
        raise Conflict("The council has sent no submission yet.")
    hold(f"clarifications:{accreditation.id}")
    counts = queries.count_questions(accreditation.id)
    if counts.waiting >= rules.MOST_OPEN:
        raise Conflict(f"{counts.waiting} questions wait for an answer. Ask more when the council has answered some.")
    asked = Clarification(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        submission_id=submission.id,
        requirement_id=requirement_id,
        number=counts.asked + 1,
        question=question,
        due_on=rules.due_on(clock.today(), process_of(accreditation)),
        asked_at=clock.now(),
        asked_by=by.id,
        asked_by_name=by.name,
        asked_as=asked_as,
    )
    db.session.add(asked)
    db.session.flush()
    payload = {"number": asked.number, "requirement": requirement.code, "due_on": asked.due_on.isoformat()}
    events.record("clarification.asked", asked, by=by, audience="shared", payload=payload)
    return asked


def save_draft(
    accreditation: Accreditation,
    item: Item,
    *,
    words: str,
    version: int,
    evidence: Collection[UUID] | None = None,
    by: Actor,
) -> ClarificationDraft:
    """Keep the council's answer while it is written; the same content again changes nothing.

    version: of the draft that was read, 0 when there was none. evidence: what goes with it; None leaves it as it is.
    Raises Invalid (words, evidence) and Conflict: answered, out of time, or a newer draft stands (`theirs`).
    """
    _check_answerable(accreditation, item)
    words = words.strip()
    if len(words) > rules.LONGEST_ANSWER:
        raise Invalid({"words": [f"Use {rules.LONGEST_ANSWER:,} characters or fewer."]})
    draft = queries.find_draft(item.id, lock=True)
    if (draft.version if draft else 0) != version:
        raise Conflict(OVERTAKEN, theirs=draft)
    attached = list(draft.evidence) if draft else []
    if evidence is not None:
        attached = [str(each.id) for each in _attachable(accreditation.council_id, evidence)]
    if draft is not None and (draft.words, list(draft.evidence)) == (words, attached):
        return draft
    if draft is None:
        draft = ClarificationDraft(
            council_id=accreditation.council_id, id=new_id(), clarification_id=item.id, version=1
        )
    with turning(ONE_DRAFT, lambda: Conflict(OVERTAKEN, theirs=queries.find_draft(item.id))):
        draft.words = words
        draft.evidence = attached
        draft.updated_at = clock.now()
        draft.updated_by_name = by.name
        db.session.add(draft)
    return draft


def answer(
    accreditation: Accreditation, item: Item, *, version: int, files: str | None = None, by: Actor
) -> ClarificationAnswer:
    """Send the draft as it stands: it is fixed with a hash over submission, question, words and files.

    files: `fingerprint` of those that were checked; None does not compare. Raises Invalid (words, evidence) where there
    is nothing to send, or a file went away or into quarantine; Conflict as `save_draft`, and where a file changed.
    """
    _check_answerable(accreditation, item)
    draft = queries.find_draft(item.id, lock=True)
    if draft is None:
        raise Invalid({"words": ["Enter your answer."]})
    if draft.version != version:
        raise Conflict(OVERTAKEN, theirs=draft)
    words = _text("words", draft.words, rules.LONGEST_ANSWER, "Enter your answer.")
    found = _attachable(accreditation.council_id, [UUID(each) for each in draft.evidence])
    if files is not None and files != fingerprint(found):
        raise Conflict(REPLACED, theirs=draft)
    _check_bytes(found)
    sent = ClarificationAnswer(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        clarification_id=item.id,
        words=words,
        answered_at=clock.now(),
        answered_by=by.id,
        answered_by_name=by.name,
        hash="",
    )
    copies = _files_of(sent, found)
    sent.hash = rules.hash_of(document_of(item, sent.words, sent.answered_at, by.name, copies))
    with turning(ONE_ANSWER, lambda: Conflict(ANSWERED)):
        db.session.add(sent)
        db.session.flush()
        db.session.add_all(copies)
    db.session.delete(draft)
    payload = {"number": item.number, "requirement": item.code, "files": len(copies), "hash": sent.hash}
    events.record("clarification.answered", sent, by=by, audience="shared", payload=payload)
    return sent


def fingerprint(found: Collection[Evidence]) -> str:
    """One SHA-256 over the contents of some files: another where one was replaced, added or taken out."""
    return hashlib.sha256(" ".join(sorted(each.sha256 or "" for each in found)).encode()).hexdigest()


def notice_key(clarification_id: UUID) -> str:
    """What a notice about a question is told under."""
    return f"clarification:{clarification_id}"


def tell_council(accreditation: Accreditation, item: Item) -> list[Told]:
    """Tell everybody who may answer that the council was asked; those who had not been told. In council scope."""
    path = f"{address_of(accreditation)}questions/{item.id}"
    words = f"Question {item.number} about {item.code} {item.title}: answer it by {day_words(item.due_on)}."
    people = list_colleagues(accreditation.council_id, Permission.QUESTION_ANSWER)
    told = [Told(each.user_id, notice_key(item.id), "question", words, path) for each in people]
    return tell_all(accreditation.council_id, told)


def document_of(
    item: Item,
    words: str,
    answered_at: datetime,
    answered_by: str,
    files: Collection[ClarificationFile] | Collection[queries.SentFile],
) -> dict[str, object]:
    """What an answer says, as its hash covers it."""
    facts = [
        {"title": each.title, "filename": each.filename, "sha256": each.sha256, "size": each.size} for each in files
    ]
    return rules.document_of(
        submission=item.submission_hash,
        requirement=item.code,
        number=item.number,
        question=item.question,
        asked_at=_instant(item.asked_at),
        asked_by=item.asked_by_name,
        words=words,
        answered_at=_instant(answered_at),
        answered_by=answered_by,
        files=sorted(facts, key=lambda fact: (str(fact["title"]), str(fact["sha256"]))),
    )


def record_of(items: Collection[Item]) -> dict[str, object]:
    """Everything asked and answered, ready for canonical JSON: each answer as its hash covers it, with the hash."""
    return {
        "format": rules.FORMAT,
        "clarifications": [
            {"document": document_of(item, item.words, item.answered_at, item.answered_by_name, item.files)}
            | {"hash": item.hash}
            if item.answered_at
            else {
                "requirement": item.code,
                "number": item.number,
                "question": {"words": item.question, "at": _instant(item.asked_at), "by": item.asked_by_name},
                "due_on": item.due_on.isoformat(),
            }
            for item in items
        ],
    }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _files_of(sent: ClarificationAnswer, found: Collection[Evidence]) -> list[ClarificationFile]:
    return [
        ClarificationFile(
            council_id=sent.council_id,
            id=new_id(),
            region_id=sent.region_id,
            accreditation_id=sent.accreditation_id,
            answer_id=sent.id,
            title=each.title,
            filename=each.filename or "",
            content_type=each.content_type or "",
            sha256=each.sha256 or "",
            size=each.size or 0,
        )
        for each in found
    ]


def _attachable(council_id: UUID, wanted: Collection[UUID]) -> list[Evidence]:
    """The files of these ids in the council's library, by title, each content once; raises Invalid for any other."""
    ids = set(wanted)
    if len(ids) > rules.MOST_FILES:
        raise Invalid({"evidence": [f"Attach {rules.MOST_FILES} files or fewer."]})
    found = queries.list_attached(council_id, ids)
    if len(found) != len(ids):
        raise Invalid(
            {"evidence": ["A file you attached is no longer in your library. Take it out or attach another."]}
        )
    for each in found:
        if each.kind != "file":
            raise Invalid({"evidence": [f"“{each.title}” is no file. Write a web address into your answer."]})
        if each.scan == "quarantined":
            raise Invalid({"evidence": [f"“{each.title}” is in quarantine and cannot be sent."]})
    return found


def _check_bytes(found: Collection[Evidence]) -> None:
    for each in found:
        if is_scanning() and each.scan != "clean":
            raise Invalid(
                {"evidence": [f"“{each.title}” has not passed the malware scan yet. Send again in a moment."]}
            )
        if not storage().exists(str(each.council_id), each.sha256 or ""):
            raise Invalid(
                {"evidence": [f"“{each.title}” cannot be read from storage. Take it out or upload it again."]}
            )


def _check_open(accreditation: Accreditation, what: str) -> None:
    stage = Stage(accreditation.stage)
    if not rules.may_ask(stage):
        raise Conflict(f"{what} from the submission until its judgements are agreed, not at “{LABELS[stage]}”.")


def _check_answerable(accreditation: Accreditation, item: Item) -> None:
    if item.answered_at is not None:
        raise Conflict(ANSWERED)
    _check_open(accreditation, "A question can be answered")


def _text(field: str, typed: str, longest: int, missing: str) -> str:
    typed = typed.strip()
    if not typed or len(typed) > longest:
        raise Invalid({field: [missing if not typed else f"Use {longest:,} characters or fewer."]})
    return typed
