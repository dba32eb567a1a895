"""What keeps a plan or a submission from being sent, and what is only worth a look, each with what it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from assessment.rules.framework_tree import Framework, Requirement


class Kind(StrEnum):
    """What a finding is about."""

    JUDGEMENT = "judgement"
    REASON = "reason"
    CONFIRMATION = "confirmation"
    ACTION = "action"
    KEY_INDICATOR = "key_indicator"
    REMOVED = "removed"
    MALWARE = "malware"
    NOT_SCANNED = "not_scanned"
    EXPIRED = "expired"
    UNREACHABLE = "unreachable"
    NO_EVIDENCE = "no_evidence"
    UNCHANGED = "unchanged"
    COMMENTS = "comments"
    UNCITED = "uncited"


WORTH_A_LOOK = frozenset(
    {Kind.EXPIRED, Kind.UNREACHABLE, Kind.NO_EVIDENCE, Kind.UNCHANGED, Kind.COMMENTS, Kind.UNCITED}
)
"""What may be sent as it is; every other kind keeps it from being sent."""


@dataclass(frozen=True)
class Cited:
    """What a check needs to know of a citation. `reachable` is of a link, None until it was looked at."""

    evidence_id: UUID
    title: str
    kind: str = "file"
    removed: bool = False
    valid_until_on: date | None = None
    scan: str = "unscanned"
    reachable: bool | None = None


@dataclass(frozen=True)
class PlannedAction:
    """What a check needs to know of an action: who does it, and by when, as the council wrote it."""

    owner: str
    timescale: str


@dataclass(frozen=True)
class Answer:
    """What a check needs to know of an answer.

    `step` is the code of the council's own judgement or None, `reason` why it is not applicable, `confirmed` whether
    an answer carried from the last cycle, or taken from a document, has been confirmed, `comments` how many nobody has
    settled. `unchanged`: the region asked to have it changed, and it is as it was sent.
    """

    step: str | None = None
    reason: str = ""
    cited: Sequence[Cited] = ()
    actions: Sequence[PlannedAction] = ()
    confirmed: bool = True
    comments: int = 0
    unchanged: bool = False


@dataclass(frozen=True)
class Finding:
    """One thing, in words for the page, with the requirement or the evidence it is about, where it is about one."""

    kind: Kind
    words: str
    requirement_code: str = ""
    evidence_id: UUID | None = None

    @property
    def refuses(self) -> bool:
        """Whether it keeps this from being sent; else it is worth a look."""
        return self.kind not in WORTH_A_LOOK


@dataclass(frozen=True)
class Around:
    """What a check needs to know beside the answers.

    `scanner`: a malware scanner is configured, so a file waits until it has seen it. `uncited`: pieces of evidence in
    the library that no answer cites. `evidence_expected` is of the process: where a submission need not bring its
    evidence, nothing is said of answers that cite none.
    """

    today: date
    scanner: bool = False
    uncited: int = 0
    evidence_expected: bool = True


@dataclass(frozen=True)
class Check:
    """One look over everything before it is sent; `kind` is plan or readiness, the answers go by requirement code.

    A plan needs a judgement of every requirement, and an action with an owner and a timescale for each that is below
    met. A submission needs a judgement of every requirement, and each key indicator judged met with evidence (where
    evidence is expected), or not applicable with the reason. Signatures are asked for once nothing keeps it from
    being sent: `rules.signings`.
    """

    framework: Framework
    level: str
    kind: str
    answers: Mapping[str, Answer]
    around: Around
    findings: list[Finding] = field(default_factory=list)

    def run(self) -> list[Finding]:
        """Everything that was found, in the order of the framework; what is about no requirement stands last."""
        for requirement in self.framework.requirements_of(self.level):
            answer = self.answers.get(requirement.code, Answer())
            self._judged(requirement, answer)
            self._cited(requirement, answer)
            self._worked_on(requirement, answer)
        if self.around.uncited:
            one = self.around.uncited == 1
            words = "1 piece of evidence is" if one else f"{self.around.uncited} pieces of evidence are"
            self._say(Kind.UNCITED, f"{words} in your library and cited nowhere.")
        return self.findings

    def _say(
        self, kind: Kind, words: str, requirement: Requirement | None = None, evidence_id: UUID | None = None
    ) -> None:
        self.findings.append(Finding(kind, words, requirement.code if requirement else "", evidence_id))

    def _judged(self, requirement: Requirement, answer: Answer) -> None:
        if answer.step is None:
            self._say(Kind.JUDGEMENT, "Give your judgement.", requirement)
            return
        if not self.framework.has_step(answer.step):
            self._say(Kind.JUDGEMENT, "Choose a judgement that is on the framework's scale.", requirement)
            return
        step = self.framework.step(answer.step)
        if step.not_applicable and not answer.reason.strip():
            self._say(Kind.REASON, "Say why it is not applicable.", requirement)
        if not answer.confirmed:
            words = "Confirm that this answer holds: it came from the last assessment or from a document."
            self._say(Kind.CONFIRMATION, words, requirement)
        below = not step.met and not step.not_applicable
        if self.kind == "plan" and below:
            for words in _acted_on(answer.actions):
                self._say(Kind.ACTION, words, requirement)
        if self.kind == "readiness" and requirement.key_indicator and below:
            words = "This is a key indicator: it must be met before the submission can be sent."
            self._say(Kind.KEY_INDICATOR, words, requirement)

    def _cited(self, requirement: Requirement, answer: Answer) -> None:
        held = 0
        for each in answer.cited:
            wrong = self._wrong_with(each)
            held += all(kind in WORTH_A_LOOK for kind, _ in wrong)
            for kind, words in wrong:
                self._say(kind, words, requirement, each.evidence_id)
        step = self.framework.step(answer.step) if answer.step and self.framework.has_step(answer.step) else None
        if held or step is None or step.not_applicable or not self.around.evidence_expected:
            return
        if self.kind == "readiness" and requirement.key_indicator and step.met:
            words = "This is a key indicator: cite at least one piece of evidence."
            self._say(Kind.KEY_INDICATOR, words, requirement)
        elif step.met:
            self._say(Kind.NO_EVIDENCE, "It is judged met, but no evidence is cited.", requirement)

    def _wrong_with(self, cited: Cited) -> list[tuple[Kind, str]]:
        title = f"“{cited.title}”"
        if cited.removed:
            return [(Kind.REMOVED, f"{title} was removed from the library: take it out here.")]
        if cited.scan == "quarantined":
            return [(Kind.MALWARE, f"Malware was found in {title}: take it out here.")]
        found = []
        if cited.kind == "file" and self.around.scanner and cited.scan != "clean":
            words = f"{title} has not been checked for malware yet. Try again in a few minutes."
            found.append((Kind.NOT_SCANNED, words))
        if cited.valid_until_on is not None and cited.valid_until_on < self.around.today:
            found.append((Kind.EXPIRED, f"{title} is no longer in force."))
        if cited.reachable is False:
            found.append((Kind.UNREACHABLE, f"{title} could not be reached when we last looked."))
        return found

    def _worked_on(self, requirement: Requirement, answer: Answer) -> None:
        if answer.unchanged:
            words = "The region asked to have this changed. It is as it was sent."
            self._say(Kind.UNCHANGED, words, requirement)
        if answer.comments:
            words = "1 comment is" if answer.comments == 1 else f"{answer.comments} comments are"
            self._say(Kind.COMMENTS, f"{words} still open. Comments are never sent.", requirement)


def _acted_on(actions: Sequence[PlannedAction]) -> list[str]:
    if any(action.owner.strip() and action.timescale.strip() for action in actions):
        return []
    if not actions:
        return ["Plan an action, as it is not yet met."]
    found = []
    if not any(action.owner.strip() for action in actions):
        found.append("Say who will do the action.")
    if not any(action.timescale.strip() for action in actions):
        found.append("Say by when the action will be done.")
    return found or ["Give one action both an owner and a timescale."]
