"""Answers for programs: saved by code, with what they cite and plan; nobody's words are lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from saas.policy import Role
from tests.caller import Caller, refusal
from tests.factories.assessment import make_accreditation, tree_of
from tests.factories.evidence import make_file, make_link
from tests.factories.submissions import answer_all, make_earlier, make_seal
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user


@pytest.fixture
def accreditation_id(app: Flask, council: MadeCouncil) -> UUID:
    return make_accreditation(app, council)


@pytest.fixture
def answers(council: MadeCouncil, accreditation_id: UUID) -> str:
    return f"/councils/{council.slug}/accreditations/{accreditation_id}/answers"


def save(caller: Caller, path: str, match: str | None = None, **given: Any) -> TestResponse:
    """Save an answer, seen as `match` or not there yet."""
    headers = {} if match else {"If-None-Match": "*"}
    return caller.call("PUT", path, json=given, match=match, headers=headers)


def test_an_answer_is_written_read_and_written_again(caller: Caller, answers: str, lead: MadeUser) -> None:
    one = f"{answers}/1.1.1"
    empty = caller.get(one)
    assert empty.json is not None
    assert (empty.headers["ETag"], empty.json["status"], empty.json["judgement"]) == ('"0"', "not_started", None)
    written = save(caller, one, judgement="met", narrative="Every spring.")
    assert (written.status_code, written.headers["ETag"]) == (200, '"1"')
    assert written.json is not None
    told = {name: written.json[name] for name in ("code", "status", "judgement", "narrative", "updated_by_name")}
    assert told == {
        "code": "1.1.1",
        "status": "judged",
        "judgement": "met",
        "narrative": "Every spring.",
        "updated_by_name": lead.name,
    }
    assert caller.get(one).json == written.json
    again = save(caller, one, '"1"', judgement="partly_met", narrative="Every other spring.")
    assert (again.status_code, again.headers["ETag"]) == (200, '"2"')


def test_nobodys_words_are_lost(app: Flask, council: MadeCouncil, caller: Caller, answers: str) -> None:
    one = f"{answers}/1.1.1"
    assert caller.call("PUT", one, json={"narrative": "x"}).status_code == 428
    unwritten = save(caller, one, '"3"', narrative="x")
    assert (unwritten.status_code, unwritten.headers["ETag"]) == (412, '"0"')
    assert save(caller, one, narrative="Mine.").status_code == 200
    editor = Caller.of(app, make_user(app, council, Role.COUNCIL_EDITOR), council)
    for seen in (None, '"0"', '"7"'):
        stale = save(editor, one, seen, narrative="Theirs.")
        assert (stale.status_code, stale.headers["ETag"]) == (412, '"1"')
    assert save(editor, one, '"1"', narrative="Mine and theirs.").status_code == 200
    assert caller.get(one).json["narrative"] == "Mine and theirs."  # type: ignore[index]


def test_what_it_cites_is_what_was_sent_last(app: Flask, council: MadeCouncil, caller: Caller, answers: str) -> None:
    one = f"{answers}/1.1.1"
    first, second = str(make_file(app, council)), str(make_link(app, council))

    def cited(response: TestResponse) -> list[tuple[str, str, str]]:
        assert response.json is not None
        return [(each["evidence_id"], each["pinpoint"], each["why"]) for each in response.json["citations"]]

    saved = save(caller, one, narrative="x", citations=[{"evidence_id": first, "pinpoint": "Page 2", "why": "So."}])
    assert cited(saved) == [(first, "Page 2", "So.")]
    saved = save(caller, one, '"1"', narrative="y")
    assert cited(saved) == [(first, "Page 2", "So.")]
    wanted = [{"evidence_id": first}, {"evidence_id": second}]
    saved = save(caller, one, '"2"', narrative="y", citations=wanted)
    assert cited(saved) == [(first, "", ""), (second, "", "")]
    saved = save(caller, one, '"2"', narrative="y", citations=[{"evidence_id": second}])
    assert cited(saved) == [(second, "", "")]
    wrong = save(caller, one, '"2"', narrative="z", citations=[{"evidence_id": second}, {"evidence_id": str(uuid4())}])
    assert wrong.json is not None
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "/citations/1/evidence_id")
    twice = save(caller, one, '"2"', narrative="z", citations=[{"evidence_id": second}, {"evidence_id": second}])
    assert (twice.status_code, caller.get(one).json) == (422, saved.json)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"judgement": "splendid"}, "/judgement"),
        ({"judgement": "not_applicable"}, "/not_applicable_reason"),
        ({"narrative": "x" * 20_001}, "/narrative"),
        ({"narrative": 3}, "/narrative"),
        ({"score": 3}, "/score"),
        ({"citations": [{"evidence_id": "x"}]}, "/citations/0/evidence_id"),
    ],
)
def test_what_cannot_be_kept_is_named(caller: Caller, answers: str, given: dict[str, Any], field: str) -> None:
    answer = save(caller, f"{answers}/1.1.1", **given)
    assert answer.json is not None
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert caller.get(f"{answers}/1.1.1").json["version"] == 0  # type: ignore[index]


def test_every_requirement_of_the_level_is_listed_in_order(caller: Caller, answers: str) -> None:
    save(caller, f"{answers}/1.1.2", judgement="met")
    codes: list[str] = []
    cursor = ""
    while True:
        page = caller.get(f"{answers}?limit=10{cursor}").json
        assert page is not None
        codes += [each["code"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert codes == [each.code for each in tree_of("charter-2008").requirements_of("charter")]


def test_what_an_answer_needs_is_planned(caller: Caller, answers: str, council: MadeCouncil) -> None:
    given = {"action": "Publish the calendar", "timescale": "By 31 March 2027", "responsibility": "Head of HR"}
    made = caller.post(f"{answers}/1.1.1/actions", given)
    assert made.json is not None
    assert (made.status_code, {name: made.json[name] for name in given}) == (201, given)
    assert caller.get(f"{answers}/1.1.1").json["actions"] == [made.json]  # type: ignore[index]
    line = caller.get(f"/councils/{council.slug}/plans/{made.json['plan_id']}/actions/{made.json['id']}").json
    assert line is not None
    assert (line["latest_on"], line["source"]) == ("2027-03-31", "self-assessment")
    assert caller.post(f"{answers}/9.9.9/actions", given).status_code == 404


def test_what_was_carried_is_confirmed_as_it_was_read(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    make_earlier(app, council)
    accreditation_id = make_accreditation(app, council)
    caller = Caller.of(app, lead, council)
    answers = f"/councils/{council.slug}/accreditations/{accreditation_id}/answers"
    one = f"{answers}/1.1.1"
    count = len(tree_of("charter-2008").requirements_of("charter"))
    assert caller.post(f"{answers}/carried").json == {"carried": count}
    assert caller.post(f"{answers}/carried").status_code == 409
    read = caller.get(one)
    assert read.json is not None
    assert (read.json["status"], read.json["to_be_confirmed"]) == ("carried", True)
    assert caller.post(f"{one}/confirmation").status_code == 428
    assert caller.post(f"{one}/confirmation", match='"9"').status_code == 412
    done = caller.post(f"{one}/confirmation", match=read.headers["ETag"]).json
    assert done is not None
    assert (done["status"], done["to_be_confirmed"], done["confirmed_at"] is None) == ("judged", False, False)


def test_there_is_nothing_to_confirm_in_what_one_wrote_oneself(caller: Caller, answers: str) -> None:
    one = f"{answers}/1.1.1/confirmation"
    before = caller.post(one, match='"0"')
    save(caller, f"{answers}/1.1.1", judgement="met")
    assert [refusal(each) for each in (before, caller.post(one, match='"1"'))] == [
        (409, "Nobody has answered this yet: there is nothing to confirm."),
        (409, "This answer was neither carried nor taken from a document: there is nothing to confirm."),
    ]


def test_at_a_closed_stage_nothing_is_changed(
    app: Flask, council: MadeCouncil, caller: Caller, answers: str, accreditation_id: UUID
) -> None:
    answer_all(app, council, accreditation_id)
    make_seal(app, council, accreditation_id, "plan")
    closed = save(caller, f"{answers}/1.1.1", '"1"', judgement="not_met")
    assert closed.json is not None
    assert (closed.status_code, closed.json["detail"]) == (409, "Answers cannot be changed at the stage “Plan sent”.")


def test_a_list_asks_the_same_for_one_answer_and_for_all(
    app: Flask,
    council: MadeCouncil,
    caller: Caller,
    answers: str,
    accreditation_id: UUID,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    def asked() -> int:
        with statements() as sql:
            caller.get(f"{answers}?limit=200")
        return len(sql)

    save(caller, f"{answers}/1.1.1", judgement="met")
    asked()
    one = asked()
    answer_all(app, council, accreditation_id)
    assert asked() == one


def test_who_reads_writes_nothing_and_another_council_sees_nothing(
    app: Flask, council: MadeCouncil, answers: str, accreditation_id: UUID
) -> None:
    one = f"{answers}/1.1.1"
    reader = Caller.of(app, make_user(app, council, Role.SIGNATORY), council)
    assert (reader.get(one).status_code, save(reader, one, narrative="x").status_code) == (200, 403)
    elsewhere = make_council(app, council.region)
    stranger = Caller.of(app, make_user(app, elsewhere, Role.COUNCIL_LEAD), elsewhere)
    own = f"/councils/{elsewhere.slug}/accreditations/{accreditation_id}/answers"
    for path in (answers, own, f"{own}/1.1.1"):
        assert stranger.get(path).status_code == 404
    assert save(stranger, f"{own}/1.1.1", narrative="x").status_code == 404
    officer = Caller.of(app, make_user(app, council.region, Role.REGION_OFFICER), council.region)
    assert officer.get(one).status_code == 404
    assert reader.get(f"{answers}/9.9.9").status_code == 404
