"""What of the last cycle's answers goes where in the next one, and what an answer of several sources says."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.rules.framework_tree import Framework, Requirement


@dataclass(frozen=True)
class Way:
    """Where a requirement's answer comes from: the requirements of the last cycle, none where it starts empty."""

    requirement: Requirement
    forebears: tuple[Requirement, ...]


@dataclass(frozen=True)
class Ways:
    """Every requirement of the next cycle with what it comes from, and what of the last one has no successor."""

    ways: tuple[Way, ...]
    left: tuple[Requirement, ...]

    @property
    def carried(self) -> int:
        """How many requirements have something to be carried to them."""
        return sum(bool(way.forebears) for way in self.ways)

    @property
    def fresh(self) -> int:
        """How many start empty."""
        return len(self.ways) - self.carried


@dataclass(frozen=True)
class Source:
    """One sealed answer of the last cycle."""

    code: str
    title: str
    judgement: str
    judgement_label: str
    narrative: str
    not_applicable_reason: str = ""


@dataclass(frozen=True)
class United:
    """What is carried: the judgement is None where a person has to give it anew."""

    judgement: str | None
    narrative: str
    not_applicable_reason: str


def forebears(code: str, ours: Framework, theirs: Framework) -> tuple[str, ...]:
    """The codes a requirement had in the framework of the last cycle: its own, or what the crosswalk names."""
    if ours == theirs:
        return (code,)
    return tuple(each for each in ours.carried_from(theirs.code).get(code, ()) if theirs.has_requirement(each))


def ways(ours: Framework, level: str, theirs: Framework, their_level: str) -> Ways:
    """The way of every requirement from one framework and level to another. KeyError for an unknown level."""
    there = {each.code: each for each in theirs.requirements_of(their_level)}
    found = tuple(
        Way(each, tuple(there[code] for code in forebears(each.code, ours, theirs) if code in there))
        for each in ours.requirements_of(level)
    )
    used = {each.code for way in found for each in way.forebears}
    return Ways(found, tuple(each for each in there.values() if each.code not in used))


def unite(sources: Sequence[Source], framework: Framework) -> United:
    """One answer of one or several: texts are joined under their sources' names and none of them is picked.

    The judgement stays where all sources agree and the scale of the framework has the step; else it is open.
    """
    judged = {source.judgement for source in sources}
    judgement = next(iter(judged)) if len(judged) == 1 else None
    if judgement is not None and not framework.has_step(judgement):
        judgement = None
    return United(
        judgement,
        _joined(sources, [source.narrative for source in sources]),
        _joined(sources, [source.not_applicable_reason for source in sources]),
    )


def _joined(sources: Sequence[Source], texts: Sequence[str]) -> str:
    """The texts one after another, each under the names of those that say it; one source needs no name."""
    if len(sources) == 1:
        return texts[0]
    said: dict[str, list[str]] = {}
    for source, text in zip(sources, texts, strict=True):
        if text.strip():
            said.setdefault(text.strip(), []).append(f"{source.code} {source.title}")
    return "\n\n".join(f"From {'; '.join(names)}:\n\n{text}" for text, names in said.items())


def words_of(found: Ways) -> str:
    """What would be carried, in a sentence or two, before anybody commits to it."""
    if not found.carried:
        return "No answer of your last submission would be carried to it."
    words = f"{found.carried} of its {len(found.ways)} requirements would start with answers of your last submission"
    parts = [words, f"{found.fresh} would start empty" if found.fresh else ""]
    left = len(found.left)
    gone = f" {left} of your answers would have no successor." if left > 1 else " 1 answer would have no successor."
    return "; ".join(part for part in parts if part) + "." + (gone if left else "")
