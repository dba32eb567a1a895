"""The pages of the interim review, on both sides."""

from __future__ import annotations

import io
import re
from datetime import datetime

import pytest
from flask import Flask

from assessment.queries.accreditations import get_accreditation
from assessment.queries.interim import find_draft, find_review, find_standing
from saas import clock, jobs
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.evidence import make_file, pdf
from tests.factories.interim import before_interim, make_replied, send, write, write_all
from tests.factories.scores import MadeCase
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user


@pytest.fixture
def case(app: Flask, council: MadeCouncil) -> MadeCase:
    """An award with two improvements, both accepted."""
    return make_replied(app, council)


@pytest.fixture
def due_soon(app: Flask, case: MadeCase) -> datetime:
    """A moment at which the return is open."""
    return before_interim(app, case)


def home(case: MadeCase) -> str:
    return f"/councils/{case.council.slug}/accreditations/{case.accreditation_id}/interim"


def seen(page: str) -> dict[str, str]:
    """What the check page sends along."""
    return {"checked": re.findall('name="checked" value="([^"]+)"', page)[0]}


def region_page(case: MadeCase, submission_id: object) -> str:
    return f"/regions/{case.region.slug}/cases/{case.accreditation_id}/interim/{submission_id}"


def test_before_its_time_the_page_says_when_it_opens(client: CheckingClient, case: MadeCase, lead: MadeUser) -> None:
    client.sign_in(lead)
    assert "The interim return opens on" in client.get(home(case)).text
    assert client.get(f"{home(case)}/1").status_code == 409


def test_a_council_writes_sends_and_reads_its_receipt(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, due_soon: datetime, in_scope: InScope
) -> None:
    kept = make_file(app, case.council, title="Induction programme")
    with clock.at(due_soon):
        client.sign_in(lead)
        assert "Write and send the interim return" in client.get(f"/councils/{case.council.slug}/").text
        page = client.get(home(case)).text
        assert "Improvement 2</a>: Say how far it is. Say what has been done." in page
        assert "The return as a whole (optional)" in page
        assert client.get(f"{home(case)}/check").headers["Location"] == home(case)
        typed = {"version": "0", "state": "claimed_complete", "words": "Done.", "evidence_id": str(kept), "do": "next"}
        answer = client.post(f"{home(case)}/1", data=typed)
        assert answer.headers["Location"] == f"{home(case)}/2"
        uploaded = (io.BytesIO(pdf("new")), "minutes.pdf")
        answer = client.post(
            f"{home(case)}/2",
            data={"version": "0", "state": "in_progress", "words": "Half.", "file": uploaded, "do": "next"},
        )
        assert answer.headers["Location"] == home(case)
        assert "Everything is there" in client.get(home(case)).text
        assert "Induction programme" in client.get(f"{home(case)}/1").text
        checked = client.get(f"{home(case)}/check").text
        for words in ("Half.", "Evidence: Induction programme", "You cannot undo this", "Seal and send to the region"):
            assert words in checked
        assert client.post(home(case), data=seen(checked)).headers["Location"] == home(case)
        assert "being sealed" in client.get(home(case)).text
        assert client.get(f"{home(case)}/progress").get_json()["finished"] is False
        with app.app_context():
            jobs.run_all()
        page = client.get(home(case)).text
        assert "Receipt of interim return 1" in page
        sent = page.split("/submissions/")[1].split('"')[0]
        receipt = client.get(f"{home(case).removesuffix('/interim')}/submissions/{sent}").text
        for words in ("Receipt of your interim return", "2 improvements", "minutes.pdf", "Improvement 1: Complete"):
            assert words in receipt
        archive = client.get(f"{home(case).removesuffix('/interim')}/submissions/{sent}/archive")
        assert (archive.status_code, archive.data[:2]) == (200, b"PK")


def test_what_is_wrong_stays_typed_and_changes_nothing(
    client: CheckingClient, case: MadeCase, lead: MadeUser, due_soon: datetime, in_scope: InScope
) -> None:
    with clock.at(due_soon):
        client.sign_in(lead)
        exe = (io.BytesIO(b"MZ\x90\x00"), "tool.exe")
        page = client.post(
            f"{home(case)}/1", data={"version": "0", "state": "in_progress", "words": "Kept.", "file": exe}
        )
        assert page.status_code == 422
        assert "Kept." in page.text
        with in_scope(case.council.scope()):
            assert find_draft(get_accreditation(case.accreditation_id), 1) is None
        refused = client.post(home(case))
        assert refused.status_code == 409
        assert "4 things are still missing." in refused.text
        assert client.get(f"{home(case)}/9").status_code == 404


def test_a_viewer_reads_and_writes_nothing(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, due_soon: datetime
) -> None:
    with clock.at(due_soon):
        write_all(app, case)
        viewer = make_user(app, case.council, "council_viewer")
        for user, sends in ((lead, True), (viewer, False)):
            page = client.sign_in(user).get(home(case)).text
            assert ("Check and send" in page, "Your council lead sends it" in page) == (sends, not sends)
            assert (f'href="{home(case)}/1"' in page, f'href="{home(case)}/0"' in page) == (sends, sends)
        for refused in (
            client.get(f"{home(case)}/1"),
            client.get(f"{home(case)}/check"),
            client.post(home(case)),
            client.post(f"{home(case)}/1", data={"version": "1", "state": "in_progress", "words": "Mine."}),
        ):
            assert refused.status_code == 403


def test_only_what_was_checked_is_sealed(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, due_soon: datetime, in_scope: InScope
) -> None:
    def is_open() -> bool:
        with in_scope(case.council.scope()):
            return not find_standing(get_accreditation(case.accreditation_id)).is_sealing

    with clock.at(due_soon):
        write_all(app, case)
        client.sign_in(lead)
        unseen = client.post(home(case))
        assert (unseen.status_code, "Check what you send first" in unseen.text) == (409, True)
        looked = client.get(f"{home(case)}/check").text
        write(app, case, 2, "in_progress", "A colleague’s later words.")
        write(app, case, 0, "", "And of the whole.")
        stale = client.post(home(case), data=seen(looked))
        assert (stale.status_code, is_open()) == (409, True)
        for words in ("Improvement 2 and the return as a whole changed after", "A colleague’s later words."):
            assert words in stale.text
        strange = client.post(home(case), data={"checked": "one:two 1 x:"})
        assert (strange.status_code, is_open()) == (409, True)
        assert client.post(home(case), data=seen(stale.text)).status_code == 303
        assert not is_open()


def test_the_region_reviews_and_both_read_the_letter(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, due_soon: datetime, in_scope: InScope
) -> None:
    with clock.at(due_soon):
        write_all(app, case)
        there = region_page(case, send(app, case))
        client.sign_in(case.officer)
        assert "read the interim return and write the letter" in client.get(f"/regions/{case.region.slug}/").text
        page = client.get(there).text
        for words in (
            "What we did about 2.",
            "Induction programme",
            "We verified improvement 1.",
            "Still open: improv",
        ):
            assert words in page
        refused = client.post(there, data={"ending_1": "verified", "ending_2": "verified", "letter": "Fine."})
        assert refused.status_code == 422
        assert "The council has not reported this as complete" in refused.text
        done = client.post(there, data={"ending_1": "verified", "ending_2": "open", "letter": "Fine.\n\nGo on."})
        assert done.status_code == 303
        assert "Made on" in client.get(done.headers["Location"]).text
        assert "Close the review" not in client.get(there).text
        assert client.post(there, data={"ending_2": "open", "letter": "Again."}).status_code == 409
        letter = client.get(f"/regions/{case.region.slug}/cases/{case.accreditation_id}/interim-letter.pdf")
        assert letter.data[:5] == b"%PDF-"
        client.sign_in(lead)
        assert "Go on." in client.get(home(case)).text
        assert client.get(f"{home(case)}/letter.pdf").data == letter.data
        with in_scope(case.council.scope()):
            assert find_review(case.accreditation_id) is not None


def test_a_returned_one_says_what_is_needed(
    app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser, due_soon: datetime
) -> None:
    with clock.at(due_soon):
        write_all(app, case)
        there = region_page(case, send(app, case))
        client.sign_in(case.officer)
        assert client.get(f"{there}/return").status_code == 200
        assert client.post(f"{there}/return", data={"reason": ""}).status_code == 422
        assert client.post(f"{there}/return", data={"reason": "Name who leads it."}).status_code == 303
        client.sign_in(lead)
        page = client.get(home(case)).text
        assert "Name who leads it." in page
        assert "Check and send" in page


def test_another_council_sees_nothing(app: Flask, client: CheckingClient, case: MadeCase, lead: MadeUser) -> None:
    other = make_council(app, case.region)
    client.sign_in(make_user(app, other, "council_lead"))
    assert client.get(home(case).replace(case.council.slug, other.slug)).status_code == 404
