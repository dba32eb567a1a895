"""The list of blocks: everything a report says once, in its order, whatever the format of its document."""

from __future__ import annotations

from typing import Any

from assessment.rules import reports
from assessment.rules.report_paragraphs import paragraphs_of
from assessment.rules.reports import Around, Judged
from assessment.services.report_blocks import blocks_of
from saas.papers import Block, Facts, Heading, Prose, Row, Table
from tests.factories.assessment import tree_of

TREE = tree_of("charter-2008")
JUDGED = {each.code: Judged("met") for each in TREE.requirements} | {"1.1.1": Judged("partly_met", reason="Not yet.")}


def document(**changed: Any) -> dict[str, Any]:
    items = [
        reports.improvement(action="Meet more often", timescale="by May", requirement_code="2.1.1", mandatory=True),
        reports.improvement(action="Say thanks", extra=[("Cost", "£5")]),
    ]
    given: dict[str, Any] = {
        "council": "Oakford",
        "region": "Mid",
        "cycle": 2,
        "summary": "It learns.\n\nIt shows it.",
        "strengths": [{"criterion_code": "1", "text": "A clear lead"}],
        "improvements": [{**item, "key": str(item["number"])} for item in reports.numbered(items)],
        "good_practice": [{**reports.practice(text="A buddy", criterion_code="3"), "key": "a"}],
        "around": Around(
            [{"name": "Ann", "capacity": "Officer", "home_council": "", "interest": "Nothing was declared."}],
            {"asked": 1, "answered": 0},
        ),
    }
    return reports.document(TREE, "charter", JUDGED, **(given | changed))


def test_parts_stand_in_one_fixed_order() -> None:
    headings = [block.text for block in blocks_of(document()) if isinstance(block, Heading) and block.level == 1]
    assert headings == [
        "Summary",
        *(f"{each.code} {each.title}" for each in TREE.criteria),
        "Good practice",
        "Improvements",
        "The team and its interests",
        "Questions to the council",
    ]


def test_every_paragraph_a_comment_can_name_is_the_key_of_one_block() -> None:
    said = document()
    keys = []
    for block in blocks_of(said):
        if isinstance(block, Table):
            keys += [row.key for row in block.rows if row.key]
        elif isinstance(block, Prose | Facts) and block.key:
            keys.append(block.key)
    assert keys == list(paragraphs_of(said))


def test_a_judgement_is_marked_and_its_reason_stands_beside_it() -> None:
    table = next(block for block in blocks_of(document()) if isinstance(block, Table))
    first = table.rows[0]
    assert first == Row(("1.1.1 Commitment from the top", "Partly met", "Not yet."), "judgement-1.1.1", "partly")
    assert first.marked == ("1.1.1 Commitment from the top", "◐ Partly met", "Not yet.")


def test_an_improvement_says_how_its_timescale_is_read() -> None:
    blocks = list(blocks_of(document(), lambda text: "By 31 May" if text else ""))
    place = blocks.index(Heading(2, "Improvement 1 (mandatory)"))
    assert blocks[place + 1 : place + 3] == [
        Prose("Meet more often"),
        Facts(
            (
                ("About", f"Criterion 2 {TREE.criteria[1].title}, requirement 2.1.1"),
                ("Timescale", "by May (read as: By 31 May)"),
            ),
            "improvement-1",
        ),
    ]


def test_an_issued_report_begins_with_its_outcome() -> None:
    award = {
        "certificate_number": "AB-1", "awarded_on": "2017-05-04", "interim_due_on": None,
        "reassessment_opens_on": "2019-08-04", "valid_to_on": "2020-05-04",
    }  # fmt: skip
    blocks = blocks_of(document(result={"outcome": "awarded", "conditions": "Write it down.", "award": award}))
    assert blocks[1:6] == (
        Heading(1, "Outcome"),
        Prose("Charter: Awarded, with conditions."),
        Heading(2, "Conditions"),
        Prose("Write it down."),
        Facts(
            (
                ("Certificate", "AB-1"),
                ("Awarded on", "4 May 2017"),
                ("Reassessment opens", "4 August 2019"),
                ("Valid to", "4 May 2020"),
            )
        ),
    )


def test_what_the_council_is_told_stands_under_its_outcome() -> None:
    result = {"outcome": "not_yet", "words": "Two elements are not met yet.", "conditions": "", "award": None}
    assert blocks_of(document(result=result))[1:5] == (
        Heading(1, "Outcome"),
        Prose("Charter: Not yet awarded."),
        Prose("Two elements are not met yet."),
        Heading(1, "Summary"),
    )


def test_a_document_of_the_first_format_is_still_shown() -> None:
    now = document(good_practice=(), around=None)
    old = {**now, "format": 1, "summary": "It learns.\n\nIt shows it."}
    old["criteria"] = [
        {
            **criterion,
            "strengths": "\n\n".join(each["words"] for each in criterion["strengths"]),
            "judgements": [{**line, "shape": None} for line in criterion["judgements"]],
        }
        for criterion in now["criteria"]
    ]
    old["improvements"] = [{**item, "key": None} for item in now["improvements"]]
    for name in ("good_practice", "team", "clarifications"):
        del old[name]
    assert _said(blocks_of(old)) == _said(blocks_of(now))


def _said(blocks: tuple[Block, ...]) -> list[object]:
    """What is said, without the keys."""
    return [
        [row.marked for row in block.rows] if isinstance(block, Table)
        else block.pairs if isinstance(block, Facts)
        else block.text
        for block in blocks
    ]  # fmt: skip
