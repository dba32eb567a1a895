"""A plan on paper: in either order of columns, public or restricted, alone or under its cover for a committee."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from saas import clock
from saas.papers import Block, Facts, Heading, Paper, Prose, Row, Table
from saas.templating import moment, plural
from tenants.models.committee_papers import CommitteePaper
from tenants.models.plans import Plan
from tenants.queries.action_details import Details, load_details
from tenants.queries.logos import NamedPlace
from tenants.queries.meetings import Reason, find_reasons
from tenants.queries.plan_lines import list_actions
from tenants.queries.plan_papers import list_plan_evidence
from tenants.rules import plan_papers as rules
from tenants.rules.owners import Owner
from tenants.rules.plan_papers import PUBLIC, RESTRICTED, Line, Note
from tenants.services.committee_papers import covered_paper, versioned_paper
from tenants.services.evidence_papers import Entry, index_table

LAYOUT_CAPTION = "Action plan"
NOTHING = "The plan has no action to show."
Placing = Callable[[UUID, Collection[UUID]], Mapping[UUID, tuple[str, str]]]
"""(council, lines) → the elements and requirements that ask for each."""


@dataclass(frozen=True, slots=True)
class PlanOnPaper:
    """A plan with its lines as they stand, ready to be written in any version and layout."""

    plan: Plan
    council: NamedPlace
    region: NamedPlace
    lines: tuple[Line, ...]
    evidence: tuple[Any, ...]
    unconfirmed: int
    """Lines whose owners nobody confirmed: they are named by what was read from the text."""

    @property
    def names(self) -> tuple[NamedPlace, NamedPlace]:
        """The council and its region."""
        return self.council, self.region

    @property
    def restricted(self) -> int:
        """How many lines the public version leaves out."""
        return sum(line.restricted for line in self.lines)

    @property
    def layouts(self) -> tuple[str, ...]:
        """The orders of columns in which it can be had."""
        return rules.offered(self.lines)


def read_plan(plan: Plan, names: tuple[NamedPlace, NamedPlace], placing: Placing | None = None) -> PlanOnPaper:
    """Everything that papers of the plan say, in a fixed number of statements. placing: who knows its requirements."""
    rows = list_actions(plan)
    ids = [row.id for row in rows]
    details = load_details(plan.council_id, ids)
    places = placing(plan.council_id, ids) if placing else {}
    reasons = reasons_of(plan.council_id, rows)
    lines = tuple(
        replace(line_of(row, details[row.id], reasons.get(row.id)), place=places.get(row.id, ("", ""))) for row in rows
    )
    unconfirmed = sum(bool(row.responsibility) and not details[row.id].owners for row in rows)
    return PlanOnPaper(plan, *names, lines, tuple(list_plan_evidence(plan)), unconfirmed)


def reasons_of(council_id: UUID, rows: Collection[Any]) -> dict[UUID, Reason]:
    """What a meeting decided last of those lines that were decided against, by their ids."""
    return find_reasons(council_id, [row.id for row in rows if row.status == rules.AGAINST])


def line_of(row: Any, details: Details, reason: Reason | None = None) -> Line:
    """An action's row, with what hangs on it, as a line on paper. reason: why it was decided against."""
    return Line(
        ref=row.ref,
        action=row.action,
        timescale=row.timescale,
        reason=row.reason,
        remark=row.remark,
        responsibility=row.responsibility,
        status=row.status,
        status_text=row.status_text,
        source=row.source,
        restricted=row.restricted,
        officer_days=row.officer_days,
        cost=row.cost,
        owners=tuple(Owner(each.kind, each.name, each.accountable) for each in details.owners),
        notes=tuple(Note(each.noted_on, each.words, each.minute) for each in details.notes),
        evidence=tuple(titled(each.title, each.pinpoint) for each in details.evidence),
        decision=reason.words if reason else "",
        minute=reason.minute if reason else "",
    )


def plan_paper(on_paper: PlanOnPaper, *, version: str, layout: str) -> Paper:
    """The plan alone, on pages that lie."""
    blocks = _plan_blocks(on_paper, version, layout)
    return versioned_paper(on_paper.plan.title, blocks, on_paper.names, version=version, landscape=True)


def evidence_paper(on_paper: PlanOnPaper, *, version: str, library: str) -> Paper:
    """The index of the evidence that the plan's lines name. library: the web address of the council's library."""
    index = _index(on_paper, version, library) or Prose("No line names any evidence.")
    blocks = (Prose(rules.version_words(on_paper.lines, version)), index)
    title = f"Evidence index: {on_paper.plan.title}"
    return versioned_paper(title, blocks, on_paper.names, version=version, landscape=True)


def committee_paper(on_paper: PlanOnPaper, cover: CommitteePaper, *, version: str, layout: str, library: str) -> Paper:
    """The cover, and behind it the plan and the evidence index, as one document."""
    counted = plural(len(rules.shown(on_paper.lines, version)), "action")
    plan = (on_paper.plan.title, counted, _plan_blocks(on_paper, version, layout))
    return covered_paper(cover, plan, _index(on_paper, version, library), on_paper.names, version=version)


def titled(title: str, pinpoint: str) -> str:
    """ "Policy, page 3"."""
    return f"{title}, {pinpoint}" if pinpoint else title


def _plan_blocks(on_paper: PlanOnPaper, version: str, layout: str) -> list[Block]:
    lines = rules.shown(on_paper.lines, version)
    source = rules.source_of(lines)
    facts = (
        ("As it stood on", moment(clock.now())),
        ("Actions", rules.counted(lines)),
        ("Monitored by", on_paper.plan.monitor if version == RESTRICTED else ""),
        ("Source", source or ""),
    )
    blocks: list[Block] = [
        Prose(rules.version_words(on_paper.lines, version)),
        Facts(tuple(pair for pair in facts if pair[1])),
    ]
    if not lines:
        return [*blocks, Prose(NOTHING)]
    rows = tuple(Row(rules.cells(line, layout, version)) for line in lines)
    blocks.append(Table(LAYOUT_CAPTION, rules.PLAN_LAYOUTS[layout], rows, rules.PLAN_WIDTHS[layout]))
    return [*blocks, *details_blocks(lines, version)]


def details_blocks(lines: Sequence[Line], version: str) -> list[Block]:
    """What the layout has no column for, line by line."""
    found = rules.details(lines, version)
    if not found:
        return []
    rows = tuple(Row(row) for row in found)
    if version == PUBLIC:
        table = Table("Sources", rules.DETAILS[:2], tuple(Row(row.cells[:2]) for row in rows), (1, 12))
        return [Heading(1, "Sources"), table]
    table = Table("Remarks, time, cost and notes", rules.DETAILS, rows, rules.DETAIL_WIDTHS)
    return [Heading(1, "Remarks, officer time, cost and progress notes"), table]


def _entries(on_paper: PlanOnPaper, version: str) -> list[Entry]:
    """Evidence in the order of the lines that name it, each once."""
    found: dict[UUID, Entry] = {}
    for each in on_paper.evidence:
        if version == PUBLIC and each.restricted:
            continue
        before = found[each.Evidence.id].cited if each.Evidence.id in found else ()
        found[each.Evidence.id] = Entry(each.Evidence, (*before, titled(f"Action {each.ref}", each.pinpoint)))
    return list(found.values())


def _index(on_paper: PlanOnPaper, version: str, library: str) -> Table | None:
    entries = _entries(on_paper, version)
    return index_table(entries, version=version, library=library) if entries else None
