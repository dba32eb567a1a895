"""What a framework is made of: levels, scale, award rule, and criteria → elements → requirements."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property


@dataclass(frozen=True)
class Level:
    """An award that can be held; `requires` is the code of the level to be held before it, if any."""

    code: str
    title: str
    requires: str | None = None


@dataclass(frozen=True)
class Step:
    """One worded judgement; `met` steps satisfy a requirement, `not_applicable` stands outside the order."""

    code: str
    label: str
    description: str = ""
    met: bool = False
    not_applicable: bool = False


class ClauseKind(StrEnum):
    ALL = "all"
    SHARE = "share"
    NONE = "none"


class SelectorKind(StrEnum):
    REQUIREMENTS = "requirements"
    KEY_INDICATORS = "key_indicators"
    CRITERION = "criterion"
    ELEMENT = "element"


@dataclass(frozen=True)
class Selector:
    """Which requirements a clause looks at; `code` names the criterion or element."""

    kind: SelectorKind
    code: str | None = None

    def __str__(self) -> str:
        return self.kind.value if self.code is None else f"{self.kind.value} {self.code}"


@dataclass(frozen=True)
class Clause:
    """`all` and `share`: at least `step`; `none`: exactly `step`. `minimum` (0 to 1) is of `share` alone."""

    kind: ClauseKind
    of: Selector
    step: str
    minimum: float | None = None


@dataclass(frozen=True)
class Rule:
    """An award is proposed when every clause holds."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Requirement:
    """One thing the council shows; `levels` are the codes of the levels that ask for it."""

    code: str
    title: str
    text: str
    guidance: str
    evidence_examples: tuple[str, ...]
    levels: tuple[str, ...]
    key_indicator: bool = False


@dataclass(frozen=True)
class Element:
    code: str
    title: str
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True)
class Criterion:
    code: str
    title: str
    elements: tuple[Element, ...]


@dataclass(frozen=True)
class Crossing:
    """The requirement `theirs` of the earlier framework `framework`, and where it lives on here."""

    framework: str
    theirs: str
    ours: tuple[str, ...]


@dataclass(frozen=True)
class Framework:
    """A published version of the standard. `in_force_from` is None where the date is not known."""

    code: str
    version: str
    title: str
    in_force_from: date | None
    starter: bool
    note: str
    levels: tuple[Level, ...]
    scale: tuple[Step, ...]
    award_rule: Rule
    criteria: tuple[Criterion, ...]
    crosswalk: tuple[Crossing, ...] = ()

    @cached_property
    def _places(self) -> dict[str, tuple[Criterion, Element, Requirement]]:
        return {
            requirement.code: (criterion, element, requirement)
            for criterion in self.criteria
            for element in criterion.elements
            for requirement in element.requirements
        }

    @cached_property
    def _steps(self) -> dict[str, Step]:
        return {step.code: step for step in self.scale}

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """Every requirement of every level, in the order of the file."""
        return tuple(place[2] for place in self._places.values())

    def requirements_of(self, level: str) -> tuple[Requirement, ...]:
        """The requirements a level asks for, in the order of the file. KeyError for an unknown level."""
        self.level(level)
        return tuple(requirement for requirement in self.requirements if level in requirement.levels)

    def has_requirement(self, code: str) -> bool:
        return code in self._places

    def requirement(self, code: str) -> Requirement:
        """The requirement with this code. KeyError if there is none."""
        return self._places[code][2]

    def place_of(self, code: str) -> tuple[Criterion, Element]:
        """The criterion and element a requirement stands in. KeyError if there is no such requirement."""
        return self._places[code][:2]

    def level(self, code: str) -> Level:
        """The level with this code. KeyError if there is none."""
        for level in self.levels:
            if level.code == code:
                return level
        raise KeyError(code)

    def step(self, code: str) -> Step:
        """The step of the scale with this code. KeyError if there is none."""
        return self._steps[code]

    def has_step(self, code: str) -> bool:
        return code in self._steps

    def carried_from(self, framework: str) -> dict[str, tuple[str, ...]]:
        """For each requirement here that has forebears in the earlier framework: their codes there."""
        result: dict[str, tuple[str, ...]] = {}
        for crossing in self.crosswalk:
            if crossing.framework == framework:
                for ours in crossing.ours:
                    result[ours] = (*result.get(ours, ()), crossing.theirs)
        return result
