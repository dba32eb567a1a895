"""The interim return: open in its time, kept while it is written, sealed like all that is sent."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from assessment.models.interim import InterimDraft
from assessment.models.submissions import SubmissionDecision
from assessment.queries.accreditations import get_accreditation
from assessment.queries.awards import find_award
from assessment.queries.improvements import list_improvements
from assessment.queries.interim import find_draft, find_review, find_standing
from assessment.queries.submissions import get_submission
from assessment.rules.improvements import ImprovementState
from assessment.rules.interim import Problem
from assessment.rules.seal_checks import verify_archive
from assessment.services import archives, interim, interim_reviews
from assessment.services.submissions import Incomplete
from saas import clock
from saas.errors import Conflict, Invalid, NotFound
from saas.tenancy import CONSOLE
from tenants.queries.evidence import get_evidence
from tests.conftest import InScope
from tests.factories.evidence import make_file
from tests.factories.interim import award_of, before_interim, make_replied, send, write, write_all
from tests.factories.scores import MadeCase, actor
from tests.factories.tenants import MadeCouncil


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    """An award with two improvements, both accepted."""
    return make_replied(app, council)


def test_it_opens_three_months_before_it_is_due_and_says_so_before(
    app: Flask, case: MadeCase, in_scope: InScope
) -> None:
    with in_scope(case.council.scope()):
        standing = find_standing(get_accreditation(case.accreditation_id))
        refusal = interim.why_not(get_accreditation(case.accreditation_id), standing)
        assert refusal.startswith("The interim return opens on ")
        with pytest.raises(Conflict, match="opens on"):
            interim.save(get_accreditation(case.accreditation_id), 1, state="", words="", version=0, by=CONSOLE)
    with clock.at(before_interim(app, case, 80)), in_scope(case.council.scope()):
        standing = find_standing(get_accreditation(case.accreditation_id))
        assert interim.why_not(get_accreditation(case.accreditation_id), standing) == ""


def test_what_two_people_write_at_once_is_kept_from_both(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    with clock.at(before_interim(app, case)):
        write(app, case, 1, "in_progress", "Begun.")
        with in_scope(case.council.scope()):
            accreditation = get_accreditation(case.accreditation_id)
            with pytest.raises(Conflict) as overtaken:
                interim.save(accreditation, 1, state="not_begun", words="Mine.", version=0, by=CONSOLE)
            theirs = overtaken.value.theirs
            assert isinstance(theirs, InterimDraft)
            assert (theirs.state, theirs.words) == ("in_progress", "Begun.")
            with pytest.raises(NotFound):
                interim.save(accreditation, 7, state="", words="", version=0, by=CONSOLE)
            with pytest.raises(Invalid):
                interim.save(accreditation, 2, state="verified", words="", version=0, by=CONSOLE)


def test_everything_that_is_missing_is_named_and_nothing_is_sent(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    with clock.at(before_interim(app, case)):
        write(app, case, 1, "in_progress", "")
        with in_scope(case.council.scope()):
            accreditation = get_accreditation(case.accreditation_id, lock=True)
            assert interim.look_over(accreditation) == [
                Problem(1, "Say what has been done."),
                Problem(2, "Say how far it is."),
                Problem(2, "Say what has been done."),
            ]
            with pytest.raises(Incomplete, match="3 things are still missing"):
                interim.request_seal(accreditation, by=CONSOLE)


def test_it_is_sealed_with_its_files_and_verifies_offline(
    app: Flask, case: MadeCase, in_scope: InScope, tmp_path: Path
) -> None:
    with clock.at(before_interim(app, case)):
        write_all(app, case)
        write(app, case, 0, "", "A good year.")
        submission_id = send(app, case)
        with in_scope(case.region.scope(case.officer.id)):
            submission = get_submission(submission_id)
            content = b"".join(archives.archive(submission).pieces())
            document, given = submission.document, submission.hash
            lines = list_improvements(case.accreditation_id)
            assert [line.state for line in lines] == [ImprovementState.CLAIMED_COMPLETE, ImprovementState.IN_PROGRESS]
    archive = tmp_path / "return.zip"
    archive.write_bytes(content)
    checked = verify_archive(archive, given)
    assert (checked.ok, checked.hash) == (True, given)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        page = packed.read("index.html").decode()
        assert "files/1-induction.pdf" in packed.namelist()
    assert [
        (line["number"], line["state_label"], line["words"], [each["title"] for each in line["evidence"]])
        for line in document["answers"]
    ] == [
        (1, "Complete", "What we did about 1.", ["Induction programme"]),
        (2, "In progress", "What we did about 2.", []),
    ]
    assert (document["kind"], document["words"], document.get("late_days")) == ("interim", "A good year.", None)
    for words in ("Interim return 1", "A good year.", "What we did about 2.", 'href="files/1-induction.pdf"'):
        assert words in page


def test_a_late_one_says_so_and_a_sent_one_rests(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    with clock.at(before_interim(app, case, -12)):
        write_all(app, case)
        submission_id = send(app, case)
        with in_scope(case.council.scope()):
            assert get_submission(submission_id).document["late_days"] == 12
            accreditation = get_accreditation(case.accreditation_id)
            with pytest.raises(Conflict, match="with the region"):
                interim.save(accreditation, 1, state="in_progress", words="Later.", version=1, by=CONSOLE)


def test_evidence_is_added_once_and_taken_out_again(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    file = make_file(app, case.council)
    with clock.at(before_interim(app, case)), in_scope(case.council.scope()):
        accreditation = get_accreditation(case.accreditation_id)
        evidence = get_evidence(case.council.id, file)
        interim.cite(accreditation, 1, evidence, by=CONSOLE)
        interim.cite(accreditation, 1, evidence, by=CONSOLE)
        draft = find_draft(accreditation, 1)
        assert draft is not None
        assert draft.evidence == [str(file)]
        interim.uncite(accreditation, 1, file, by=CONSOLE)
        assert draft.evidence == []


def test_the_region_verifies_one_by_one_writes_and_the_award_shows_it(
    app: Flask, case: MadeCase, in_scope: InScope
) -> None:
    by = actor(case.officer)
    with clock.at(before_interim(app, case)):
        write_all(app, case)
        submission_id = send(app, case)
        with in_scope(case.region.scope(case.officer.id)):
            with pytest.raises(Invalid) as refused:
                interim_reviews.review(case.accreditation_id, submission_id, endings={2: "verified"}, letter="", by=by)
            assert refused.value.messages == {
                "ending_1": ["Say where it stands."],
                "ending_2": ["The council has not reported this as complete, so it cannot be verified."],
                "letter": ["Write the letter to the council."],
            }
        with in_scope(case.region.scope(case.officer.id)):
            interim_reviews.review(
                case.accreditation_id, submission_id, endings={1: "verified", 2: "open"}, letter="Well done.", by=by
            )
            with pytest.raises(Conflict, match="reviewed this return already"):
                interim_reviews.ask_again(case.accreditation_id, submission_id, reason="More.", by=by)
        with in_scope(case.council.scope()):
            found, award = find_review(case.accreditation_id), find_award(case.accreditation_id)
            accreditation = get_accreditation(case.accreditation_id)
            assert found is not None
            assert award is not None
            assert (found.letter, found.verified, award.interim_reviewed_on) == ("Well done.", 1, clock.today())
            assert accreditation.next_due_on == award.reassessment_opens_on
            assert [line.state for line in list_improvements(case.accreditation_id)] == [
                ImprovementState.VERIFIED,
                ImprovementState.IN_PROGRESS,
            ]
            assert "interim review was made" in interim.why_not(accreditation, find_standing(accreditation))


def test_a_return_that_is_asked_for_again_is_open_again(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    with clock.at(before_interim(app, case)):
        write_all(app, case)
        first = send(app, case)
        with in_scope(case.region.scope(case.officer.id)) as session:
            by = actor(case.officer)
            interim_reviews.ask_again(case.accreditation_id, first, reason="Say who leads it.", by=by)
            decision = session.query(SubmissionDecision).filter_by(submission_id=first).one()
            assert (decision.outcome, decision.reason) == ("returned", "Say who leads it.")
        write(app, case, 2, "in_progress", "The head of HR leads it.")
        second = send(app, case)
        with in_scope(case.council.scope()):
            assert [get_submission(each).number for each in (first, second)] == [1, 2]


def test_after_the_award_ended_nothing_is_open(app: Flask, case: MadeCase, in_scope: InScope) -> None:
    award = award_of(app, case)
    assert award.interim_due_on is not None
    with in_scope(case.region.scope(case.officer.id)) as session:
        held = session.get(type(award), (award.council_id, award.id))
        assert held is not None
        held.ending, held.ended_on = "surrendered", clock.today() + timedelta(1)
    with clock.at(before_interim(app, case)), in_scope(case.council.scope()):
        accreditation = get_accreditation(case.accreditation_id)
        assert "has ended" in interim.why_not(accreditation, find_standing(accreditation))
