"""What is still missing before a plan or a submission can be sent, requirement by requirement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessment.rules.framework_tree import Framework, Requirement


@dataclass(frozen=True)
class Answer:
    """What a check needs to know of an answer.

    `step` is the code of the council's own judgement or None, `reason` why it is not applicable, `evidence`
    the number of items cited, `confirmed` whether an answer carried from the last cycle has been confirmed
    again.
    """

    step: str | None
    reason: str = ""
    evidence: int = 0
    confirmed: bool = True


@dataclass(frozen=True)
class PlannedAction:
    """What a check needs to know of an action: who does it, and by when, as the council wrote it."""

    owner: str
    timescale: str


@dataclass(frozen=True)
class Problem:
    requirement_code: str
    words: str


def check_plan(
    framework: Framework,
    level: str,
    answers: Mapping[str, Answer],
    actions: Mapping[str, Sequence[PlannedAction]],
) -> list[Problem]:
    """What keeps a plan from being sent, in the order of the framework; both mappings go by requirement code.

    Every requirement is judged, and each that is judged below met has an action with an owner and a
    timescale.
    """
    problems: list[Problem] = []
    for requirement in framework.requirements_of(level):
        answer = answers.get(requirement.code)
        found = _judged(framework, answer)
        if answer is not None and not found and _is_below_met(framework, answer):
            found = _acted_on(actions.get(requirement.code, ()))
        problems += [Problem(requirement.code, words) for words in found]
    return problems


def check_readiness(framework: Framework, level: str, answers: Mapping[str, Answer]) -> list[Problem]:
    """What keeps a submission from being sent, in the order of the framework.

    Every requirement is judged, and each key indicator is judged met with at least one piece of evidence, or
    not applicable with the reason.
    """
    problems: list[Problem] = []
    for requirement in framework.requirements_of(level):
        answer = answers.get(requirement.code)
        found = _judged(framework, answer)
        if answer is not None and not found:
            found = _indicated(framework, requirement, answer)
        problems += [Problem(requirement.code, words) for words in found]
    return problems


def _judged(framework: Framework, answer: Answer | None) -> list[str]:
    if answer is None or answer.step is None:
        return ["Give your judgement."]
    if not framework.has_step(answer.step):
        return ["Choose a judgement that is on the framework's scale."]
    found = []
    if framework.step(answer.step).not_applicable and not answer.reason.strip():
        found.append("Say why it is not applicable.")
    if not answer.confirmed:
        found.append("Confirm that the answer from the last assessment still holds.")
    return found


def _is_below_met(framework: Framework, answer: Answer) -> bool:
    step = framework.step(answer.step or "")
    return not step.met and not step.not_applicable


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


def _indicated(framework: Framework, requirement: Requirement, answer: Answer) -> list[str]:
    step = framework.step(answer.step or "")
    if not requirement.key_indicator or step.not_applicable:
        return []
    if not step.met:
        return ["This is a key indicator: it must be met before the submission can be sent."]
    return [] if answer.evidence > 0 else ["This is a key indicator: cite at least one piece of evidence."]
