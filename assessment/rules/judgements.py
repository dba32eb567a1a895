"""Where assessors' scores are laid side by side: what they agree on, and what needs talking over."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from assessment.rules.framework_tree import Framework, Step

Assessor = TypeVar("Assessor", bound=Hashable)
LONGEST_REASON, LONGEST_AGAIN = 4_000, 1_000
"""Characters of why a judgement was agreed, and of why something is opened again."""


@dataclass(frozen=True)
class Given:
    """One assessor's score of one requirement: the code of a step (None: cannot be assessed), and the comment on it.

    `flagged`: the assessor wants it talked over, whatever the others say.
    """

    step: str | None
    comment: str = ""
    flagged: bool = False


class Reason(StrEnum):
    DIFFERS = "differs"
    NOT_APPLICABLE = "not_applicable"
    CANNOT_ASSESS = "cannot_assess"
    FLAGGED = "flagged"
    NO_COMMENT = "no_comment"
    MISSING = "missing"


WORDS: Mapping[Reason, str] = {
    Reason.DIFFERS: "The assessors differ.",
    Reason.NOT_APPLICABLE: "One assessor finds it not applicable, another does not.",
    Reason.CANNOT_ASSESS: "An assessor could not assess it.",
    Reason.FLAGGED: "An assessor wants to talk it over.",
    Reason.NO_COMMENT: "It is judged below met, and what could be better is not said.",
    Reason.MISSING: "Not every assessor has scored it.",
}


@dataclass(frozen=True)
class Disagreement(Generic[Assessor]):
    """A requirement to talk over: why, and who gave which step (None: no judgement)."""

    requirement_code: str
    reasons: tuple[Reason, ...]
    steps: tuple[tuple[Assessor, str | None], ...]


Scores = Mapping[Assessor, Mapping[str, Given]]


def differs(step_a: str, step_b: str, scale: tuple[Step, ...], threshold: int) -> bool:
    """Whether two steps lie `threshold` or more apart on the scale; not applicable differs from every other
    step.

    Raises KeyError for a step that is not on the scale.
    """
    steps = {step.code: step for step in scale}
    if steps[step_a].not_applicable or steps[step_b].not_applicable:
        return step_a != step_b
    order = [step.code for step in scale if not step.not_applicable]
    return abs(order.index(step_a) - order.index(step_b)) >= threshold


def disagreements(
    scores_by_assessor: Scores[Assessor], framework: Framework, level: str, threshold: int
) -> tuple[Disagreement[Assessor], ...]:
    """The requirements of the level that need talking over, in the order of the framework.

    `scores_by_assessor` maps each assessor who scores to {requirement code: Given}. Raises KeyError for a
    step that is not on the scale.
    """
    found = []
    for requirement in framework.requirements_of(level):
        given = {assessor: scores.get(requirement.code) for assessor, scores in scores_by_assessor.items()}
        reasons = _reasons([score for score in given.values() if score], framework, threshold)
        if None in given.values() or not given:
            reasons = (*reasons, Reason.MISSING)
        if reasons:
            steps = tuple((assessor, score.step if score else None) for assessor, score in given.items())
            found.append(Disagreement(requirement.code, reasons, steps))
    return tuple(found)


def agreed(scores_by_assessor: Scores[Assessor], framework: Framework, level: str, threshold: int) -> dict[str, str]:
    """The step of every requirement that needs no talking over, by its code.

    Where steps differ by less than the threshold, the lower one stands.
    """
    open_codes = {each.requirement_code for each in disagreements(scores_by_assessor, framework, level, threshold)}
    order = [step.code for step in framework.scale]
    found = {}
    for requirement in framework.requirements_of(level):
        if requirement.code in open_codes:
            continue
        steps = [scores[requirement.code].step for scores in scores_by_assessor.values()]
        found[requirement.code] = max((step for step in steps if step is not None), key=order.index)
    return found


def _reasons(given: list[Given], framework: Framework, threshold: int) -> tuple[Reason, ...]:
    judged = [(framework.step(score.step), score) for score in given if score.step is not None]
    codes = sorted({step.code for step, _ in judged if not step.not_applicable})
    below = [score for step, score in judged if not step.met and not step.not_applicable]
    found = {
        Reason.DIFFERS: any(differs(a, b, framework.scale, threshold) for a in codes for b in codes),
        Reason.NOT_APPLICABLE: len({step.not_applicable for step, _ in judged}) > 1,
        Reason.CANNOT_ASSESS: len(judged) < len(given),
        Reason.FLAGGED: any(score.flagged for score in given),
        Reason.NO_COMMENT: any(not score.comment.strip() for score in below),
    }
    return tuple(reason for reason, holds in found.items() if holds)
