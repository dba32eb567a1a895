"""What a report says: begun from agreed judgements, numbered without gaps, written out for the council in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessment.rules.framework_tree import Criterion, Framework
from assessment.rules.marks import shape_of
from assessment.rules.report_paragraphs import keyed

FORMAT = 2
"""Format 1 had summary and strengths as one text each, and neither keys, good practice, team nor clarifications."""
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
    good_practice: tuple[str, ...] = ()
    """The strengths that others should hear of."""
    mandatory: tuple[str, ...] = ()
    """The improvements that have to be made."""


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


def begin_good_practice(framework: Framework, level: str, judged: Mapping[str, Judged]) -> list[Item]:
    """What the assessors ticked as good practice, each once, in the order of requirements."""
    return [
        practice(text=text, requirement_code=requirement.code)
        for requirement in framework.requirements_of(level)
        if requirement.code in judged
        for text in _each_once(judged[requirement.code].good_practice)
    ]


def begin_improvements(framework: Framework, level: str, judged: Mapping[str, Judged]) -> list[Item]:
    """The proposed improvements, numbered in the order of requirements, each with the reason that was agreed on.

    Mandatory is what an assessor ticked so, and everything about a key indicator that is not met.
    """
    proposed = []
    for requirement in framework.requirements_of(level):
        found = judged.get(requirement.code)
        if found is None:
            continue
        step = framework.step(found.step)
        needed = requirement.key_indicator and not step.met and not step.not_applicable
        ticked = _each_once(found.mandatory)
        proposed += [
            improvement(
                action=text,
                reason=found.reason.strip(),
                requirement_code=requirement.code,
                mandatory=needed or text in ticked,
            )
            for text in _each_once(found.improvements)
        ]
    return numbered(proposed)


def practice(*, text: str = "", requirement_code: str = "", criterion_code: str = "") -> Item:
    """One entry of good practice with every key there is but its own."""
    return {"requirement_code": requirement_code, "criterion_code": criterion_code, "text": text}


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


def about(item: Mapping[str, Any]) -> str:
    """What an improvement or good practice is about, as it is typed: a requirement's or a criterion's code, or ""."""
    return str(item["requirement_code"] or item["criterion_code"])


def read_about(framework: Framework, typed: str) -> dict[str, str]:
    """The codes that were typed as one, {requirement_code, criterion_code}. Raises ValueError with a sentence."""
    code = typed.strip().removeprefix("Criterion ").removeprefix("criterion ").strip()
    if framework.has_requirement(code):
        return {"requirement_code": code, "criterion_code": ""}
    if code and code not in {criterion.code for criterion in framework.criteria}:
        raise ValueError(f"This framework has no requirement or criterion {code}")
    return {"requirement_code": "", "criterion_code": code}


def problems(
    summary: str, improvements: Sequence[Mapping[str, Any]], good_practice: Sequence[Mapping[str, Any]] = ()
) -> list[str]:
    """What keeps a draft from leaving the region, in sentences."""
    found = [] if summary.strip() else ["Write the summary."]
    found += (
        ["Good practice has an entry without words."] if any(not item["text"].strip() for item in good_practice) else []
    )
    found += [
        f"Improvement {item['number']} has no action written." for item in improvements if not item["action"].strip()
    ]
    return found


@dataclass(frozen=True)
class Around:
    """What a report says of the work behind it, besides what was written.

    team: {name, capacity (words), home_council, interest (words)} of everybody who was ever asked; clarifications:
    {asked, answered}, whole numbers.
    """

    team: Sequence[Mapping[str, str]] = ()
    clarifications: Mapping[str, int] | None = None


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
    good_practice: Sequence[Mapping[str, Any]] = (),
    around: Around | None = None,
    before: Mapping[str, Any] | None = None,
    result: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The report as it leaves the region: agreed judgements in words, never a score or who gave it.

    `judged` is keyed by requirement code. `before` is the version the council has: a paragraph that stayed or was
    reworded keeps its key. `result` is None in a fact check; once issued it holds outcome, conditions and the award's
    dates and number.
    """
    around = around or Around()
    written = {entry["criterion_code"]: entry["text"] for entry in strengths}
    known = {criterion["code"]: criterion["strengths"] for criterion in before["criteria"]} if before else {}
    criteria = []
    for criterion in framework.criteria:
        lines = _judgements(framework, level, criterion, judged)
        text = written.get(criterion.code, "")
        if lines or text:
            criteria.append(
                {
                    "code": criterion.code,
                    "title": criterion.title,
                    "strengths": keyed(text, f"strengths-{criterion.code}", known.get(criterion.code)),
                    "judgements": lines,
                }
            )
    return {
        "format": FORMAT,
        "council": council,
        "region": region,
        "framework": {"code": framework.code, "title": framework.title, "version": framework.version},
        "level": framework.level(level).title,
        "cycle": cycle,
        "summary": keyed(summary, "summary", before["summary"] if before else None),
        "criteria": criteria,
        "good_practice": [_placed(framework, item, ("key", "text")) for item in good_practice],
        "improvements": [
            _placed(framework, item, ("key", "number", *TEXTS, "mandatory", "extra")) for item in improvements
        ],
        "team": [dict(each) for each in around.team],
        "clarifications": dict(around.clarifications) if around.clarifications is not None else None,
        "result": dict(result) if result is not None else None,
    }


def same_words(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two documents say the same, their results left aside."""
    return {**one, "result": None} == {**other, "result": None}


def _judgements(framework: Framework, level: str, criterion: Criterion, judged: Mapping[str, Judged]) -> list[Item]:
    asked = {requirement.code for requirement in framework.requirements_of(level)} & set(judged)
    return [
        {
            "code": requirement.code,
            "title": requirement.title,
            "key_indicator": requirement.key_indicator,
            "judgement": judged[requirement.code].step,
            "words": framework.step(judged[requirement.code].step).label,
            "shape": shape_of(framework, framework.step(judged[requirement.code].step)),
            "reason": judged[requirement.code].reason,
        }
        for element in criterion.elements
        for requirement in element.requirements
        if requirement.code in asked
    ]


def _placed(framework: Framework, item: Mapping[str, Any], names: Sequence[str]) -> Item:
    code, title = place_of(framework, item)
    return {
        **{name: item.get(name, "") for name in (*names, "requirement_code")},
        "criterion_code": code,
        "criterion_title": title,
    }


def _each_once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text.strip() for text in texts if text.strip()))
