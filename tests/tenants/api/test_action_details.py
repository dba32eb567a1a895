"""What hangs on a line, for programs: owners, notes, evidence, priorities."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask

from tests.caller import Caller
from tests.factories.evidence import make_file
from tests.factories.meetings import make_meeting
from tests.factories.plans import make_priority
from tests.factories.tenants import MadeCouncil, MadeUser


def details(caller: Caller, line: str) -> Any:
    return caller.get(f"{line}/details").json


def test_owners_are_proposed_from_the_words_and_confirmed(caller: Caller, line: str) -> None:
    before = details(caller, line)
    assert (before["owners"], [each["name"] for each in before["owners_proposed"]]) == ([], ["Head of HR"])
    wanted = [{"kind": "post", "name": "Head of HR", "accountable": True}]
    saved: Any = caller.call("PUT", f"{line}/owners", json={"owners": wanted, "seen": before["owners_seen"]})
    assert (saved.status_code, saved.json["owners"], saved.json["owners_proposed"]) == (200, wanted, [])
    late = caller.call("PUT", f"{line}/owners", json={"owners": [], "seen": before["owners_seen"]})
    assert late.status_code == 409
    assert details(caller, line)["owners"] == wanted


def test_a_note_is_written_and_taken_out_unless_a_meeting_took_it(
    app: Flask, caller: Caller, council: MadeCouncil, plan_id: UUID, line: str, lead: MadeUser
) -> None:
    made: Any = caller.post(
        f"{line}/notes", {"noted_on": "2026-05-20", "words": "The draft is out.", "minute": "14/26"}
    )
    assert made.json == {
        "id": made.json["id"],
        "noted_on": "2026-05-20",
        "words": "The draft is out.",
        "minute": "14/26",
        "written_at": made.json["written_at"],
        "written_by_name": lead.name,
        "meeting_id": None,
    }
    assert details(caller, line)["notes"] == [made.json]
    assert caller.call("DELETE", f"{line}/notes/{made.json['id']}").status_code == 204
    meeting = f"{line.partition('/actions/')[0]}/meetings/{make_meeting(app, council, plan_id)}"
    told: Any = caller.get(meeting).json
    seen = {"action_id": line.rpartition("/")[2], "seen": told["lines"][0]["seen"], "note": "Discussed."}
    assert caller.post(f"{meeting}/sitting", {"seen": told["seen"], "lines": [seen]}).status_code == 200
    (taken,) = details(caller, line)["notes"]
    kept: Any = caller.call("DELETE", f"{line}/notes/{taken['id']}")
    assert (kept.status_code, kept.json["detail"]) == (
        409,
        "A meeting took this note. It stays with the record of the meeting.",
    )


def test_evidence_is_named_with_its_place_and_named_no_longer(
    app: Flask, caller: Caller, council: MadeCouncil, line: str
) -> None:
    evidence = str(make_file(app, council, title="Strategy"))
    for place in ("Page 2", "Page 3"):
        linked: Any = caller.call("PUT", f"{line}/evidence/{evidence}", json={"pinpoint": place})
        assert linked.json["evidence"] == [
            {"evidence_id": evidence, "title": "Strategy", "kind": "file", "pinpoint": place, "removed": False}
        ]
    assert caller.call("DELETE", f"{line}/evidence/{evidence}").status_code == 204
    assert caller.call("DELETE", f"{line}/evidence/{evidence}").status_code == 404
    assert details(caller, line)["evidence"] == []


def test_the_priorities_it_serves_are_saved_at_once(
    app: Flask, caller: Caller, council: MadeCouncil, line: str
) -> None:
    roads, parks = str(make_priority(app, council, "Roads")), str(make_priority(app, council, "Parks"))
    seen = details(caller, line)["priorities_seen"]
    saved: Any = caller.call("PUT", f"{line}/priorities", json={"priorities": [roads], "seen": seen})
    assert saved.json["priorities"] == [{"id": roads, "title": "Roads", "past": False}]
    late = caller.call("PUT", f"{line}/priorities", json={"priorities": [parks], "seen": seen})
    assert late.status_code == 409
    assert details(caller, line)["priorities"] == saved.json["priorities"]
    unknown: Any = caller.call(
        "PUT", f"{line}/priorities", json={"priorities": [id_of_nothing()], "seen": saved.json["priorities_seen"]}
    )
    assert unknown.json["errors"] == [{"field": "/priorities", "message": "Choose priorities of the list."}]


def id_of_nothing() -> str:
    """An id that names nothing."""
    return "01900000-0000-7000-8000-000000000000"
