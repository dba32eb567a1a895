"""The empty file for councils and awards: its example can be taken in once it has a name of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

from assessment.rules.council_outcomes import preview
from assessment.rules.council_tables import EXAMPLE, Offered, read
from assessment.services.council_templates import template_paper
from saas import clock
from saas.papers.blocks import Table
from saas.papers.excel import write_excel
from tenants.rules import workbooks

OFFERED = (
    Offered(UUID(int=1), "charter-2008", "Charter", "2008", {"charter": "Charter", "plus": "Charter Plus"}),
    Offered(UUID(int=2), "charter-2017", "Member charter", "2017", {"charter": "Charter"}),
)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_the_example_is_a_council_and_an_award_that_the_import_understands() -> None:
    with clock.at(NOON):
        data = write_excel(template_paper(OFFERED, "Region"))
    found = read(workbooks.read(data))
    assert (found.rows, found.warnings) == ((), ("The example rows of the empty file stay out.",))
    rows = [
        (row.place, dict(zip(keys, row.texts, strict=True)))
        for table, keys in zip(
            workbooks.read(data).tables,
            (("name", "kind", "county", "seats", "contact", "email"),
             ("name", "level", "framework", "awarded_on", "valid_to_on", "words")),
            strict=False,
        )
        for row in table.rows[1:]
    ]  # fmt: skip
    assert {texts["name"] for _, texts in rows} == {EXAMPLE}
    named = [(place, {**texts, "name": "Alford Borough Council"}) for place, texts in rows]
    shown = preview(named, (), OFFERED, NOON.date())
    assert shown.problems == ()
    (council,) = shown.councils
    (award,) = council.awards
    assert (council.kind, council.county, council.seats, council.email) == (
        "district", "Exampleshire", 39, "alex@council.example",
    )  # fmt: skip
    assert (award.level, award.framework_id, award.awarded_on, award.valid_to_on) == (
        "charter", UUID(int=1), date(2025, 5, 4), date(2028, 5, 4),
    )  # fmt: skip


def test_types_levels_and_frameworks_can_be_chosen() -> None:
    tables = [block for block in template_paper(OFFERED, "Region").blocks if isinstance(block, Table)]
    assert [(table.caption, [heading for heading, _ in table.choices]) for table in tables] == [
        ("Councils", ["Type"]),
        ("Awards", ["Level", "Framework"]),
    ]
    assert dict(tables[1].choices) == {
        "Level": ("Charter", "Charter Plus"),
        "Framework": ("charter-2008", "charter-2017"),
    }
    assert "District or borough council" in dict(tables[0].choices)["Type"]
