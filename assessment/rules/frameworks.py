"""Where a framework is read from YAML or a stored document, checked, written back and fingerprinted."""

import hashlib
from collections.abc import Callable, Iterable

from assessment.rules import award_rules, framework_checks, yaml_lines
from assessment.rules.framework_reading import DEFAULT_SCALE, Reader
from assessment.rules.framework_tree import (
    Criterion,
    Crossing,
    Element,
    Framework,
    Level,
    Requirement,
    Rule,
    Step,
)
from assessment.rules.sealing import canonical_json

__all__ = [
    "DEFAULT_SCALE",
    "Criterion",
    "Crossing",
    "Element",
    "Framework",
    "FrameworkError",
    "Level",
    "Requirement",
    "Rule",
    "Step",
    "digest",
    "from_document",
    "parse",
    "to_document",
]


class FrameworkError(ValueError):
    """A framework that is refused: `errors` holds every (line, reason), `line` and `reason` the first.

    Lines count from 1; they are 0 when the framework came from a stored document, which has none.
    """

    def __init__(self, line: int, reason: str, *, errors: Iterable[tuple[int, str]] = (), source: str = "") -> None:
        self.line = line
        self.reason = reason
        self.errors: tuple[tuple[int, str], ...] = tuple(errors) or ((line, reason),)
        self.source = source
        super().__init__("\n".join(f"line {at}: {why}" if at else why for at, why in self.errors))


def parse(text: str, source: str = "framework") -> Framework:
    """Read and check a framework file. `source` is its name, for the error.

    Raises FrameworkError with everything that is wrong, by line.
    """
    try:
        located = yaml_lines.read(text)
    except yaml_lines.YamlError as error:
        raise _refusal(error.errors, source) from None
    return _checked(located.document, located.line_of, source)


def from_document(document: object) -> Framework:
    """The framework that `to_document` wrote, checked as strictly as a file. Raises FrameworkError."""
    return _checked(document, lambda _: 0, "document")


def to_document(framework: Framework) -> dict[str, object]:
    """The framework as values for JSON: strings, numbers, booleans, lists and dicts."""
    return {
        "code": framework.code,
        "version": framework.version,
        "title": framework.title,
        "in_force_from": framework.in_force_from.isoformat() if framework.in_force_from else None,
        "starter": framework.starter,
        "note": framework.note,
        "levels": [
            {"code": level.code, "title": level.title, "requires": level.requires} for level in framework.levels
        ],
        "scale": [dict(vars(step)) for step in framework.scale],
        "award_rule": award_rules.rule_document(framework.award_rule),
        "criteria": [
            {
                "code": criterion.code,
                "title": criterion.title,
                "elements": [
                    {
                        "code": element.code,
                        "title": element.title,
                        "requirements": [_requirement_document(requirement) for requirement in element.requirements],
                    }
                    for element in criterion.elements
                ],
            }
            for criterion in framework.criteria
        ],
        "crosswalk": [
            {"framework": crossing.framework, "theirs": crossing.theirs, "ours": list(crossing.ours)}
            for crossing in framework.crosswalk
        ],
    }


def digest(framework: Framework) -> str:
    """SHA-256 (64 hexadecimal digits) of the framework's canonical JSON."""
    return hashlib.sha256(canonical_json(to_document(framework))).hexdigest()


def _requirement_document(requirement: Requirement) -> dict[str, object]:
    return {
        "code": requirement.code,
        "title": requirement.title,
        "text": requirement.text,
        "guidance": requirement.guidance,
        "evidence_examples": list(requirement.evidence_examples),
        "levels": list(requirement.levels),
        "key_indicator": requirement.key_indicator,
    }


def _refusal(errors: Iterable[tuple[int, str]], source: str) -> FrameworkError:
    ordered = sorted(dict.fromkeys(errors), key=lambda error: error[0])
    return FrameworkError(*ordered[0], errors=ordered, source=source)


def _checked(document: object, line_of: Callable[[yaml_lines.Path], int], source: str) -> Framework:
    reader = Reader()
    framework = reader.framework(document)
    problems = reader.errors or framework_checks.problems(framework)
    if problems:
        raise _refusal(((line_of(path), reason) for path, reason in problems), source)
    return framework
