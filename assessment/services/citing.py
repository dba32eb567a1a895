"""Citing many at once: evidence that was uploaded first is tagged with the requirements it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer
from assessment.queries.answers import find_answer
from assessment.queries.frameworks import get_framework
from assessment.services import answers
from saas.errors import NotFound
from saas.tenancy import Actor
from tenants.models.evidence import Evidence
from tenants.queries.evidence import get_evidence


@dataclass(frozen=True, slots=True)
class Tag:
    """A piece of evidence, the codes of the requirements it shows, and where in it."""

    evidence_id: UUID
    codes: tuple[str, ...]
    pinpoint: str = ""


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


def cite_new(
    accreditation: Accreditation, requirement_id: UUID, evidence: Evidence, *, pinpoint: str, why: str, by: Actor
) -> Answer:
    """Cite what was just added in the answer to one requirement; the answer comes back."""
    answer = begun(accreditation, requirement_id, by=by)
    answers.cite(answer, evidence, pinpoint=pinpoint, why=why, by=by)
    return answer


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
