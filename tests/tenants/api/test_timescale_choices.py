"""What a timescale may mean, for programs: offered, and one of it chosen."""

from __future__ import annotations

from typing import Any

from tests.caller import Caller


def test_one_of_the_readings_of_a_timescale_is_chosen(caller: Caller, line: str) -> None:
    offered: Any = caller.get(f"{line}/readings").json
    assert [each["latest_on"] for each in offered["items"]] == ["2028-12-31", "2027-12-31"]
    other = offered["items"][1]
    chosen: Any = caller.post(f"{line}/reading", {"reading": other["reading"]}, match='"1"')
    assert (chosen.status_code, chosen.json["latest_on"], chosen.json["timescale_kind"]) == (
        200,
        "2027-12-31",
        other["kind"],
    )
    invented: Any = caller.post(f"{line}/reading", {"reading": "deadline||2030-01-01"}, match='"2"')
    assert invented.json["errors"] == [{"field": "/reading", "message": "Choose one of the readings."}]
