"""Which column of a council's table is the action, the when, the who and the rest, by the words above it."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

# For each meaning the headings seen above such columns, the surest first. Where a table has two, the surer
# one wins.
HEADINGS: dict[str, tuple[str, ...]] = {
    "ref": ("ref", "ref no", "reference", "no", "number", "serial no", "item no", "action no", "id", "#"),
    "action": (
        "action",
        "actions",
        "action required",
        "actions required",
        "action point",
        "action points",
        "actions required and resource implications",
        "what we need to do",
        "what we will do",
        "task",
        "activity",
        "measure",
        "item",
        "recommendation",
        "recommendations",
        "recommendation made",
        "commitment",
        "next steps",
        "improvement area",
        "area for improvement",
        "objective",
        "governance issue",
        "issue",
        "suggestion",
        "suggestions",
        "member comment",
        "title",
    ),
    "timescale": (
        "timescale",
        "timescales",
        "by when",
        "when",
        "timescale and review date",
        "timetable",
        "target date",
        "due date",
        "due",
        "deadline",
        "target",
        "when this will happen",
        "relevant fy",
        "year to action",
        "expected completion date",
        "completion date",
        "to be completed by",
        "complete by",
        "target completion date",
        "date",
        "implementation date",
    ),
    "responsibility": (
        "responsibility",
        "by whom",
        "by who",
        "who",
        "responsible",
        "responsible officer",
        "officer responsible",
        "who is responsible for action",
        "who is responsible",
        "lead officer",
        "lead responsibility",
        "lead",
        "owner",
        "action owner",
        "officer",
        "recommendation made to",
        "cabinet member",
        "portfolio holder",
        "person responsible",
    ),
    "status": (
        "status",
        "completed by",
        "completed",
        "progress",
        "progress %",
        "progress update",
        "achieved",
        "update",
        "action update",
        "action taken",
        "rag",
        "rag status",
        "current position",
        "outcome",
        "response",
        "officer response",
        "our progress",
        "closed minutes reference",
    ),
    "reason": (
        "source reason",
        "reason",
        "source",
        "rationale",
        "why",
        "gap",
        "gaps",
        "finding",
        "findings",
        "evidence",
    ),
    "remark": (
        "remark",
        "remarks",
        "comment",
        "comments",
        "assessors comments",
        "assessment team comments",
        "notes",
    ),
    "officer_days": ("officer days", "officer time", "days", "staff days", "officer time days"),
    "cost": (
        "cost",
        "costs",
        "cost £",
        "budget",
        "budget centre and code",
        "resources",
        "resource implications",
        "resource",
        "total",
        "total cost",
        "funding",
    ),
}
# What stands beside a surer action column tells why the action is there.
_REASONS = (
    "recommendation",
    "recommendations",
    "recommendation made",
    "objective",
    "issue",
    "governance issue",
    "improvement area",
    "area for improvement",
)
_LONGEST_HEADING = 80
_REMEMBERED = 5_000  # cells: a long table repeats most of them
_TELLING = {"timescale", "responsibility", "status"}
_FIGURES = {"reason", "cost", "officer_days"}


def plain(heading: str) -> str:
    """A heading in lower case with "and" for "&" and without punctuation."""
    spelled = heading.lower().replace("&", " and ").replace("'", "").replace("’", "")
    return re.sub(r"[^\w%£#]+", " ", spelled).strip()


def meanings(headings: Sequence[str], remembered: Mapping[str, str] | None = None) -> tuple[str, ...] | None:
    """For each heading one of the keys of HEADINGS or "" (not known); None where it is no row of headings.

    A row of headings has the action, and at least one of when, who and status, or two of reason, cost and officer
    days. A first column without heading is the reference. `remembered`: what people said plain headings mean, which
    outweighs what is known here.
    """
    if any(len(heading) > _LONGEST_HEADING for heading in headings):
        return None
    told = remembered or {}
    said = {at: told[name] for at, heading in enumerate(headings) if (name := plain(heading)) and name in told}
    found = [said.get(at, "") for at in range(len(headings))]
    ranked = sorted((rank, at, meaning) for at, heading in enumerate(headings) for meaning, rank in _ranks(heading))
    for _, at, meaning in ranked:
        if at not in said and not found[at] and meaning not in found:
            found[at] = meaning
    if "action" not in found:
        return None
    if not _TELLING & set(found) and len(_FIGURES & set(found)) < 2:
        return None
    for at, heading in enumerate(headings):
        if at not in said and not found[at] and "reason" not in found and plain(heading) in _REASONS:
            found[at] = "reason"
    if not headings[0].strip() and "ref" not in found:
        found[0] = "ref"
    return tuple(found)


@lru_cache(maxsize=_REMEMBERED)
def _ranks(heading: str) -> tuple[tuple[str, int], ...]:
    """The meanings a heading may have, with how sure each is (0 is surest)."""
    name = plain(heading)
    if name.startswith(("progress at ", "progress as at ", "progress since ")):
        name = "progress"
    without_brackets = plain(re.sub(r"\(.*?\)", " ", heading))
    parts = [plain(part) for part in re.split(r"[/&]|\band\b", heading.lower())]
    ranks = []
    for meaning, synonyms in HEADINGS.items():
        for allowance, names in ((0, [name]), (20, [without_brackets]), (40, parts)):
            places = [synonyms.index(candidate) for candidate in names if candidate in synonyms]
            if places:
                ranks.append((meaning, allowance + min(places)))
                break
    return tuple(ranks)


def is_known(heading: str) -> bool:
    """Whether a heading is one of those seen above columns of actions, word for word."""
    name = plain(heading)
    return name.startswith("progress at ") or any(name in synonyms for synonyms in HEADINGS.values())


def sought() -> str:
    """The headings a table of actions is known by, in words for the person whose file was refused."""

    def some(meaning: str) -> str:
        return ", ".join(f"“{name.capitalize()}”" for name in HEADINGS[meaning][:4])

    return (
        f"a heading for the action ({some('action')} …) and beside it one for when ({some('timescale')} …), "
        f"who ({some('responsibility')} …) or status ({some('status')} …)"
    )
