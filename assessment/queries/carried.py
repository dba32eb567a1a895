"""What would be carried from the last cycle: each requirement with its sources, its words and its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select

from assessment.models.accreditations import Accreditation
from assessment.models.answers import Answer, AnswerAction, Citation
from assessment.models.frameworks import Requirement as RequirementRow
from assessment.models.submissions import SubmissionAnswer
from assessment.queries.earlier import Earlier, find_earlier
from assessment.queries.frameworks import PublishedFramework, get_framework
from assessment.rules import carrying
from assessment.rules.carrying import Source, United, Ways
from assessment.rules.framework_tree import Requirement
from saas import clock
from saas.db import db
from tenants.models.evidence import Evidence, EvidenceVersion


@dataclass(frozen=True, slots=True)
class CarriedCitation:
    """A citation that would be carried: the evidence is in the library still."""

    evidence_id: UUID
    title: str
    pinpoint: str
    why: str
    valid_until_on: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """What would be carried to one requirement.

    `gone` are titles of what was cited and is not in the library any more. `taken` says why nothing is carried: there
    is an answer already. `answer` is the draft it goes to, None while there is none.
    """

    requirement: Requirement
    sources: tuple[Source, ...]
    united: United
    citations: tuple[CarriedCitation, ...]
    gone: tuple[str, ...]
    taken: bool
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that would be carried, from which submission; what starts empty, and what has no successor."""

    earlier: Earlier
    lines: tuple[Line, ...]
    fresh: tuple[Requirement, ...]
    left: tuple[Requirement, ...]
    carried_already: bool

    @property
    def sealed_on(self) -> date:
        """The day in London on which the earlier submission was sealed."""
        return self.earlier.sealed_at.astimezone(clock.LONDON).date()

    @property
    def to_carry(self) -> tuple[Line, ...]:
        """The lines that would be written: those of requirements that nobody has answered."""
        return tuple(line for line in self.lines if not line.taken)


def find_preview(accreditation: Accreditation) -> Preview | None:
    """What would be carried to an accreditation; None where the council has sealed nothing in an earlier one.

    Four statements however much there is. Runs in the council's scope.
    """
    earlier = find_earlier(accreditation.council_id, before=accreditation.committed_at)
    if earlier is None:
        return None
    ours, theirs = get_framework(accreditation.framework_id), get_framework(earlier.accreditation.framework_id)
    found = carrying.ways(ours.tree, accreditation.level, theirs.tree, earlier.accreditation.level)
    sealed = _sealed(earlier, theirs)
    drafts = _drafts(accreditation)
    held = _Library.of(accreditation.council_id, [each for answer in sealed.values() for each in answer.evidence])
    lines = tuple(
        _line(ours, theirs, way.requirement, [sealed[each.code] for each in way.forebears if each.code in sealed],
              drafts, held)
        for way in found.ways
        if any(each.code in sealed for each in way.forebears)
    )  # fmt: skip
    there = {line.requirement.code for line in lines}
    return Preview(
        earlier,
        lines,
        tuple(way.requirement for way in found.ways if way.requirement.code not in there),
        found.left,
        any(row.Answer.carried is not None for row in drafts.values()),
    )


def find_ways(council_id: UUID, choices: Sequence[tuple[UUID, str]]) -> tuple[Earlier | None, list[Ways]]:
    """For a council about to commit: the last sealed submission, and what each (framework id, level) would carry."""
    earlier = find_earlier(council_id)
    if earlier is None:
        return None, []
    theirs = get_framework(earlier.accreditation.framework_id).tree
    level = earlier.accreditation.level
    return earlier, [carrying.ways(get_framework(each).tree, ours, theirs, level) for each, ours in choices]


def find_next_to_confirm(accreditation: Accreditation, code: str) -> str | None:
    """The next requirement after this one, and round again, whose answer waits to be confirmed."""
    rows = db.session.execute(
        select(RequirementRow.code, RequirementRow.position)
        .join(Answer, Answer.requirement_id == RequirementRow.id)
        .where(
            Answer.council_id == accreditation.council_id,
            Answer.accreditation_id == accreditation.id,
            Answer.carried.is_not(None) | Answer.imported.is_not(None),
            Answer.confirmed_at.is_(None),
        )
        .order_by(RequirementRow.position)
    ).all()
    codes = [each.code for each in get_framework(accreditation.framework_id).tree.requirements]
    place = codes.index(code)
    waiting = {row.code for row in rows} - {code}
    return next((each for each in [*codes[place:], *codes[:place]] if each in waiting), None)


def _sealed(earlier: Earlier, theirs: PublishedFramework) -> dict[str, SubmissionAnswer]:
    rows = db.session.scalars(select(SubmissionAnswer).where(SubmissionAnswer.submission_id == earlier.submission_id))
    return {theirs.codes[row.requirement_id]: row for row in rows}


def _drafts(accreditation: Accreditation) -> dict[UUID, Any]:
    """Every draft with whether it cites or plans anything, by requirement id."""
    same = (Citation.council_id == Answer.council_id, Citation.answer_id == Answer.id)
    linked = (AnswerAction.council_id == Answer.council_id, AnswerAction.answer_id == Answer.id)
    rows = db.session.execute(
        select(Answer, or_(exists().where(*same), exists().where(*linked)).label("filled")).where(
            Answer.council_id == accreditation.council_id, Answer.accreditation_id == accreditation.id
        )
    )
    return {row.Answer.requirement_id: row for row in rows}


def _is_taken(draft: Any) -> bool:
    answer: Answer = draft.Answer
    said = answer.judgement is not None or answer.narrative or answer.not_applicable_reason
    return bool(said or draft.filled or answer.carried is not None)


def _line(
    ours: PublishedFramework,
    theirs: PublishedFramework,
    requirement: Requirement,
    answers: list[SubmissionAnswer],
    drafts: Mapping[UUID, Any],
    held: _Library,
) -> Line:
    sources = tuple(_source(theirs, each) for each in answers)
    citations: dict[UUID, CarriedCitation] = {}
    gone: dict[str, None] = {}
    for entry in (entry for answer in answers for entry in answer.evidence):
        evidence = held.find(entry)
        if evidence is None:
            gone[str(entry["title"])] = None
        elif evidence.id not in citations:
            citations[evidence.id] = CarriedCitation(
                evidence.id, evidence.title, entry["pinpoint"], entry["why"], evidence.valid_until_on
            )
        else:
            citations[evidence.id] = _with_more(citations[evidence.id], entry)
    draft = drafts.get(ours.ids[requirement.code])
    return Line(
        requirement,
        sources,
        carrying.unite(sources, ours.tree),
        tuple(citations.values()),
        tuple(gone),
        draft is not None and _is_taken(draft),
        draft.Answer if draft is not None else None,
    )


def _source(theirs: PublishedFramework, answer: SubmissionAnswer) -> Source:
    requirement = theirs.requirement(answer.requirement_id)
    return Source(
        requirement.code,
        requirement.title,
        answer.judgement,
        theirs.tree.step(answer.judgement).label,
        answer.narrative,
        answer.not_applicable_reason,
    )


def _with_more(citation: CarriedCitation, entry: Mapping[str, Any]) -> CarriedCitation:
    """The same evidence cited by another source: where and why of both, none twice."""

    def both(one: str, other: str) -> str:
        return "; ".join(dict.fromkeys(each for each in (*one.split("; "), other) if each))

    return CarriedCitation(
        citation.evidence_id,
        citation.title,
        both(citation.pinpoint, entry["pinpoint"]),
        both(citation.why, entry["why"]),
        citation.valid_until_on,
    )


class _Library:
    """The council's library, to find what a sealed entry was: by the file's content, the address or the measure."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = rows

    @classmethod
    def of(cls, council_id: UUID, entries: Sequence[Mapping[str, Any]]) -> _Library:
        """What is in the library of these entries, in one statement; newest first."""
        hashes = {each["sha256"] for each in entries if each.get("sha256")}
        addresses = {each["url"] for each in entries if each.get("url")}
        measures = {_measure(each) for each in entries if _measure(each)}
        rows = db.session.execute(
            select(Evidence, EvidenceVersion.sha256.label("earlier_sha256"))
            .outerjoin(
                EvidenceVersion,
                (EvidenceVersion.council_id == Evidence.council_id) & (EvidenceVersion.evidence_id == Evidence.id),
            )
            .where(
                Evidence.council_id == council_id,
                Evidence.removed_at.is_(None),
                Evidence.scan != "quarantined",
                or_(
                    Evidence.sha256.in_(hashes),
                    EvidenceVersion.sha256.in_(hashes),
                    Evidence.url.in_(addresses),
                    Evidence.measure.in_(measures),
                ),
            )
            .order_by(Evidence.added_at.desc(), Evidence.id)
        )
        return cls(rows.all())

    def find(self, entry: Mapping[str, Any]) -> Evidence | None:
        """The evidence that was cited, under its title if several are the same; None where it is not held any more."""
        same = [row.Evidence for row in self._rows if self._is(row, entry)]
        return next((each for each in same if each.title == entry["title"]), same[0] if same else None)

    @staticmethod
    def _is(row: Any, entry: Mapping[str, Any]) -> bool:
        evidence: Evidence = row.Evidence
        if entry.get("sha256"):
            return entry["sha256"] in (evidence.sha256, row.earlier_sha256)
        if entry.get("url"):
            return evidence.url == entry["url"]
        return _measure(entry) is not None and evidence.measure == _measure(entry)


def _measure(entry: Mapping[str, Any]) -> str | None:
    measure = entry.get("measure")
    return measure.get("code") if isinstance(measure, Mapping) else None
