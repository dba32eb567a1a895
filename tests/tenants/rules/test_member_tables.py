"""What a table of members means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tenants.rules.member_rows import NO_GROUP, Person, Problem
from tenants.rules.member_tables import Outcome, preview

ELECTED, NEXT = date(2023, 5, 4), date(2027, 5, 6)
ANN = Person("Ann", "Lee", "Cllr", "ann@example.org", "elected", "North", "Greens", "7", ELECTED, None, None, "a")
RAJ = Person("Raj", "Patel", kind="elected", ward="South", key="r")


def verbs(headings: str, *rows: str, known: tuple[Person, ...] = (ANN, RAJ)) -> list[str]:
    """What each row would do, or its problem, in short."""
    found = preview(headings.split(","), [(at, row.split(",")) for at, row in enumerate(rows, 2)], known)
    if found.problems:
        return [f"{problem.line} {problem.column}: {problem.reason}" for problem in found.problems]
    return [f"{outcome.verb} {outcome.person.key}".strip() for outcome in found.outcomes]


@pytest.mark.parametrize(
    ("headings", "row", "does"),
    [
        ("Name,Reference", "Ann Leigh,7", "updated a"),
        ("Name,Email", "Ann Leigh,ANN@example.org", "updated a"),
        ("Name,Ward", "Raj Patel,South", "unchanged r"),
        ("Name,Email", "Raj Patel,raj@example.org", "updated r"),
        ("Name,Email", "Raj Patel,", "unchanged r"),
        ("Name,Reference,Email", "Ann Lee,8,ann@example.org", "added"),
        ("Name,Ward", "Ann Moss,North", "added"),
        ("Name,Elected on", "Ann Lee,5 May 2023", "updated a"),
        ("Name,Elected on", "Ann Lee,6 May 2027", "re_elected a"),
        ("Name,Party", "Ann Lee,greens", "unchanged a"),
        ("Name,Party", "Ann Lee,none", "updated a"),
    ],
)
def test_what_a_row_does(headings: str, row: str, does: str) -> None:
    assert verbs(headings, row) == [does]


@pytest.mark.parametrize(
    ("headings", "row", "problem"),
    [
        ("Name", "Lee", "2 Name: A given name and a family name are needed."),
        ("Name,Type", "Ann Lee,guest", "2 Type: “guest” is none of: elected, co-opted, independent."),
        ("Name,Elected", "Ann Lee,May 2023", "2 Elected: “May 2023” is not a date, like 4 May 2023."),
        ("Name,From,To", "Bo Ash,4/5/2023,3/5/2023", "2 To: The term ends before it begins."),
        ("Name,Term ends", "Raj Patel,4/5/2027", "2 Elected on: A term that ends needs the date on which it began."),
        (
            "Surname,Party",
            "Lee,Greens",
            "1 Headings: Looked for “Name”, or “Given name” and “Family name”. Found “Surname”, “Party”.",
        ),
    ],
)
def test_why_a_row_cannot_be_taken(headings: str, row: str, problem: str) -> None:
    assert verbs(headings, row) == [problem]


def test_changes_are_told_column_by_column() -> None:
    found = preview(["Name", "Ward", "Elected on", "Term ends"], [(2, ["Ann Lee", "South", "6 May 2027", ""])], [ANN])
    after = Person("Ann", "Lee", "Cllr", "ann@example.org", "elected", "South", "Greens", "7", NEXT, None, None, "a")
    changes = (("Ward", "North", "South"), ("Elected on", "4 May 2023", "6 May 2027"))
    assert found.outcomes == (Outcome(2, "re_elected", after, changes),)


def test_two_rows_about_one_member_are_refused() -> None:
    assert verbs("Name,Ref", "Ann Lee,7", "Ann Leigh,7") == ["3 Name: Ann Leigh stands in line 2 already."]
    assert verbs("Name", "Bo Ash", "Bo Ash") == ["3 Name: Bo Ash stands in line 2 already."]
    assert verbs("Name,Ward", "Bo Ash,East", "Bo Ash,West") == ["added", "added"]


def test_namesakes_must_be_told_apart() -> None:
    twins = (Person("Bo", "Ash", ward="East", key="1"), Person("Bo", "Ash", ward="West", key="2"))
    assert verbs("Name,Ward", "Bo Ash,West", known=twins) == ["unchanged 2"]
    assert verbs("Name", "Bo Ash", known=twins) == [
        "2 Name: 2 members are called Bo Ash. Add a reference or an email address to tell them apart."
    ]


def test_a_member_who_left_can_be_elected_again_but_not_back_in_time() -> None:
    left = Person("Bo", "Ash", kind="elected", started_on=ELECTED, ended_on=date(2025, 1, 1), key="b")
    assert verbs("Name,Elected", "Bo Ash,4 May 2023", known=(left,)) == ["unchanged b"]
    assert verbs("Name,Elected", "Bo Ash,6 May 2027", known=(left,)) == ["re_elected b"]
    assert verbs("Name,Elected", "Bo Ash,1 May 2024", known=(left,)) == [
        "2 Elected on: The term that ended on 1 January 2025 began on 4 May 2023."
    ]


def test_words_for_no_group_are_one_group_and_unknown_columns_are_named() -> None:
    found: Any = preview(["Name", "Party", "Phone"], [(2, ["Bo Ash", "Unaligned", "1"])], [])
    assert (found.outcomes[0].person.group, found.ignored) == (NO_GROUP, ("Phone",))


def test_headings_alone_are_a_problem() -> None:
    assert preview(["Name"], [], []).problems == (Problem(1, "Rows", "There are headings, but no row below them."),)
