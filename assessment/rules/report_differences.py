"""What two states of a report's draft differ in, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assessment.rules.differences import Piece, compare
from assessment.rules.framework_tree import Framework
from assessment.rules.reports import about

NAMES = (("timescale", "Timescale"), ("reason", "Source or reason"), ("remark", "Remark"))


@dataclass(frozen=True, slots=True)
class State:
    """What the draft says at one time, as its row and its versions hold it."""

    summary: str
    strengths: list[Any]
    good_practice: list[Any]
    improvements: list[Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One part that differs, and how."""

    name: str
    pieces: tuple[Piece, ...]


def texts_of(state: State, framework: Framework) -> dict[str, str]:
    """Each part as one text: summary, strengths by criterion, good practice, improvements in their order."""
    written = {entry["criterion_code"]: entry["text"] for entry in state.strengths}
    strengths = {f"Strengths: {each.code} {each.title}": written.get(each.code, "") for each in framework.criteria}
    return {
        "Summary": state.summary,
        **strengths,
        "Good practice": "\n\n".join(_practice(each) for each in state.good_practice),
        "Improvements": "\n\n".join(_improvement(each) for each in state.improvements),
    }


def changed_parts(before: State | None, after: State, framework: Framework) -> list[str]:
    """The names of the parts that are not the same; of a first state, those that hold words."""
    earlier = texts_of(before, framework) if before is not None else {}
    return [name for name, text in texts_of(after, framework).items() if text != earlier.get(name, "")]


def differences(before: State, after: State, framework: Framework) -> list[Part]:
    """The parts that are not the same, and the way from the one to the other."""
    earlier, later = texts_of(before, framework), texts_of(after, framework)
    return [Part(name, compare(earlier[name], later[name])) for name in later if earlier[name] != later[name]]


def _practice(item: Mapping[str, Any]) -> str:
    place = about(item)
    return f"{item['text']}\nAbout: {place}" if place else str(item["text"])


def _improvement(item: Mapping[str, Any]) -> str:
    lines: Iterable[str] = (f"{name}: {item[key]}" for key, name in NAMES if item[key])
    heading = f"{item['number']}.{' (mandatory)' if item['mandatory'] else ''} {item['action']}"
    return "\n".join([heading, *([f"About: {about(item)}"] if about(item) else []), *lines])
