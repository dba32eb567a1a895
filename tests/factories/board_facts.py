"""Made-up facts of a region for board reports, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assessment.rules.board_facts import BoardFacts, HeldAward, Load, ThemeCount

TODAY = date(2026, 11, 22)
QUARTER = (date(2026, 7, 1), date(2026, 9, 30))
NOTHING = BoardFacts("Mid Employers", *QUARTER, TODAY, 0, 0, 0, 0)


def award(council: str, awarded_on: date, level: str = "Charter", **more: object) -> HeldAward:
    """An award of three years with half a year of grace, its interim review due after eighteen months."""
    first = HeldAward(
        council_id=council,
        council=council,
        level=level,
        awarded_on=awarded_on,
        valid_to_on=awarded_on.replace(year=awarded_on.year + 3),
        grace_to_on=awarded_on.replace(year=awarded_on.year + 3, month=12, day=31),
    )
    return replace(first, **more)  # type: ignore[arg-type]


def a_region() -> BoardFacts:
    """A region of forty councils, of which fourteen hold one or two awards."""
    awards = [
        award(f"Council {number:02}", date(2023 + number % 4, 1 + number % 9, 5), interim_due_on=date(2026, 7, number))
        for number in range(1, 15)
    ]
    awards[0] = replace(awards[0], interim_reviewed_on=date(2026, 8, 3))
    awards += [award(f"Council {number:02}", date(2024, number, 9), "Charter Plus") for number in range(2, 6)]
    awards.append(award("Old", date(2019, 5, 5)))
    return BoardFacts(
        "Mid Employers",
        *QUARTER,
        TODAY,
        councils=40,
        under_way=17,
        not_committed=9,
        late=1,
        stages=(
            ("Not committed", 9), ("Committed", 2), ("Assessing itself", 8), ("Improving", 4), ("Being assessed", 3),
            ("Current", 12), ("Interim review due", 2),
        ),
        awards=tuple(awards),
        open_improvements=31,
        without_theme=ThemeCount("No theme", "", 12, 10, 5),
        themes=(
            ThemeCount("Role descriptions", "A workshop on writing them.", 14, 12, 8),
            ThemeCount("Induction and the first year of a councillor, whoever he or she is", "A week of it.", 9, 9, 7),
            ThemeCount("Mentors", "", 3, 0, 0),
        ),
        loads=(Load(0, 2), Load(0, 1), Load(1, 2), Load(2, 2), Load(5, 4)),
    )  # fmt: skip
