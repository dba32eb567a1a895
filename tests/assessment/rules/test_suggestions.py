"""Proposed teams: who is chosen, and why the others are not."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from assessment.rules.conflicts import Background, Employment
from assessment.rules.processes import ConflictRules
from assessment.rules.suggestions import SEEN, Absence, Candidate, File, LeftOut, Proposal, check, suggest, unavailable
from assessment.rules.teams import Place

TODAY = date(2026, 6, 1)
PLACES = (
    Place("officer_1", "Officer", "scorer", "officer"),
    Place("councillor_1", "Councillor", "scorer", "councillor"),
    Place("regional_1", "Regional lead", "lead", "regional"),
)


def person(number: int, name: str, capacity: str | None, home: str, **more: object) -> Candidate:
    """Somebody trained who scores."""
    return Candidate(
        user_id=UUID(int=number),
        name=name,
        scores=True,
        leads=False,
        capacity=capacity,
        background=Background(frozenset({home})),
        **{"most": 2, "trained_until_on": date(2027, 1, 1)} | more,  # type: ignore[arg-type]
    )


ANN = person(1, "Ann", "officer", "Ashby")
BEN = person(2, "Ben", "officer", "Borley")
CAY = person(3, "Cay", "councillor", "Crewe")
DEE = person(4, "Dee", "councillor", "Dalby")
LIZ = Candidate(UUID(int=9), "Liz", False, True, None, Background())
EVERYBODY = (ANN, BEN, CAY, DEE, LIZ)


def file(number: int, council: str, **more: object) -> File:
    """A file with its three places empty."""
    return File(UUID(int=100 + number), council, PLACES, ConflictRules(), **more)  # type: ignore[arg-type]


def seats(*people: Candidate | None) -> dict[str, UUID | None]:
    """Who sits in the three places."""
    return {place.key: each.user_id if each else None for place, each in zip(PLACES, people, strict=True)}


def test_the_least_busy_of_the_right_capacity_is_proposed_and_each_other_has_a_reason() -> None:
    assert suggest([file(1, "Elton")], [replace(ANN, load=1), BEN, replace(CAY, load=2), DEE, LIZ], today=TODAY) == [
        Proposal(
            UUID(int=101),
            seats(BEN, DEE, LIZ),
            (LeftOut("Ann", "Others, no busier, come first."), LeftOut("Cay", "They have 2 of 2 files.")),
        )
    ]


def test_work_is_spread_over_several_files_and_stays_within_what_each_agreed_to() -> None:
    files = [file(number, f"Elton {number}") for number in range(5)]
    proposed = suggest(files, EVERYBODY, today=TODAY)
    officers = [each.seats["officer_1"] for each in proposed]
    assert [officers.count(each) for each in (ANN.user_id, BEN.user_id, None)] == [2, 2, 1]
    assert {each.seats["regional_1"] for each in proposed} == {LIZ.user_id}


def test_conflicts_of_every_kind_keep_somebody_out() -> None:
    people = (
        ANN,
        replace(BEN, background=Background(frozenset({"Borley"}), (Employment("Ashby", date(2025, 5, 1)),))),
        replace(CAY, background=Background(frozenset({"Crewe"}), (Employment("Ashby", date(2025, 5, 1), True),))),
        DEE,
        person(5, "Eve", "councillor", "Elton"),
    )
    proposal = suggest(
        [file(1, "Ashby")], people, today=TODAY, under_way={("Ashby", "Dalby")}, neighbours={"Ashby": {"Elton"}}
    )[0]
    assert proposal == Proposal(
        UUID(int=101),
        seats(None, None, None),
        (
            LeftOut("Ann", "They are a councillor or officer of this council."),
            LeftOut("Ben", "They worked for this council until 1 May 2025, less than 36 months ago."),
            LeftOut("Cay", "They were a councillor of this council until 1 May 2025, less than 36 months ago."),
            LeftOut("Dee", "Somebody of this council is assessing the assessor's own council at this time."),
            LeftOut("Eve", "They come from a council that is declared a neighbour of this one."),
        ),
    )


def test_two_files_proposed_together_do_not_make_councils_assess_each_other() -> None:
    proposed = suggest([file(1, "Ashby"), file(2, "Borley")], [ANN, BEN], today=TODAY)
    assert [each.seats["officer_1"] for each in proposed] == [BEN.user_id, None]
    assert proposed[1].left_out[0] == LeftOut(
        "Ann", "Somebody of this council is assessing the assessor's own council at this time."
    )


def test_who_assessed_the_council_before_comes_last_but_comes() -> None:
    before = replace(ANN, before=frozenset({"Elton"}))
    busy = replace(BEN, load=1)
    assert suggest([file(1, "Elton")], [before, busy], today=TODAY)[0].seats["officer_1"] == BEN.user_id
    assert suggest([file(1, "Elton")], [before], today=TODAY)[0].seats["officer_1"] == ANN.user_id


def test_nobody_is_proposed_twice_or_where_he_or_she_sits_already() -> None:
    own = Place("peer_1", "Peer 1", "scorer", "officer"), Place("peer_2", "Peer 2", "scorer", "officer")
    here = replace(file(1, "Elton"), places=own, seated=frozenset({BEN.user_id}))
    assert suggest([here], [ANN, BEN, CAY], today=TODAY)[0].seats == {"peer_1": ANN.user_id, "peer_2": CAY.user_id}


def test_who_is_not_in_the_pool_is_not_proposed_to_score() -> None:
    left_out = suggest([file(1, "Elton")], [replace(ANN, capacity=None)], today=TODAY)[0].left_out
    assert left_out == (LeftOut("Ann", "They are not entered in the pool: their council is not known."),)


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (ANN, None),
        (replace(ANN, trained_until_on=None), "No training is recorded."),
        (replace(ANN, trained_until_on=date(2026, 5, 31)), "Their training ran out on 31 May 2026."),
        (replace(ANN, trained_until_on=TODAY), None),
        (replace(ANN, left_on=date(2026, 5, 31)), "They left the pool on 31 May 2026."),
        (replace(ANN, left_on=TODAY), None),
        (replace(ANN, absences=(Absence(date(2026, 5, 1), TODAY),)), "They are away until 1 June 2026."),
        (replace(ANN, absences=(Absence(date(2026, 6, 2), date(2026, 7, 2)),)), None),
        (replace(ANN, capacity=None, trained_until_on=None), None),
        (LIZ, None),
    ],
)
def test_training_absence_and_leaving_say_who_cannot_be_asked(who: Candidate, why: str | None) -> None:
    assert unavailable(who, today=TODAY, training_required=True) == why


def test_a_region_that_asks_for_no_training_has_none_run_out() -> None:
    assert unavailable(replace(ANN, trained_until_on=None), today=TODAY, training_required=False) is None


def test_teams_chosen_by_hand_are_checked_place_by_place_and_file_after_file() -> None:
    files = [file(1, "Ashby"), file(2, "Borley"), file(3, "Elton")]
    chosen = {
        files[0].id: seats(BEN, CAY, LIZ),
        files[1].id: seats(ANN, DEE, LIZ),
        files[2].id: seats(DEE, DEE, None),
    }
    everybody = {each.user_id: each for each in EVERYBODY}
    assert check(files, chosen, everybody, today=TODAY) == {
        (files[1].id, "officer_1"): (
            "Ann cannot assess this council."
            " Somebody of this council is assessing the assessor's own council at this time."
        ),
        (files[2].id, "councillor_1"): "Dee is in this team already.",
        (files[2].id, "regional_1"): "Choose who sits as regional lead.",
    }
    assert check(files[:1], chosen, everybody, today=TODAY) == {}


def test_who_left_the_file_or_worked_on_its_report_is_left_out_with_the_reason() -> None:
    left = "They left this file on 4 May 2026."
    only = file(1, "Easton", left={ANN.user_id: left}, seen=frozenset({CAY.user_id, LIZ.user_id}))
    [proposal] = suggest([only], EVERYBODY, today=TODAY)
    assert proposal == Proposal(
        only.id,
        {"officer_1": BEN.user_id, "councillor_1": DEE.user_id, "regional_1": LIZ.user_id},
        (LeftOut("Ann", left), LeftOut("Cay", SEEN)),
    )
    chosen = {"officer_1": ANN.user_id, "councillor_1": CAY.user_id, "regional_1": LIZ.user_id}
    assert check([only], {only.id: chosen}, {each.user_id: each for each in EVERYBODY}, today=TODAY) == {
        (only.id, "officer_1"): f"Ann cannot assess this council. {left}",
        (only.id, "councillor_1"): f"Cay cannot score this file. {SEEN}",
    }
