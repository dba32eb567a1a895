"""A report as one list of blocks: its page, its Word file and its PDF say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from assessment.rules.report_paragraphs import improvement_key, judgement_key, keys_of, practice_key
from assessment.rules.report_words import iso_day_words, outcome_words
from saas.papers import Block, Facts, Heading, Prose, Row, Table

SHAPES = {
    "met": "met",
    "partly_met": "partly",
    "not_met": "not",
    "not_yet_met": "not",
    "not_applicable": "inapplicable",
}
"""The shapes of steps in documents of format 1, which did not keep them."""


def blocks_of(document: Mapping[str, Any], reading_of: Callable[[str], str] = str) -> tuple[Block, ...]:
    """Everything a report says, in its order, of either format. reading_of: a timescale → how it is read."""
    return (
        *_about(document),
        *_result(document),
        Heading(1, "Summary"),
        *_prose(document["summary"], "summary", "Nothing is written yet."),
        *(block for criterion in document["criteria"] for block in _criterion(criterion)),
        *_good_practice(document),
        Heading(1, "Improvements"),
        *_improvements(document, reading_of),
        *_behind(document),
    )


def _about(document: Mapping[str, Any]) -> Iterator[Block]:
    framework = document["framework"]
    yield Facts(
        (
            ("Council", document["council"]),
            ("Region", document["region"]),
            ("Framework", framework["title"]),
            ("Level", document["level"]),
            ("Cycle", str(document["cycle"])),
        )
    )


def _result(document: Mapping[str, Any]) -> Iterator[Block]:
    result = document["result"]
    if not result:
        return
    yield Heading(1, "Outcome")
    yield Prose(f"{document['level']}: {outcome_words(result)}.")
    if result.get("words"):
        yield Prose(result["words"])
    if result["conditions"]:
        yield Heading(2, "Conditions")
        yield Prose(result["conditions"])
    award = result["award"]
    if award:
        pairs = (
            ("Certificate", award["certificate_number"]),
            ("Awarded on", iso_day_words(award["awarded_on"])),
            ("Interim review due", iso_day_words(award["interim_due_on"])),
            ("Reassessment opens", iso_day_words(award["reassessment_opens_on"])),
            ("Valid to", iso_day_words(award["valid_to_on"])),
        )
        yield Facts(tuple(pair for pair in pairs if pair[1]))


def _criterion(criterion: Mapping[str, Any]) -> Iterator[Block]:
    name = f"{criterion['code']} {criterion['title']}"
    yield Heading(1, name)
    if criterion["strengths"]:
        yield Heading(2, "Strengths")
        yield from _prose(criterion["strengths"], f"strengths-{criterion['code']}", "")
    lines = criterion["judgements"]
    if lines:
        reasons = any(line["reason"] for line in lines)
        yield Heading(2, "Agreed judgements")
        yield Table(
            f"Agreed judgements: {name}",
            ("Requirement", "Judgement", "Reason") if reasons else ("Requirement", "Judgement"),
            tuple(_judgement(line, reasons=reasons) for line in lines),
        )


def _judgement(line: Mapping[str, Any], *, reasons: bool) -> Row:
    indicator = " (key indicator)" if line["key_indicator"] else ""
    cells = (f"{line['code']} {line['title']}{indicator}", line["words"])
    shape = line.get("shape") or SHAPES.get(line["judgement"], "")
    return Row((*cells, line["reason"]) if reasons else cells, judgement_key(line), shape)


def _good_practice(document: Mapping[str, Any]) -> Iterator[Block]:
    entries = document.get("good_practice", ())
    if not entries:
        return
    yield Heading(1, "Good practice")
    for number, item in enumerate(entries, 1):
        yield Heading(2, f"Good practice {number}")
        about = _placed(item)
        yield Prose(item["text"], "" if about else practice_key(item))
        if about:
            yield Facts((("About", about),), practice_key(item))


def _improvements(document: Mapping[str, Any], reading_of: Callable[[str], str]) -> Iterator[Block]:
    for item in document["improvements"]:
        yield Heading(2, f"Improvement {item['number']}{' (mandatory)' if item['mandatory'] else ''}")
        reading = reading_of(item["timescale"])
        read = f" (read as: {reading})" if reading and reading != item["timescale"] else ""
        pairs = (
            ("About", _placed(item)),
            ("Timescale", f"{item['timescale']}{read}" if item["timescale"] else ""),
            ("Source or reason", item["reason"]),
            ("Remark", item["remark"]),
            *((heading or "Also", text) for heading, text in item["extra"]),
        )
        given = tuple((name, text) for name, text in pairs if text)
        yield Prose(item["action"] or "No action is written yet.", "" if given else improvement_key(item))
        if given:
            yield Facts(given, improvement_key(item))
    if not document["improvements"]:
        yield Prose("No improvements are asked for.")


def _behind(document: Mapping[str, Any]) -> Iterator[Block]:
    """Who assessed, what each declared, and how often the team asked."""
    team, clarified = document.get("team"), document.get("clarifications")
    if team:
        yield Heading(1, "The team and its interests")
        yield Prose("Everybody who was asked to assess, and what each declared.")
        names = ("name", "capacity", "home_council", "interest")
        rows = (Row(tuple(each[name] or "The region" for name in names)) for each in team)
        yield Table("The team and its interests", ("Name", "Asked as", "Council", "Interest"), tuple(rows))
    if clarified and clarified["asked"]:
        yield Heading(1, "Questions to the council")
        asked = f"{clarified['asked']} question{'' if clarified['asked'] == 1 else 's'}"
        yield Prose(f"The team asked {asked} during the assessment. The council answered {clarified['answered']}.")


def _prose(part: Sequence[Mapping[str, str]] | str, prefix: str, absent: str) -> Iterator[Block]:
    paragraphs = keys_of(part, prefix)  # type: ignore[arg-type]
    yield from (Prose(each["words"], each["key"]) for each in paragraphs)
    if not paragraphs and absent:
        yield Prose(absent)


def _placed(item: Mapping[str, Any]) -> str:
    if not item["criterion_code"]:
        return ""
    requirement = f", requirement {item['requirement_code']}" if item["requirement_code"] else ""
    return f"Criterion {item['criterion_code']} {item['criterion_title']}{requirement}"
