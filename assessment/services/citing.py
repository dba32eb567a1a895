"""Citing evidence in answers: pieces tagged with the requirements they show, a new one, or a live measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer
from assessment.queries.answers import find_answer, list_citations
from assessment.queries.frameworks import get_framework
from assessment.rules.measures import MEASURES
from assessment.services import answers, citations
from saas.errors import Conflict, Invalid, NotFound
from saas.tenancy import Actor
from tenants.models.evidence import Evidence
from tenants.queries.evidence import get_evidence
from tenants.services.measures import keep_measure


@dataclass(frozen=True, slots=True)
class Tag:
    """A piece of evidence, the codes of the requirements it shows, and where in it."""

    evidence_id: UUID
    codes: tuple[str, ...]
    pinpoint: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A piece of evidence that an answer is to cite, where in it, and what it shows."""

    evidence_id: UUID
    pinpoint: str = ""
    why: str = ""


def tag(accreditation: Accreditation, tags: Sequence[Tag], *, by: Actor) -> int:
    """Cite each piece in the answer to each of its requirements; how many citations were made.

    An answer that nobody began is begun, empty. The accreditation was read with `share`. All or nothing: raises
    Conflict when answers rest or a file is in quarantine, NotFound for what is not there.
    """
    framework = get_framework(accreditation.framework_id)
    done = 0
    for each in tags:
        evidence = get_evidence(accreditation.council_id, each.evidence_id)
        for code in each.codes:
            if code not in framework.ids:
                raise NotFound
            answer = begun(accreditation, framework.ids[code], by=by)
            answers.cite(answer, evidence, pinpoint=each.pinpoint, why="", by=by)
            done += 1
    return done


def cite_measure(accreditation: Accreditation, requirement_id: UUID, code: str, *, why: str, by: Actor) -> Answer:
    """Cite a live measure in the answer to one requirement; it comes into the library with its first citation.

    code: of MEASURES. Its figures are frozen when the answer is sent. The accreditation was read with `share`. Raises
    Conflict where nobody has answered yet, or answers rest.
    """
    answers.requirement_of(accreditation, requirement_id)
    answer = find_answer(accreditation, requirement_id)
    if answer is None:
        raise Conflict("Give your judgement or write your answer first, then cite a measure.")
    measure = MEASURES[code]
    evidence = keep_measure(accreditation.council_id, measure=measure.code, title=measure.title, by=by)
    answers.cite(answer, evidence, pinpoint="", why=why, by=by)
    return answer


def cite_new(
    accreditation: Accreditation, requirement_id: UUID, evidence: Evidence, *, pinpoint: str, why: str, by: Actor
) -> Answer:
    """Cite what was just added in the answer to one requirement; the answer comes back."""
    answer = begun(accreditation, requirement_id, by=by)
    answers.cite(answer, evidence, pinpoint=pinpoint, why=why, by=by)
    return answer


def cite_exactly(accreditation: Accreditation, answer: Answer, wanted: Sequence[Cited], *, by: Actor) -> None:
    """Let the answer cite these pieces of evidence and no other, each with these words beside it.

    The accreditation was read with `share`. Raises Invalid (citations.<place>.evidence_id) for what is twice in the
    list, is not in the library or is in quarantine; Conflict when answers rest.
    """
    there = {row.Evidence.id: row for row in list_citations(accreditation, answer.id).get(answer.id, ())}
    named = [each.evidence_id for each in wanted]
    for evidence_id, row in there.items():
        if evidence_id not in named:
            answers.uncite(answer, row.id, by=by)
    for at, each in enumerate(wanted):
        if each.evidence_id in named[:at]:
            raise Invalid({f"citations.{at}.evidence_id": ["This evidence is cited twice."]})
        cited = there.get(each.evidence_id)
        if cited is None:
            _cite(answer, at, each, by)
        elif (cited.pinpoint, cited.why) != (each.pinpoint, each.why):
            held = citations.get_citation(answer, cited.id)
            citations.change_citation(answer, held, pinpoint=each.pinpoint, why=each.why, by=by)


def _cite(answer: Answer, at: int, wanted: Cited, by: Actor) -> None:
    try:
        evidence = get_evidence(answer.council_id, wanted.evidence_id)
        answers.cite(answer, evidence, pinpoint=wanted.pinpoint, why=wanted.why, by=by)
    except NotFound as nothing:
        raise Invalid({f"citations.{at}.evidence_id": ["The library holds no such evidence."]}) from nothing
    except Invalid as refusal:
        raise Invalid({f"citations.{at}.evidence_id": refusal.messages["evidence_id"]}) from refusal


def begun(accreditation: Accreditation, requirement_id: UUID, *, by: Actor) -> Answer:
    """The answer to one requirement, begun where nobody has. Raises Conflict when answers rest, NotFound."""
    answer = find_answer(accreditation, requirement_id)
    if answer is not None:
        return answer
    return answers.save(
        accreditation,
        requirement_id,
        judgement=None,
        narrative="",
        not_applicable_reason="",
        version=0,
        while_typing=True,
        by=by,
    )
