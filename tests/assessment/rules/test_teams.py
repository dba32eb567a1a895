"""The places of a team follow the region's process."""

from assessment.rules.processes import DEFAULT, Seat, parse
from assessment.rules.teams import Place, places, vacant

OFFICER = Place("officer_1", "Officer", "scorer", "officer")
COUNCILLOR = Place("councillor_1", "Councillor", "scorer", "councillor")
LEAD = Place("regional_1", "Regional lead", "lead", "regional")


def test_the_usual_team_has_two_who_score_and_one_who_leads() -> None:
    assert places(DEFAULT) == (OFFICER, COUNCILLOR, LEAD)


def test_a_seat_of_several_is_numbered_and_an_own_name_is_kept() -> None:
    process = parse(
        {
            "team": [
                {"seat": "councillor", "number": 2, "scores": True, "leads": False},
                {"seat": "lay_member", "number": 1, "scores": True, "leads": True},
                {"seat": "observer", "number": 1, "scores": False, "leads": False},
            ]
        }
    )
    assert places(process) == (
        Place("councillor_1", "Councillor 1", "scorer", "councillor"),
        Place("councillor_2", "Councillor 2", "scorer", "councillor"),
        Place("lay_member_1", "Lay member", "scorer", "regional"),
    )
    assert Seat("observer", 1, scores=False, leads=False) in process.team


def test_a_place_is_vacant_until_somebody_of_its_capacity_sits_there() -> None:
    assert vacant(DEFAULT, []) == (OFFICER, COUNCILLOR, LEAD)
    assert vacant(DEFAULT, [("scorer", "councillor"), ("lead", "regional")]) == (OFFICER,)
    assert vacant(DEFAULT, [("scorer", "officer"), ("scorer", "councillor"), ("lead", "regional")]) == ()
