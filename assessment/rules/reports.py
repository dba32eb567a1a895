"""What a report says: begun from agreed judgements, numbered without gaps, written out for the council in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessment.rules.framework_tree import Framework

FORMAT = 1
TEXTS = ("action", "reason", "remark", "timescale", "requirement_code", "criterion_code")
OTHER_COLUMNS = (
    ("section", "Section"),
    ("ref", "Reference"),
    ("responsibility", "Responsibility"),
    ("status", "Status"),
    ("officer_days", "Officer days"),
    ("cost", "Cost"),
)
"""What a document's rows hold beside the texts of an improvement, and how it is named where it is shown."""

Item = dict[str, Any]


@dataclass(frozen=True)
class Judged:
    """The agreed judgement of one requirement, what the assessors wrote of it, and the reason agreed on, if any."""

    step: str
    strengths: tuple[str, ...] = ()
    improvements: tuple[str, ...] = ()
    reason: str = ""


def begin_strengths(framework: Framework, level: str, judged: Mapping[str, Judged]) -> list[Item]:
    """For each criterion, in order: {criterion_code, text}; one line per strength, in the order of requirements.

    `judged` is keyed by requirement code. What two assessors wrote alike stands once.
    """
    found: dict[str, list[str]] = {criterion.code: [] for criterion in framework.criteria}
    for requirement in framework.requirements_of(level):
        criterion, _ = framework.place_of(requirement.code)
        for text in judged[requirement.code].strengths if requirement.code in judged else ():
            if text.strip() and text.strip() not in found[criterion.code]:
                found[criterion.code].append(text.strip())
    return [{"criterion_code": code, "text": "\n\n".join(texts)} for code, texts in found.items()]


def begin_improvements(framework: Framework, level: str, judged: Mapping[str, Judged]) -> list[Item]:
    """The proposed improvements, numbered in the order of requirements; mandatory where a key indicator is not met."""
    proposed = []
    for requirement in framework.requirements_of(level):
        found = judged.get(requirement.code)
        if found is None:
            continue
        step = framework.step(found.step)
        mandatory = requirement.key_indicator and not step.met and not step.not_applicable
        proposed += [
            improvement(action=text, requirement_code=requirement.code, mandatory=mandatory)
            for text in dict.fromkeys(text.strip() for text in found.improvements if text.strip())
        ]
    return numbered(proposed)


def improvement(*, mandatory: bool = False, extra: Iterable[Sequence[str]] = (), **texts: str) -> Item:
    """One proposed improvement with every key there is. `extra`: (heading, text) of a document's other columns."""
    return {
        **{name: texts.get(name, "") for name in TEXTS},
        "mandatory": mandatory,
        "extra": [list(pair) for pair in extra],
    }


def from_row(row: Mapping[str, Any]) -> Item:
    """An improvement as one row of a document says it: every word kept, other columns with their headings.

    `row` is a `tenants.rules.action_plans.ActionRow` as plain JSON.
    """
    other = [(words, row[name]) for name, words in OTHER_COLUMNS if row.get(name)]
    extra = [*other, *((heading, text) for heading, text in row["extra"])]
    return improvement(
        action=row["action"],
        reason=row["reason"],
        remark=row["remark"],
        timescale=row["timescale"],
        extra=extra,
    )


def numbered(items: Iterable[Item]) -> list[Item]:
    """The same improvements, numbered from 1 without gaps."""
    return [{**item, "number": number} for number, item in enumerate(items, 1)]


def moved(items: Sequence[Item], number: int, by: int) -> list[Item]:
    """The improvements with one of them moved up (negative) or down; at either end it stays where it is."""
    order = list(items)
    place = number - 1
    to = min(max(place + by, 0), len(order) - 1)
    order.insert(to, order.pop(place))
    return numbered(order)


def place_of(framework: Framework, item: Mapping[str, Any]) -> tuple[str, str]:
    """Code and title of the criterion an improvement is about; ("", "") for one about the whole report."""
    if item["requirement_code"] and framework.has_requirement(item["requirement_code"]):
        criterion, _ = framework.place_of(item["requirement_code"])
        return criterion.code, criterion.title
    for criterion in framework.criteria:
        if criterion.code == item["criterion_code"]:
            return criterion.code, criterion.title
    return "", ""


def problems(summary: str, improvements: Sequence[Mapping[str, Any]]) -> list[str]:
    """What keeps a draft from leaving the region, in sentences."""
    found = [] if summary.strip() else ["Write the summary."]
    found += [
        f"Improvement {item['number']} has no action written." for item in improvements if not item["action"].strip()
    ]
    return found


def document(
    framework: Framework,
    level: str,
    judged: Mapping[str, Judged],
    *,
    council: str,
    region: str,
    cycle: int,
    summary: str,
    strengths: Sequence[Mapping[str, Any]],
    improvements: Sequence[Mapping[str, Any]],
    result: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The report as it leaves the region: agreed judgements in words, never a score or who gave it.

    `judged` is keyed by requirement code. `result` is None in a fact check; once issued it holds outcome,
    conditions and the award's dates and number.
    """
    written = {entry["criterion_code"]: entry["text"] for entry in strengths}
    criteria = []
    asked = {requirement.code for requirement in framework.requirements_of(level)}
    for criterion in framework.criteria:
        lines = [
            {
                "code": requirement.code,
                "title": requirement.title,
                "key_indicator": requirement.key_indicator,
                "judgement": judged[requirement.code].step,
                "words": framework.step(judged[requirement.code].step).label,
                "reason": judged[requirement.code].reason,
            }
            for element in criterion.elements
            for requirement in element.requirements
            if requirement.code in asked and requirement.code in judged
        ]
        strength = written.get(criterion.code, "")
        if lines or strength:
            criteria.append(
                {"code": criterion.code, "title": criterion.title, "strengths": strength, "judgements": lines}
            )
    return {
        "format": FORMAT,
        "council": council,
        "region": region,
        "framework": {"code": framework.code, "title": framework.title, "version": framework.version},
        "level": framework.level(level).title,
        "cycle": cycle,
        "summary": summary,
        "criteria": criteria,
        "improvements": [_issued(framework, item) for item in improvements],
        "result": dict(result) if result is not None else None,
    }


def same_words(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two documents say the same, their results left aside."""
    return {**one, "result": None} == {**other, "result": None}


def _issued(framework: Framework, item: Mapping[str, Any]) -> dict[str, Any]:
    code, title = place_of(framework, item)
    return {
        **{name: item[name] for name in ("number", *TEXTS, "mandatory", "extra")},
        "criterion_code": code,
        "criterion_title": title,
    }
