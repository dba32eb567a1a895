"""The council's interim return: written improvement by improvement, checked, and asked to be sealed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.interim import InterimDraft
from assessment.models.submissions import SealRequest
from assessment.queries.improvements import get_improvement, list_improvements
from assessment.queries.interim import (
    Standing,
    find_draft,
    find_standing,
    lines_of,
    list_cited,
    list_drafts,
    words_of,
)
from assessment.rules import interim
from assessment.rules.interim import STATES, WHOLE, Problem
from assessment.rules.process_words import day_words
from assessment.rules.sealing import canonical_json
from assessment.rules.stages import Stage
from assessment.services.submissions import Incomplete
from saas import clock, events
from saas.db import db, new_id, turning
from saas.errors import Conflict, Invalid, NotFound
from saas.tenancy import Actor
from tenants.models.evidence import Evidence
from tenants.queries.evidence import find_evidence

SITTING = timedelta(minutes=30)
"""Saved again within this time by the same person, it is one event."""
MOST_EVIDENCE = 50


class Unchecked(Conflict):
    """The return is not what its sender looked over."""


def why_not(accreditation: Accreditation, standing: Standing) -> str:
    """Why the return cannot be written or sent now, in words for the page; "" where it can."""
    award = standing.award
    if accreditation.stage != Stage.AWARDED or award is None:
        return "There is no award to review."
    if award.ending is not None:
        return "The award has ended: no interim review is made any more."
    if award.interim_due_on is None or standing.opens_on is None:
        return "This award has no interim review."
    if award.interim_reviewed_on is not None:
        return f"The interim review was made on {day_words(award.interim_reviewed_on)}."
    if standing.is_with_region:
        return "The interim return is with the region."
    if standing.is_sealing:
        return "The interim return is being sealed."
    if clock.today() < standing.opens_on:
        return f"The interim return opens on {day_words(standing.opens_on)}."
    return ""


def save(accreditation: Accreditation, number: int, *, state: str, words: str, version: int, by: Actor) -> InterimDraft:
    """Keep what is written of one improvement, or with number 0 of the return as a whole; only the council sees it.

    accreditation: read with `share`. version: 0 for what nobody began. Raises NotFound, Invalid (state), and Conflict
    when it is not open, or (theirs: the draft as it stands) when somebody else saved it since.
    """
    _ask_open(accreditation)
    if number != WHOLE:
        told = get_improvement(accreditation.id, number).progress
        if state and state not in interim.states_of(told.state if told else None):
            raise Invalid({"state": ["Choose how far it is."]})
    elif state:
        raise Invalid({"state": [f"Only an improvement is one of {', '.join(STATES)}."]})
    draft = find_draft(accreditation, number)
    if (draft.version if draft else 0) != version:
        raise _overtaken(accreditation, number)
    if draft is not None and (draft.state, draft.words) == (state, words):
        return draft
    draft = draft or _begun(accreditation, number, by)
    draft.state, draft.words = state, words
    return _touched(draft, by)


def cite(accreditation: Accreditation, number: int, evidence: Evidence, *, by: Actor) -> InterimDraft:
    """Add evidence of the council's library to what is said of one improvement; once.

    Raises NotFound, Conflict when the return is not open, Invalid (evidence_id) for what is in quarantine.
    """
    _ask_open(accreditation)
    get_improvement(accreditation.id, number)
    draft = find_draft(accreditation, number) or _begun(accreditation, number, by)
    if evidence.scan == "quarantined":
        raise Invalid({"evidence_id": [f"“{evidence.title}” is in quarantine and cannot be sent."]})
    if len(draft.evidence) >= MOST_EVIDENCE:
        raise Invalid({"evidence_id": [f"An improvement takes at most {MOST_EVIDENCE} pieces of evidence."]})
    if str(evidence.id) not in draft.evidence:
        draft.evidence = [*draft.evidence, str(evidence.id)]
    return _touched(draft, by)


def uncite(accreditation: Accreditation, number: int, evidence_id: UUID, *, by: Actor) -> None:
    """Take evidence out of what is said of one improvement; it stays in the library.

    Raises NotFound for what is not the council's, Conflict when not open.
    """
    if find_evidence(evidence_id) is None:
        raise NotFound
    _ask_open(accreditation)
    draft = find_draft(accreditation, number)
    if draft is not None and str(evidence_id) in draft.evidence:
        draft.evidence = [each for each in draft.evidence if each != str(evidence_id)]
        _touched(draft, by)


def look_over(accreditation: Accreditation) -> list[Problem]:
    """Everything that keeps the return from being sent, in order; three statements."""
    drafts = list_drafts(accreditation)
    lines = lines_of(list_improvements(accreditation.id), drafts, list_cited(drafts))
    return interim.problems_of(lines, words_of(drafts))


def fingerprints(accreditation: Accreditation) -> dict[int, str]:
    """What the return would say now, as one SHA-256 by number of improvement (0: the return as a whole)."""
    drafts = list_drafts(accreditation)
    cited = list_cited(drafts)
    improvements = list_improvements(accreditation.id)
    found: dict[int, str] = {WHOLE: _fingerprint(words_of(drafts))}
    for each, line in zip(improvements, lines_of(improvements, drafts, cited), strict=True):
        files = [[str(one.id), one.title, one.sha256 or "", one.url or ""] for one in cited.get(line.number, [])]
        said = [line.state, line.words, files] if line.is_asked else []
        found[line.number] = _fingerprint([each.improvement.action, line.is_asked, *said])
    return found


def request_seal(accreditation: Accreditation, *, checked: Mapping[int, str] | None = None, by: Actor) -> SealRequest:
    """Ask for the seal of the return; a job makes it. From now on it cannot be changed.

    accreditation: read with `lock`. checked: the `fingerprints` of what was looked over before; None does not compare.
    Raises Conflict when it is not open, Incomplete when something is missing, Unchecked when it is not what was looked
    over.
    """
    _ask_open(accreditation)
    problems = look_over(accreditation)
    if problems:
        raise Incomplete(interim.still_missing(problems))
    if checked is not None:
        changed = interim.changed_since(checked, fingerprints(accreditation))
        if changed:
            raise Unchecked(changed)
    request = SealRequest(
        council_id=accreditation.council_id,
        id=new_id(),
        region_id=accreditation.region_id,
        accreditation_id=accreditation.id,
        kind="interim",
        asked_at=clock.now(),
        asked_by=by.id,
        asked_by_name=by.name,
    )
    db.session.add(request)
    db.session.flush()
    events.record("submission.seal_requested", request, by=by, audience="council", payload={"kind": "interim"})
    return request


def _fingerprint(said: object) -> str:
    return hashlib.sha256(canonical_json(said)).hexdigest()


def _ask_open(accreditation: Accreditation) -> None:
    refusal = why_not(accreditation, find_standing(accreditation))
    if refusal:
        raise Conflict(refusal)


def _begun(accreditation: Accreditation, number: int, by: Actor) -> InterimDraft:
    draft = InterimDraft(
        council_id=accreditation.council_id,
        id=new_id(),
        accreditation_id=accreditation.id,
        number=number,
        state="",
        words="",
        evidence=[],
        updated_at=clock.now() - 2 * SITTING,
        updated_by_name=by.name,
    )
    unique = "uq_interim_drafts_council_id_accreditation_id_number"
    with turning(unique, lambda: _overtaken(accreditation, number)):
        db.session.add(draft)
    return draft


def _touched(draft: InterimDraft, by: Actor) -> InterimDraft:
    now = clock.now()
    if draft.updated_by_name != by.name or draft.updated_at < now - SITTING:
        payload = {"number": draft.number}
        events.record("interim.written", draft, by=by, audience="council", payload=payload)
    draft.updated_at, draft.updated_by_name = now, by.name
    db.session.flush()
    return draft


def _overtaken(accreditation: Accreditation, number: int) -> Conflict:
    theirs = find_draft(accreditation, number)
    return Conflict("Somebody else saved this after you opened the page.", theirs=theirs)
