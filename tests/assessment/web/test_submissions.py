"""Checking, sending, waiting for the seal, and the receipt."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from assessment.queries import submissions
from assessment.queries.accreditations import get_accreditation
from assessment.rules.seal_checks import verify_archive
from assessment.rules.sealing import SealError
from assessment.services import readiness
from saas import jobs, progress
from saas.templating import fours
from saas.tenancy import CONSOLE
from tenants.models.evidence import Evidence
from tenants.models.notices import Notice
from tests.checking_client import CheckingClient
from tests.conftest import InScope
from tests.factories.assessment import make_accreditation, make_framework
from tests.factories.evidence import make_file
from tests.factories.submissions import FILE_CONTENT, answer_all, make_submission
from tests.factories.tenants import MadeCouncil, MadeUser, make_council, make_user

Counted = Callable[[], AbstractContextManager[list[str]]]


def page_of(council: MadeCouncil, accreditation_id: UUID, tail: str) -> str:
    return f"/councils/{council.slug}/accreditations/{accreditation_id}/{tail}"


def test_what_is_missing_stands_there_with_the_way_to_it(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    client.sign_in(lead)
    client.post(page_of(council, made, "requirements/1.1.1"), data={"judgement": "partly_met", "version": "0"})
    client.post(
        page_of(council, made, "requirements/1.2.1/autosave"), data={"judgement": "not_applicable", "version": "0"}
    )
    text = client.get(page_of(council, made, "check/plan")).get_data(as_text=True)
    for words in (
        "Still missing: 28 things",
        page_of(council, made, "requirements/1.1.1"),
        "Plan an action, as it is not yet met.",
        "Say why it is not applicable.",
        "Give your judgement.",
        "You can send it when nothing is missing.",
    ):
        assert words in text
    refused = client.post(page_of(council, made, "check/plan"), data={"monitor": "Alex Reed"})
    assert (refused.status_code, "28 things are still missing." in refused.get_data(as_text=True)) == (409, True)


def test_a_plan_is_sent_sealed_and_has_a_receipt(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    client.sign_in(lead)
    check = page_of(council, made, "check/plan")
    assert "Nothing is missing." in client.get(check).get_data(as_text=True)
    unnamed = client.post(check)
    assert (unnamed.status_code, "Enter who watches" in unnamed.get_data(as_text=True)) == (422, True)
    sent = client.post(check, data={"monitor": "Alex Reed"})
    assert (sent.status_code, sent.location) == (303, check)
    assert "Your plan is being sealed" in client.get(check).get_data(as_text=True)
    assert client.get(check + "/progress").json["finished"] is False
    assert "Your answers are being sealed." in client.get(page_of(council, made, "")).get_data(as_text=True)
    again = client.post(check, data={"monitor": "Alex Reed"})
    assert (again.status_code, "being sealed already" in again.get_data(as_text=True)) == (409, True)
    late = client.post(page_of(council, made, "requirements/1.1.1"), data={"version": "1", "narrative": "Later."})
    assert (late.status_code, "They rest until that is done." in late.get_data(as_text=True)) == (409, True)
    with app.app_context():
        jobs.run_all()
    assert client.get(check + "/progress").json["finished"] is True
    with in_scope(council.scope()):
        submission = submissions.find_latest(made, "plan")
        assert submission is not None
    receipt = page_of(council, made, f"submissions/{submission.id}")
    assert client.get(check).location == receipt
    text = client.get(receipt).get_data(as_text=True)
    for words in (fours(submission.hash), lead.name, "Not decided yet", "Policy on learning", "Leader: Sam Okoro"):
        assert words in text
    archive = client.get(f"{receipt}/archive")
    assert verify_archive(io.BytesIO(archive.data), submission.hash).ok


def test_a_failed_seal_says_why_on_the_page(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    client.sign_in(lead)
    client.post(page_of(council, made, "check/plan"), data={"monitor": "Alex Reed"})
    root = app.extensions["charterway_storage"].root
    for file in (root / str(council.id)).rglob("*"):
        if file.is_file():
            file.unlink()
    with app.app_context():
        jobs.run_all()
    text = client.get(page_of(council, made, "check/plan")).get_data(as_text=True)
    assert "The file of “Policy on learning” is missing from the storage." in text
    assert "Send to the region" in text


def test_a_submission_needs_its_key_indicators_shown(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council, make_framework(app, "fixture-45"))
    make_submission(app, council, made)
    client.sign_in(lead)
    text = client.get(page_of(council, made, "")).get_data(as_text=True)
    assert ("Submission 1" in text, "Plan 1" in text) == (True, True)
    assert "Answers rest at this stage." in text
    out_of_turn = client.post(page_of(council, made, "check/plan"), data={"monitor": "Alex Reed"})
    assert (out_of_turn.status_code, "The plan cannot be sent" in out_of_turn.get_data(as_text=True)) == (409, True)


def test_only_the_councils_own_people_see_what_was_sent(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    sent = make_submission(app, council, made, kind="plan")
    with in_scope(council.scope()):
        [file] = submissions.list_files(sent)
    receipt = page_of(council, made, f"submissions/{sent}")
    client.sign_in(lead)
    answer = client.get(f"{receipt}/files/{file.id}")
    assert (answer.status_code, answer.data) == (200, FILE_CONTENT)
    assert client.get(f"{receipt}/files/{uuid4()}").status_code == 404
    assert client.get(page_of(council, uuid4(), f"submissions/{sent}")).status_code == 404
    neighbour = make_council(app, council.region)
    client.sign_in(make_user(app, neighbour, "council_lead"))
    for tail in ("", "/archive", "/receipt.pdf", f"/files/{file.id}"):
        assert client.get(receipt + tail).status_code == 404
        assert client.get(page_of(neighbour, made, f"submissions/{sent}") + tail).status_code == 404


def test_only_a_lead_sends(app: Flask, client: CheckingClient, council: MadeCouncil) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    client.sign_in(make_user(app, council, "council_editor"))
    text = client.get(page_of(council, made, "check/plan")).get_data(as_text=True)
    assert ("A council lead can send it." in text, "Send to the region" in text) == (True, False)
    assert "28 of 28 requirements judged" in text
    assert client.post(page_of(council, made, "check/plan"), data={"monitor": "Alex Reed"}).status_code == 403


def test_a_returned_plan_says_why_and_is_sent_again(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    first = make_submission(app, council, made, kind="plan")
    with in_scope(council.region.scope()):
        readiness.decide(
            get_accreditation(made, lock=True),
            submissions.get_submission(first),
            outcome="returned",
            reason="Name an owner.",
            by=CONSOLE,
        )
    client.sign_in(lead)
    for page in ("", f"submissions/{first}"):
        text = client.get(page_of(council, made, page)).get_data(as_text=True)
        assert ("The region returned" in text, "Name an owner." in text) == (True, True)
    answer = {"judgement": "met", "narrative": "Owned by the head of service.", "version": "1"}
    assert client.post(page_of(council, made, "requirements/1.1.1"), data=answer).status_code == 303
    client.post(page_of(council, made, "check/plan"), data={"monitor": "Alex Reed"})
    with app.app_context():
        jobs.run_all()
    with in_scope(council.scope()):
        sent = [(row.number, row.outcome) for row in submissions.list_submissions(made)]
        assert sent == [(2, None), (1, "returned")]
        assert submissions.list_answers(first)[0].narrative == "What we do about commitment from the top."


def test_the_receipt_takes_the_same_statements_for_any_number_of_files(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, statements: Counted, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    first = make_submission(app, council, made, kind="plan")
    with in_scope(council.region.scope()):
        accreditation = get_accreditation(made, lock=True)
        submission = submissions.get_submission(first)
        readiness.decide(accreditation, submission, outcome="accepted", reason="", by=CONSOLE)
    client.sign_in(lead)
    for code in ("1.1.1", "1.2.1"):
        held = make_file(app, council, title=f"For {code}")
        data = {"judgement": "met", "version": "1", "evidence_id": str(held)}
        assert client.post(page_of(council, made, f"requirements/{code}"), data=data).status_code == 303
    second = make_submission(app, council, made)
    counts = []
    for sent in (first, second):
        with statements() as sql:
            client.get(page_of(council, made, f"submissions/{sent}"))
        counts.append(len(sql))
    with in_scope(council.scope()):
        assert (len(submissions.list_files(first)), len(submissions.list_files(second))) == (1, 3)
    assert counts[0] == counts[1] <= 8


def test_whoever_asked_is_told_when_it_is_sealed(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    client.sign_in(lead)
    client.post(page_of(council, made, "check/plan"), data={"monitor": "Alex Reed"})
    with app.app_context():
        jobs.run_all()
    with in_scope(council.scope(lead.id)) as session:
        [told] = session.scalars(select(Notice).where(Notice.kind == "seal"))
        submission = submissions.find_latest(made, "plan")
        assert submission is not None
        assert (told.user_id, told.words, told.path) == (
            lead.id,
            "Your plan is sealed and sent. Here is the receipt.",
            page_of(council, made, f"submissions/{submission.id}"),
        )


def test_how_far_a_seal_is_can_be_asked(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope
) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    client.sign_in(lead)
    client.post(page_of(council, made, "check/plan"), data={"monitor": "Alex Reed"})
    asked = client.get(page_of(council, made, "check/plan/progress")).json
    assert (asked["done"], asked["total"], asked["finished"]) == (0, 0, False)
    with in_scope(council.scope()):
        request = submissions.find_latest_request(made, "plan")
        assert request is not None
        progress.teller(f"seal:{request.id}")(files=3, bytes=3_000_000, of_files=60, of_bytes=60_000_000)
    asked = client.get(page_of(council, made, "check/plan/progress")).json
    assert (asked["done"], asked["total"], asked["words"], asked["finished"]) == (
        3_000_000,
        60_000_000,
        "3 of 60 files read, 3 MB of 60 MB.",
        False,
    )
    assert "3 of 60 files read, 3 MB of 60 MB." in client.get(page_of(council, made, "check/plan")).get_data(
        as_text=True
    )
    app.extensions["redis"].flushdb()


def test_the_archive_is_sent_whole_or_in_part_with_its_length_known(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser
) -> None:
    made = make_accreditation(app, council)
    sent = make_submission(app, council, made, kind="plan")
    client.sign_in(lead)
    receipt = page_of(council, made, f"submissions/{sent}")
    whole = client.get(f"{receipt}/archive")
    tag = whole.headers["ETag"]
    assert (whole.status_code, whole.content_length, whole.headers["Accept-Ranges"]) == (200, len(whole.data), "bytes")
    assert whole.headers["Content-Disposition"] == f'attachment; filename="{council.name.replace(" ", "-")}-plan-1.zip"'
    assert client.get(f"{receipt}/archive").data == whole.data
    part = client.get(f"{receipt}/archive", headers={"Range": "bytes=100-299", "If-Range": tag})
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (
        206,
        whole.data[100:300],
        f"bytes 100-299/{len(whole.data)}",
    )
    head = client.head(f"{receipt}/archive")
    assert (head.content_length, head.data, head.headers["ETag"]) == (len(whole.data), b"", tag)
    printed = client.get(f"{receipt}/receipt.pdf")
    assert (printed.status_code, printed.content_type, printed.data[:5]) == (200, "application/pdf", b"%PDF-")


def test_an_archive_with_a_wrong_file_breaks_off_and_is_logged(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, caplog: pytest.LogCaptureFixture
) -> None:
    made = make_accreditation(app, council)
    sent = make_submission(app, council, made, kind="plan")
    root = app.extensions["charterway_storage"].root
    for file in (root / str(council.id)).rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes().replace(b"policy", b"p0licy"))
    client.sign_in(lead)
    with pytest.raises(SealError):
        _ = client.get(page_of(council, made, f"submissions/{sent}/archive")).data
    assert f"the archive of submission {sent} broke off: SealError" in caplog.messages


def test_what_is_worth_a_look_stands_there_and_takes_no_more_statements_for_more_of_it(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, in_scope: InScope, statements: Counted
) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    client.sign_in(lead)
    page = page_of(council, made, "check/plan")
    counts = []
    for number in (1, 2):
        for _ in range(number):
            make_file(app, council)
        with in_scope(council.scope()) as session:
            session.execute(update(Evidence).where(Evidence.kind == "link").values(reachable=False))
            if number == 2:
                session.execute(update(Evidence).values(valid_until_on=date(2020, 1, 1)))
        client.get(page)
        with statements() as sql:
            text = client.get(page).get_data(as_text=True)
        counts.append(len(sql))
        assert "Nothing is missing." in text
    assert counts[0] == counts[1] <= 14
    for words in (
        "Worth a look",
        "“Programme of the year” is no longer in force.",
        "“Policy on learning” is no longer in force.",
        "3 pieces of evidence are in your library and cited nowhere.",
        "Send to the region",
    ):
        assert words in text


def test_an_unscanned_file_waits_while_there_is_a_scanner(
    app: Flask, client: CheckingClient, council: MadeCouncil, lead: MadeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_accreditation(app, council)
    answer_all(app, council, made)
    client.sign_in(lead)
    scanned = replace(app.config["CHARTERWAY"], clamd_url="tcp://127.0.0.1:1")
    monkeypatch.setitem(app.config, "CHARTERWAY", scanned)
    page = page_of(council, made, "check/plan")
    assert "“Policy on learning” has not been checked for malware yet." in client.get(page).get_data(as_text=True)
    refused = client.post(page, data={"monitor": "Alex Reed"})
    assert (refused.status_code, "28 things are still missing." in refused.get_data(as_text=True)) == (409, True)
