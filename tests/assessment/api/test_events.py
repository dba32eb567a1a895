"""What happened, for programs: page by page, each place's own, and no more than the caller reads on pages."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.caller import Caller
from tests.factories.assessment import make_accreditation
from tests.factories.scores import MadeCase, make_scored
from tests.factories.tenants import MadeCouncil, MadeRegion, MadeUser, make_user


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    return make_scored(app, council, region)


def verbs(caller: Caller, path: str) -> list[str]:
    """The verbs of every page, in order."""
    found, cursor = [], ""
    while True:
        page = caller.get(f"{path}{'&' if '?' in path else '?'}limit=7{cursor}").json
        assert page is not None
        found += [each["verb"] for each in page["items"]]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def test_a_council_reads_its_own_and_never_a_score(
    app: Flask, case: MadeCase, council: MadeCouncil, lead: MadeUser
) -> None:
    caller, events = Caller.of(app, lead, council), f"/councils/{council.slug}/events"
    newest = verbs(caller, events)
    assert verbs(caller, f"{events}?order=oldest") == newest[::-1]
    assert {"accreditation.committed", "answer.saved", "submission.sealed", "submission.decided"} <= set(newest)
    assert not [verb for verb in newest if verb.partition(".")[0] in ("score", "scores", "assignment", "token")]
    assert set(verbs(caller, f"{events}?verb=submission")) >= {"submission.sealed", "submission.decided"}
    assert set(verbs(caller, f"{events}?verb=submission.sealed")) == {"submission.sealed"}
    assert verbs(caller, f"{events}?accreditation_id={council.id}") == []
    assert verbs(caller, f"{events}?since=2099-01-01T00:00:00Z") == []
    assert verbs(caller, f"{events}?until=2001-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    "query", ["order=random", "verb=a.b.c", "verb=%25", "since=2026-01-01", "cursor=YQ", "limit=0", "x=1"]
)
def test_a_question_that_cannot_be_answered_is_refused(
    app: Flask, council: MadeCouncil, lead: MadeUser, query: str
) -> None:
    answer = Caller.of(app, lead, council).get(f"/councils/{council.slug}/events?{query}")
    assert answer.json is not None
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, f"/{query.partition('=')[0]}")


def test_one_event_says_what_happened_and_to_what(app: Flask, council: MadeCouncil, lead: MadeUser) -> None:
    accreditation_id = make_accreditation(app, council)
    events = f"/councils/{council.slug}/events?verb=accreditation.committed"
    found = Caller.of(app, lead, council).get(events).json
    assert found is not None
    (one,) = found["items"]
    assert {name: one[name] for name in one if name not in ("id", "at")} == {
        "verb": "accreditation.committed",
        "words": "Committed to the Charter",
        "by": "Console",
        "subject": "accreditations",
        "subject_id": str(accreditation_id),
        "council": council.name,
        "council_id": str(council.id),
        "accreditation_id": str(accreditation_id),
    }


def test_who_reads_no_answers_reads_no_events_of_them(app: Flask, case: MadeCase, council: MadeCouncil) -> None:
    member = Caller.of(app, make_user(app, council, "member"), council)
    assert verbs(member, f"/councils/{council.slug}/events") == []


def test_a_region_reads_its_own_without_names_for_its_board(app: Flask, case: MadeCase, region: MadeRegion) -> None:
    events = f"/regions/{region.slug}/events"
    officer = Caller.of(app, case.officer, region)
    assert {"scores.submitted", "submission.decided"} <= set(verbs(officer, events))
    assert not set(verbs(officer, events)) & {"answer.saved", "score.saved", "token.made"}
    board = Caller.of(app, make_user(app, region, "region_viewer"), region)
    told = board.get(f"{events}?verb=submission.decided").json
    assert told is not None
    assert {each["by"] for each in told["items"]} == {"the region"}
    assert "scores.submitted" not in verbs(board, events)
    assert Caller.of(app, case.scorers[0], region).get(events).status_code == 403
