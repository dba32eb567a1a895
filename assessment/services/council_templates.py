"""The empty file for a region's councils and awards: two sheets, each with an example, and what may stand there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dateutil.relativedelta import relativedelta

from assessment.rules.council_tables import AWARD_COLUMNS, COUNCIL_COLUMNS, EXAMPLE, LABELS, Offered
from saas import clock
from saas.papers import Heading, Paper, Prose, Row, Table
from tenants.rules.council_kinds import KIND_LABELS

YEARS = 3
"""How long the award of the example is held."""


def template_paper(offered: Sequence[Offered], region: str) -> Paper:
    """The file as a paper, to be written for Excel. offered: the frameworks an award can be of."""
    kinds = tuple(KIND_LABELS.values())
    levels = "\n".join(
        f"- {each.code}: {each.title} ({each.version}); {', '.join(each.levels.values())}" for each in offered
    )
    blocks = (
        Table("Councils", COUNCIL_COLUMNS, (_council(),), choices=((LABELS["kind"], kinds),)),
        Table("Awards", AWARD_COLUMNS, tuple(_awards(offered)), choices=_choices(offered)),
        Heading(1, "How to fill it in"),
        Prose("One row for each council, and one row for each award with the council's name written the same."),
        Prose(f"The rows of “{EXAMPLE}” show how. They are never taken in, so they may stay."),
        Prose(f"Types: {', '.join(kinds)}."),
        Prose(f"Frameworks and their levels:\n\n{levels}"),
        Prose("Days like 4 May 2023. Certificate words: what the certificate says, where it is not the level's name."),
    )
    return Paper("Councils and their awards", "", region, clock.now(), blocks, landscape=True)


def _council() -> Row:
    return Row((EXAMPLE, KIND_LABELS["district"], "Exampleshire", 39, "Alex Example", "alex@council.example"))


def _awards(offered: Sequence[Offered]) -> list[Row]:
    """One award of the framework offered first; none where none is offered."""
    if not offered:
        return []
    awarded_on = date(clock.today().year - 1, 5, 4)
    valid_to_on = awarded_on + relativedelta(years=YEARS)
    level = next(iter(offered[0].levels.values()))
    return [Row((EXAMPLE, level, offered[0].code, awarded_on, valid_to_on, ""))]


def _choices(offered: Sequence[Offered]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    levels = tuple(dict.fromkeys(title for each in offered for title in each.levels.values()))
    return (LABELS["level"], levels), (LABELS["framework"], tuple(each.code for each in offered))
