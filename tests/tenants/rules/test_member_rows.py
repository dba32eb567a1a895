"""What one row of a table of members says."""

from __future__ import annotations

from datetime import date

import pytest

from tenants.rules.member_rows import TEMPLATE, columns_of, day_of, read_person

ELECTED = date(2023, 5, 4)


@pytest.mark.parametrize(
    ("headings", "meanings"),
    [
        (
            TEMPLATE,
            (
                "reference",
                "title",
                "given_name",
                "family_name",
                "email",
                "kind",
                "ward",
                "group",
                "started_on",
                "due_to_end_on",
            ),
        ),
        (("Councillor", "Party", "Division", "E-Mail Address"), ("name", "group", "ward", "email")),
        (
            ("First name", "SURNAME", "Political Group", "Ward / Division"),
            ("given_name", "family_name", "group", "ward"),
        ),
        (("Date elected", "Term of office ends", "Member ID"), ("started_on", "due_to_end_on", "reference")),
        (("Allowance", "Phone"), ()),
    ],
)
def test_headings_are_recognised(headings: tuple[str, ...], meanings: tuple[str, ...]) -> None:
    assert columns_of(headings) == {meaning: at for at, meaning in enumerate(meanings)}


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Cllr Ann Lee", ("Cllr", "Ann", "Lee")),
        ("Lee, Cllr Ann", ("Cllr", "Ann", "Lee")),
        ("Councillor Dr. Mary Jane Watson", ("Councillor Dr.", "Mary Jane", "Watson")),
        ("Ann van der Berg", ("", "Ann", "van der Berg")),
        ("Ann Lee-Moss", ("", "Ann", "Lee-Moss")),
    ],
)
def test_a_whole_name_is_taken_apart(name: str, parts: tuple[str, str, str]) -> None:
    person, wrong = read_person(2, [name], ["Name"], {"name": 0})
    assert (person and (person.title, person.given_name, person.family_name), wrong) == (parts, [])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("04/05/2023", ELECTED),
        ("4 May 2023", ELECTED),
        ("2023-05-04", ELECTED),
        ("4th May 2023", ELECTED),
        ("2023-05-04 00:00", ELECTED),
        ("May 2023", None),
        ("31/02/2023", None),
        ("4 May", None),
        ("by 4 May 2023", None),
        ("", None),
    ],
)
def test_only_a_whole_day_is_a_date(text: str, day: date | None) -> None:
    assert day_of(text) == day
