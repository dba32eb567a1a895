"""An award rule in plain English, before anything is judged."""

from decimal import Decimal

from assessment.rules.framework_tree import Clause, ClauseKind, Framework, SelectorKind


def rule_words(framework: Framework) -> tuple[str, ...]:
    """What must hold before an award is proposed, a sentence for each clause of the framework's rule."""
    return tuple(f"{clause_words(clause, framework)}." for clause in framework.award_rule.clauses)


def clause_words(clause: Clause, framework: Framework) -> str:
    """One clause in words, without a full stop. Raises KeyError for a step that is not on the scale."""
    label = framework.step(clause.step).label
    best = framework.scale[0].code == clause.step
    judged = f"“{label}”" if best else f"“{label}” or better"
    subject = {
        SelectorKind.REQUIREMENTS: "requirements",
        SelectorKind.KEY_INDICATORS: "key indicators",
        SelectorKind.CRITERION: f"requirements of criterion {clause.of.code}",
        SelectorKind.ELEMENT: f"requirements of element {clause.of.code}",
    }[clause.of.kind]
    if clause.kind is ClauseKind.ALL:
        return f"All {subject} are judged {judged}"
    if clause.kind is ClauseKind.SHARE:
        return f"At least {percent_words(clause.minimum or 0)} of the {subject} are judged {judged}"
    return f"None of the {subject} is judged “{label}”"


def percent_words(share: float, minimum: float | None = None) -> str:
    """A share (0 to 1) as 80% or 66.7%, to the nearest tenth; more digits where the tenth would tell the wrong side.

    minimum: the share that was asked for. 79.96% never reads as the 80% it misses, nor 80.04% as less than 80.03%.
    Without one the share itself is a minimum and is told in full.
    """
    exact = Decimal(repr(share)) * 100
    if minimum is None:
        return f"{exact.normalize():f}%"
    asked = Decimal(repr(minimum)) * 100
    for digits in range(1, 16):
        shown = round(exact, digits)
        if (shown >= asked) == (share >= minimum):
            break
    return f"{shown.normalize():f}%"
