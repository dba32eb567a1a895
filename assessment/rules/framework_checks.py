"""What only a whole framework can tell: codes that repeat or point nowhere, an order that makes no sense."""

from collections.abc import Iterator

from assessment.rules import award_rules
from assessment.rules.framework_tree import Framework, Step
from assessment.rules.yaml_lines import Path

Problems = Iterator[tuple[Path, str]]


def problems(framework: Framework) -> tuple[tuple[Path, str], ...]:
    """Everything that is wrong with the framework, as pairs of path and reason."""
    found = [
        *_repeated("level", "levels", [level.code for level in framework.levels]),
        *_repeated("step", "scale", [step.code for step in framework.scale]),
        *_levels(framework),
        *_scale(framework.scale),
        *_tree(framework),
        *_crosswalk(framework),
    ]
    if not found:
        rule = award_rules.problems(framework.award_rule, framework)
        found = [(("award_rule", *path), f"award rule: {reason}") for path, reason in rule]
    return tuple(found)


def _repeated(what: str, key: str, codes: list[str]) -> Problems:
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield (key, index, "code"), f"the {what} {code!r} is given twice"


def _levels(framework: Framework) -> Problems:
    asked = {code for requirement in framework.requirements for code in requirement.levels}
    earlier: list[str] = []
    for index, level in enumerate(framework.levels):
        if level.requires and level.requires not in earlier:
            reason = f"level {level.code!r} requires {level.requires!r}, which is no level above it in the list"
            yield ("levels", index, "requires"), reason
        if level.code not in asked:
            yield ("levels", index), f"no requirement belongs to the level {level.code!r}"
        earlier.append(level.code)


def _scale(scale: tuple[Step, ...]) -> Problems:
    ordered = [step for step in scale if not step.not_applicable]
    for index, step in enumerate(scale):
        if step.met and step.not_applicable:
            yield ("scale", index), f"the step {step.code!r} cannot be both met and not applicable"
    if len(scale) - len(ordered) > 1:
        yield ("scale",), "the scale has more than one step for not applicable"
    flags = [step.met for step in ordered]
    if True not in flags or False not in flags:
        yield ("scale",), "the scale needs a step that counts as met and one that does not"
    if flags != sorted(flags, reverse=True):
        yield ("scale",), "the scale runs from best to worst: steps that count as met come first"


def _tree(framework: Framework) -> Problems:
    levels = {level.code for level in framework.levels}
    seen: set[str] = set()
    for code, path in _codes(framework):
        if code in seen:
            yield (*path, "code"), f"the code {code!r} is given twice"
        seen.add(code)
    for first, criterion in enumerate(framework.criteria):
        for second, element in enumerate(criterion.elements):
            for third, requirement in enumerate(element.requirements):
                place: Path = ("criteria", first, "elements", second, "requirements", third, "levels")
                for index, code in enumerate(requirement.levels):
                    if code not in levels:
                        yield (
                            (*place, index),
                            f"requirement {requirement.code} names the unknown level {code!r}",
                        )


def _codes(framework: Framework) -> Iterator[tuple[str, Path]]:
    for first, criterion in enumerate(framework.criteria):
        yield criterion.code, ("criteria", first)
        for second, element in enumerate(criterion.elements):
            yield element.code, ("criteria", first, "elements", second)
            for third, requirement in enumerate(element.requirements):
                yield requirement.code, ("criteria", first, "elements", second, "requirements", third)


def _crosswalk(framework: Framework) -> Problems:
    for index, crossing in enumerate(framework.crosswalk):
        if crossing.framework == framework.code:
            yield (
                ("crosswalk", index, "framework"),
                "a crosswalk leads from an earlier framework, not from this one",
            )
        for place, code in enumerate(crossing.ours):
            if not framework.has_requirement(code):
                yield (
                    ("crosswalk", index, "ours", place),
                    f"there is no requirement {code!r} in this framework",
                )
