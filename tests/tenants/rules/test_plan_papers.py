"""A plan on paper: who is named to the public, what each version says of itself, and what has no column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tenants.rules.owners import Owner
from tenants.rules.plan_papers import (
    PUBLIC,
    RESTRICTED,
    Line,
    Note,
    cells,
    counted,
    details,
    offered,
    post_of,
    responsibility,
    shown,
    source_of,
    version_words,
)
from tenants.rules.progress import propose

LONG = "The panel would like to see this done soon."


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("Learning and Development Manager", "Learning and Development Manager"),
        ("Chairman of Panel/Director of HRD", "Chairman of Panel; Director of HRD"),
        ("Ann Example, Head of Policy", "Head of Policy"),
        ("Ann Example, Manager Bo Example, Head of Policy", "A named officer"),
        ("TBA by Ann Example", "To be agreed"),
        ("AG/ZW", "A named officer"),
        ("Clerk + Cllr Example", "Clerk; A councillor"),
        ("Councillor Example/ The Leader", "A councillor; The Leader"),
        ("Margaret", "A named officer"),
        ("Cllr Ann Smith and HR", "A councillor; HR"),
        ("Cllrs Fern & Reed", "Councillors"),
        ("Ann Smith and HR", "A named officer; HR"),
        ("Cllr Fern (Leader of the Council)", "Leader of the Council"),
        ("Head of HR (Zoe Example)", "A named officer"),
        ("Director of Resources: Zoe", "A named officer"),
        ("Head of Democratic Services - Zoe", "A named officer"),
        ("Zoe Example HR Manager", "A named officer"),
        ("Zoe Example / HR team", "A named officer"),
        ("Zoe Example & Member Services", "A named officer"),
        ("Councillor Zoe Example's Working Group", "A councillor"),
        ("Zoe Example, Director of HR and Bo Example", "A named officer"),
        ("", ""),
    ],
)
def test_while_nobody_confirmed_owners_the_public_sees_posts_alone(text: str, public: str) -> None:
    line = Line("1", "Write.", responsibility=text)
    assert (responsibility(line, PUBLIC), responsibility(line, RESTRICTED)) == (public, text)


@pytest.mark.parametrize(
    ("name", "post"),
    [
        ("Ann Example, Head of Policy", "Head of Policy"),
        ("Ann Example (Head of Policy)", "Head of Policy"),
        ("Ann Example", ""),
        ("Example, Ann", ""),
    ],
)
def test_the_post_beside_a_name(name: str, post: str) -> None:
    assert post_of(name) == post


def test_who_is_accountable_comes_first_and_a_name_counts_once() -> None:
    owners = (Owner("person", "Ann"), Owner("person", "Bo"), Owner("to_be_agreed", ""), Owner("post", "Clerk", True))
    line = Line("1", "Write.", owners=owners)
    assert responsibility(line, PUBLIC) == "Clerk; A named officer; To be agreed"
    assert responsibility(line, RESTRICTED) == "Clerk; Ann; Bo"


def test_a_name_behind_a_confirmed_persons_post_stays_out() -> None:
    line = Line("1", "Write.", owners=(Owner("person", "Zoe Example, Head of HR (Bo Example)", True),))
    assert responsibility(line, PUBLIC) == "A named officer"
    assert responsibility(replace(line, owners=(Owner("body", "Example Leaders Ltd", True),)), PUBLIC) == (
        "Example Leaders Ltd"
    )


def test_every_remark_stands_in_one_place() -> None:
    long, short = Line("1", "Write.", reason="Asked for.", remark=LONG), Line("2", "Read.", remark="Soon.")
    for version in (RESTRICTED, PUBLIC):
        assert [cells(line, "timescales", version)[3] for line in (long, short)] == ["Asked for.", ""]
    assert details([long, short], RESTRICTED) == [("1", "", LONG, None, None, ""), ("2", "", "Soon.", None, None, "")]
    assert details([long, short], PUBLIC) == []


def test_a_confirmed_status_stands_where_nothing_was_written_of_it() -> None:
    assert cells(Line("1", "Write.", status="decided_against"), "timescales", PUBLIC)[-1] == "Decided against"
    assert cells(Line("1", "Write.", status="completed", status_text="Done in May."), "timescales", PUBLIC)[-1] == (
        "Done in May."
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            Line("1", "Write.", decision="No money until 2028.", minute="14/2027"),
            "No money until 2028 (minute 14/2027)",
        ),
        (Line("1", "Write.", decision="No money.", status_text="Ongoing"), "No money."),
        (Line("1", "Write.", status_text="No money until 2028"), "No money until 2028"),
    ],
)
def test_the_reason_of_what_was_decided_against_is_in_the_paper(line: Line, words: str) -> None:
    against = replace(line, status="decided_against")
    assert [cells(against, "timescales", version)[-1] for version in (PUBLIC, RESTRICTED)] == [
        f"Decided against: {words}"
    ] * 2
    assert cells(against, "elements", PUBLIC)[-1] == f"Decided against: {words}"
    assert propose(f"Decided against: {words}") == "decided_against"


def test_words_that_say_no_already_are_not_said_twice() -> None:
    line = Line("1", "Write.", status="decided_against", status_text="The panel decided against it.")
    assert cells(line, "timescales", PUBLIC)[-1] == "The panel decided against it."


def test_the_templates_order_is_offered_where_a_requirement_asks_for_a_line() -> None:
    placed = Line(
        "7", "Write.", "May", "Asked for.", "", "Clerk", "completed", evidence=("Policy, page 3",),
        place=("1.1 Leading", "1.1.1 A plan"),
    )  # fmt: skip
    assert cells(placed, "elements", RESTRICTED) == (
        "7", "1.1 Leading", "1.1.1 A plan", "Policy, page 3", "Write.", "May", "Clerk", "Asked for.", "Completed",
    )  # fmt: skip
    assert [offered([Line("1", "Read.")]), offered([Line("1", "Read."), placed])] == [
        ("timescales",), ("timescales", "elements"),
    ]  # fmt: skip


def test_sources_stand_once_or_line_by_line() -> None:
    same = [Line("1", "Write.", reason="a", source="Report"), Line("2", "Read.", reason="b", source="Report")]
    differ = [same[0], Line("2", "Read.", reason="b", source="Survey"), Line("3", "Ask.", source="Audit")]
    assert (source_of(same), details(same, PUBLIC)) == ("Report", [])
    assert source_of(differ) is None
    assert [row[:2] for row in details(differ, PUBLIC)] == [("1", "Report"), ("2", "Survey")]
    assert cells(differ[2], "timescales", PUBLIC)[3] == "Audit"


def test_notes_time_and_cost_are_for_the_council_alone() -> None:
    note = Note(date(2026, 5, 4), "Begun.", "7.2")
    line = Line("1", "Write.", officer_days=Decimal("10.00"), cost=Decimal("250.00"), notes=(note,))
    said = ("1", "", "", Decimal(10), Decimal("250.00"), "4 May 2026 (minute 7.2): Begun.")
    assert (details([line], RESTRICTED), details([line], PUBLIC)) == ([said], [])


def test_each_version_says_what_it_is() -> None:
    lines = [Line("1", "Write."), Line("2", "Read.", restricted=True, status="completed")]
    assert [line.ref for line in shown(lines, PUBLIC)] == ["1"]
    assert "1 restricted action is left out." in version_words(lines, PUBLIC)
    assert version_words(lines, RESTRICTED).endswith("Do not publish it. It holds 1 restricted action.")
    assert "No action is left out." in version_words(lines[:1], PUBLIC)
    assert [counted(lines), counted([])] == ["2 actions: 1 completed, 1 with no confirmed status.", "0 actions."]
