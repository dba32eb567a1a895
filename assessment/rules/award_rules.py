"""The small language in which a framework says when an award is proposed, and its evaluation.

A rule is one clause, or `and` over a list of clauses:

    all:   {of: key_indicators, at_least: met}
    share: {of: requirements, at_least: met, minimum: 0.8}
    none:  {of: "criterion 1", is: not_met}

`of` is requirements, key_indicators, "criterion CODE" or "element CODE". What is judged not applicable
leaves the count. The rule proposes; a person decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assessment.rules.award_rule_words import clause_words, percent_words
from assessment.rules.framework_tree import (
    Clause,
    ClauseKind,
    Framework,
    Requirement,
    Rule,
    Selector,
    SelectorKind,
)

Path = tuple[str | int, ...]
STEP_KEY = {ClauseKind.ALL: "at_least", ClauseKind.SHARE: "at_least", ClauseKind.NONE: "is"}


class RuleError(ValueError):
    """A rule that cannot be read, with `errors` as pairs of path inside the rule and reason."""

    def __init__(self, *errors: tuple[Path, str]) -> None:
        self.errors = errors
        super().__init__("; ".join(reason for _, reason in errors))


class Outcome(StrEnum):
    AWARDED = "awarded"
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class Figures:
    """What a line counted. `counted` leaves out not applicable; `share` is None when nothing is left."""

    counted: int
    holding: int
    not_applicable: int
    failing: tuple[str, ...]
    missing: tuple[str, ...]
    share: float | None
    minimum: float | None


@dataclass(frozen=True)
class RuleLine:
    """One clause in plain English, whether it holds, and the figures behind it."""

    text: str
    holds: bool
    figures: Figures


@dataclass(frozen=True)
class Proposal:
    outcome: Outcome
    lines: tuple[RuleLine, ...]


def parse_rule(node: object) -> Rule:
    """Read a rule from plain values. Raises RuleError with every reason found."""
    errors: list[tuple[Path, str]] = []
    if not isinstance(node, Mapping) or len(node) != 1:
        raise RuleError(((), "a rule is one of: and, all, share, none"))
    clauses: list[Clause | None] = []
    if "and" in node:
        parts = node["and"]
        if not isinstance(parts, Sequence) or isinstance(parts, str) or not parts:
            raise RuleError((("and",), "and takes a list of one or more clauses"))
        clauses = [_clause(part, ("and", index), errors) for index, part in enumerate(parts)]
    else:
        clauses = [_clause(node, (), errors)]
    if errors:
        raise RuleError(*errors)
    return Rule(tuple(clause for clause in clauses if clause is not None))


def rule_document(rule: Rule) -> dict[str, object]:
    """The plain values that `parse_rule` reads back to the same rule."""
    clauses = [_clause_document(clause) for clause in rule.clauses]
    return clauses[0] if len(clauses) == 1 else {"and": clauses}


def problems(rule: Rule, framework: Framework) -> tuple[tuple[Path, str], ...]:
    """What is wrong with the rule here: unknown steps and codes, and clauses over an empty set."""
    found: list[tuple[Path, str]] = []
    for index, clause in enumerate(rule.clauses):
        base: Path = (clause.kind.value,) if len(rule.clauses) == 1 else ("and", index, clause.kind.value)
        if not framework.has_step(clause.step):
            found.append(((*base, STEP_KEY[clause.kind]), f"the step {clause.step!r} is not on the scale"))
        elif framework.step(clause.step).not_applicable:
            found.append(
                (
                    (*base, STEP_KEY[clause.kind]),
                    "what is not applicable leaves the count, no rule can ask for it",
                )
            )
        found += [((*base, "of"), reason) for reason in _empty_sets(clause.of, framework)]
    return tuple(found)


def evaluate(rule: Rule, framework: Framework, level: str, judgements: Mapping[str, str]) -> Proposal:
    """What the rule proposes for a level.

    `judgements` maps requirement codes to step codes. A requirement without a judgement, or with a step the
    scale does not know, does not hold and is named. Raises KeyError for an unknown level.
    """
    lines = tuple(_line(clause, framework, level, judgements) for clause in rule.clauses)
    outcome = Outcome.AWARDED if all(line.holds for line in lines) else Outcome.NOT_YET
    return Proposal(outcome, lines)


def select(selector: Selector, framework: Framework, level: str) -> tuple[Requirement, ...]:
    """The requirements of the level that the selector names, in the order of the framework."""
    chosen = []
    for requirement in framework.requirements_of(level):
        criterion, element = framework.place_of(requirement.code)
        if (
            selector.kind is SelectorKind.REQUIREMENTS
            or (selector.kind is SelectorKind.KEY_INDICATORS and requirement.key_indicator)
            or (selector.kind is SelectorKind.CRITERION and criterion.code == selector.code)
            or (selector.kind is SelectorKind.ELEMENT and element.code == selector.code)
        ):
            chosen.append(requirement)
    return tuple(chosen)


def _clause(node: object, path: Path, errors: list[tuple[Path, str]]) -> Clause | None:
    if not isinstance(node, Mapping) or len(node) != 1 or next(iter(node)) not in STEP_KEY:
        errors.append((path, "a clause is one of: all, share, none"))
        return None
    (name, body), before = next(iter(node.items())), len(errors)
    kind = ClauseKind(name)
    path = (*path, kind.value)
    if not isinstance(body, Mapping):
        errors.append((path, f"{kind.value} takes the keys {', '.join(_keys(kind))}"))
        return None
    errors += [((*path, key), f"unknown key {key!r} in {kind.value}") for key in body if key not in _keys(kind)]
    errors += [(path, f"{kind.value} needs {key}") for key in _keys(kind) if key not in body]
    if len(errors) > before:
        return None
    selector = _selector(body["of"])
    if selector is None:
        errors.append(((*path, "of"), "of is requirements, key_indicators, criterion CODE or element CODE"))
    step = body[STEP_KEY[kind]]
    if not isinstance(step, str) or not step:
        errors.append(((*path, STEP_KEY[kind]), f"{STEP_KEY[kind]} names a step of the scale"))
    minimum = _minimum(body["minimum"]) if kind is ClauseKind.SHARE else None
    if kind is ClauseKind.SHARE and minimum is None:
        errors.append(((*path, "minimum"), "minimum is a share above 0 and up to 1, such as 0.8"))
    if len(errors) > before or selector is None:
        return None
    return Clause(kind, selector, str(step), minimum)


def _keys(kind: ClauseKind) -> tuple[str, ...]:
    return ("of", STEP_KEY[kind], "minimum") if kind is ClauseKind.SHARE else ("of", STEP_KEY[kind])


def _selector(text: object) -> Selector | None:
    if not isinstance(text, str):
        return None
    word, _, code = text.strip().partition(" ")
    if text.strip() in (SelectorKind.REQUIREMENTS, SelectorKind.KEY_INDICATORS):
        return Selector(SelectorKind(word))
    if word in (SelectorKind.CRITERION, SelectorKind.ELEMENT) and code.strip():
        return Selector(SelectorKind(word), code.strip())
    return None


def _minimum(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if 0 < number <= 1 else None


def _clause_document(clause: Clause) -> dict[str, object]:
    body: dict[str, object] = {"of": str(clause.of), STEP_KEY[clause.kind]: clause.step}
    if clause.minimum is not None:
        body["minimum"] = clause.minimum
    return {clause.kind.value: body}


def _empty_sets(selector: Selector, framework: Framework) -> list[str]:
    known = {
        SelectorKind.CRITERION: {criterion.code for criterion in framework.criteria},
        SelectorKind.ELEMENT: {element.code for criterion in framework.criteria for element in criterion.elements},
    }.get(selector.kind)
    if known is not None and selector.code not in known:
        return [f"there is no {selector}"]
    if selector.kind is SelectorKind.KEY_INDICATORS and not any(each.key_indicator for each in framework.requirements):
        return ["no requirement is marked as a key indicator"]
    return [
        f"{_named(selector)} has nothing to count at the level {level.title}"
        for level in framework.levels
        if not select(selector, framework, level.code)
    ]


def _line(clause: Clause, framework: Framework, level: str, judgements: Mapping[str, str]) -> RuleLine:
    chosen = select(clause.of, framework, level)
    order = [step.code for step in framework.scale if not step.not_applicable]
    holding, failing, missing, outside = 0, [], [], 0
    for requirement in chosen:
        step = judgements.get(requirement.code)
        if step is None or not framework.has_step(step):
            missing.append(requirement.code)
        elif framework.step(step).not_applicable:
            outside += 1
        elif _meets(clause, step, order):
            holding += 1
        else:
            failing.append(requirement.code)
    counted = len(chosen) - outside
    # A quotient of whole numbers and a decimal of the same value round to the same float: >= is exact here.
    share = holding / counted if counted else None
    holds = share is not None and share >= (1 if clause.minimum is None else clause.minimum)
    figures = Figures(counted, holding, outside, tuple(failing), tuple(missing), share, clause.minimum)
    return RuleLine(_words(clause, framework, figures), holds, figures)


def _meets(clause: Clause, step: str, order: Sequence[str]) -> bool:
    if clause.kind is ClauseKind.NONE:
        return step != clause.step
    return order.index(step) <= order.index(clause.step)


def _named(selector: Selector) -> str:
    names = {SelectorKind.REQUIREMENTS: "all requirements", SelectorKind.KEY_INDICATORS: "the key indicators"}
    return names.get(selector.kind, str(selector))


def _words(clause: Clause, framework: Framework, figures: Figures) -> str:
    text = clause_words(clause, framework)
    if figures.share is None:
        return f"{text}: nothing to count, as everything here is judged not applicable."
    parts = [f"{figures.holding} of {figures.counted}"]
    if clause.kind is ClauseKind.SHARE:
        parts[0] += f" ({percent_words(figures.share, figures.minimum)})"
    if clause.kind is ClauseKind.NONE:
        parts[0] += " are judged otherwise"
    if figures.failing:
        parts.append(f"{'not so' if clause.kind is not ClauseKind.NONE else 'judged so'}: {', '.join(figures.failing)}")
    if figures.missing:
        parts.append(f"without a judgement: {', '.join(figures.missing)}")
    if figures.not_applicable:
        parts.append(f"not applicable and not counted: {figures.not_applicable}")
    return f"{text}: {'; '.join(parts)}."
