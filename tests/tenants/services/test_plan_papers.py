"""Papers of a plan as they look: every page beside a picture that somebody has looked at."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image

from saas import clock
from saas.papers import Paper, write
from tenants.models.committee_papers import CommitteePaper
from tenants.models.evidence import Evidence
from tenants.models.plans import Plan
from tenants.queries.logos import NamedPlace
from tenants.rules import import_rows
from tenants.rules.action_plans import read_document
from tenants.rules.plan_papers import Line, Note, completed, responsibility
from tenants.services.evidence_papers import Entry, index_table
from tenants.services.plan_papers import PlanOnPaper, committee_paper, plan_paper
from tests.factories.drawn_pages import drawn, unlike

PAGES = Path(__file__).with_name("pages")
NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
COUNCIL = UUID(int=1)
LONG = "The panel found that descriptions exist, but that half of the councillors do not know them. "


def logo() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (240, 80), "#1f5c3a").save(written, "PNG")
    return written.getvalue()


def on_paper(lines: int = 9) -> PlanOnPaper:
    """A plan with short and long lines, a restricted one, notes, and one line longer than a page."""
    made = [
        Line(
            ref=str(number), action=f"Write role descriptions for every office, part {number}.", timescale="May 2027",
            reason=LONG * (1 + number % 3), remark=LONG.strip() if number % 4 == 0 else "",
            responsibility=("Learning and Development Manager", "Ann Example, Head of Policy", "AG/ZW")[number % 3],
            status_text=("", "Ongoing", "Completed January 2026")[number % 3], restricted=number == 5,
            notes=(Note(date(2026, 5, 4), "Half of them are written.", "7.2"),) if number == 2 else (),
        )
        for number in range(1, lines + 1)
    ]  # fmt: skip
    made[6] = replace(made[6], reason=LONG * 16)
    plan = Plan(council_id=COUNCIL, id=UUID(int=2), kind="own", title="Charter action plan", monitor="The panel")
    region = NamedPlace("Mid Employers", None)
    return PlanOnPaper(plan, NamedPlace("Oakford Borough Council", logo()), region, tuple(made), (), unconfirmed=lines)


def cover() -> CommitteePaper:
    return CommitteePaper(
        council_id=COUNCIL, id=UUID(int=3), subject="plan", subject_id=UUID(int=2), title="Our Charter action plan",
        committee="Standards Committee", meets_on=date(2026, 12, 2), author="Head of Democratic Services",
        purpose="To agree the plan.", background="It committed itself in January.\n\n- It met twice\n- It asked",
        recommendations=["Agree the plan.", "Note how far it is."],
        implications=[{"heading": "Financial", "text": "None beyond the budget."}, {"heading": "Legal", "text": ""}],
    )  # fmt: skip


def placed(on_paper: PlanOnPaper) -> PlanOnPaper:
    """The same plan, where a requirement asks for every line but the last."""
    place = ("1.1 Leading councillors", "1.1.1 A plan for learning")
    lines = tuple(replace(line, place=place) for line in on_paper.lines[:-1])
    return replace(on_paper, lines=(*lines, on_paper.lines[-1]))


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@pytest.mark.parametrize("layout", ["timescales", "elements"])
@pytest.mark.parametrize("version", ["public", "restricted"])
def test_every_paper_of_a_plan_is_read_back(version: str, layout: str, kind: str) -> None:
    made = list(placed(on_paper(12)).lines)
    made[0] = replace(made[0], officer_days=Decimal("2.50"), cost=Decimal("1250.00"), source="Report 3")
    made[2] = replace(made[2], status="decided_against", decision="No money until 2028.", minute="14/2027")
    made[3] = replace(made[3], status="completed", evidence=("Policy, page 3",), status_text="")
    plan = replace(placed(on_paper(12)), lines=tuple(made))
    entries = [
        Entry(Evidence(kind="link", title="Policy", added_at=NOW, speaks_for_on=None, url="https://example.org",
                       removed_at=None, id=UUID(int=1)), ("Action 1",))
    ]  # fmt: skip
    with clock.at(NOW):
        paper = plan_paper(plan, version=version, layout=layout)
    paper = replace(paper, blocks=(*paper.blocks, index_table(entries, version="public", library="")))
    reading = read_document(write(paper, kind), f"plan.{kind}")
    kept = [import_rows.columns_of(import_rows.kept(row)) for row in reading.rows]
    lines = [line for line in made if version == "restricted" or not line.restricted]
    names = ("ref", "action", "reason", "timescale", "status_text", "responsibility")
    assert [tuple(row[name] for name in names) for row in kept] == [
        (line.ref, line.action, line.reason.strip(), line.timescale, completed(line), responsibility(line, version))
        for line in lines
    ]
    assert [row["status_proposed"] for row in kept[2:4]] == ["decided_against", "completed"]
    restricted = version == "restricted"
    assert (kept[0]["officer_days"], kept[0]["cost"]) == (
        (Decimal("2.5"), Decimal(1250)) if restricted else (None, None)
    )
    assert (kept[0]["source"], kept[1]["source"]) == ("Report 3", "")
    said = "Progress notes: 4 May 2026 (minute 7.2): Half of them are written."
    assert [said in row["remark"] for row in kept[:3]] == [False, restricted, False]
    assert [line.remark in row["remark"] for line, row in zip(lines, kept, strict=True)] == [
        restricted or not line.remark for line in lines
    ]


@pytest.mark.parametrize("version", ["public", "restricted"])
def test_a_plan_looks_as_it_did(version: str) -> None:
    with clock.at(NOW):
        paper = plan_paper(on_paper(), version=version, layout="timescales")
    assert unlike(write(paper, "pdf"), PAGES, f"plan-{version}") == []


def test_a_committee_paper_looks_as_it_did() -> None:
    with clock.at(NOW):
        paper = committee_paper(placed(on_paper(7)), cover(), version="public", layout="elements", library="")
    assert unlike(write(paper, "pdf"), PAGES, "committee") == []


def test_an_evidence_index_looks_as_it_did() -> None:
    entries = [
        Entry(
            Evidence(
                kind=kind, title=f"Policy on learning and development {number}", added_at=NOW, speaks_for_on=None,
                url="https://example.org/policy" if kind == "link" else None, removed_at=None, id=UUID(int=number),
            ),
            ("Action 1, page 3", "Action 4"),
        )
        for number, kind in enumerate(("file", "link", "measure"), 1)
    ]  # fmt: skip
    table = index_table(entries, version="restricted", library="https://charter.example")
    paper = Paper("Evidence index", "Oakford Borough Council", "Mid Employers", NOW, (table,), landscape=True)
    assert unlike(write(paper, "pdf"), PAGES, "evidence") == []


def test_the_comparison_sees_another_page(tmp_path: Path) -> None:
    with clock.at(NOW):
        paper = plan_paper(on_paper(), version="public", layout="timescales")
        other = plan_paper(placed(on_paper()), version="public", layout="elements")
    drawn(write(paper, "pdf"))[0].save(tmp_path / "plan-1.png")
    found = unlike(write(other, "pdf"), tmp_path, "plan")
    assert "plan, page 1: differs by " in " ".join(found)
