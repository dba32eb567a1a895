"""The assessor's pages: own files, the declaration, the screen, the last step."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text

from assessment.models.scores import ScoreDraft
from assessment.models.submissions import SubmissionFile
from assessment.queries.accreditations import get_accreditation
from assessment.services import assignments
from assessment.services.assignments import Asked
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.scores import (
    MadeCase,
    actor,
    make_accepted,
    make_declared,
    make_scored,
    make_team,
    score_all,
    seated,
)
from tests.factories.scoring import make_file_to_score
from tests.factories.submissions import FILE_CONTENT
from tests.factories.tenants import MadeCouncil, MadeRegion, make_council

Statements = Callable[[], AbstractContextManager[list[str]]]
TYPED = {
    "version": "0",
    "judgement": "partly_met",
    "reason": "The minutes stop in May",
    "strength": "A named lead",
    "improvement": "Report twice a year",
    "note": "Ask about the budget",
    "do": "next",
    "following": "1.2.1",
}


@pytest.fixture
def case(app: Flask, council: MadeCouncil, region: MadeRegion) -> MadeCase:
    """A declared team that has scored nothing."""
    return make_declared(app, council, region)


def url(case: MadeCase, rest: str = "requirements/1.1.1") -> str:
    """An address inside the file."""
    return f"/files/{case.accreditation_id}/{rest}"


def paper_of(case: MadeCase, in_scope: InScope) -> UUID:
    """The id of one sealed file of the submission."""
    with in_scope(case.region.scope()) as session:
        return session.scalars(
            select(SubmissionFile.id).where(SubmissionFile.submission_id == case.submission_id)
        ).one()


def test_my_files_say_what_is_next(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient
) -> None:
    case = make_team(app, council, region)
    page = client.sign_in(case.scorers[0]).get("/files").text
    assert "Declare your interests" in page
    assert url(case, "interests") in page
    client.post(url(case, "interests"), data={"interest": "none"})
    assert "0 of 28 scored" in client.get("/files").text
    client.post(url(case), data=TYPED)
    assert "1 of 28 scored" in client.get("/files").text
    assert "You lead this assessment" in client.sign_in(case.officer).get("/files").text


def test_before_declaring_every_page_and_paper_of_the_file_is_404(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_team(app, council, region)
    client.sign_in(case.scorers[0])
    paper = url(case, f"papers/{paper_of(case, in_scope)}")
    assert client.get(paper).status_code == 404
    for rest in ("", "requirements", "requirements/1.1.1", "go?to=1", "submit", "questions", "report", "visit"):
        assert client.get(url(case, rest)).status_code == 404
    for rest in ("requirements/1.1.1", "requirements/1.1.1/autosave"):
        assert client.post(url(case, rest), data=TYPED).status_code == 404
        assert client.post(url(case, rest), data={"version": "wrong"}).status_code == 404
    with in_scope(case.file(0)) as session:
        assert session.scalar(text("select count(*) from score_drafts")) == 0
    answer = client.post(url(case, "interests"), data={"interest": "none"})
    assert (answer.status_code, answer.location) == (303, url(case, ""))
    answer = client.get(paper + "?inline=1")
    assert (answer.status_code, answer.data) == (200, FILE_CONTENT)
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert client.get(url(case, "")).location == url(case)


def test_a_declared_interest_closes_the_file_and_tells_the_region(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_team(app, council, region)
    client.sign_in(case.scorers[0])
    wrong = client.post(url(case, "interests"), data={"interest": "conflict", "words": " "})
    assert wrong.status_code == 422
    assert "Say what the interest is, in a sentence." in wrong.text
    client.post(url(case, "interests"), data={"interest": "conflict", "words": "My sister is the Leader."})
    assert client.get(url(case, f"papers/{paper_of(case, in_scope)}")).status_code == 404
    assert client.get(url(case)).status_code == 404
    assert client.post(url(case, "interests"), data={"interest": "none"}).status_code == 409
    team = client.sign_in(case.officer).get(f"/regions/{region.slug}/cases/{case.accreditation_id}/team").text
    assert "My sister is the Leader." in team


def test_another_assessor_has_no_such_file(
    app: Flask, case: MadeCase, region: MadeRegion, client: CheckingClient, in_scope: InScope
) -> None:
    other = make_declared(app, make_council(app, region), region)
    client.sign_in(other.scorers[0])
    for rest in ("", "interests", "requirements/1.1.1", "submit", f"papers/{paper_of(case, in_scope)}"):
        assert client.get(url(case, rest)).status_code == 404
    assert client.get(url(other, f"papers/{paper_of(case, in_scope)}")).status_code == 404


def test_the_screen_shows_what_was_sent_and_keeps_what_was_saved(case: MadeCase, client: CheckingClient) -> None:
    client.sign_in(case.scorers[0])
    page = client.get(url(case)).text
    for words in ("What we do about commitment from the top.", "Policy on learning", "0 of 28 scored", "Private note"):
        assert words in page
    answer = client.post(url(case) + "?show=open", data=TYPED)
    assert (answer.status_code, answer.location) == (303, url(case, "requirements/1.2.1?show=open"))
    page = client.get(url(case)).text
    for words in ("The minutes stop in May", "A named lead", "Ask about the budget", "1 of 28 scored"):
        assert words in page
    open_only = client.get(url(case, "requirements/1.2.1?show=open")).text
    assert "1.1.1 Commitment from the top" not in open_only


def test_a_score_without_a_reason_is_refused_beside_the_field_and_kept(case: MadeCase, client: CheckingClient) -> None:
    client.sign_in(case.scorers[0])
    answer = client.post(url(case), data=TYPED | {"reason": "  "})
    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.text
    assert "Ask about the budget" in answer.text
    assert "0 of 28 scored" in answer.text
    answer = client.post(url(case), data=TYPED | {"judgement": "superb"})
    assert (answer.status_code, 'id="judgement-error"' in answer.text) == (422, True)


def test_two_windows_keep_both_texts(case: MadeCase, client: CheckingClient, in_scope: InScope) -> None:
    client.sign_in(case.scorers[0])
    client.post(url(case), data=TYPED)
    answer = client.post(url(case), data=TYPED | {"reason": "The minutes go on in June", "judgement": "met"})
    assert answer.status_code == 409
    assert "The minutes stop in May" in answer.text
    assert "The minutes go on in June" in answer.text
    with in_scope(case.file(0)) as session:
        assert session.scalars(select(ScoreDraft.reason)).all() == ["The minutes stop in May"]
    again = client.post(url(case), data=TYPED | {"reason": "The minutes go on in June", "version": "1", "do": "save"})
    assert again.location == url(case)


def test_the_screen_and_a_save_stay_within_their_statements(
    case: MadeCase, client: CheckingClient, statements: Statements
) -> None:
    client.sign_in(case.scorers[0])
    client.get(url(case))
    with statements() as screen:
        client.get(url(case))
    with statements() as first:
        client.post(url(case), data=TYPED)
    with statements() as second:
        client.post(url(case), data=TYPED | {"version": "1", "reason": "Another reason"})
    assert len(screen) <= 8, screen
    assert len(first) <= 7, first
    assert len(second) <= 7, second


def test_my_files_need_the_same_statements_for_one_and_for_three(
    app: Flask, case: MadeCase, region: MadeRegion, client: CheckingClient, statements: Statements, in_scope: InScope
) -> None:
    client.sign_in(case.scorers[0])
    with statements() as one:
        client.get("/files")
    for _ in range(2):
        other = make_accepted(app, make_council(app, region), region)
        asked = seated(other) | {"officer_1": Asked(case.scorers[0].id, "Northfield Borough Council")}
        with in_scope(region.scope(other.officer.id)):
            assignments.assign(get_accreditation(other.accreditation_id, lock=True), asked, by=actor(other.officer))
    with statements() as three:
        page = client.get("/files").text
    assert page.count("govuk-task-list__name-and-hint") == 3
    assert len(one) == len(three)


def test_submitting_names_what_is_missing_then_shows_the_others_when_all_have(
    app: Flask, case: MadeCase, client: CheckingClient
) -> None:
    client.sign_in(case.scorers[0])
    answer = client.post(url(case, "submit"))
    assert answer.status_code == 422
    assert "28 requirements without a score" in answer.text
    score_all(app, case, 0, lambda _code: "not_met", submit=False)
    assert "You cannot undo this." in client.get(url(case, "submit")).text
    assert client.post(url(case, "submit")).status_code == 303
    assert client.post(url(case, "submit")).status_code == 409
    assert client.post(url(case), data=TYPED | {"version": "1"}).status_code == 409
    page = client.get(url(case)).text
    assert "when all have submitted" in page
    assert case.scorers[1].name not in page
    score_all(app, case, 1)
    page = client.get(url(case)).text
    assert f"{case.scorers[1].name} on 1.1.1" in page


def test_a_council_person_has_no_way_in(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient, lead: object
) -> None:
    case = make_scored(app, council, region)
    client.sign_in(lead)  # type: ignore[arg-type]
    assert client.get(url(case)).status_code == 404
    assert client.get(f"/regions/{region.slug}/cases/{case.accreditation_id}/moderation").status_code == 404


def typed(**changes: str) -> dict[str, str]:
    """What a page sends that saves itself."""
    return {name: value for name, value in (TYPED | {"do": ""} | changes).items() if value}


def test_the_page_saves_what_is_not_whole_and_says_when(case: MadeCase, client: CheckingClient) -> None:
    client.sign_in(case.scorers[0])
    answer = client.post(url(case) + "/autosave", data=typed(judgement="", strength=""))
    assert (answer.status_code, answer.json["version"]) == (200, 1)
    assert answer.json["words"].startswith("Saved at ")
    assert "0 of 28 scored" in client.get(url(case)).text
    stale = client.post(url(case) + "/autosave", data=typed(reason="Something else"))
    assert (stale.status_code, stale.json["both"]) == (409, True)
    long = client.post(url(case) + "/autosave", data=typed(version="1", reason="x" * 4001))
    assert (long.status_code, long.json["words"].startswith("Not saved.")) == (422, True)
    assert client.post(url(case) + "/autosave", data=typed(version="1")).json["version"] == 2
    assert "1 of 28 scored" in client.get(url(case)).text


def test_cannot_assess_and_skip_are_buttons_of_the_form(case: MadeCase, client: CheckingClient) -> None:
    client.sign_in(case.scorers[0])
    refused = client.post(url(case), data=TYPED | {"do": "cannot", "reason": ""})
    assert refused.status_code == 422
    assert "Say why it cannot be assessed." in refused.text
    answer = client.post(url(case), data=TYPED | {"do": "cannot"})
    assert answer.location == url(case, "requirements/1.2.1")
    page = client.get(url(case, "requirements")).text
    assert "Cannot assess" in page
    assert "1 of 28 scored" in page
    nothing = {"version": "0", "do": "skip", "following": "1.3.1"}
    assert client.post(url(case, "requirements/1.2.1"), data=nothing).location == url(case, "requirements/1.3.1")
    begun = nothing | {"note": "Ask about the budget"}
    assert client.post(url(case, "requirements/1.2.1"), data=begun).status_code == 303
    assert "Ask about the budget" in client.get(url(case, "requirements/1.2.1")).text
    missing = client.get(url(case, "submit")).text
    assert "27 requirements without a score" in missing
    assert "begun, not whole yet" in missing


def test_the_list_is_narrowed_and_a_number_leads_to_its_requirement(case: MadeCase, client: CheckingClient) -> None:
    client.sign_in(case.scorers[0])
    client.post(url(case), data=TYPED | {"flagged": "true"})
    flagged = client.get(url(case, "requirements?show=flagged")).text
    assert "1.1.1 Commitment from the top" in flagged
    assert "1.2.1 An agreed policy" not in flagged
    assert "1.1.1 Commitment from the top" not in client.get(url(case, "requirements?show=open")).text
    assert "None of the requirements." in client.get(url(case, "requirements?show=no-evidence")).text
    assert client.get(url(case, "go?to=2&show=open")).location == url(case, "requirements/1.2.1?show=open")
    assert client.get(url(case, "go?to=1.1.1")).location == url(case)
    assert client.get(url(case, "go?to=99")).location == url(case, "requirements")
    assert "There is no requirement “99”." in client.get(url(case, "requirements")).text


def test_a_sealed_paper_is_read_in_place_by_the_declared_alone(
    app: Flask, council: MadeCouncil, region: MadeRegion, client: CheckingClient, in_scope: InScope
) -> None:
    case = make_file_to_score(app, council, region)
    with in_scope(case.region.scope()) as session:
        wanted = select(SubmissionFile.id).where(
            SubmissionFile.submission_id == case.submission_id, SubmissionFile.filename == "minutes.pdf"
        )
        paper = url(case, f"papers/{session.scalars(wanted).one()}")
    client.sign_in(case.scorers[0])
    page = client.get(url(case)).text
    assert f"{paper}/preview?page=2&amp;of=1.1.1" in page
    shown = client.get(f"{paper}/preview?page=2&of=1.1.1").text
    assert "Page 2 of 3" in shown
    assert "17. The group agreed the policy." in shown
    assert "Page 3 of 3" in client.get(f"{paper}/preview?page=99").text
    picture = client.get(f"{paper}/pages/2")
    assert (picture.status_code, picture.content_type, picture.data[:4]) == (200, "image/png", b"\x89PNG")
    again = client.get(f"{paper}/pages/2", headers={"If-None-Match": picture.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"{paper}/pages/4").status_code == 404
    changed = client.get(url(case, "requirements?show=changed")).text
    assert "1.1.2 Leadership used" in changed
    assert "1.1.1 Leadership in place" not in changed
    other = make_team(app, make_council(app, region), region)
    client.sign_in(other.scorers[0])
    assert client.get(f"{paper}/preview").status_code == 404
    assert client.get(f"{paper}/pages/2").status_code == 404


def test_the_list_needs_the_same_statements_whatever_is_scored(
    app: Flask, case: MadeCase, client: CheckingClient, statements: Statements
) -> None:
    client.sign_in(case.scorers[0])
    client.get(url(case, "requirements"))
    with statements() as none:
        client.get(url(case, "requirements"))
    score_all(app, case, 0, submit=False)
    with statements() as all_of_them:
        client.get(url(case, "requirements"))
    assert len(none) == len(all_of_them) <= 6
