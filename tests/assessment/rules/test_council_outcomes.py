"""What a file of councils would do: matching, differences and every kind of problem, without a database."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from assessment.rules.council_outcomes import core_name, plain_name, preview
from assessment.rules.council_tables import KnownAward, KnownCouncil, Offered, Problem, Texts

TODAY = date(2026, 5, 4)
HELD = KnownAward("charter", date(2024, 3, 4), date(2027, 3, 4), "Charter")
ALFORD = KnownCouncil(UUID(int=1), "alford", "Alford Borough Council", "district", "Northshire", 48, (HELD,))
BELTON = KnownCouncil(UUID(int=2), "belton", "Belton", "county", "", None)
KNOWN = [ALFORD, BELTON]
OFFERED = [Offered(UUID(int=9), "charter-2017", "Charter", "2017", {"charter": "Charter", "plus": "Charter Plus"})]
AWARD = {"level": "Charter", "framework": "Charter-2017", "awarded_on": "4 March 2024", "valid_to_on": "4 March 2027"}
NEW = {"name": "Corby-on-Sea Council", "kind": "unitary"}

ALFORD_AGAIN = "Is this Alford Borough Council, which is here already? Write it the same, or add a Short name."
CORBY_AGAIN = "Is this Corby-on-Sea Council of row 2? Write both the same, or add a Short name."
NO_SLUG = "“Corby!” must be small letters, digits and hyphens, 2 to 60 characters. Add a column called Short name."
NO_FRAMEWORK = "“Other” is no framework that is offered here. There are: charter-2017."


def problems(*rows: Texts) -> list[Problem]:
    numbered = [(f"row {number}", row) for number, row in enumerate(rows, 2)]
    return list(preview(numbered, KNOWN, OFFERED, TODAY).problems)


@pytest.mark.parametrize("name", ["alford", "Alford borough council", "The Alford Borough Council", "ALFORD"])
def test_a_council_is_known_by_name_or_short_name(name: str) -> None:
    row = {"name": name, "kind": "District Council", "county": "Southshire", "seats": "50", **AWARD}
    found = preview([("row 2", row)], KNOWN, OFFERED, TODAY)
    [council] = found.councils or [None]
    if name == "ALFORD":
        assert council is None
        return
    assert council is not None
    assert (council.known, council.seats, [each.verb for each in council.awards]) == (ALFORD, None, ["known"])
    assert council.differences == (("County", "Northshire", "Southshire"), ("Seats", "48", "50"))
    assert found.changes == 0


def test_what_is_new_is_counted_and_seats_are_noted_where_none_are() -> None:
    older = {"awarded_on": "1/3/2020", "valid_to_on": "1/3/2023", "level": "plus"}
    rows = [
        ("row 2", {**NEW, "email": "Ann@corby.example", **AWARD}),
        ("row 3", {"name": "Belton", "seats": "60"}),
        ("row 4", {"name": "Corby-on-Sea Council", **AWARD, **older}),
    ]
    found = preview(rows, KNOWN, OFFERED, TODAY)
    assert found.problems == ()
    assert (found.added, found.recorded, found.noted, found.invitable, found.changes) == (1, 2, 1, 1, 4)
    corby, belton = found.councils
    assert (corby.slug, corby.kind, corby.email, belton.seats) == (
        "corby-on-sea-council",
        "unitary",
        "ann@corby.example",
        60,
    )
    assert [(each.level, each.level_title, each.awarded_on) for each in corby.awards] == [
        ("charter", "Charter", date(2024, 3, 4)),
        ("plus", "Charter Plus", date(2020, 3, 1)),
    ]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([{"level": "Charter"}], ("row 2", "Council", "The row names no council.")),
        ([{"name": "Corby"}], ("row 2", "Type", "Corby is new: say which type of authority it is.")),
        (
            [NEW, {"name": "Corbie-on-Sea City Council", **AWARD}],
            (
                "row 3",
                "Council",
                "No council is called “Corbie-on-Sea City Council”. Did you mean Corby-on-Sea Council?"
                " Write it the same.",
            ),
        ),
        (
            [{"name": "Beltonn", **AWARD}],
            ("row 2", "Council", "No council is called “Beltonn”. Did you mean Belton? Write it the same."),
        ),
        ([{"name": "City of Alford", "kind": "district"}], ("row 2", "Council", ALFORD_AGAIN)),
        ([NEW, {"name": "Corby-on-Sea Borough", "kind": "district"}], ("row 3", "Council", CORBY_AGAIN)),
        ([{**NEW, "slug": "Corby!"}], ("row 2", "Short name", NO_SLUG)),
        (
            [{**NEW, "county": "A"}, {**NEW, "county": "B"}],
            ("row 3", "County", "“B” here, “A” in another row of Corby-on-Sea Council."),
        ),
        ([{**NEW, **AWARD, "awarded_on": "5 May 2026"}], ("row 2", "Awarded on", "This day is in the future.")),
        ([{**NEW, **AWARD, "valid_to_on": "2027"}], ("row 2", "Valid to", "“2027” is not a date, like 4 May 2023.")),
        ([{**NEW, **AWARD, "valid_to_on": "4 March 2024"}], ("row 2", "Valid to", "The award ends before it begins.")),
        (
            [{**NEW, **AWARD, "level": "Gold"}],
            ("row 2", "Level", "“Gold” is no level of this framework: Charter, Charter Plus."),
        ),
        ([{**NEW, **AWARD, "framework": "Other"}], ("row 2", "Framework", NO_FRAMEWORK)),
        ([{**NEW, **AWARD}, {**NEW, **AWARD}], ("row 3", "Awarded on", "The same award stands at row 2.")),
    ],
)
def test_a_problem_says_where_which_column_and_why(rows: list[Texts], found: tuple[str, str, str]) -> None:
    assert problems(*rows) == [Problem(*found)]


def test_an_award_recorded_with_another_end_is_different_and_stays() -> None:
    row = {"name": "Alford Borough Council", **AWARD, "valid_to_on": "4 March 2028", "words": "Charter with praise"}
    [council] = preview([("row 2", row)], KNOWN, OFFERED, TODAY).councils
    assert council.awards[0].differences == (
        ("Valid to", "4 March 2027", "4 March 2028"),
        ("Certificate words", "Charter", "Charter with praise"),
    )


def test_names_are_compared_without_what_people_write_differently() -> None:
    assert plain_name("The Royal Borough of Alford & Bré") == "royal borough of alford and bre"
    assert (core_name("City of Alford Council"), core_name("County Council")) == ("alford", "county council")
