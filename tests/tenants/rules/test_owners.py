"""Owners proposed from the words of a "who"."""

from __future__ import annotations

import pytest

from tenants.rules.owners import Owner, kind_of, propose


def told(text: str) -> list[str]:
    """The proposal in short: kind, name, and a star for the accountable one."""
    return [f"{each.kind}: {each.name}{' *' if each.accountable else ''}" for each in propose(text)]


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("Head of Democratic Services", ["post: Head of Democratic Services *"]),
        ("Learning and Growth Manager", ["post: Learning and Growth Manager *"]),
        ("L & G Manager", ["post: L & G Manager *"]),
        ("Chair of Panel/Director of People", ["post: Chair of Panel", "post: Director of People"]),
        (
            "Growth Manager /Policy and Inclusion (Rights) Team",
            ["post: Growth Manager", "group: Policy and Inclusion (Rights) Team"],
        ),
        (
            "Councillor Growth Steering Group and Committee Services",
            ["group: Councillor Growth Steering Group", "group: Committee Services"],
        ),
        ("Clerk + Cllr Fern", ["post: Clerk", "person: Cllr Fern"]),
        ("Clerk + Cllrs Fern & Reed", ["post: Clerk", "person: Cllrs Fern & Reed"]),
        ("Councillor Fern/ The Leader", ["person: Councillor Fern", "post: The Leader"]),
        (
            "The Portfolio Holder for Parks and Play and the Head of Places",
            ["post: The Portfolio Holder for Parks and Play", "post: the Head of Places"],
        ),
        ("Leader, Chief Executive and Clerk", ["post: Leader", "post: Chief Executive", "post: Clerk"]),
        ("Leader;Clerk", ["post: Leader", "post: Clerk"]),
        ("Clerk and councillors", ["post: Clerk", "group: councillors"]),
        ("Ann Example, Head of Policy", ["person: Ann Example, Head of Policy *"]),
        ("Group leaders", ["group: Group leaders *"]),
        ("Corporate Strategy", ["group: Corporate Strategy *"]),
        ("Marigold", ["person: Marigold *"]),
        ("Cllr Ann Smith and HR", ["person: Cllr Ann Smith", "group: HR"]),
        ("HR and Cllr Ann Smith", ["group: HR", "person: Cllr Ann Smith"]),
        ("Cllr Ann Smith/Finance", ["person: Cllr Ann Smith", "group: Finance"]),
        ("Ann Smith and HR", ["person: Ann Smith", "group: HR"]),
        ("Mr Fern and Legal & HR", ["person: Mr Fern", "group: Legal", "group: HR"]),
        ("Policy Oficer and Cllr Fern", ["post: Policy Oficer", "person: Cllr Fern"]),
        ("Head of Policy and HR", ["post: Head of Policy and HR *"]),
        ("Policy and Finance", ["group: Policy and Finance *"]),
    ],
)
def test_who_is_named_is_told_apart_where_each_can_stand_alone(text: str, owners: list[str]) -> None:
    assert told(text) == owners


@pytest.mark.parametrize("link", ["in liaison with", "in Iiaison with", "with support from", "supported by"])
def test_who_only_helps_is_not_accountable(link: str) -> None:
    assert told(f"Growth Manager {link} Democratic Services") == [
        "post: Growth Manager *",
        "group: Democratic Services",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "AB/CD",
        "ABC / DBC",
        "AB and Directors",
        "Panel Leader and senior councillors Growth Manager/Director of People",
        "Ann Example, Project Manager Ben Sample Project Sponsor Cy Pattern – responsible officer",
        "Council Leader and other councillors to help with writing up what came of the talks with all of the officers",
    ],
)
def test_what_cannot_be_parted_safely_stays_whole_as_a_person(text: str) -> None:
    assert propose(text) == (Owner("person", text, accountable=True),)


@pytest.mark.parametrize("text", ["TBA by Panel", "tbc", "To be agreed", "Still to be confirmed"])
def test_what_is_not_settled_is_to_be_agreed_and_nobody_is_accountable(text: str) -> None:
    assert propose(text) == (Owner("to_be_agreed", text),)


@pytest.mark.parametrize("text", ["", " ", "–", "N/A", "none", "?"])
def test_nobody_is_made_up(text: str) -> None:
    assert propose(text) == ()


def test_a_lead_among_several_is_accountable() -> None:
    assert told("Clerk (lead)/Growth Manager") == ["post: Clerk *", "post: Growth Manager"]


def test_different_signs_in_one_text_part_it_alike() -> None:
    assert told("Growth Manager / Policy Officer + Clerk") == [
        "post: Growth Manager",
        "post: Policy Officer",
        "post: Clerk",
    ]


@pytest.mark.parametrize("name", ["Training Mnager", "Managre", "Policy Oficer", "The Dierctor of Parks", "Hed of HR"])
def test_a_slip_of_the_pen_in_the_word_of_a_post(name: str) -> None:
    assert told(name) == [f"post: {name} *"]


@pytest.mark.parametrize("name", ["Post Office", "Fern Manage", "Ann Herd", "Community Safety and HR", "AB/HR"])
def test_other_words_are_not_taken_for_a_post_or_parted(name: str) -> None:
    assert told(name) == [f"person: {name} *"]


def test_kinds_of_single_names() -> None:
    names = ("University of Somewhere Ltd", "Town Clerk", "Audit team", "Directors", "To be appointed", "Bo Fern")
    assert [kind_of(name) for name in names] == ["body", "post", "group", "group", "to_be_agreed", "person"]


@pytest.mark.parametrize("part", ["HR team", "Zoe Example", "HR team and Zoe Example", "Head of Policy, Zoe"])
def test_a_text_of_many_joints_is_read_without_asking_twice(part: str) -> None:
    for joint in (" and ", ", ", " & ", " / "):
        assert propose(joint.join([part] * 30))
